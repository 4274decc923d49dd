//===- Arithmetic.h - Short names for numbers and vectors -----------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_ARITHMETIC_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_ARITHMETIC_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

/// The parts of `--convert-cegm-to-linalg`, in a namespace of their own: other
/// conversions have classes and functions of the same names.
namespace mlir::cegm::to_linalg {

/// Writes arithmetic at one place of a program, on numbers or on vectors of
/// them. The operands of a binary method have one type; a number of C++ stands
/// for a constant of the type of the other operand.
class Arithmetic {
public:
  Arithmetic(OpBuilder &builder, Location loc) : b(loc, builder) {}
  explicit Arithmetic(const ImplicitLocOpBuilder &builder) : b(builder) {}

  ImplicitLocOpBuilder &getBuilder() { return b; }
  Type getF64() { return b.getF64Type(); }

  /// A floating-point constant, repeated if `type` is a vector.
  Value constant(double value, Type type);
  Value flag(bool value);
  Value index(int64_t value);

  /// Converts between floating-point types, or from flags to 0 and 1; none if
  /// the elements are of `type` already. `type` is an element type.
  Value convert(Value value, Type type);

  Value add(Value lhs, Value rhs) { return arith::AddFOp::create(b, lhs, rhs); }
  Value add(Value lhs, double rhs) { return add(lhs, constant(rhs, lhs)); }
  Value sub(Value lhs, Value rhs) { return arith::SubFOp::create(b, lhs, rhs); }
  Value sub(Value lhs, double rhs) { return sub(lhs, constant(rhs, lhs)); }
  Value mul(Value lhs, Value rhs) { return arith::MulFOp::create(b, lhs, rhs); }
  Value mul(Value lhs, double rhs) { return mul(lhs, constant(rhs, lhs)); }
  Value div(Value lhs, Value rhs) { return arith::DivFOp::create(b, lhs, rhs); }
  Value max(Value lhs, double rhs) {
    return arith::MaximumFOp::create(b, lhs, constant(rhs, lhs));
  }
  Value negate(Value value) { return arith::NegFOp::create(b, value); }
  Value abs(Value value) { return math::AbsFOp::create(b, value); }
  Value exp(Value value) { return math::ExpOp::create(b, value); }
  Value expm1(Value value) { return math::ExpM1Op::create(b, value); }
  Value sqrt(Value value) { return math::SqrtOp::create(b, value); }
  Value tanh(Value value) { return math::TanhOp::create(b, value); }
  Value square(Value value) { return mul(value, value); }
  Value clamp(double low, Value value, double high);

  /// A term added to a sum whose order does not matter: a compiler may keep
  /// partial sums.
  Value accumulate(Value sum, Value term);
  /// A product added to such a sum, by one instruction where there is one.
  Value accumulateProduct(Value sum, Value lhs, Value rhs);
  /// The sum of the elements of a vector, in any order.
  Value sumOf(Value vector);

  Value compare(arith::CmpFPredicate predicate, Value lhs, Value rhs) {
    return arith::CmpFOp::create(b, predicate, lhs, rhs);
  }
  /// Whether a value is above 0; false for NaN.
  Value isPositive(Value value) {
    return compare(arith::CmpFPredicate::OGT, value, constant(0, value));
  }
  Value isNaN(Value value) {
    return compare(arith::CmpFPredicate::UNO, value, value);
  }
  Value isFinite(Value value);

  Value logicalAnd(Value lhs, Value rhs) {
    return arith::AndIOp::create(b, lhs, rhs);
  }
  Value logicalOr(Value lhs, Value rhs) {
    return arith::OrIOp::create(b, lhs, rhs);
  }
  Value logicalNot(Value flag);

  Value select(Value predicate, Value onTrue, Value onFalse) {
    return arith::SelectOp::create(b, predicate, onTrue, onFalse);
  }
  Value select(Value predicate, Value onTrue, double onFalse) {
    return select(predicate, onTrue, constant(onFalse, onTrue));
  }
  Value select(Value predicate, double onTrue, Value onFalse) {
    return select(predicate, constant(onTrue, onFalse), onFalse);
  }

private:
  Value constant(double value, Value like) {
    return constant(value, like.getType());
  }

  ImplicitLocOpBuilder b;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_ARITHMETIC_H
