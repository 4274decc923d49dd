//===- ScatterOps.cpp - Updates at computed places
//-------------------------===//

#include "IndexMaps.h"

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

LogicalResult ScatterOp::verify() {
  auto inputs = getInputs();
  auto updates = getUpdates();
  // scatter_c5: there is an input.
  if (failed(checkInputGroups(*this, "updates", /*numOthers=*/1)))
    return failure();
  auto input = cast<RankedTensorType>(inputs.front().getType());
  auto update = cast<RankedTensorType>(updates.front().getType());
  RankedTensorType indices = getScatterIndices().getType();
  ScatterDimensionNumbersAttr dims = getScatterDimensionNumbers();
  int64_t rank = input.getRank();
  // scatter_c1 and scatter_c3: the inputs have one shape, and the updates.
  if (failed(checkSameShapes(*this, "input", inputs.getTypes())) ||
      failed(checkSameShapes(*this, "update", updates.getTypes())))
    return failure();
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
  IndexMap map{indices,
               "scatter_indices",
               dims.getIndexVectorDim(),
               "scatter_dims_to_operand_dims",
               dims.getScatterDimsToOperandDims(),
               "the inputs",
               input,
               "input_batching_dims",
               dims.getInputBatchingDims(),
               "scatter_indices_batching_dims",
               dims.getScatterIndicesBatchingDims()};
  if (failed(map.verify(*this)))
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
  SmallVector<int64_t> batch = map.getBatchShape();
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
  // scatter_c6 and scatter_c23: the region takes current elements and updates,
  // and returns new elements.
  if (failed(checkReducer(*this, getUpdateComputation(), "region",
                          getScalarTypes(inputs.getTypes()),
                          getScalarTypes(updates.getTypes()), /*sizes=*/{},
                          "update")))
    return failure();
  // scatter_c24 and scatter_c25: the results have the shapes of the inputs, and
  // the element types of the region.
  return checkReduced(*this, getUpdateComputation(), input.getShape());
}
