//===- DynamicShapes.cpp - Shapes that are values -------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// Element `dim` of a vector of sizes, as an index.
static Value getSize(ImplicitLocOpBuilder &b, Value sizes, int64_t dim) {
  Value place = createIndex(b, dim);
  Value size = b.createOrFold<tensor::ExtractOp>(sizes, place);
  return isa<IndexType>(size.getType()) ? size : createIndex(b, size);
}

/// The sizes of `type` that are not known, from a vector of all sizes.
static SmallVector<Value> getUnknownSizes(ImplicitLocOpBuilder &b,
                                          RankedTensorType type, Value sizes) {
  SmallVector<Value> unknown;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      unknown.push_back(getSize(b, sizes, dim));
  return unknown;
}

namespace {
struct GetDimensionSizePattern
    : public HloPattern<stablehlo::GetDimensionSizeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::GetDimensionSizeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value size =
        b.createOrFold<tensor::DimOp>(adaptor.getOperand(), op.getDimension());
    rewriter.replaceOp(op, createScalarTensor(b, arith::IndexCastOp::create(
                                                     b, b.getI32Type(), size)));
    return success();
  }
};

/// Whether a dimension is repeated is known at run time only, where its size
/// is.
struct DynamicBroadcastPattern
    : public HloPattern<stablehlo::DynamicBroadcastInDimOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicBroadcastInDimOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    Value operand = adaptor.getOperand();
    auto source = cast<RankedTensorType>(operand.getType());
    SmallVector<Value> sizes =
        getUnknownSizes(b, type, adaptor.getOutputDimensions());
    if (source.getRank() == 0 && type.getRank() > 0) {
      rewriter.replaceOp(op,
                         createFilled(b, type, getScalar(b, operand), sizes));
      return success();
    }
    Value one = createIndex(b, 1);
    SmallVector<Value> repeats;
    for (int64_t dim = 0; dim < source.getRank(); ++dim)
      repeats.push_back(b.createOrFold<arith::CmpIOp>(
          arith::CmpIPredicate::eq, b.createOrFold<tensor::DimOp>(operand, dim),
          one));
    auto body = [&](ImplicitLocOpBuilder &nested,
                    ValueRange) -> SmallVector<Value> {
      SmallVector<Value> place;
      for (auto [dim, isRepeated] :
           llvm::zip_equal(op.getBroadcastDimensions(), repeats))
        place.push_back(nested.createOrFold<arith::SelectOp>(
            isRepeated, createIndex(nested, 0),
            linalg::IndexOp::create(nested, dim)));
      return {tensor::ExtractOp::create(nested, operand, place)};
    };
    rewriter.replaceOp(op, createElementwise(b, type, sizes, {}, body));
    return success();
  }
};

struct DynamicIotaPattern : public HloPattern<stablehlo::DynamicIotaOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicIotaOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    rewriter.replaceOp(
        op,
        createIota(b, type, getUnknownSizes(b, type, adaptor.getOutputShape()),
                   op.getIotaDimension()));
    return success();
  }
};

struct DynamicReshapePattern : public HloPattern<stablehlo::DynamicReshapeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicReshapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<tensor::ReshapeOp>(op, getType(op.getResult()),
                                                   adaptor.getOperand(),
                                                   adaptor.getOutputShape());
    return success();
  }
};

struct RealDynamicSlicePattern
    : public HloPattern<stablehlo::RealDynamicSliceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::RealDynamicSliceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    SmallVector<OpFoldResult> starts, sizes, strides;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value start = getSize(b, adaptor.getStartIndices(), dim);
      Value limit = getSize(b, adaptor.getLimitIndices(), dim);
      Value stride = getSize(b, adaptor.getStrides(), dim);
      Value length = arith::SubIOp::create(b, limit, start);
      starts.push_back(start);
      strides.push_back(stride);
      sizes.push_back(
          type.isDynamicDim(dim)
              ? OpFoldResult(
                    arith::CeilDivSIOp::create(b, length, stride).getResult())
              : b.getIndexAttr(type.getDimSize(dim)));
    }
    rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
        op, type, adaptor.getOperand(), starts, sizes, strides);
    return success();
  }
};

/// What JAX demands of the sizes of the arguments is checked at run time.
struct ShapeAssertionPattern : public HloPattern<stablehlo::CustomCallOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CustomCallOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto message = op->getAttrOfType<StringAttr>("error_message");
    if (op.getCallTargetName() != "shape_assertion" || !message)
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    cf::AssertOp::create(b, getScalar(b, adaptor.getInputs()[0]), message);
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void from_stablehlo::populateDynamicShapePatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<DynamicBroadcastPattern, DynamicIotaPattern,
               DynamicReshapePattern, GetDimensionSizePattern,
               RealDynamicSlicePattern, ShapeAssertionPattern>(
      converter, patterns.getContext());
}
