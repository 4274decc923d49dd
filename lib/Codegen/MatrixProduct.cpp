//===- MatrixProduct.cpp - Contractions as products of matrices -----------===//

#include "MatrixProduct.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallSet.h"

#include <limits>

using namespace mlir;
using cegm::MatrixOperand;
using cegm::MatrixProduct;

namespace {
/// For each operand the distance in memory of two iterations of each loop, 0
/// where the operand does not depend on the loop.
struct Layouts {
  SmallVector<int64_t> strides[3];
  int64_t offsets[3];
};
} // namespace

static std::optional<Layouts> findLayouts(linalg::LinalgOp op) {
  Layouts result;
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    auto type = cast<MemRefType>(operand.get().getType());
    SmallVector<int64_t> strides;
    if (!type.hasStaticShape() ||
        failed(type.getStridesAndOffset(strides, result.offsets[number])) ||
        ShapedType::isDynamic(result.offsets[number]) ||
        llvm::any_of(strides, ShapedType::isDynamic))
      return std::nullopt;
    result.strides[number].assign(op.getNumLoops(), 0);
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (!map.isProjectedPermutation())
      return std::nullopt;
    for (auto [expr, stride] : llvm::zip(map.getResults(), strides))
      result.strides[number][cast<AffineDimExpr>(expr).getPosition()] = stride;
  }
  return result;
}

namespace {
/// One dimension of a matrix, made of loops that can be merged.
struct MatrixDim {
  int64_t size = 1;
  /// The strides of the innermost of the loops.
  int64_t strides[3] = {0, 0, 0};
};
} // namespace

/// Merges as many of `loops`, beginning with the innermost in memory, as follow
/// each other in all operands, and removes them from `rest`.
static MatrixDim merge(ArrayRef<unsigned> loops, ArrayRef<int64_t> sizes,
                       const Layouts &layouts,
                       llvm::SmallSet<unsigned, 8> &rest) {
  SmallVector<unsigned> order;
  for (unsigned loop : loops)
    if (sizes[loop] != 1)
      order.push_back(loop);
  auto reach = [&](unsigned loop) {
    int64_t least = std::numeric_limits<int64_t>::max();
    for (const auto &strides : layouts.strides)
      if (strides[loop] != 0)
        least = std::min(least, strides[loop]);
    return least;
  };
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(reach(a), a) < std::pair(reach(b), b);
  });
  MatrixDim dim;
  for (unsigned loop : loops)
    if (sizes[loop] == 1)
      rest.erase(loop);
  for (unsigned loop : order) {
    bool isFirst = dim.size == 1;
    for (unsigned i = 0; i != 3 && !isFirst; ++i)
      if (layouts.strides[i][loop] != dim.size * dim.strides[i])
        return dim;
    for (unsigned i = 0; i != 3 && isFirst; ++i)
      dim.strides[i] = layouts.strides[i][loop];
    dim.size *= sizes[loop];
    rest.erase(loop);
  }
  return dim;
}

/// How `operand` holds a matrix of `rows` and `columns`, if its rows or columns
/// are contiguous.
static bool setLayout(MatrixOperand &operand, const MatrixDim &rows,
                      const MatrixDim &columns) {
  int64_t row = rows.strides[operand.number],
          column = columns.strides[operand.number];
  if ((columns.size == 1 || column == 1) &&
      (rows.size == 1 || row >= columns.size)) {
    operand.isTransposed = false;
    operand.leading = std::max(row, columns.size);
    return true;
  }
  if ((rows.size == 1 || row == 1) &&
      (columns.size == 1 || column >= rows.size)) {
    operand.isTransposed = true;
    operand.leading = std::max(column, rows.size);
    return true;
  }
  return false;
}

static bool fitsInt(int64_t value) {
  return value <= std::numeric_limits<int32_t>::max();
}

std::optional<MatrixProduct> cegm::matchMatrixProduct(linalg::LinalgOp op) {
  if (!op.hasPureBufferSemantics() || !linalg::isaContractionOpInterface(op) ||
      op->getNumOperands() != 3)
    return std::nullopt;
  auto dims = linalg::inferContractionDims(op);
  auto layouts = findLayouts(op);
  if (failed(dims) || !layouts)
    return std::nullopt;
  SmallVector<int64_t> sizes = op.getStaticLoopRanges();
  if (llvm::any_of(sizes, [](int64_t size) {
        return ShapedType::isDynamic(size) || size == 0;
      }))
    return std::nullopt;

  llvm::SmallSet<unsigned, 8> rest;
  for (unsigned loop = 0, e = op.getNumLoops(); loop != e; ++loop)
    rest.insert(loop);
  MatrixDim m = merge(dims->m, sizes, *layouts, rest);
  MatrixDim n = merge(dims->n, sizes, *layouts, rest);
  MatrixDim k = merge(dims->k, sizes, *layouts, rest);

  MatrixProduct result;
  for (unsigned i = 0; i != 3; ++i) {
    result.operands[i].number = i;
    result.operands[i].offset = layouts->offsets[i];
  }
  if (!setLayout(result.operands[2], m, n))
    return std::nullopt;
  if (result.operands[2].isTransposed) {
    // The transposed of the product is the product of the transposed.
    std::swap(m, n);
    std::swap(result.operands[0], result.operands[1]);
    if (!setLayout(result.operands[2], m, n) || result.operands[2].isTransposed)
      return std::nullopt;
  }
  if (!setLayout(result.operands[0], m, k) ||
      !setLayout(result.operands[1], k, n))
    return std::nullopt;
  result.m = m.size;
  result.n = n.size;
  result.k = k.size;
  for (const MatrixOperand &operand : result.operands)
    if (!fitsInt(operand.leading))
      return std::nullopt;
  if (!fitsInt(result.m) || !fitsInt(result.n) || !fitsInt(result.k))
    return std::nullopt;
  for (unsigned loop = 0, e = op.getNumLoops(); loop != e; ++loop) {
    if (!rest.contains(loop) || sizes[loop] == 1)
      continue;
    result.loopSizes.push_back(sizes[loop]);
    result.loopsAccumulate |= layouts->strides[2][loop] == 0;
    for (MatrixOperand &operand : result.operands)
      operand.loopStrides.push_back(layouts->strides[operand.number][loop]);
  }
  return result;
}
