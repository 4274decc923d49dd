//===- InitAll.cpp - Everything that a cegm tool registers ----------------===//

#include "cegm/InitAll.h"

#include "cegm/Codegen/Passes.h"
#include "cegm/Conversion/Passes.h"
#include "cegm/Dialect/Cegm/IR/Cegm.h"
#include "cegm/Dialect/Cegm/Transforms/Passes.h"
#include "cegm/Dialect/Cegm/Transforms/TilingModels.h"
#include "cegm/Dialect/StableHLO.h"
#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"
#include "cegm/Interfaces/TrainingGraphOpInterface.h"
#include "cegm/Pipelines/CegmToNVVM.h"
#include "cegm/Pipelines/Pipelines.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"

using namespace mlir;

void cegm::registerAllDialects(DialectRegistry &registry) {
  // MLIR's own, all of them: a graph goes from here through linalg to code, and
  // a user may put any pass or transform schedule between.
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registerAllGPUToLLVMIRTranslations(registry);
  registry.insert<CegmDialect, chlo::ChloDialect, sdy::SdyDialect,
                  stablehlo::StablehloDialect, tm_tensor::TMTensorDialect>();
  registerStableHLOTrainingGraphModels(registry);
  registerLinalgTrainingGraphModels(registry);
  registerTilingModels(registry);
}

void cegm::registerCegmPasses() {
  registerCegmConversionPasses();
  registerCegmTransformsPasses();
  registerCegmInjectionPasses();
  registerCegmCodegenPasses();
  registerCegmPipelines();
  registerCegmToNVVMPipeline();
}

void cegm::registerAllPasses() {
  registerCegmPasses();
  mlir::registerAllPasses();
}
