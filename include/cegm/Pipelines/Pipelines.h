//===- Pipelines.h - Named pipelines ----------------------------*- C++ -*-===//

#ifndef CEGM_PIPELINES_PIPELINES_H
#define CEGM_PIPELINES_PIPELINES_H

#include "mlir/Pass/PassOptions.h"

namespace mlir {
class OpPassManager;
} // namespace mlir

namespace mlir::cegm {

/// Options of `--cegm-to-llvm`.
struct CegmToLLVMOptions : PassPipelineOptions<CegmToLLVMOptions> {
  Option<bool> donate{
      *this, "donate",
      llvm::cl::desc("Update donated arguments in place; if false, none is"),
      llvm::cl::init(true)};
  ListOption<int64_t> donateArguments{
      *this, "donate-arguments",
      llvm::cl::desc(
          "Arguments that are donated beside those that are marked")};
};

/// From StableHLO, cegm or linalg on tensors to the LLVM dialect.
void buildCegmToLLVMPipeline(OpPassManager &passes,
                             const CegmToLLVMOptions &options);

/// Registers the pipelines of this project by their names.
void registerCegmPipelines();

} // namespace mlir::cegm

#endif // CEGM_PIPELINES_PIPELINES_H
