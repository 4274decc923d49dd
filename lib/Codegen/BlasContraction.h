//===- BlasContraction.h - Contractions that a BLAS computes ----*- C++ -*-===//

#ifndef CEGM_LIB_CODEGEN_BLASCONTRACTION_H
#define CEGM_LIB_CODEGEN_BLASCONTRACTION_H

#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"

#include <optional>

namespace mlir::cegm {

/// A matrix of a product, in the buffer of an operand of a linalg op.
struct BlasOperand {
  unsigned number = 0;
  /// Whether the buffer holds the columns of the matrix one after the other.
  bool isTransposed = false;
  /// Elements from one row (column, if transposed) to the next.
  int64_t leading = 0;
  /// The first element of the buffer.
  int64_t offset = 0;
  /// For each loop around the product how far it moves.
  SmallVector<int64_t> loopStrides;
};

/// `C += A . B` in row-major order, inside of loops.
struct BlasContraction {
  int64_t m = 1, n = 1, k = 1;
  /// A [m, k], B [k, n], C [m, n]; C is not transposed.
  BlasOperand operands[3];
  SmallVector<int64_t> loopSizes;
  /// Whether several iterations of the loops add to one C.
  bool loopsAccumulate = false;
};

/// The contraction that `op`, on buffers, computes, if its layouts are static
/// and such as a BLAS takes: in each matrix, either the rows or the columns are
/// contiguous. Dimensions that cannot be merged into those of a matrix become
/// loops.
std::optional<BlasContraction> matchBlasContraction(linalg::LinalgOp op);

} // namespace mlir::cegm

#endif // CEGM_LIB_CODEGEN_BLASCONTRACTION_H
