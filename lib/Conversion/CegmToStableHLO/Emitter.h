//===- Emitter.h - Short names for writing StableHLO ----------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/Builders.h"

namespace mlir::cegm::to_stablehlo {

/// Writes StableHLO ops on tensors of static shape at one place of a program,
/// all with one location. The operands of a binary method have one type; a
/// number stands for a constant of the type of the other operand.
class Emitter {
public:
  using Dims = ArrayRef<int64_t>;

  /// In a sharded program a choice is written as a case: Shardy takes shardings
  /// through it, and gathers what comes out of an if on every device.
  Emitter(OpBuilder &builder, Location loc, bool isSharded)
      : builder(builder), loc(loc), isSharded(isSharded) {}

  static RankedTensorType typeOf(Value value) {
    return cast<RankedTensorType>(value.getType());
  }
  static int64_t sizeOf(Value value, int64_t dim) {
    return typeOf(value).getDimSize(dim);
  }

  Value constant(double value, RankedTensorType type);
  /// A constant of the shape and element type of `like`.
  Value constant(double value, Value like) {
    return constant(value, typeOf(like));
  }
  /// Flags of one value, of the shape of `like`.
  Value flag(bool value, Value like);
  Value constant(DenseElementsAttr value);

  /// Converts the elements; none if they are of `type` already.
  Value convert(Value value, Type type);

  Value abs(Value value) { return unary<stablehlo::AbsOp>(value); }
  Value clamp(double low, Value value, double high);
  Value expm1(Value value) { return unary<stablehlo::Expm1Op>(value); }
  Value exp(Value value) { return unary<stablehlo::ExpOp>(value); }
  Value logicalNot(Value value) { return unary<stablehlo::NotOp>(value); }
  Value negate(Value value) { return unary<stablehlo::NegOp>(value); }
  Value sqrt(Value value) { return unary<stablehlo::SqrtOp>(value); }
  Value tanh(Value value) { return unary<stablehlo::TanhOp>(value); }

  Value add(Value lhs, Value rhs) { return binary<stablehlo::AddOp>(lhs, rhs); }
  Value add(Value lhs, double rhs) { return add(lhs, constant(rhs, lhs)); }
  Value sub(Value lhs, Value rhs) {
    return binary<stablehlo::SubtractOp>(lhs, rhs);
  }
  Value sub(Value lhs, double rhs) { return sub(lhs, constant(rhs, lhs)); }
  Value mul(Value lhs, Value rhs) { return binary<stablehlo::MulOp>(lhs, rhs); }
  Value mul(Value lhs, double rhs) { return mul(lhs, constant(rhs, lhs)); }
  Value div(Value lhs, Value rhs) { return binary<stablehlo::DivOp>(lhs, rhs); }
  Value div(double lhs, Value rhs) { return div(constant(lhs, rhs), rhs); }
  Value max(Value lhs, double rhs) {
    return binary<stablehlo::MaxOp>(lhs, constant(rhs, lhs));
  }
  Value logicalAnd(Value lhs, Value rhs) {
    return binary<stablehlo::AndOp>(lhs, rhs);
  }
  Value logicalOr(Value lhs, Value rhs) {
    return binary<stablehlo::OrOp>(lhs, rhs);
  }
  Value square(Value value) { return mul(value, value); }

  Value compare(Value lhs, stablehlo::ComparisonDirection direction, Value rhs);
  /// Whether elements are above 0; false for NaN.
  Value isPositive(Value value) {
    return compare(value, stablehlo::ComparisonDirection::GT,
                   constant(0, value));
  }
  Value isNaN(Value value) {
    return compare(value, stablehlo::ComparisonDirection::NE, value);
  }
  Value isFinite(Value value);

  /// Elementwise choice; all three have the same shape.
  Value select(Value predicate, Value onTrue, Value onFalse);
  Value select(Value predicate, Value onTrue, double onFalse) {
    return select(predicate, onTrue, constant(onFalse, onTrue));
  }
  Value select(Value predicate, double onTrue, Value onFalse) {
    return select(predicate, constant(onTrue, onFalse), onFalse);
  }

  Value sum(Value value, Dims dims);
  /// The sums of several tensors of one type, by one reduction that makes all
  /// of them as it goes over the elements.
  SmallVector<Value> sumTogether(ValueRange values, Dims dims);
  Value maximum(Value value, Dims dims);
  Value minimum(Value value, Dims dims);
  /// Reductions to a tensor of rank 0.
  Value sumAll(Value value) { return sum(value, allDims(value)); }
  Value maximumAll(Value value) { return maximum(value, allDims(value)); }
  Value minimumAll(Value value) { return minimum(value, allDims(value)); }

  /// Whether all flags are set; of rank 0.
  Value all(Value flags);

  /// The values that one of the two functions writes, of the same types in
  /// both.
  SmallVector<Value> ifElse(Value predicate,
                            function_ref<SmallVector<Value>()> ifTrue,
                            function_ref<SmallVector<Value>()> ifFalse);

  /// Dimension i of `value` becomes dimension `dims[i]` of `shape`.
  Value broadcast(Value value, Dims shape, Dims dims);
  /// Repeats a tensor of rank 0 to the shape of `like`.
  Value splat(Value value, Value like) {
    return broadcast(value, typeOf(like).getShape(), {});
  }
  Value reshape(Value value, Dims shape);
  Value transpose(Value value, Dims permutation);
  /// Positions `start`, `start + stride`, ... before `limit` of `dim`.
  Value slice(Value value, int64_t dim, int64_t start, int64_t limit,
              int64_t stride = 1);
  Value concatenate(ValueRange values, int64_t dim);
  /// `value` with `part` at the position `index` of dimension 0.
  Value updateSlice(Value value, Value part, Value index);

private:
  static SmallVector<int64_t> allDims(Value value);

  template <typename Op> Value create(Type type, ValueRange operands) {
    return Op::create(builder, loc, TypeRange(type), operands,
                      ArrayRef<NamedAttribute>())
        ->getResult(0);
  }
  template <typename Op> Value unary(Value value) {
    return create<Op>(value.getType(), value);
  }
  template <typename Op> Value binary(Value lhs, Value rhs) {
    assert(lhs.getType() == rhs.getType() && "operands of one type");
    return create<Op>(lhs.getType(), {lhs, rhs});
  }
  template <typename Op>
  SmallVector<Value> reduce(ValueRange values, Dims dims, Attribute init);

  OpBuilder &builder;
  Location loc;
  bool isSharded;
};

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H
