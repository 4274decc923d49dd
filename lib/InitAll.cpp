//===- InitAll.cpp - Everything that a cegm tool registers ----------------===//

#include "cegm/InitAll.h"

#include "cegm/Dialect/CHLO/IR/ChloOps.h"
#include "cegm/Dialect/Shardy/IR/SdyDialect.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/Extensions/AllExtensions.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

void cegm::registerAllDialects(DialectRegistry &registry) {
  registry.insert<arith::ArithDialect, chlo::ChloDialect, func::FuncDialect,
                  linalg::LinalgDialect, sdy::SdyDialect,
                  stablehlo::StablehloDialect, tensor::TensorDialect>();
  func::registerAllExtensions(registry);
}

void cegm::registerAllPasses() {
  // The generic clean-ups that people put before and after this project's own.
  registerCanonicalizerPass();
  registerCSEPass();
  registerInlinerPass();
  registerSymbolDCEPass();
  registerStripDebugInfoPass();
}
