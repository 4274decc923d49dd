//===- CegmToLLVM.cpp - From tensors to the LLVM dialect ------------------===//

#include "cegm/Pipelines/Pipelines.h"

#include "cegm/Codegen/Passes.h"
#include "cegm/Conversion/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Arith/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/Pipelines/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/Transforms/Passes.h"
#include "mlir/Dialect/Transform/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

/// Removes what the stage before left behind.
static void cleanUp(OpPassManager &passes) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

/// Whatever the frontend wrote, as linalg in one function.
static void addInputStage(OpPassManager &passes) {
  passes.addPass(cegm::createConvertCegmToLinalgPass());
  passes.addPass(cegm::createConvertStableHLOToLinalgPass());
  passes.addPass(createInlinerPass());
  passes.addPass(createSymbolDCEPass());
  cleanUp(passes);
}

static void addTensorStage(OpPassManager &passes,
                           const cegm::CegmToLLVMOptions &options) {
  if (!options.schedule.empty()) {
    transform::PreloadLibraryPassOptions library;
    library.transformLibraryPaths = {options.schedule};
    passes.addPass(transform::createPreloadLibraryPass(library));
    passes.addPass(transform::createInterpreterPass());
    cleanUp(passes);
  }
  passes.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
  passes.addNestedPass<func::FuncOp>(cegm::createFuseElementwisePass());
  cleanUp(passes);
}

/// From tensors to memory.
static void addBufferStage(OpPassManager &passes,
                           const cegm::CegmToLLVMOptions &options) {
  cegm::BindEntryResultsPassOptions binding;
  binding.donate = options.donate;
  llvm::append_range(binding.donateArguments, options.donateArguments);
  passes.addPass(cegm::createBindEntryResultsPass(binding));
  passes.addPass(cegm::createReshapeDynamicExpansionsPass());
  passes.addPass(cegm::createSeparateDestinationsPass());
  passes.addPass(bufferization::createEmptyTensorEliminationPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.allowReturnAllocsFromLoops = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  passes.addPass(bufferization::createOneShotBufferizePass(bufferize));
  passes.addPass(cegm::createDropBoundResultsPass());
  cleanUp(passes);
  bufferization::buildBufferDeallocationPipeline(passes);
  passes.addPass(createConvertBufferizationToMemRefPass());
  passes.addNestedPass<func::FuncOp>(
      bufferization::createOptimizeAllocationLivenessPass());
  cleanUp(passes);
}

static void addLoopStage(OpPassManager &passes,
                         const cegm::CegmToLLVMOptions &options) {
  if (options.blas) {
    cegm::LinalgToBlasPassOptions blas;
    blas.threads = options.threads;
    passes.addPass(cegm::createLinalgToBlasPass(blas));
  }
  passes.addPass(cegm::createOutlineKernelsPass());
  passes.addPass(func::createDuplicateFunctionEliminationPass());
  cegm::TileProductsPassOptions products;
  products.threads = options.threads;
  passes.addNestedPass<func::FuncOp>(cegm::createTileProductsPass(products));
  passes.addNestedPass<func::FuncOp>(cegm::createPlanBuffersPass());
  // Products that are left have their loops ordered like all others.
  passes.addNestedPass<func::FuncOp>(createLinalgGeneralizeNamedOpsPass());
  passes.addNestedPass<func::FuncOp>(cegm::createOrderLoopsPass());
  cegm::ParallelizeKernelsPassOptions parallel;
  parallel.threads = options.threads;
  passes.addNestedPass<func::FuncOp>(
      cegm::createParallelizeKernelsPass(parallel));
  passes.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  passes.addNestedPass<func::FuncOp>(createForallToParallelLoopPass());
  passes.addNestedPass<func::FuncOp>(createConvertVectorToSCFPass());
  passes.addNestedPass<func::FuncOp>(memref::createFoldMemRefAliasOpsPass());
  passes.addNestedPass<func::FuncOp>(cegm::createPromoteAccumulatorsPass());
  cleanUp(passes);
}

/// Arithmetic that processors have.
static void addArithmeticStage(OpPassManager &passes) {
  passes.addPass(createConvertComplexToStandardPass());
  arith::ArithEmulateUnsupportedFloatsOptions floats;
  floats.sourceTypeStrs = {"bf16", "f16"};
  floats.targetTypeStr = "f32";
  passes.addPass(arith::createArithEmulateUnsupportedFloats(floats));
  passes.addPass(math::createMathExtendToSupportedTypes());
  passes.addPass(cegm::createApproximateMathPass());
  passes.addPass(cegm::createRoundBFloatsPass());
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  passes.addPass(arith::createArithExpandOpsPass(expand));
  cleanUp(passes);
}

static void addLLVMStage(OpPassManager &passes,
                         const cegm::CegmToLLVMOptions &options) {
  // A loop that is parallel in one thread is a loop.
  if (options.threads != 1) {
    ConvertSCFToOpenMPPassOptions openmp;
    openmp.numThreads = options.threads;
    passes.addPass(createConvertSCFToOpenMPPass(openmp));
    // Takes away the scopes around bodies that allocate nothing on the stack,
    // which could hold no branches.
    passes.addPass(createCanonicalizerPass());
  }
  passes.addPass(memref::createExpandOpsPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createSCFToControlFlowPass());
  ConvertVectorToLLVMPassOptions vectors;
  vectors.reassociateFPReductions = true;
  passes.addPass(createConvertVectorToLLVMPass(vectors));
  passes.addPass(createConvertToLLVMPass());
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createConvertToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  cleanUp(passes);
}

void cegm::buildCegmToLLVMPipeline(OpPassManager &passes,
                                   const CegmToLLVMOptions &options) {
  addInputStage(passes);
  addTensorStage(passes, options);
  addBufferStage(passes, options);
  addLoopStage(passes, options);
  addArithmeticStage(passes);
  addLLVMStage(passes, options);
}

void cegm::registerCegmPipelines() {
  PassPipelineRegistration<CegmToLLVMOptions>(
      "cegm-to-llvm",
      "From StableHLO, cegm or linalg on tensors to the LLVM dialect",
      buildCegmToLLVMPipeline);
}
