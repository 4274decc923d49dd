//===- Normalization.cpp - Batch normalisation ----------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// Code on a tensor and on vectors with an element for each of its features.
/// Statistics are computed in f32 at least.
struct FeatureCode {
  FeatureCode(ImplicitLocOpBuilder &b, Value operand, int64_t feature,
              const APFloat &epsilon)
      : b(b), operand(operand), type(cast<RankedTensorType>(operand.getType())),
        feature(feature), element(getSumType(type.getElementType())) {
    vector = RankedTensorType::get(type.getDimSize(feature), element);
    sizes = getDynamicSizes(b, type, operand);
    if (vector.isDynamicDim(0))
      vectorSizes.push_back(b.createOrFold<tensor::DimOp>(operand, feature));
    this->epsilon = createNumber(b, element, epsilon.convertToDouble());
  }

  AffineMap getFeatureMap() {
    return AffineMap::get(type.getRank(), 0, b.getAffineDimExpr(feature),
                          b.getContext());
  }

  /// How many elements a feature has.
  Value createCount() {
    Value count = createIndex(b, 1);
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (dim != feature)
        count = b.createOrFold<arith::MulIOp>(
            count, b.createOrFold<tensor::DimOp>(operand, dim));
    Value integer = arith::IndexCastOp::create(b, b.getI64Type(), count);
    return arith::SIToFPOp::create(b, element, integer);
  }

  /// Elements, in the type of the statistics.
  SmallVector<Value> widen(ImplicitLocOpBuilder &body, ValueRange args) {
    return llvm::map_to_vector(args, [&](Value arg) -> Value {
      return arg.getType() == element
                 ? arg
                 : arith::ExtFOp::create(body, element, arg);
    });
  }

  /// For each feature, the sum of what `body` writes for an element of each of
  /// the tensors, followed by those of the vectors.
  Value sum(ValueRange tensors, ValueRange vectors,
            function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> create) {
    SmallVector<Value> inputs(tensors);
    llvm::append_range(inputs, vectors);
    SmallVector<AffineMap> maps(tensors.size(),
                                b.getMultiDimIdentityMap(type.getRank()));
    maps.append(vectors.size() + 1, getFeatureMap());
    SmallVector<utils::IteratorType> iterators(type.getRank(),
                                               utils::IteratorType::reduction);
    iterators[feature] = utils::IteratorType::parallel;
    Value zeros =
        createFilled(b, vector, createNumber(b, element, 0.0), vectorSizes);
    return linalg::GenericOp::create(
               b, TypeRange(vector), inputs, ValueRange(zeros), maps, iterators,
               [&](OpBuilder &nested, Location loc, ValueRange args) {
                 ImplicitLocOpBuilder body(loc, nested);
                 Value term = create(body, widen(body, args.drop_back()));
                 linalg::YieldOp::create(
                     body, arith::AddFOp::create(body, args.back(), term)
                               .getResult());
               })
        .getResult(0);
  }

  /// A tensor of the operand's type, of tensors and vectors as above.
  Value map(ValueRange tensors, ValueRange vectors,
            function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> create) {
    SmallVector<Value> inputs(tensors);
    llvm::append_range(inputs, vectors);
    SmallVector<AffineMap> maps(tensors.size(),
                                b.getMultiDimIdentityMap(type.getRank()));
    maps.append(vectors.size(), getFeatureMap());
    return createParallel(
        b, type, sizes, inputs, maps,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          return {narrow(body, create(body, widen(body, args)),
                         type.getElementType())};
        });
  }

  /// A vector of statistics, of vectors.
  Value
  mapVectors(ValueRange vectors,
             function_ref<Value(ImplicitLocOpBuilder &, ValueRange)> create) {
    return createElementwise(
        b, vector, vectorSizes, vectors,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          return {create(body, args)};
        });
  }

  /// A vector of statistics in the element type of the operand.
  Value narrowVector(Value statistics) {
    return createRounded(b, vector.clone(type.getElementType()), vectorSizes,
                         statistics);
  }

  Value narrow(ImplicitLocOpBuilder &body, Value value, Type target) {
    if (value.getType() == target)
      return value;
    return arith::TruncFOp::create(body, target, value);
  }

  /// (x - mean) / sqrt(variance + epsilon).
  Value normalize(ImplicitLocOpBuilder &body, Value x, Value mean,
                  Value variance) {
    Value centred = arith::SubFOp::create(body, x, mean);
    return arith::MulFOp::create(body, centred, invert(body, variance));
  }
  Value invert(ImplicitLocOpBuilder &body, Value variance) {
    Value shifted = arith::AddFOp::create(body, variance, epsilon);
    return math::RsqrtOp::create(body, shifted);
  }

  /// The normalised operand with a scale and an offset for each feature.
  Value transform(Value scale, Value offset, Value mean, Value variance) {
    return map(operand, {scale, offset, mean, variance},
               [&](ImplicitLocOpBuilder &body, ValueRange args) -> Value {
                 Value normal = normalize(body, args[0], args[3], args[4]);
                 Value scaled = arith::MulFOp::create(body, normal, args[1]);
                 return arith::AddFOp::create(body, scaled, args[2]);
               });
  }

  ImplicitLocOpBuilder &b;
  Value operand;
  RankedTensorType type;
  int64_t feature;
  /// The type of the statistics, and that of a vector of them.
  Type element;
  RankedTensorType vector;
  SmallVector<Value> sizes, vectorSizes;
  Value epsilon;
};

struct BatchNormInferencePattern
    : public HloPattern<stablehlo::BatchNormInferenceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::BatchNormInferenceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    FeatureCode code(b, adaptor.getOperand(), op.getFeatureIndex(),
                     op.getEpsilon());
    rewriter.replaceOp(
        op, code.transform(adaptor.getScale(), adaptor.getOffset(),
                           adaptor.getMean(), adaptor.getVariance()));
    return success();
  }
};

/// Mean and variance in two passes, so that a large mean costs no digits.
struct BatchNormTrainingPattern
    : public HloPattern<stablehlo::BatchNormTrainingOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::BatchNormTrainingOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value operand = adaptor.getOperand();
    FeatureCode code(b, operand, op.getFeatureIndex(), op.getEpsilon());
    Value count = code.createCount();
    auto divide = [&](Value sum) {
      return code.mapVectors(
          sum, [&](ImplicitLocOpBuilder &body, ValueRange args) -> Value {
            return arith::DivFOp::create(body, args[0], count);
          });
    };
    Value mean = divide(
        code.sum(operand, {}, [](ImplicitLocOpBuilder &, ValueRange args) {
          return args[0];
        }));
    Value variance = divide(code.sum(
        operand, mean,
        [](ImplicitLocOpBuilder &body, ValueRange args) -> Value {
          Value centred = arith::SubFOp::create(body, args[0], args[1]);
          return arith::MulFOp::create(body, centred, centred);
        }));
    Value output =
        code.transform(adaptor.getScale(), adaptor.getOffset(), mean, variance);
    rewriter.replaceOp(
        op, {output, code.narrowVector(mean), code.narrowVector(variance)});
    return success();
  }
};

/// With n elements a feature, c = x - mean and r = 1 / sqrt(variance +
/// epsilon): the gradient of the offset is sum(dy), that of the scale r sum(dy
/// c), that of the operand scale r (dy - sum(dy) / n - c r^2 sum(dy c) / n).
struct BatchNormGradPattern : public HloPattern<stablehlo::BatchNormGradOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::BatchNormGradOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value operand = adaptor.getOperand(), gradient = adaptor.getGradOutput();
    Value mean = adaptor.getMean(), variance = adaptor.getVariance();
    FeatureCode code(b, operand, op.getFeatureIndex(), op.getEpsilon());
    Value count = code.createCount();
    Value sum =
        code.sum(gradient, {}, [](ImplicitLocOpBuilder &, ValueRange args) {
          return args[0];
        });
    // sum(dy (x - mean)) r: the gradient of the scale.
    Value projection = code.sum(
        {gradient, operand}, {mean, variance},
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> Value {
          return arith::MulFOp::create(
              body, args[0], code.normalize(body, args[1], args[2], args[3]));
        });
    Value result = code.map(
        {gradient, operand},
        {adaptor.getScale(), mean, variance, sum, projection},
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> Value {
          Value normal = code.normalize(body, args[1], args[3], args[4]);
          Value part = arith::MulFOp::create(body, normal, args[6]);
          Value mean = arith::DivFOp::create(
              body, arith::AddFOp::create(body, args[5], part).getResult(),
              count);
          Value rest = arith::SubFOp::create(body, args[0], mean);
          Value factor =
              arith::MulFOp::create(body, args[2], code.invert(body, args[4]));
          return arith::MulFOp::create(body, factor, rest);
        });
    rewriter.replaceOp(
        op, {result, code.narrowVector(projection), code.narrowVector(sum)});
    return success();
  }
};
} // namespace

void from_stablehlo::populateNormalizationPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<BatchNormGradPattern, BatchNormInferencePattern,
               BatchNormTrainingPattern>(converter, patterns.getContext());
}
