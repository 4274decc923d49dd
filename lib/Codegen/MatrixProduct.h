//===- MatrixProduct.h - Contractions as products of matrices ---*- C++ -*-===//

#ifndef CEGM_LIB_CODEGEN_MATRIXPRODUCT_H
#define CEGM_LIB_CODEGEN_MATRIXPRODUCT_H

#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"

#include <optional>

namespace mlir::linalg {
class FillOp;
} // namespace mlir::linalg

namespace mlir::cegm {

/// A matrix of a product, in the buffer of an operand of a linalg op.
struct MatrixOperand {
  unsigned number = 0;
  /// Whether the buffer holds the columns of the matrix one after the other.
  bool isTransposed = false;
  /// Elements from one row (column, if transposed) to the next.
  int64_t leading = 0;
  /// The first element of the buffer.
  int64_t offset = 0;
  /// For each loop around the product how far it moves.
  SmallVector<int64_t> loopStrides;

  int64_t getRowStride() const { return isTransposed ? 1 : leading; }
  int64_t getColumnStride() const { return isTransposed ? leading : 1; }
};

/// `C += A . B` in row-major order, inside of loops.
struct MatrixProduct {
  int64_t m = 1, n = 1, k = 1;
  /// A [m, k], B [k, n], C [m, n]; C is not transposed.
  MatrixOperand operands[3];
  SmallVector<int64_t> loopSizes;
  /// Whether several iterations of the loops add to one C.
  bool loopsAccumulate = false;

  /// The multiplications of one iteration of the loops.
  int64_t getSize() const { return m * n * k; }
};

/// The product that `op`, on buffers, computes, if its layouts are static and
/// in each matrix either the rows or the columns are contiguous. Dimensions
/// that cannot be merged into those of a matrix become loops. The types of the
/// elements are up to the caller.
std::optional<MatrixProduct> matchMatrixProduct(linalg::LinalgOp op);

/// The op that fills the output of `op` with zeros just before, where nothing
/// between touches it: then the product need not be added.
linalg::FillOp findZeroFill(linalg::LinalgOp op);

/// The rows and columns of C that one iteration of all loops computes.
struct ProductPart {
  OpFoldResult m, n;
  /// The first element of each matrix in its buffer.
  OpFoldResult offsets[3];
};

/// Writes the loops around a product. With several threads, and at least
/// `minParallel` multiplications, they run in parallel: the iterations of the
/// outermost loop if it has enough of them, else parts of the rows or the
/// columns. `writePart` is called once, inside of all loops.
void writeProductLoops(OpBuilder &builder, Location loc,
                       const MatrixProduct &product, int64_t threads,
                       int64_t minParallel,
                       function_ref<void(const ProductPart &)> writePart);

} // namespace mlir::cegm

#endif // CEGM_LIB_CODEGEN_MATRIXPRODUCT_H
