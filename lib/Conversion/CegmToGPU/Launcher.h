//===- Launcher.h - Kernels and what the host does for them ---------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_LAUNCHER_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_LAUNCHER_H

#include "Body.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::cegm::to_gpu {

/// The size of a launch. Blocks have one dimension.
struct Grid {
  int64_t blocks;
  int64_t threads;
  /// Blocks in the second dimension.
  int64_t rows = 1;
};

/// What may be chosen about all kernels.
struct KernelOptions {
  /// The most rows that a thread loads before it uses the first of them; 0
  /// leaves it to the kernel.
  int64_t rowsInFlight = 0;
};

/// Writes, in place of one op, its kernels and their launches.
class Launcher {
public:
  /// `kernels` receives the kernels.
  Launcher(RewriterBase &rewriter, Operation *op, gpu::GPUModuleOp kernels,
           KernelOptions options);
  /// Gives the allocation its size.
  ~Launcher();
  /// The buffer of a tensor that is only read, as one dimension; that of a
  /// tensor of rank 0 as it is.
  Value getBuffer(Value tensor);
  /// A tensor of rank 0 as an operand of a kernel: a number, if it is a
  /// constant, else the buffer.
  Value getNumber(Value tensor);
  /// A new buffer for a result of the op, as one dimension, and the tensor that
  /// it holds.
  std::pair<Value, Value> getResult(RankedTensorType type);
  /// A buffer for what one kernel leaves to the next: a part of one allocation
  /// for all of the op, since each takes longer than a small kernel.
  Value getScratch(Type element, int64_t size);

  /// Writes a kernel, `body` its content, and launches it. The arguments are
  /// what the kernel sees of `operands`.
  void launch(StringRef name, Grid grid, ValueRange operands,
              llvm::function_ref<void(Body &, ValueRange)> body);

  const KernelOptions &getOptions() const { return options; }

private:
  ImplicitLocOpBuilder builder;
  gpu::GPUModuleOp kernels;
  KernelOptions options;
  /// The allocation of scratch, and how many bytes of it are in use.
  memref::AllocOp scratch;
  int64_t scratchSize = 0;
};

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_LAUNCHER_H
