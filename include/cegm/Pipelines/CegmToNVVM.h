//===- CegmToNVVM.h - From cegm to code for GPUs --------------------------===//

#ifndef CEGM_PIPELINES_CEGMTONVVM_H
#define CEGM_PIPELINES_CEGMTONVVM_H

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace mlir::cegm {

/// Options of `--cegm-to-nvvm`.
struct CegmToNVVMOptions : PassPipelineOptions<CegmToNVVMOptions> {
  /// What the device code becomes.
  enum class Format { Isa, Bin, Fatbin };

  Option<std::string> chip{
      *this, "chip",
      llvm::cl::desc("The chip: sm_80, sm_90, sm_100, or another sm_NN"),
      llvm::cl::init("sm_90")};
  Option<std::string> features{
      *this, "features",
      llvm::cl::desc("Features of the chip; the default is the oldest PTX "
                     "version that has it"),
      llvm::cl::init("")};
  Option<Format> format{
      *this, "format", llvm::cl::desc("The form of the device code"),
      llvm::cl::values(
          clEnumValN(Format::Isa, "isa",
                     "PTX, which the driver compiles; needs no toolkit"),
          clEnumValN(Format::Bin, "bin", "machine code, by a toolkit's ptxas"),
          clEnumValN(Format::Fatbin, "fatbin",
                     "machine code and PTX, by a toolkit")),
      llvm::cl::init(Format::Isa)};
};

/// From cegm ops on tensors to the LLVM dialect and a `gpu.binary`.
void buildCegmToNVVMPipeline(OpPassManager &passes,
                             const CegmToNVVMOptions &options);

/// Registers `--cegm-to-nvvm`.
void registerCegmToNVVMPipeline();

} // namespace mlir::cegm

#endif // CEGM_PIPELINES_CEGMTONVVM_H
