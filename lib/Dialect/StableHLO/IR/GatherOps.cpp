//===- GatherOps.cpp - Slices at computed places --------------------------===//

#include "IndexMaps.h"

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

// dynamic_gather has the constraints of gather, by the numbers of gather here.

/// The sizes that the result keeps; fails where a slice does not fit into the
/// operand. A size that is not known is dynamic.
static FailureOr<SmallVector<int64_t>>
getOffsetSizes(Operation *op, RankedTensorType operand,
               GatherDimensionNumbersAttr dims, ArrayRef<int64_t> sizes) {
  SmallVector<int64_t> offsets;
  for (auto [dim, size] : llvm::enumerate(sizes)) {
    bool isKnown = !ShapedType::isDynamic(size);
    // gather_c21: slices fit into the operand.
    if (isKnown && (size < 0 || (!operand.isDynamicDim(dim) &&
                                 size > operand.getDimSize(dim))))
      return op->emitOpError()
             << "slice_sizes[" << dim << "] is " << size << ", expected 0 to "
             << operand.getDimSize(dim) << ", the size of the operand";
    bool dropped = false;
    for (ArrayRef<int64_t> list :
         {dims.getCollapsedSliceDims(), dims.getOperandBatchingDims()})
      dropped |= llvm::is_contained(list, static_cast<int64_t>(dim));
    // gather_c9 and gather_c12: a dimension that vanishes has size 1 at most.
    if (dropped && isKnown && size > 1)
      return op->emitOpError()
             << "slice_sizes[" << dim << "] is " << size
             << ", expected 1 at most of a collapsed or batching dimension";
    if (!dropped)
      offsets.push_back(size);
  }
  return offsets;
}

static LogicalResult checkGather(Operation *op, RankedTensorType operand,
                                 RankedTensorType indices,
                                 RankedTensorType result,
                                 GatherDimensionNumbersAttr dims,
                                 ArrayRef<int64_t> sizes) {
  int64_t rank = operand.getRank();
  // gather_c1: the dimensions of the operand are offset, collapsed or batching.
  if (rank != static_cast<int64_t>(dims.getOffsetDims().size() +
                                   dims.getCollapsedSliceDims().size() +
                                   dims.getOperandBatchingDims().size()))
    return op->emitOpError()
           << "operand has rank " << rank
           << ", expected the number of offset_dims, collapsed_slice_dims and "
              "operand_batching_dims, "
           << dims.getOffsetDims().size() << " + "
           << dims.getCollapsedSliceDims().size() << " + "
           << dims.getOperandBatchingDims().size();
  // gather_c20: one size for each dimension of the operand.
  if (failed(
          checkEntries(op, "slice_sizes", sizes.size(), rank, "the operand")))
    return failure();
  IndexMap map{indices,
               "start_indices",
               dims.getIndexVectorDim(),
               "start_index_map",
               dims.getStartIndexMap(),
               "the operand",
               operand,
               "operand_batching_dims",
               dims.getOperandBatchingDims(),
               "start_indices_batching_dims",
               dims.getStartIndicesBatchingDims()};
  if (failed(map.verify(op)))
    return failure();
  SmallVector<int64_t> batch = map.getBatchShape();
  int64_t resultRank = batch.size() + dims.getOffsetDims().size();
  // gather_c4 to gather_c8: the offset and the collapsed dimensions are
  // different, and ascend.
  if (failed(checkDims(op, "offset_dims", dims.getOffsetDims(), resultRank,
                       "the result", /*sorted=*/true)) ||
      failed(checkDims(op, "collapsed_slice_dims", dims.getCollapsedSliceDims(),
                       rank, "the operand",
                       /*sorted=*/true)) ||
      failed(checkDisjoint(
          op, "collapsed_slice_dims", dims.getCollapsedSliceDims(),
          "operand_batching_dims", dims.getOperandBatchingDims())))
    return failure();
  auto offsets = getOffsetSizes(op, operand, dims, sizes);
  if (failed(offsets))
    return failure();
  // gather_c22: batch dimensions of the indices and offset dimensions.
  SmallVector<int64_t> shape;
  auto nextBatch = batch.begin();
  auto nextOffset = offsets->begin();
  for (int64_t dim = 0; dim < resultRank; ++dim)
    shape.push_back(llvm::is_contained(dims.getOffsetDims(), dim)
                        ? *nextOffset++
                        : *nextBatch++);
  // gather_c23: the element types agree.
  return checkType(op, "result", result,
                   RankedTensorType::get(shape, operand.getElementType()));
}

LogicalResult GatherOp::verify() {
  return checkGather(*this, getOperand().getType(), getStartIndices().getType(),
                     getType(), getDimensionNumbers(), getSliceSizes());
}

LogicalResult DynamicGatherOp::verify() {
  RankedTensorType type = getSliceSizes().getType();
  int64_t rank = getOperand().getType().getRank();
  if (failed(checkShape(*this, "slice_sizes", type, {rank})))
    return failure();
  auto sizes = getConstantInts(getSliceSizes());
  if (!sizes)
    sizes.emplace(rank, ShapedType::kDynamic);
  return checkGather(*this, getOperand().getType(), getStartIndices().getType(),
                     getType(), getDimensionNumbers(), *sizes);
}

LogicalResult TorchIndexSelectOp::verify() {
  RankedTensorType operand = getOperand().getType();
  RankedTensorType index = getIndex().getType();
  int64_t dim = getDim(), batch = getBatchDims();
  // The specification leaves this operation out. It replaces a dimension by
  // those of the index, which has the batch dimensions in front.
  if (failed(checkDim(*this, "dim", dim, operand.getRank(), "the operand")))
    return failure();
  if (batch < 0 || batch > dim || batch > index.getRank())
    return emitOpError() << "batch_dims is " << batch << ", expected 0 to "
                         << std::min(dim, index.getRank()) << ", for dim is "
                         << dim << " and index has rank " << index.getRank();
  SmallVector<int64_t> shape(operand.getShape().take_front(dim));
  llvm::append_range(shape, index.getShape().drop_front(batch));
  llvm::append_range(shape, operand.getShape().drop_front(dim + 1));
  return checkType(*this, "result", getType(), operand.clone(shape));
}
