//===- CegmToNVVM.cpp - From cegm to code for GPUs ------------------------===//

#include "cegm/Pipelines/CegmToNVVM.h"

#include "cegm/Codegen/Passes.h"
#include "cegm/Conversion/Passes.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/Pipelines/Passes.h"
#include "mlir/Dialect/GPU/Transforms/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace mlir::cegm;

/// The oldest version of PTX that knows the chip, and what the kernels use.
static StringRef getFeatures(StringRef chip) {
  bool isFamily = chip.consume_back("f");
  chip.consume_back("a");
  if (isFamily && !chip.starts_with("sm_110"))
    return "+ptx88";
  return llvm::StringSwitch<StringRef>(chip)
      .Cases({"sm_70", "sm_72", "sm_75", "sm_80", "sm_86", "sm_87"}, "+ptx71")
      .Cases({"sm_89", "sm_90"}, "+ptx80")
      .Case("sm_120", "+ptx87")
      .Cases({"sm_103", "sm_121"}, "+ptx88")
      .Case("sm_110", "+ptx90")
      .Default("+ptx86");
}

/// The version of PTX that features name, 0 if they name none.
static unsigned getPTXVersion(StringRef features) {
  unsigned version = 0;
  for (StringRef feature : llvm::split(features, ','))
    if (feature.consume_front("+ptx"))
      (void)feature.getAsInteger(10, version);
  return version;
}

static StringRef getFormat(CegmToNVVMOptions::Format format) {
  switch (format) {
  case CegmToNVVMOptions::Format::Isa:
    return "isa";
  case CegmToNVVMOptions::Format::Bin:
    return "bin";
  case CegmToNVVMOptions::Format::Fatbin:
    return "fatbin";
  }
  llvm_unreachable("a format without a name");
}

/// Whether the chip adds and multiplies two f32 numbers at once.
static bool hasPackedArithmetic(StringRef chip) {
  int number = 0;
  chip.consume_front("sm_");
  return !chip.rtrim("af").getAsInteger(10, number) && number >= 100;
}

/// Tensors become buffers that the caller passes, results included.
static void addBufferization(OpPassManager &passes) {
  passes.addPass(createSeparateResultsPass());
  bufferization::OneShotBufferizePassOptions bufferize;
  bufferize.bufferizeFunctionBoundaries = true;
  bufferize.functionBoundaryTypeConversion =
      bufferization::LayoutMapOption::IdentityLayoutMap;
  passes.addPass(bufferization::createOneShotBufferizePass(bufferize));
  bufferization::BufferResultsToOutParamsPassOptions results;
  results.hoistStaticAllocs = true;
  results.modifyPublicFunctions = true;
  passes.addPass(bufferization::createBufferResultsToOutParamsPass(results));
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void cegm::buildCegmToNVVMPipeline(OpPassManager &passes,
                                   const CegmToNVVMOptions &options) {
  ConvertCegmToGPUPassOptions kernels;
  // LLVM widens 16-bit rows early for chips with packed arithmetic in f32; with
  // more than eight rows they do not fit into registers.
  if (hasPackedArithmetic(options.chip))
    kernels.rowsInFlight = 8;
  passes.addPass(createConvertCegmToGPUPass(kernels));
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  addBufferization(passes);
  passes.addNestedPass<func::FuncOp>(createPlaceBuffersOnGPUPass());
  passes.addNestedPass<func::FuncOp>(createGpuAsyncRegionPass());

  gpu::GPUToNVVMPipelineOptions lowering;
  lowering.cubinChip = options.chip;
  lowering.cubinFeatures = options.features.empty()
                               ? getFeatures(options.chip).str()
                               : std::string(options.features);
  lowering.cubinFormat = getFormat(options.format).str();
  lowering.optLevel = 3;
  lowering.kernelUseBarePtrCallConv = true;
  gpu::buildLowerToNVVMPassPipeline(passes, lowering);
}

/// Whether LLVM has the chip: with a name that it does not know, it ends the
/// process.
static bool isChip(StringRef chip) {
  llvm::InitializeAllTargetInfos();
  llvm::InitializeAllTargetMCs();
  llvm::Triple triple("nvptx64-nvidia-cuda");
  std::string problem;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(triple, problem);
  if (!target)
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      target->createMCSubtargetInfo(triple, "", ""));
  return info && chip.starts_with("sm_") && info->isCPUStringValid(chip);
}

void cegm::registerCegmToNVVMPipeline() {
  // As PassPipelineRegistration does, but with errors for a chip that there is
  // not and for a PTX without it, which would be crashes in the back end.
  registerPassPipeline(
      "cegm-to-nvvm",
      "lower cegm ops on tensors to kernels for NVIDIA GPUs and their launches",
      [](OpPassManager &passes, StringRef text,
         function_ref<LogicalResult(const Twine &)> emitError)
          -> LogicalResult {
        CegmToNVVMOptions options;
        if (failed(options.parseFromString(text)))
          return failure();
        if (!isChip(options.chip))
          return emitError("'" + options.chip +
                           "' is no chip that kernels can be made for, "
                           "expected sm_ and the number of an architecture");
        StringRef oldest = getFeatures(options.chip);
        if (unsigned version = getPTXVersion(options.features);
            version != 0 && version < getPTXVersion(oldest))
          return emitError("features '" + options.features + "': kernels for " +
                           options.chip + " need " + oldest + " or newer");
        buildCegmToNVVMPipeline(passes, options);
        return success();
      },
      [](function_ref<void(const detail::PassOptions &)> useOptions) {
        useOptions(CegmToNVVMOptions());
      });
}
