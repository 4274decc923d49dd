//===- IndexMaps.cpp - What gather and scatter have in common -------------===//

#include "IndexMaps.h"

#include "cegm/Dialect/StableHLO/IR/Verification.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// The number of indices that the vectors along `indexVectorDim` hold.
static int64_t getVectorSize(const IndexMap &map) {
  return map.indexVectorDim == map.indices.getRank()
             ? 1
             : map.indices.getDimSize(map.indexVectorDim);
}

SmallVector<int64_t> IndexMap::getBatchShape() const {
  SmallVector<int64_t> shape(indices.getShape());
  if (indexVectorDim < indices.getRank())
    shape.erase(shape.begin() + indexVectorDim);
  return shape;
}

LogicalResult IndexMap::verify(Operation *op) const {
  // gather_c2 and scatter_c22: the vectors lie along a dimension of the
  // indices, or are the indices themselves.
  if (indexVectorDim < 0 || indexVectorDim > indices.getRank())
    return op->emitOpError()
           << "index_vector_dim is " << indexVectorDim << ", expected 0 to "
           << indices.getRank() << ", the rank of " << indicesName;
  // gather_c3 and scatter_c19: the map has an entry for each index.
  int64_t size = getVectorSize(*this);
  if (!ShapedType::isDynamic(size) && size != static_cast<int64_t>(map.size()))
    return op->emitOpError()
           << mapName << " has " << map.size() << " entries, expected " << size
           << ", the size of the index vectors of " << indicesName;
  // gather_c18, gather_c19, scatter_c20 and scatter_c21: the map names
  // different dimensions, none of them batching. gather_c10, gather_c11,
  // scatter_c12 and scatter_c13: the batching ones are different, too, and
  // ascend. gather_c13, gather_c14, scatter_c14 and scatter_c15: so are those
  // of the indices.
  if (failed(checkDims(op, mapName, map, operand.getRank(), operandName,
                       /*sorted=*/false)) ||
      failed(checkDisjoint(op, mapName, map, operandBatchName, operandBatch)) ||
      failed(checkDims(op, operandBatchName, operandBatch, operand.getRank(),
                       operandName,
                       /*sorted=*/true)) ||
      failed(checkDims(op, indicesBatchName, indicesBatch, indices.getRank(),
                       indicesName,
                       /*sorted=*/false)))
    return failure();
  // gather_c15 and scatter_c16: the vectors lie along no batching dimension.
  if (llvm::is_contained(indicesBatch, indexVectorDim))
    return op->emitOpError() << "index_vector_dim " << indexVectorDim
                             << " is in " << indicesBatchName;
  // gather_c16 and scatter_c17: as many batching dimensions on both sides.
  if (operandBatch.size() != indicesBatch.size())
    return op->emitOpError()
           << operandBatchName << " has " << operandBatch.size() << " entries, "
           << indicesBatchName << " has " << indicesBatch.size()
           << ", expected as many";
  // gather_c17 and scatter_c18: each pair of them has one size.
  for (auto [left, right] : llvm::zip_equal(operandBatch, indicesBatch)) {
    int64_t size = operand.getDimSize(left);
    int64_t other = indices.getDimSize(right);
    if (!ShapedType::isDynamic(size) && !ShapedType::isDynamic(other) &&
        size != other)
      return op->emitOpError()
             << operandName << " has size " << size << " in dimension " << left
             << ", " << indicesName << " has " << other << " in dimension "
             << right;
  }
  return success();
}
