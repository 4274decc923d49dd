//===- LinalgTables.cpp - Rows of tables in linalg ------------------------===//

#include "LinalgModels.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using linalg::LinalgOp;

/// The argument of the body that is used as the index `value`.
static BlockArgument findIndexArgument(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (!isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
             arith::ExtUIOp>(op))
      return {};
    value = op->getOperand(0);
  }
  return dyn_cast<BlockArgument>(value);
}

std::optional<TableAccess> cegm::detail::describeLookup(LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op->getNumResults() != 1 ||
      op.getNumParallelLoops() != op.getNumLoops())
    return std::nullopt;
  auto extract = op.getBlock()
                     ->getTerminator()
                     ->getOperand(0)
                     .getDefiningOp<tensor::ExtractOp>();
  AffineMap rowsMap = op.getIndexingMapsArray().back();
  if (!extract || !rowsMap.isPermutation())
    return std::nullopt;
  TableAccess access;
  access.table = extract.getTensor();
  access.rows = op->getResult(0);
  auto table = cast<RankedTensorType>(access.table.getType());
  auto rows = cast<RankedTensorType>(access.rows.getType());

  // The place of an element in the table: one index that an operand gives, and
  // the place in the row.
  AffineMap idsMap;
  SmallVector<unsigned> featureLoops;
  for (auto [dim, index] : llvm::enumerate(extract.getIndices())) {
    if (auto place = index.getDefiningOp<linalg::IndexOp>()) {
      unsigned loop = place.getDim();
      int64_t feature =
          *rowsMap.getResultPosition(getAffineDimExpr(loop, op->getContext()));
      if (rows.getDimSize(feature) != table.getDimSize(dim))
        return std::nullopt;
      featureLoops.push_back(loop);
      access.featureDims.push_back(feature);
      continue;
    }
    BlockArgument id = findIndexArgument(index);
    if (!id || id.getOwner() != op.getBlock() || access.indices ||
        id.getArgNumber() >= op.getNumDpsInputs())
      return std::nullopt;
    access.indices = op->getOperand(id.getArgNumber());
    idsMap = op.getIndexingMapsArray()[id.getArgNumber()];
  }
  if (!access.indices || !isa<RankedTensorType>(access.indices.getType()))
    return std::nullopt;
  for (unsigned loop : featureLoops)
    if (idsMap.isFunctionOfDim(loop))
      return std::nullopt;
  for (int64_t dim = 0; dim < rows.getRank(); ++dim)
    if (!llvm::is_contained(access.featureDims, dim))
      access.tokenDims.push_back(dim);
  if (access.tokenDims.empty() || access.featureDims.empty())
    return std::nullopt;
  return access;
}

namespace {

/// True if the body adds its two arguments and yields the sum.
bool isAddBody(Block &body) {
  Operation *add = body.getTerminator()->getOperand(0).getDefiningOp();
  Value a = body.getArgument(0), b = body.getArgument(1);
  return isa_and_present<arith::AddFOp, arith::AddIOp>(add) &&
         ((add->getOperand(0) == a && add->getOperand(1) == b) ||
          (add->getOperand(0) == b && add->getOperand(1) == a));
}

struct ScatterModel
    : cegm::detail::LinalgSiteModel<ScatterModel, tm_tensor::ScatterOp> {
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    auto scatter = cast<tm_tensor::ScatterOp>(op);
    if (!isAddBody(scatter.getRegion().front()))
      return std::nullopt;
    TableAccess access;
    access.kind = TableAccess::Kind::Accumulate;
    access.table = scatter.getOriginal();
    access.indices = scatter.getIndices();
    access.rows = scatter.getUpdates();
    access.tokenDims = {0};
    auto table = cast<RankedTensorType>(access.table.getType());
    auto rows = cast<RankedTensorType>(access.rows.getType());
    int64_t first = scatter.getFirstWindowDim();
    for (int64_t dim = first; dim < table.getRank(); ++dim) {
      int64_t rowDim = dim - first + 1, size = rows.getDimSize(rowDim);
      // A row is an entry of the table as a whole. Dimensions that are indexed
      // have one element of it, which belongs to no row.
      bool isIndexed = llvm::is_contained(scatter.getDimensionMap(), dim);
      if (size != (isIndexed ? 1 : table.getDimSize(dim)))
        return std::nullopt;
      if (!isIndexed)
        access.featureDims.push_back(rowDim);
    }
    if (access.featureDims.empty())
      return std::nullopt;
    return access;
  }
};

} // namespace

void cegm::detail::attachTMTensorModels(MLIRContext &ctx) {
  tm_tensor::ScatterOp::attachInterface<ScatterModel>(ctx);
}
