//===- Gather.cpp - Slices at computed places -----------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "SizeOperands.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

Value from_stablehlo::getIndexComponent(ImplicitLocOpBuilder &b, Value indices,
                                        int64_t vectorDim, int64_t component) {
  auto type = cast<RankedTensorType>(indices.getType());
  if (vectorDim == type.getRank())
    return indices;
  SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
  SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, b.getLoc(), indices);
  sizes[vectorDim] = b.getIndexAttr(1);
  SmallVector<int64_t> shape(type.getShape());
  shape.erase(shape.begin() + vectorDim);
  auto reduced = RankedTensorType::get(shape, type.getElementType());
  if (type.getDimSize(vectorDim) == 1 && reduced.hasStaticShape())
    return createReshape(b, reduced, indices);
  offsets[vectorDim] = b.getIndexAttr(component);
  return tensor::ExtractSliceOp::create(b, reduced, indices, offsets, sizes,
                                        strides);
}

/// A loop nest over the result that looks elements up. The start indices are
/// inputs of it, one for each component, so that what computes them fuses.
/// `isUnsigned` says whether they have no sign.
static Value createGather(ImplicitLocOpBuilder &b, RankedTensorType type,
                          Value operand, Value indices,
                          stablehlo::GatherDimensionNumbersAttr numbers,
                          ArrayRef<OpFoldResult> sliceSizes, bool isUnsigned) {
  int64_t rank = cast<RankedTensorType>(operand.getType()).getRank();
  int64_t vectorDim = numbers.getIndexVectorDim();
  auto toValue = [&](OpFoldResult size) {
    return getValueOrCreateConstantIndexOp(b, b.getLoc(), size);
  };
  // Dimensions of the operand that the slices keep.
  SmallVector<int64_t> sliceDims;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(numbers.getCollapsedSliceDims(), dim) &&
        !llvm::is_contained(numbers.getOperandBatchingDims(), dim))
      sliceDims.push_back(dim);

  // How many slices there are, the indices say.
  ArrayRef<int64_t> offsetDims = numbers.getOffsetDims();
  SmallVector<int64_t> batchDims;
  SmallVector<Value> dynamicSizes;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    const int64_t *offset = llvm::find(offsetDims, dim);
    bool isBatch = offset == offsetDims.end();
    int64_t position = batchDims.size();
    if (isBatch)
      batchDims.push_back(dim);
    if (!type.isDynamicDim(dim))
      continue;
    dynamicSizes.push_back(
        isBatch ? b.createOrFold<tensor::DimOp>(
                      indices, position + (position >= vectorDim ? 1 : 0))
                : toValue(sliceSizes[sliceDims[offset - offsetDims.begin()]]));
  }
  SmallVector<AffineExpr> exprs;
  for (int64_t dim : batchDims)
    exprs.push_back(b.getAffineDimExpr(dim));
  AffineMap map = AffineMap::get(type.getRank(), 0, exprs, b.getContext());

  ArrayRef<int64_t> startMap = numbers.getStartIndexMap();
  SmallVector<Value> components;
  for (size_t i = 0; i < startMap.size(); ++i)
    components.push_back(getIndexComponent(b, indices, vectorDim, i));
  SmallVector<AffineMap> maps(components.size(), map);
  // The last start along each dimension.
  SmallVector<Value> limits;
  for (int64_t dim : startMap)
    limits.push_back(b.createOrFold<arith::SubIOp>(
        b.createOrFold<tensor::DimOp>(operand, dim), toValue(sliceSizes[dim])));

  auto body = [&](ImplicitLocOpBuilder &nested,
                  ValueRange args) -> SmallVector<Value> {
    SmallVector<Value> places(rank);
    for (auto [dim, limit, arg] : llvm::zip(startMap, limits, args))
      places[dim] =
          clampIndex(nested, createIndex(nested, arg, isUnsigned), limit);
    for (auto [dim, indicesDim] :
         llvm::zip_equal(numbers.getOperandBatchingDims(),
                         numbers.getStartIndicesBatchingDims())) {
      int64_t position = indicesDim - (indicesDim > vectorDim ? 1 : 0);
      places[dim] = linalg::IndexOp::create(nested, batchDims[position]);
    }
    for (auto [dim, offsetDim] : llvm::zip_equal(sliceDims, offsetDims)) {
      Value offset = linalg::IndexOp::create(nested, offsetDim);
      places[dim] = places[dim]
                        ? arith::AddIOp::create(nested, places[dim], offset)
                        : offset;
    }
    for (Value &place : places)
      if (!place)
        place = createIndex(nested, 0);
    return {tensor::ExtractOp::create(nested, operand, places)};
  };
  return createParallel(b, type, dynamicSizes, components, maps, body);
}

namespace {
struct GatherPattern : public HloPattern<stablehlo::GatherOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::GatherOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op,
        createGather(
            b, getType(op.getResult()), adaptor.getOperand(),
            adaptor.getStartIndices(), op.getDimensionNumbers(),
            getAsIndexOpFoldResult(b.getContext(), op.getSliceSizes()),
            getElementTypeOrSelf(op.getStartIndices()).isUnsignedInteger()));
    return success();
  }
};

struct DynamicGatherPattern : public HloPattern<stablehlo::DynamicGatherOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicGatherOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<OpFoldResult> sizes;
    int64_t rank = cast<RankedTensorType>(op.getOperand().getType()).getRank();
    for (int64_t dim = 0; dim < rank; ++dim)
      sizes.push_back(getSize(b, adaptor.getSliceSizes(), dim));
    rewriter.replaceOp(
        op,
        createGather(
            b, getType(op.getResult()), adaptor.getOperand(),
            adaptor.getStartIndices(), op.getDimensionNumbers(), sizes,
            getElementTypeOrSelf(op.getStartIndices()).isUnsignedInteger()));
    return success();
  }
};
} // namespace

void from_stablehlo::populateGatherPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<DynamicGatherPattern, GatherPattern>(converter,
                                                    patterns.getContext());
}
