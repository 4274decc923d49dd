//===- TilingModels.cpp - How ops of tokens are cut into tiles ------------===//

#include "cegm/Dialect/Cegm/Transforms/TilingModels.h"

#include "TileRules.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::cegm;

/// The number of iterations of each loop.
static SmallVector<OpFoldResult> getLoopSizes(OpBuilder &b, Operation *op,
                                              const TileLoops &loops) {
  SmallVector<OpFoldResult> sizes(loops.count);
  for (auto [operand, dims] :
       llvm::zip_equal(op->getOperands(), loops.operands))
    for (auto [dim, loop] : llvm::enumerate(dims)) {
      if (loop == wholeDim || (sizes[loop] && getConstantIntValue(sizes[loop])))
        continue;
      OpFoldResult size = tensor::getMixedSize(b, op->getLoc(), operand, dim);
      if (!sizes[loop] || getConstantIntValue(size))
        sizes[loop] = size;
    }
  return sizes;
}

static TilingResult makeTile(OpBuilder &b, Operation *op,
                             const TileLoops &loops, Sizes offsets,
                             Sizes sizes) {
  TilingResult result;
  Location loc = op->getLoc();
  SmallVector<Value> operands;
  for (auto [operand, dims] :
       llvm::zip_equal(op->getOperands(), loops.operands)) {
    if (llvm::all_of(dims, [](int64_t loop) { return loop == wholeDim; })) {
      operands.push_back(operand);
      continue;
    }
    SmallVector<OpFoldResult> offset(dims.size(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> size = tensor::getMixedSizes(b, loc, operand);
    SmallVector<OpFoldResult> stride(dims.size(), b.getIndexAttr(1));
    for (auto [dim, loop] : llvm::enumerate(dims))
      if (loop != wholeDim) {
        offset[dim] = offsets[loop];
        size[dim] = sizes[loop];
      }
    auto slice =
        tensor::ExtractSliceOp::create(b, loc, operand, offset, size, stride);
    operands.push_back(slice);
    result.generatedSlices.push_back(slice);
  }
  SmallVector<Type> types;
  for (Type type : op->getResultTypes())
    types.push_back(cast<RankedTensorType>(type).clone(
        decomposeMixedValues(SmallVector<OpFoldResult>(sizes)).first));
  Operation *tile = clone(b, op, types, operands);
  result.tiledOps.push_back(tile);
  llvm::append_range(result.tiledValues, tile->getResults());
  return result;
}

namespace {
template <typename OpTy>
struct TileModel : TilingInterface::ExternalModel<TileModel<OpTy>, OpTy> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    return SmallVector<utils::IteratorType>(getLoops(cast<OpTy>(op)).count,
                                            utils::IteratorType::parallel);
  }

  SmallVector<Range> getIterationDomain(Operation *op, OpBuilder &b) const {
    SmallVector<Range> domain;
    for (OpFoldResult size : getLoopSizes(b, op, getLoops(cast<OpTy>(op))))
      domain.push_back({b.getIndexAttr(0), size, b.getIndexAttr(1)});
    return domain;
  }

  FailureOr<TilingResult> getTiledImplementation(Operation *op, OpBuilder &b,
                                                 Sizes offsets,
                                                 Sizes sizes) const {
    auto typed = cast<OpTy>(op);
    if (failed(verifyTile(typed, sizes)))
      return failure();
    return makeTile(b, op, getLoops(typed), offsets, sizes);
  }

  LogicalResult
  getResultTilePosition(Operation *op, OpBuilder &b, unsigned resultNumber,
                        Sizes offsets, Sizes sizes,
                        SmallVector<OpFoldResult> &resultOffsets,
                        SmallVector<OpFoldResult> &resultSizes) const {
    resultOffsets.assign(offsets.begin(), offsets.end());
    resultSizes.assign(sizes.begin(), sizes.end());
    return success();
  }

  /// Results have one dimension a loop, so their tiles are those of the loops.
  LogicalResult getIterationDomainTileFromResultTile(
      Operation *op, OpBuilder &b, unsigned resultNumber, Sizes offsets,
      Sizes sizes, SmallVectorImpl<OpFoldResult> &loopOffsets,
      SmallVectorImpl<OpFoldResult> &loopSizes) const {
    loopOffsets.assign(offsets.begin(), offsets.end());
    loopSizes.assign(sizes.begin(), sizes.end());
    return success();
  }

  FailureOr<TilingResult> generateResultTileValue(Operation *op, OpBuilder &b,
                                                  unsigned resultNumber,
                                                  Sizes offsets,
                                                  Sizes sizes) const {
    FailureOr<TilingResult> tile =
        getTiledImplementation(op, b, offsets, sizes);
    if (failed(tile))
      return failure();
    tile->tiledValues = {tile->tiledValues[resultNumber]};
    return tile;
  }

  /// A tile of one operand says where the loops that reach it are; the others
  /// run over all.
  LogicalResult getIterationDomainTileFromOperandTiles(
      Operation *op, OpBuilder &b, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes,
      SmallVectorImpl<OpFoldResult> &loopOffsets,
      SmallVectorImpl<OpFoldResult> &loopSizes) const {
    TileLoops loops = getLoops(cast<OpTy>(op));
    SmallVector<OpFoldResult> all = getLoopSizes(b, op, loops);
    loopSizes.assign(all.begin(), all.end());
    loopOffsets.assign(loops.count, b.getIndexAttr(0));
    BitVector seen(loops.count);
    for (auto [number, offsets, sizes] :
         llvm::zip_equal(operandNumbers, allOffsets, allSizes))
      for (auto [loop, offset, size] :
           llvm::zip_equal(loops.operands[number], offsets, sizes)) {
        if (loop == wholeDim)
          continue;
        if (seen[loop] &&
            (loopOffsets[loop] != offset || loopSizes[loop] != size))
          return failure();
        seen.set(loop);
        loopOffsets[loop] = offset;
        loopSizes[loop] = size;
      }
    return success();
  }

  FailureOr<TilingResult> getTiledImplementationFromOperandTiles(
      Operation *op, OpBuilder &b, ArrayRef<unsigned> operandNumbers,
      ArrayRef<SmallVector<OpFoldResult>> allOffsets,
      ArrayRef<SmallVector<OpFoldResult>> allSizes) const {
    SmallVector<OpFoldResult> offsets, sizes;
    if (failed(getIterationDomainTileFromOperandTiles(
            op, b, operandNumbers, allOffsets, allSizes, offsets, sizes)))
      return failure();
    return getTiledImplementation(op, b, offsets, sizes);
  }
};

template <typename OpTy>
struct ReifyModel
    : ReifyRankedShapedTypeOpInterface::ExternalModel<ReifyModel<OpTy>, OpTy> {
  LogicalResult reifyResultShapes(Operation *op, OpBuilder &b,
                                  ReifiedRankedShapedTypeDims &shapes) const {
    shapes.assign(op->getNumResults(),
                  getLoopSizes(b, op, getLoops(cast<OpTy>(op))));
    return success();
  }
};
} // namespace

template <typename... OpTys> static void attach(MLIRContext *context) {
  (OpTys::template attachInterface<TileModel<OpTys>, ReifyModel<OpTys>>(
       *context),
   ...);
}

void cegm::registerTilingModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, CegmDialect *) {
    context->loadDialect<tensor::TensorDialect>();
    attach<ScoreOp, CoupleOp, WeighOp, ScaleOp>(context);
  });
}
