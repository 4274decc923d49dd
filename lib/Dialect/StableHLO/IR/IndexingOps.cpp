//===- IndexingOps.cpp - Gather, scatter and random numbers ---------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/IndexingOps.cpp.inc"

void StablehloDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/IndexingOps.cpp.inc"
      >();
}

/// Fails unless `dims` are different dimensions of a tensor of `rank`, in
/// ascending order where `sorted`.
static LogicalResult checkDims(Operation *op, StringRef name,
                               ArrayRef<int64_t> dims, int64_t rank,
                               StringRef of, bool sorted) {
  llvm::SmallBitVector seen(rank);
  for (auto [index, dim] : llvm::enumerate(dims)) {
    if (dim < 0 || dim >= rank)
      return op->emitOpError()
             << name << " has " << dim << ", expected a dimension of " << of
             << " of rank " << rank;
    if (seen.test(dim))
      return op->emitOpError()
             << name << " names dimension " << dim << " twice";
    seen.set(dim);
    if (sorted && index && dims[index - 1] > dim)
      return op->emitOpError()
             << name << " has " << dims[index - 1] << " before " << dim
             << ", expected ascending order";
  }
  return success();
}

/// Fails unless `lhs` and `rhs` are different dimensions.
static LogicalResult checkDisjoint(Operation *op, StringRef lhsName,
                                   ArrayRef<int64_t> lhs, StringRef rhsName,
                                   ArrayRef<int64_t> rhs) {
  for (int64_t dim : lhs)
    if (llvm::is_contained(rhs, dim))
      return op->emitOpError() << "dimension " << dim << " is in " << lhsName
                               << " and in " << rhsName;
  return success();
}

/// The number of indices that the vectors along `indexVectorDim` hold.
static int64_t getVectorSize(RankedTensorType indices, int64_t indexVectorDim) {
  return indexVectorDim == indices.getRank()
             ? 1
             : indices.getDimSize(indexVectorDim);
}

/// The shape of `indices` without the dimension of the vectors.
static SmallVector<int64_t> getBatchShape(RankedTensorType indices,
                                          int64_t indexVectorDim) {
  SmallVector<int64_t> shape(indices.getShape());
  if (indexVectorDim < indices.getRank())
    shape.erase(shape.begin() + indexVectorDim);
  return shape;
}

/// What gather and scatter have in common, by the names of each.
struct IndexMap {
  RankedTensorType indices;
  StringRef indicesName;
  int64_t indexVectorDim;
  StringRef mapName;
  ArrayRef<int64_t> map;
  StringRef operandName;
  RankedTensorType operand;
  StringRef operandBatchName;
  ArrayRef<int64_t> operandBatch;
  StringRef indicesBatchName;
  ArrayRef<int64_t> indicesBatch;
};

static LogicalResult checkIndexMap(Operation *op, const IndexMap &it) {
  // gather_c2 and scatter_c22: the vectors lie along a dimension of the
  // indices, or are the indices themselves.
  if (it.indexVectorDim < 0 || it.indexVectorDim > it.indices.getRank())
    return op->emitOpError()
           << "index_vector_dim is " << it.indexVectorDim << ", expected 0 to "
           << it.indices.getRank() << ", the rank of " << it.indicesName;
  // gather_c3 and scatter_c19: the map has an entry for each index.
  int64_t size = getVectorSize(it.indices, it.indexVectorDim);
  if (!ShapedType::isDynamic(size) &&
      size != static_cast<int64_t>(it.map.size()))
    return op->emitOpError()
           << it.mapName << " has " << it.map.size() << " entries, expected "
           << size << ", the size of the index vectors of " << it.indicesName;
  // gather_c18, gather_c19, scatter_c20 and scatter_c21: the map names
  // different dimensions, none of them batching. gather_c10, gather_c11,
  // scatter_c12 and scatter_c13: the batching ones are different, too, and
  // ascend. gather_c13, gather_c14, scatter_c14 and scatter_c15: so are those
  // of the indices.
  if (failed(checkDims(op, it.mapName, it.map, it.operand.getRank(),
                       it.operandName, /*sorted=*/false)) ||
      failed(checkDisjoint(op, it.mapName, it.map, it.operandBatchName,
                           it.operandBatch)) ||
      failed(checkDims(op, it.operandBatchName, it.operandBatch,
                       it.operand.getRank(), it.operandName,
                       /*sorted=*/true)) ||
      failed(checkDims(op, it.indicesBatchName, it.indicesBatch,
                       it.indices.getRank(), it.indicesName,
                       /*sorted=*/false)))
    return failure();
  // gather_c15 and scatter_c16: the vectors lie along no batching dimension.
  if (llvm::is_contained(it.indicesBatch, it.indexVectorDim))
    return op->emitOpError() << "index_vector_dim " << it.indexVectorDim
                             << " is in " << it.indicesBatchName;
  // gather_c16 and scatter_c17: as many batching dimensions on both sides.
  if (it.operandBatch.size() != it.indicesBatch.size())
    return op->emitOpError()
           << it.operandBatchName << " has " << it.operandBatch.size()
           << " entries, " << it.indicesBatchName << " has "
           << it.indicesBatch.size() << ", expected as many";
  // gather_c17 and scatter_c18: each pair of them has one size.
  for (auto [left, right] : llvm::zip_equal(it.operandBatch, it.indicesBatch)) {
    int64_t size = it.operand.getDimSize(left);
    int64_t other = it.indices.getDimSize(right);
    if (!ShapedType::isDynamic(size) && !ShapedType::isDynamic(other) &&
        size != other)
      return op->emitOpError()
             << it.operandName << " has size " << size << " in dimension "
             << left << ", " << it.indicesName << " has " << other
             << " in dimension " << right;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// GatherOp
//===----------------------------------------------------------------------===//

LogicalResult GatherOp::verify() {
  RankedTensorType operand = getOperand().getType();
  RankedTensorType indices = getStartIndices().getType();
  GatherDimensionNumbersAttr dims = getDimensionNumbers();
  ArrayRef<int64_t> sizes = getSliceSizes();
  int64_t rank = operand.getRank();
  // gather_c1: the dimensions of the operand are offset, collapsed or batching.
  if (rank != static_cast<int64_t>(dims.getOffsetDims().size() +
                                   dims.getCollapsedSliceDims().size() +
                                   dims.getOperandBatchingDims().size()))
    return emitOpError() << "operand has rank " << rank
                         << ", expected the number of offset_dims, "
                            "collapsed_slice_dims and operand_batching_dims, "
                         << dims.getOffsetDims().size() << " + "
                         << dims.getCollapsedSliceDims().size() << " + "
                         << dims.getOperandBatchingDims().size();
  // gather_c20: one size for each dimension of the operand.
  if (static_cast<int64_t>(sizes.size()) != rank)
    return emitOpError() << "slice_sizes has " << sizes.size()
                         << " entries, expected one for each of the " << rank
                         << " dimensions of the operand";
  if (failed(checkIndexMap(
          *this,
          {indices, "start_indices", dims.getIndexVectorDim(),
           "start_index_map", dims.getStartIndexMap(), "the operand", operand,
           "operand_batching_dims", dims.getOperandBatchingDims(),
           "start_indices_batching_dims", dims.getStartIndicesBatchingDims()})))
    return failure();
  SmallVector<int64_t> batch = getBatchShape(indices, dims.getIndexVectorDim());
  int64_t resultRank = batch.size() + dims.getOffsetDims().size();
  // gather_c4 to gather_c8: the offset and the collapsed dimensions are
  // different, and ascend.
  if (failed(checkDims(*this, "offset_dims", dims.getOffsetDims(), resultRank,
                       "the result", /*sorted=*/true)) ||
      failed(checkDims(*this, "collapsed_slice_dims",
                       dims.getCollapsedSliceDims(), rank, "the operand",
                       /*sorted=*/true)) ||
      failed(checkDisjoint(
          *this, "collapsed_slice_dims", dims.getCollapsedSliceDims(),
          "operand_batching_dims", dims.getOperandBatchingDims())))
    return failure();
  SmallVector<int64_t> offsets;
  for (int64_t dim = 0; dim < rank; ++dim) {
    // gather_c21: slices fit into the operand.
    if (sizes[dim] < 0 ||
        (!operand.isDynamicDim(dim) && sizes[dim] > operand.getDimSize(dim)))
      return emitOpError() << "slice_sizes[" << dim << "] is " << sizes[dim]
                           << ", expected 0 to " << operand.getDimSize(dim)
                           << ", the size of the operand";
    bool dropped = false;
    for (ArrayRef<int64_t> list :
         {dims.getCollapsedSliceDims(), dims.getOperandBatchingDims()})
      dropped |= llvm::is_contained(list, dim);
    // gather_c9 and gather_c12: a dimension that vanishes has size 1 at most.
    if (dropped && sizes[dim] > 1)
      return emitOpError() << "slice_sizes[" << dim << "] is " << sizes[dim]
                           << ", expected 1 at most of a collapsed or batching "
                              "dimension";
    if (!dropped)
      offsets.push_back(sizes[dim]);
  }
  // gather_c22: batch dimensions of the indices and offset dimensions.
  SmallVector<int64_t> shape;
  auto nextBatch = batch.begin();
  auto nextOffset = offsets.begin();
  for (int64_t dim = 0; dim < resultRank; ++dim)
    shape.push_back(llvm::is_contained(dims.getOffsetDims(), dim)
                        ? *nextOffset++
                        : *nextBatch++);
  // gather_c23: the element types agree.
  auto expected = RankedTensorType::get(shape, operand.getElementType());
  if (!areCompatibleTypes(getType(), expected))
    return emitOpError() << "result has type " << getType() << ", expected "
                         << expected;
  return success();
}

//===----------------------------------------------------------------------===//
// ScatterOp
//===----------------------------------------------------------------------===//

LogicalResult ScatterOp::verify() {
  auto inputs = getInputs();
  auto updates = getUpdates();
  // scatter_c5: there is an input.
  if (inputs.empty())
    return emitOpError() << "has no inputs, expected one at least";
  auto input = cast<RankedTensorType>(inputs.front().getType());
  auto update = cast<RankedTensorType>(updates.front().getType());
  RankedTensorType indices = getScatterIndices().getType();
  ScatterDimensionNumbersAttr dims = getScatterDimensionNumbers();
  int64_t rank = input.getRank();
  // scatter_c1 and scatter_c3: the inputs have one shape, and the updates.
  for (auto [name, values, first] : {std::tuple("input", inputs, input),
                                     std::tuple("update", updates, update)})
    for (auto [index, value] : llvm::enumerate(values))
      if (failed(verifyCompatibleShape(value.getType(), first)))
        return emitOpError()
               << name << " " << index << " has type " << value.getType()
               << ", expected the shape of " << name << " 0 of type " << first;
  // scatter_c2: the dimensions of the inputs are window, inserted or batching.
  if (rank != static_cast<int64_t>(dims.getUpdateWindowDims().size() +
                                   dims.getInsertedWindowDims().size() +
                                   dims.getInputBatchingDims().size()))
    return emitOpError() << "inputs have rank " << rank
                         << ", expected the number of update_window_dims, "
                            "inserted_window_dims and input_batching_dims, "
                         << dims.getUpdateWindowDims().size() << " + "
                         << dims.getInsertedWindowDims().size() << " + "
                         << dims.getInputBatchingDims().size();
  if (failed(checkIndexMap(
          *this,
          {indices, "scatter_indices", dims.getIndexVectorDim(),
           "scatter_dims_to_operand_dims", dims.getScatterDimsToOperandDims(),
           "the inputs", input, "input_batching_dims",
           dims.getInputBatchingDims(), "scatter_indices_batching_dims",
           dims.getScatterIndicesBatchingDims()})))
    return failure();
  // scatter_c7 to scatter_c11: the window and the inserted dimensions are
  // different, and ascend.
  if (failed(checkDims(*this, "update_window_dims", dims.getUpdateWindowDims(),
                       update.getRank(), "the updates", /*sorted=*/true)) ||
      failed(checkDims(*this, "inserted_window_dims",
                       dims.getInsertedWindowDims(), rank, "the inputs",
                       /*sorted=*/true)) ||
      failed(checkDisjoint(*this, "inserted_window_dims",
                           dims.getInsertedWindowDims(), "input_batching_dims",
                           dims.getInputBatchingDims())))
    return failure();
  // scatter_c4: the updates have the batch dimensions of the indices, and
  // windows that fit into the inputs.
  SmallVector<int64_t> batch = getBatchShape(indices, dims.getIndexVectorDim());
  if (update.getRank() !=
      static_cast<int64_t>(batch.size() + dims.getUpdateWindowDims().size()))
    return emitOpError() << "updates have rank " << update.getRank()
                         << ", expected " << batch.size()
                         << " batch dimensions of scatter_indices and "
                         << dims.getUpdateWindowDims().size()
                         << " update_window_dims";
  auto nextBatch = batch.begin();
  int64_t inputDim = 0;
  for (int64_t dim = 0; dim < update.getRank(); ++dim) {
    int64_t size = update.getDimSize(dim);
    if (!llvm::is_contained(dims.getUpdateWindowDims(), dim)) {
      int64_t expected = *nextBatch++;
      if (!ShapedType::isDynamic(size) && !ShapedType::isDynamic(expected) &&
          size != expected)
        return emitOpError() << "updates have size " << size << " in dimension "
                             << dim << ", scatter_indices have " << expected;
      continue;
    }
    while (llvm::is_contained(dims.getInsertedWindowDims(), inputDim) ||
           llvm::is_contained(dims.getInputBatchingDims(), inputDim))
      ++inputDim;
    int64_t limit = input.getDimSize(inputDim++);
    if (!ShapedType::isDynamic(size) && !ShapedType::isDynamic(limit) &&
        size > limit)
      return emitOpError() << "updates have size " << size << " in dimension "
                           << dim << ", the inputs only " << limit;
  }
  // scatter_c23: the region takes current elements and updates, and returns new
  // elements.
  TypeRange arguments(getUpdateComputation().getArgumentTypes());
  TypeRange returned(
      getUpdateComputation().front().getTerminator()->getOperandTypes());
  if (arguments.size() != 2 * inputs.size() || returned.size() != inputs.size())
    return emitOpError() << "region takes " << arguments.size()
                         << " and returns " << returned.size()
                         << " values, expected " << 2 * inputs.size() << " and "
                         << inputs.size();
  // scatter_c24 and scatter_c25: the results have the shapes of the inputs.
  if (getNumResults() != inputs.size())
    return emitOpError() << "has " << getNumResults()
                         << " results, expected one for each of the "
                         << inputs.size() << " inputs";
  for (auto [index, result] : llvm::enumerate(getResults()))
    if (failed(verifyCompatibleShape(result.getType(), input)))
      return emitOpError() << "result " << index << " has type "
                           << result.getType()
                           << ", expected the shape of input 0 of type "
                           << input;
  return success();
}
