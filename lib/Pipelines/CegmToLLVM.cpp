//===- CegmToLLVM.cpp - From tensors to the LLVM dialect ------------------===//

#include "cegm/Pipelines/Pipelines.h"

#include "cegm/Codegen/Passes.h"

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
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;

/// Removes what the stage before left behind.
static void cleanUp(OpPassManager &passes) {
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

/// Whatever the frontend wrote, as linalg in one function.
static void addInputStage(OpPassManager &passes) {
  for (StringRef name :
       {"convert-cegm-to-linalg", "convert-stablehlo-to-linalg"})
    if (PassInfo::lookup(name))
      (void)parsePassPipeline(name, passes);
  passes.addPass(createInlinerPass());
  passes.addPass(createSymbolDCEPass());
  cleanUp(passes);
}

static void addTensorStage(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createConvertElementwiseToLinalgPass());
  passes.addNestedPass<func::FuncOp>(createLinalgElementwiseOpFusionPass());
  cleanUp(passes);
}

/// From tensors to memory.
static void addBufferStage(OpPassManager &passes,
                           const cegm::CegmToLLVMOptions &options) {
  cegm::BindEntryResultsPassOptions binding;
  binding.donate = options.donate;
  llvm::append_range(binding.donateArguments, options.donateArguments);
  passes.addPass(cegm::createBindEntryResultsPass(binding));
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

static void addLoopStage(OpPassManager &passes) {
  passes.addPass(cegm::createOutlineKernelsPass());
  passes.addPass(func::createDuplicateFunctionEliminationPass());
  passes.addNestedPass<func::FuncOp>(cegm::createOrderLoopsPass());
  passes.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  passes.addNestedPass<func::FuncOp>(memref::createFoldMemRefAliasOpsPass());
  passes.addNestedPass<func::FuncOp>(cegm::createPromoteAccumulatorsPass());
  cleanUp(passes);
}

/// Arithmetic that processors have.
static void addArithmeticStage(OpPassManager &passes) {
  arith::ArithEmulateUnsupportedFloatsOptions floats;
  floats.sourceTypeStrs = {"bf16", "f16"};
  floats.targetTypeStr = "f32";
  passes.addPass(arith::createArithEmulateUnsupportedFloats(floats));
  passes.addPass(math::createMathExtendToSupportedTypes());
  passes.addPass(cegm::createApproximateMathPass());
  arith::ArithExpandOpsPassOptions expand;
  expand.includeBf16 = true;
  passes.addPass(arith::createArithExpandOpsPass(expand));
  cleanUp(passes);
}

static void addLLVMStage(OpPassManager &passes) {
  passes.addPass(memref::createExpandOpsPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertToLLVMPass());
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createConvertToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  cleanUp(passes);
}

void cegm::buildCegmToLLVMPipeline(OpPassManager &passes,
                                   const CegmToLLVMOptions &options) {
  addInputStage(passes);
  addTensorStage(passes);
  addBufferStage(passes, options);
  addLoopStage(passes);
  addArithmeticStage(passes);
  addLLVMStage(passes);
}

void cegm::registerCegmPipelines() {
  PassPipelineRegistration<CegmToLLVMOptions>(
      "cegm-to-llvm",
      "From StableHLO, cegm or linalg on tensors to the LLVM dialect",
      buildCegmToLLVMPipeline);
}
