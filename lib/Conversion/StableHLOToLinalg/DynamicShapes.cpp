//===- DynamicShapes.cpp - Shapes that are values -------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "SizeOperands.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

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
    SmallVector<AffineExpr> exprs;
    for (auto [dim, place] : llvm::enumerate(op.getBroadcastDimensions()))
      if (std::optional<bool> isRepeated = isKnownRepeated(op, source, dim))
        exprs.push_back(*isRepeated ? b.getAffineConstantExpr(0)
                                    : b.getAffineDimExpr(place));
    if (static_cast<int64_t>(exprs.size()) == source.getRank()) {
      AffineMap map = AffineMap::get(type.getRank(), 0, exprs, b.getContext());
      rewriter.replaceOp(
          op, createParallel(b, type, sizes, operand, map,
                             [](ImplicitLocOpBuilder &, ValueRange args)
                                 -> SmallVector<Value> { return {args[0]}; }));
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

private:
  /// Whether a dimension of the operand is repeated, if that is known.
  static std::optional<bool>
  isKnownRepeated(stablehlo::DynamicBroadcastInDimOp op,
                  RankedTensorType source, int64_t dim) {
    if (!source.isDynamicDim(dim))
      return source.getDimSize(dim) == 1;
    auto contains = [&](std::optional<ArrayRef<int64_t>> dims) {
      return dims && llvm::is_contained(*dims, dim);
    };
    if (contains(op.getKnownExpandingDimensions()))
      return true;
    if (contains(op.getKnownNonexpandingDimensions()))
      return false;
    return std::nullopt;
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

/// Only what lies inside is written: elements before the start or after the end
/// are those that negative amounts remove.
struct DynamicPadPattern : public HloPattern<stablehlo::DynamicPadOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicPadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    Value operand = adaptor.getOperand();
    auto binary = [&](auto tag, Value lhs, Value rhs) {
      return b.createOrFold<decltype(tag)>(lhs, rhs);
    };
    Value zero = createIndex(b, 0), one = createIndex(b, 1);
    // Element i of the operand lies at low + i * stride of the result.
    SmallVector<Value> lows, strides, limits, sizes;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value low = getSize(b, adaptor.getEdgePaddingLow(), dim);
      Value high = getSize(b, adaptor.getEdgePaddingHigh(), dim);
      Value stride = binary(arith::AddIOp(), one,
                            getSize(b, adaptor.getInteriorPadding(), dim));
      Value size = b.createOrFold<tensor::DimOp>(operand, dim);
      Value steps = binary(arith::SubIOp(), size, one);
      Value spread =
          binary(arith::AddIOp(), binary(arith::MulIOp(), steps, stride), one);
      Value length =
          binary(arith::AddIOp(), binary(arith::MaxSIOp(), spread, zero),
                 binary(arith::AddIOp(), low, high));
      lows.push_back(low);
      strides.push_back(stride);
      limits.push_back(size);
      if (type.isDynamicDim(dim))
        sizes.push_back(binary(arith::MaxSIOp(), length, zero));
    }
    Value padding = getScalar(b, adaptor.getPaddingValue());
    auto body = [&](ImplicitLocOpBuilder &nested,
                    ValueRange) -> SmallVector<Value> {
      auto compare = [&](arith::CmpIPredicate predicate, Value lhs,
                         Value rhs) -> Value {
        return arith::CmpIOp::create(nested, predicate, lhs, rhs);
      };
      Value isInside = arith::ConstantIntOp::create(nested, 1, 1);
      SmallVector<Value> places;
      for (int64_t dim = 0; dim < type.getRank(); ++dim) {
        Value distance = arith::SubIOp::create(
            nested, linalg::IndexOp::create(nested, dim), lows[dim]);
        Value place = arith::DivSIOp::create(nested, distance, strides[dim]);
        Value rest = arith::RemSIOp::create(nested, distance, strides[dim]);
        for (Value holds :
             {compare(arith::CmpIPredicate::sge, distance, zero),
              compare(arith::CmpIPredicate::eq, rest, zero),
              compare(arith::CmpIPredicate::slt, place, limits[dim])})
          isInside = arith::AndIOp::create(nested, isInside, holds);
        places.push_back(place);
      }
      auto choice = scf::IfOp::create(nested, padding.getType(), isInside,
                                      /*withElseRegion=*/true);
      OpBuilder inside = choice.getThenBodyBuilder();
      scf::YieldOp::create(
          inside, nested.getLoc(),
          tensor::ExtractOp::create(inside, nested.getLoc(), operand, places)
              .getResult());
      OpBuilder outside = choice.getElseBodyBuilder();
      scf::YieldOp::create(outside, nested.getLoc(), padding);
      return {choice.getResult(0)};
    };
    rewriter.replaceOp(op, createElementwise(b, type, sizes, {}, body));
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
    auto flag = RankedTensorType::get({}, rewriter.getI1Type());
    if (op.getInputs().empty() || op.getInputs()[0].getType() != flag)
      return this->reject(op, "its first operand is no tensor<i1>");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    cf::AssertOp::create(b, getScalar(b, adaptor.getInputs()[0]), message);
    rewriter.eraseOp(op);
    return success();
  }
};
} // namespace

void from_stablehlo::populateDynamicShapePatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<DynamicBroadcastPattern, DynamicIotaPattern, DynamicPadPattern,
               DynamicReshapePattern, GetDimensionSizePattern,
               RealDynamicSlicePattern, ShapeAssertionPattern>(
      converter, patterns.getContext());
}
