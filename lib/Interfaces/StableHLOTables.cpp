//===- StableHLOTables.cpp - Lookups in a training graph ------------------===//

#include "StableHLOModels.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// Fills in the dimensions of `access.rows` given those that belong to a row. A
/// row must be an entry of the table as a whole: along each dimension of the
/// table a slice is one element or everything.
bool describeRows(TableAccess &access, ArrayRef<int64_t> rowDims,
                  ArrayRef<int64_t> batchDims, ArrayRef<int64_t> sliceSizes) {
  auto table = dyn_cast<RankedTensorType>(access.table.getType());
  auto rows = dyn_cast<RankedTensorType>(access.rows.getType());
  if (!table || !rows)
    return false;
  access.tableBatchDims.assign(batchDims.begin(), batchDims.end());
  bool isLookup = false;
  for (auto [dim, sizes] :
       llvm::enumerate(llvm::zip_equal(table.getShape(), sliceSizes))) {
    auto [size, slice] = sizes;
    if (llvm::is_contained(batchDims, int64_t(dim)))
      continue;
    if (slice != size && slice != 1)
      return false;
    isLookup |= slice != size;
  }
  access.featureDims.assign(rowDims.begin(), rowDims.end());
  for (int64_t dim = 0; dim < rows.getRank(); ++dim)
    if (!llvm::is_contained(rowDims, dim))
      access.tokenDims.push_back(dim);
  return isLookup && !access.tokenDims.empty() && !access.featureDims.empty();
}

struct GatherModel
    : TrainingGraphOpInterface::ExternalModel<GatherModel,
                                              stablehlo::GatherOp> {
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    auto gather = cast<stablehlo::GatherOp>(op);
    stablehlo::GatherDimensionNumbersAttr dims = gather.getDimensionNumbers();
    TableAccess access;
    access.table = gather.getOperand();
    access.indices = gather.getStartIndices();
    access.rows = gather.getResult();
    if (!describeRows(access, dims.getOffsetDims(),
                      dims.getOperandBatchingDims(), gather.getSliceSizes()))
      return std::nullopt;
    return access;
  }
};

/// True if the region adds its two arguments and returns the sum.
bool isAddRegion(Region &region) {
  if (!region.hasOneBlock() || region.getNumArguments() != 2)
    return false;
  Block &block = region.front();
  auto add = dyn_cast<stablehlo::AddOp>(block.front());
  if (!add || add->getNextNode() != block.getTerminator() ||
      block.getTerminator()->getNumOperands() != 1 ||
      block.getTerminator()->getOperand(0) != add.getResult())
    return false;
  Value a = block.getArgument(0), b = block.getArgument(1);
  return (add.getLhs() == a && add.getRhs() == b) ||
         (add.getLhs() == b && add.getRhs() == a);
}

struct ScatterModel
    : cegm::detail::SiteModel<ScatterModel, stablehlo::ScatterOp> {
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    auto scatter = cast<stablehlo::ScatterOp>(op);
    if (scatter.getInputs().size() != 1 ||
        !isAddRegion(scatter.getUpdateComputation()))
      return std::nullopt;
    stablehlo::ScatterDimensionNumbersAttr dims =
        scatter.getScatterDimensionNumbers();
    TableAccess access;
    access.kind = TableAccess::Kind::Accumulate;
    access.table = scatter.getInputs()[0];
    access.indices = scatter.getScatterIndices();
    access.rows = scatter.getUpdates()[0];
    // The window of a scatter is as large as the update says.
    auto table = cast<ShapedType>(access.table.getType());
    auto rows = cast<ShapedType>(access.rows.getType());
    SmallVector<int64_t> sliceSizes(table.getRank(), 1);
    auto window = dims.getUpdateWindowDims().begin();
    for (int64_t dim = 0; dim < table.getRank(); ++dim)
      if (!llvm::is_contained(dims.getInsertedWindowDims(), dim) &&
          !llvm::is_contained(dims.getInputBatchingDims(), dim) &&
          window != dims.getUpdateWindowDims().end())
        sliceSizes[dim] = rows.getDimSize(*window++);
    if (!describeRows(access, dims.getUpdateWindowDims(),
                      dims.getInputBatchingDims(), sliceSizes))
      return std::nullopt;
    return access;
  }
};

} // namespace

void cegm::detail::attachTableModels(MLIRContext &ctx) {
  stablehlo::GatherOp::attachInterface<GatherModel>(ctx);
  stablehlo::ScatterOp::attachInterface<ScatterModel>(ctx);
}
