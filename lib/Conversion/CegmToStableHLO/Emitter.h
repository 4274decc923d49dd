//===- Emitter.h - Short names for writing StableHLO ----------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H

#include "Sizes.h"

#include "cegm/Dialect/StableHLO.h"

namespace mlir::cegm::to_stablehlo {

/// Writes StableHLO ops at one place of a program, all with one location. The
/// operands of a binary method have one shape and type; a number stands for a
/// constant of the type of the other operand. On static shapes it writes static
/// ops, and where a size is not known those that take sizes as operands.
class Emitter {
public:
  using Dims = ArrayRef<int64_t>;
  using Shape = ArrayRef<Size>;

  /// In a sharded program a choice is written as a case: Shardy takes shardings
  /// through it, and gathers what comes out of an if on every device.
  Emitter(OpBuilder &builder, Location loc, bool isSharded)
      : builder(builder), loc(loc), isSharded(isSharded), sizes(builder, loc) {}

  /// Whether a compiler may divide tensors over devices.
  bool mayDivide() const { return isSharded; }

  static RankedTensorType typeOf(Value value) {
    return cast<RankedTensorType>(value.getType());
  }
  Size sizeOf(Value value, int64_t dim) { return sizes.of(value, dim); }
  SmallVector<Size> shapeOf(Value value) { return sizes.of(value); }
  /// Computes with sizes.
  SizeEmitter &onSizes() { return sizes; }

  /// A constant of rank 0.
  Value scalar(double value, Type type);
  /// A constant of the shape and element type of `like`.
  Value constant(double value, Value like);
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
  /// Whether integers are below others.
  Value isLess(Value lhs, Value rhs);
  /// Whether elements are above 0; false for NaN.
  Value isPositive(Value value) {
    return compare(value, stablehlo::ComparisonDirection::GT,
                   constant(0, value));
  }
  Value isNaN(Value value) {
    return compare(value, stablehlo::ComparisonDirection::NE, value);
  }
  Value isFinite(Value value);

  /// Elementwise choice; all three have the same shape, or the predicate has
  /// rank 0.
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

  /// The sums, largest or smallest, element by element, of the values that the
  /// devices of a group have; the values themselves if `groups` is null or each
  /// device is alone. All devices have to come here.
  SmallVector<Value> sumOverDevices(ValueRange values,
                                    DenseIntElementsAttr groups);
  Value maximumOverDevices(Value value, DenseIntElementsAttr groups);
  Value minimumOverDevices(Value value, DenseIntElementsAttr groups);

  /// Whether all flags are set; of rank 0.
  Value all(Value flags);

  /// The values that one of the two functions writes, of the same types in
  /// both.
  SmallVector<Value> ifElse(Value predicate,
                            function_ref<SmallVector<Value>()> ifTrue,
                            function_ref<SmallVector<Value>()> ifFalse);

  /// Dimension i of `value` becomes dimension `dims[i]` of `shape`, repeated if
  /// its size is known to be 1.
  Value broadcast(Value value, Shape shape, Dims dims);
  /// Repeats a tensor of rank 0 to the shape of `like`.
  Value splat(Value value, Value like) {
    return broadcast(value, shapeOf(like), {});
  }
  /// Numbers 0, 1, ... of 32 bits.
  Value iota(Size size);
  Value reshape(Value value, Shape shape);
  /// The value with a type that knows more or fewer of its sizes.
  Value cast(Value value, RankedTensorType type);
  Value transpose(Value value, Dims permutation);
  /// Positions `start`, `start + stride`, ... before `limit` of `dim`, which
  /// are `count` if the caller knows.
  Value slice(Value value, int64_t dim, Size start, Size limit,
              int64_t stride = 1, std::optional<Size> count = std::nullopt);
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
    return sizes.noteAlike(create<Op>(value.getType(), value), value);
  }
  template <typename Op> Value binary(Value lhs, Value rhs) {
    assert(lhs.getType() == rhs.getType() && "operands of one type");
    return sizes.noteAlike(create<Op>(lhs.getType(), {lhs, rhs}), lhs);
  }
  /// A constant of the shape of `like`.
  Value constant(TypedAttr value, Value like);
  template <typename Op>
  SmallVector<Value> reduce(ValueRange values, Dims dims, Attribute init);
  /// Writes the body of a reduction of values of one type, which combines two
  /// elements, or two devices' elements, by the op.
  template <typename Op>
  void createReduction(Region &region, size_t count, Type elementType);
  template <typename Op>
  SmallVector<Value> reduceOverDevices(ValueRange values,
                                       DenseIntElementsAttr groups);

  OpBuilder &builder;
  Location loc;
  bool isSharded;
  SizeEmitter sizes;
};

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_EMITTER_H
