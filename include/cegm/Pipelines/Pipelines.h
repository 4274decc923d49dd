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
  Option<bool> blas{
      *this, "blas",
      llvm::cl::desc("Compute matrix products by calls of a BLAS, which the "
                     "code is then linked to"),
      llvm::cl::init(false)};
  Option<int64_t> threads{
      *this, "threads",
      llvm::cl::desc("Threads that loops are spread over, by OpenMP if there "
                     "are several"),
      llvm::cl::init(1)};
  Option<std::string> schedule{
      *this, "schedule",
      llvm::cl::desc("A file with a transform-dialect sequence "
                     "@__transform_main that tiles and fuses the linalg ops "
                     "before all else"),
      llvm::cl::init("")};
};

/// From StableHLO, cegm or linalg on tensors to the LLVM dialect.
void buildCegmToLLVMPipeline(OpPassManager &passes,
                             const CegmToLLVMOptions &options);

/// Registers the pipelines of this project by their names.
void registerCegmPipelines();

} // namespace mlir::cegm

#endif // CEGM_PIPELINES_PIPELINES_H
