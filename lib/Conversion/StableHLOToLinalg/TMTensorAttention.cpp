//===- TMTensorAttention.cpp - Attention of torch-mlir --------------------===//

#include "TMTensor.h"

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

namespace {
/// Code on tensors of one batch shape whose last dimensions differ.
struct AttentionCode {
  AttentionCode(ImplicitLocOpBuilder &b, Value query, Value key, Type element)
      : b(b), batch(typeOf(query).getRank() - 2), element(element) {
    SmallVector<int64_t> shape(typeOf(query).getShape().drop_back());
    shape.push_back(typeOf(key).getDimSize(batch));
    scores = RankedTensorType::get(shape, element);
    sizes = getDynamicSizes(
        b, RankedTensorType::get(typeOf(query).getShape().drop_back(), element),
        query);
    rowSizes = sizes;
    if (scores.isDynamicDim(batch + 1))
      sizes.push_back(b.createOrFold<tensor::DimOp>(key, batch));
  }

  /// The loops of the batch, and then these.
  AffineMap getMap(int64_t loops, ArrayRef<int64_t> rest) {
    SmallVector<AffineExpr> exprs;
    for (int64_t dim = 0; dim < batch; ++dim)
      exprs.push_back(b.getAffineDimExpr(dim));
    for (int64_t loop : rest)
      exprs.push_back(b.getAffineDimExpr(batch + loop));
    return AffineMap::get(batch + loops, 0, exprs, b.getContext());
  }

  Value number(double value) { return createNumber(b, element, value); }

  /// A product, summed in the code's element type; the loops after the batch
  /// are rows, columns and what is contracted.
  Value contract(Value lhs, Value rhs, ArrayRef<int64_t> rhsLoops,
                 RankedTensorType type, ValueRange dynamicSizes) {
    Value zeros = createFilled(b, type, number(0.0), dynamicSizes);
    ArrayAttr maps = b.getAffineMapArrayAttr(
        {getMap(3, {0, 2}), getMap(3, rhsLoops), getMap(3, {0, 1})});
    return linalg::ContractOp::create(b, TypeRange(type), ValueRange{lhs, rhs},
                                      ValueRange(zeros), maps,
                                      ArrayRef<NamedAttribute>())
        .getResult(0);
  }

  /// Joins the scores of each row.
  Value
  reduceRows(Value tensor, Value init,
             function_ref<Value(ImplicitLocOpBuilder &, Value, Value)> join) {
    RankedTensorType rows =
        RankedTensorType::get(scores.getShape().drop_back(), element);
    Value filled = createFilled(b, rows, init, rowSizes);
    SmallVector<utils::IteratorType> iterators(batch + 1,
                                               utils::IteratorType::parallel);
    iterators.push_back(utils::IteratorType::reduction);
    return linalg::GenericOp::create(
               b, TypeRange(rows), tensor, filled,
               {getMap(2, {0, 1}), getMap(2, {0})}, iterators,
               [&](OpBuilder &nested, Location loc, ValueRange args) {
                 ImplicitLocOpBuilder body(loc, nested);
                 linalg::YieldOp::create(body, join(body, args[0], args[1]));
               })
        .getResult(0);
  }

  /// New scores of scores and a number for each row.
  Value
  mapRows(Value tensor, Value rows,
          function_ref<Value(ImplicitLocOpBuilder &, Value, Value)> join) {
    return createParallel(
        b, scores, sizes, {tensor, rows}, {getMap(2, {0, 1}), getMap(2, {0})},
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          return {join(body, args[0], args[1])};
        });
  }

  ImplicitLocOpBuilder &b;
  int64_t batch;
  Type element;
  RankedTensorType scores;
  SmallVector<Value> sizes, rowSizes;
};

/// softmax(query key^T / sqrt(features) + mask) value. A row whose scores are
/// all -inf, where the mask leaves nothing, gives zeros.
struct TMAttentionPattern : public HloPattern<tm_tensor::AttentionOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(tm_tensor::AttentionOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value query = adaptor.getInputs()[0], key = adaptor.getInputs()[1];
    Value value = adaptor.getInputs()[2];
    RankedTensorType type = getType(op.getResults()[0]);
    if (!isa<FloatType>(type.getElementType()))
      return this->reject(op, "its element type is not handled");
    Type element = getSumType(type.getElementType());
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    AttentionCode code(b, query, key, element);
    if (adaptor.getInputs().size() == 4) {
      RankedTensorType mask = typeOf(adaptor.getInputs()[3]);
      if (failed(
              verifyCompatibleShape(mask.getShape(), code.scores.getShape())) ||
          !isa<FloatType>(mask.getElementType()))
        return this->reject(op, "its mask is not a number for each score");
    }

    Value weights = createWeights(code, adaptor, query, key);
    SmallVector<Value> sizes =
        getDynamicSizes(b, type, adaptor.getOutputs()[0]);
    Value result =
        code.contract(weights, value, {2, 1}, type.clone(element), sizes);
    rewriter.replaceOp(op, createRounded(b, type, sizes, result));
    return success();
  }

private:
  static Value createWeights(AttentionCode &code, Adaptor adaptor, Value query,
                             Value key) {
    ImplicitLocOpBuilder &b = code.b;
    Value products = code.contract(query, key, {1, 2}, code.scores, code.sizes);
    Value features = arith::IndexCastOp::create(
        b, b.getI64Type(),
        b.createOrFold<tensor::DimOp>(query, code.batch + 1));
    Value scale = math::SqrtOp::create(
        b, arith::SIToFPOp::create(b, code.element, features).getResult());
    SmallVector<Value> inputs = {products};
    llvm::append_range(inputs, adaptor.getInputs().drop_front(3));
    Value scores = createElementwise(
        b, code.scores, code.sizes, inputs,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          Value score = arith::DivFOp::create(body, args[0], scale);
          if (inputs.size() == 2) {
            Value mask =
                convertScalarToDtype(body, body.getLoc(), args[1], code.element,
                                     /*isUnsignedCast=*/false);
            score = arith::AddFOp::create(body, score, mask);
          }
          return {score};
        });
    double infinity = std::numeric_limits<double>::infinity();
    Value lowest = code.number(-infinity);
    Value maxima = code.reduceRows(
        scores, lowest,
        [](ImplicitLocOpBuilder &body, Value score, Value sum) -> Value {
          return arith::MaximumFOp::create(body, score, sum);
        });
    auto equals = [](ImplicitLocOpBuilder &body, Value x, Value y) -> Value {
      return arith::CmpFOp::create(body, arith::CmpFPredicate::OEQ, x, y);
    };
    Value zero = code.number(0.0);
    Value powers = code.mapRows(
        scores, maxima,
        [&](ImplicitLocOpBuilder &body, Value score, Value most) -> Value {
          // -inf less -inf would be NaN.
          Value shift = arith::SelectOp::create(
              body, equals(body, most, lowest), zero, most);
          return math::ExpOp::create(
              body, arith::SubFOp::create(body, score, shift).getResult());
        });
    Value sums = code.reduceRows(
        powers, zero,
        [](ImplicitLocOpBuilder &body, Value power, Value sum) -> Value {
          return arith::AddFOp::create(body, power, sum);
        });
    return code.mapRows(
        powers, sums,
        [&](ImplicitLocOpBuilder &body, Value power, Value sum) -> Value {
          Value weight = arith::DivFOp::create(body, power, sum);
          return arith::SelectOp::create(body, equals(body, sum, zero), zero,
                                         weight);
        });
  }
};
} // namespace

void from_stablehlo::populateTMAttentionPatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<TMAttentionPattern>(converter, patterns.getContext());
}
