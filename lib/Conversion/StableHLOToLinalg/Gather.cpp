//===- Gather.cpp - Slices at computed places -----------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

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

namespace {
/// A loop nest over the result that looks elements up. The start indices are
/// inputs of it, one for each component, so that what computes them fuses.
struct GatherPattern : public HloPattern<stablehlo::GatherOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::GatherOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value operand = adaptor.getOperand(), indices = adaptor.getStartIndices();
    RankedTensorType type = getType(op.getResult());
    auto operandType = cast<RankedTensorType>(operand.getType());
    stablehlo::GatherDimensionNumbersAttr numbers = op.getDimensionNumbers();
    ArrayRef<int64_t> sliceSizes = op.getSliceSizes();
    int64_t vectorDim = numbers.getIndexVectorDim();

    // Slices have sizes that are known; how many there are, the indices say.
    SmallVector<int64_t> batchDims;
    SmallVector<Value> dynamicSizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      if (llvm::is_contained(numbers.getOffsetDims(), dim))
        continue;
      int64_t position = batchDims.size();
      batchDims.push_back(dim);
      if (type.isDynamicDim(dim))
        dynamicSizes.push_back(b.createOrFold<tensor::DimOp>(
            indices, position + (position >= vectorDim ? 1 : 0)));
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
          b.createOrFold<tensor::DimOp>(operand, dim),
          createIndex(b, sliceSizes[dim])));
    bool isUnsigned =
        getElementTypeOrSelf(op.getStartIndices()).isUnsignedInteger();

    auto body = [&](ImplicitLocOpBuilder &nested,
                    ValueRange args) -> SmallVector<Value> {
      SmallVector<Value> places(operandType.getRank());
      for (auto [dim, limit, arg] : llvm::zip(startMap, limits, args))
        places[dim] =
            clampIndex(nested, createIndex(nested, arg, isUnsigned), limit);
      for (auto [dim, indicesDim] :
           llvm::zip_equal(numbers.getOperandBatchingDims(),
                           numbers.getStartIndicesBatchingDims())) {
        int64_t position = indicesDim - (indicesDim > vectorDim ? 1 : 0);
        places[dim] = linalg::IndexOp::create(nested, batchDims[position]);
      }
      size_t nextOffset = 0;
      for (int64_t dim = 0; dim < operandType.getRank(); ++dim) {
        if (llvm::is_contained(numbers.getOperandBatchingDims(), dim))
          continue;
        if (llvm::is_contained(numbers.getCollapsedSliceDims(), dim)) {
          if (!places[dim])
            places[dim] = createIndex(nested, 0);
          continue;
        }
        Value offset = linalg::IndexOp::create(
            nested, numbers.getOffsetDims()[nextOffset++]);
        places[dim] = places[dim]
                          ? arith::AddIOp::create(nested, places[dim], offset)
                          : offset;
      }
      return {tensor::ExtractOp::create(nested, operand, places)};
    };
    rewriter.replaceOp(
        op, createParallel(b, type, dynamicSizes, components, maps, body));
    return success();
  }
};
} // namespace

void from_stablehlo::populateGatherPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<GatherPattern>(converter, patterns.getContext());
}
