//===- InitAll.cpp - Everything that a cegm tool registers ----------------===//

#include "cegm/InitAll.h"

#include "cegm/Conversion/Passes.h"
#include "cegm/Dialect/Cegm/IR/Cegm.h"
#include "cegm/Dialect/Cegm/Transforms/Passes.h"
#include "cegm/Dialect/StableHLO.h"
#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"
#include "cegm/Interfaces/TrainingGraphOpInterface.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/Extensions/AllExtensions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void cegm::registerAllDialects(DialectRegistry &registry) {
  registry.insert<CegmDialect, chlo::ChloDialect, sdy::SdyDialect,
                  stablehlo::StablehloDialect, tm_tensor::TMTensorDialect>();
  registry.insert<arith::ArithDialect, bufferization::BufferizationDialect,
                  cf::ControlFlowDialect, complex::ComplexDialect,
                  func::FuncDialect, linalg::LinalgDialect, math::MathDialect,
                  scf::SCFDialect, tensor::TensorDialect>();
  func::registerAllExtensions(registry);
  registerStableHLOTrainingGraphModels(registry);
  registerLinalgTrainingGraphModels(registry);
}

void cegm::registerCegmPasses() {
  registerCegmConversionPasses();
  registerCegmTransformsPasses();
  registerCegmInjectionPasses();
}

void cegm::registerAllPasses() {
  registerCegmPasses();

  // The generic clean-ups that people put before and after this project's own.
  registerCanonicalizerPass();
  registerCSEPass();
  registerInlinerPass();
  registerSymbolDCEPass();
  registerStripDebugInfoPass();
}
