//===- RaggedDotOp.cpp - Products of groups of rows -----------------------===//
//
// The ragged dimension of lhs has the groups one after the other:
//   free:         lhs [b, m, k], rhs [g, b, k, n] -> [b, m, n]
//   contracting:  lhs [b, m, k], rhs [b, k, n]    -> [g, b, m, n]
//   batching:     lhs [b, m, k], rhs [b, k, n]    -> [b, m, n]
// Their sizes are [..., g], where the dimensions in front are those of lhs that
// the ragged one repeats for, or [g], the same ones for all.
//
//===----------------------------------------------------------------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::chlo;
using namespace mlir::stablehlo;

/// The dimensions of lhs in front of the ragged one: all batching ones, then
/// those before it of its own kind. Only those before it where it is batching.
static SmallVector<int64_t> getOuterDims(RaggedDotDimensionNumbersAttr numbers,
                                         int64_t ragged) {
  ArrayRef<int64_t> batching = numbers.getLhsBatchingDimensions();
  ArrayRef<int64_t> contracting = numbers.getLhsContractingDimensions();
  auto takeBefore = [&](ArrayRef<int64_t> dims) {
    return dims.take_until([&](int64_t dim) { return dim == ragged; });
  };
  if (llvm::is_contained(batching, ragged))
    return llvm::to_vector(takeBefore(batching));
  SmallVector<int64_t> outer(batching);
  if (llvm::is_contained(contracting, ragged)) {
    llvm::append_range(outer, takeBefore(contracting));
    return outer;
  }
  for (int64_t dim = 0; dim < ragged; ++dim)
    if (!llvm::is_contained(batching, dim) &&
        !llvm::is_contained(contracting, dim))
      outer.push_back(dim);
  return outer;
}

/// Whether the sizes of the groups have their shape.
static LogicalResult checkGroupSizes(RaggedDotOp op, int64_t ragged) {
  RankedTensorType sizes = op.getGroupSizes().getType();
  if (sizes.getRank() == 0)
    return op.emitOpError() << "group_sizes has type " << sizes
                            << ", expected a rank of 1 or more";
  if (sizes.getRank() == 1)
    return success();
  SmallVector<int64_t> shape;
  for (int64_t dim : getOuterDims(op.getRaggedDotDimensionNumbers(), ragged))
    shape.push_back(op.getLhs().getType().getDimSize(dim));
  shape.push_back(sizes.getShape().back());
  return checkShape(op, "group_sizes", sizes, shape);
}

/// Whether rhs has a group dimension where the ragged one is free, and none
/// else.
static LogicalResult checkGroupDims(RaggedDotOp op, bool isFree) {
  RaggedDotDimensionNumbersAttr numbers = op.getRaggedDotDimensionNumbers();
  RankedTensorType rhs = op.getRhs().getType();
  ArrayRef<int64_t> groups = numbers.getRhsGroupDimensions();
  if (groups.size() != (isFree ? 1 : 0))
    return op.emitOpError()
           << "rhs_group_dimensions has " << groups.size()
           << " entries, expected "
           << (isFree ? "1, for the ragged dimension is free"
                      : "0, for the ragged dimension is paired");
  if (failed(checkDims(op, "rhs_group_dimensions", groups, rhs.getRank(),
                       "rhs")) ||
      failed(checkDisjoint(op, "rhs_group_dimensions", groups,
                           "rhs_batching_dimensions",
                           numbers.getRhsBatchingDimensions())) ||
      failed(checkDisjoint(op, "rhs_group_dimensions", groups,
                           "rhs_contracting_dimensions",
                           numbers.getRhsContractingDimensions())))
    return failure();
  int64_t count = op.getGroupSizes().getType().getShape().back();
  if (isFree && !areCompatibleSizes(rhs.getDimSize(groups.front()), count))
    return op.emitOpError()
           << "rhs has size " << rhs.getDimSize(groups.front())
           << " in its group dimension " << groups.front() << ", expected "
           << count << ", the number of group_sizes";
  return success();
}

LogicalResult RaggedDotOp::verify() {
  RaggedDotDimensionNumbersAttr numbers = getRaggedDotDimensionNumbers();
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType();
  DotDims dims{numbers.getLhsBatchingDimensions(),
               numbers.getRhsBatchingDimensions(),
               numbers.getLhsContractingDimensions(),
               numbers.getRhsContractingDimensions()};
  if (failed(checkPrecision(*this, getPrecisionConfigAttr())) ||
      failed(dims.verify(*this, lhs, rhs)))
    return failure();
  ArrayRef<int64_t> raggedDims = numbers.getLhsRaggedDimensions();
  if (raggedDims.size() != 1)
    return emitOpError() << "lhs_ragged_dimensions has " << raggedDims.size()
                         << " entries, expected 1";
  int64_t ragged = raggedDims.front();
  bool isContracting = llvm::is_contained(dims.lhsContracting, ragged);
  bool isFree = !isContracting && !llvm::is_contained(dims.lhsBatching, ragged);
  if (failed(checkDims(*this, "lhs_ragged_dimensions", raggedDims,
                       lhs.getRank(), "lhs")) ||
      failed(checkGroupSizes(*this, ragged)) ||
      failed(checkGroupDims(*this, isFree)) ||
      failed(checkProductTypes(*this, getType(), lhs, rhs)))
    return failure();
  SmallVector<int64_t> shape =
      dims.getShape(lhs, rhs, numbers.getRhsGroupDimensions());
  if (isContracting)
    shape.insert(shape.begin(), getGroupSizes().getType().getShape().back());
  return checkShape(*this, "result", getType(), shape);
}
