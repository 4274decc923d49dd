//===- ScalarArithmetic.cpp - Sums, products, quotients, extrema ----------===//

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static Type getOperandElement(Operation *op) {
  return getElementTypeOrSelf(op->getOperand(0).getType());
}

/// An op by the kind of its operands.
template <typename BoolOp, typename IntOp, typename FloatOp, typename ComplexOp>
static Value createByKind(ImplicitLocOpBuilder &b, Operation *op,
                          ValueRange args) {
  switch (getElementKind(getOperandElement(op))) {
  case Bools:
    return BoolOp::create(b, args[0], args[1]);
  case Ints:
    return IntOp::create(b, args[0], args[1]);
  case Floats:
    return FloatOp::create(b, args[0], args[1]);
  default:
    return ComplexOp::create(b, args[0], args[1]);
  }
}

/// Maximum or minimum. NaN wins, as the specification has it.
template <typename BoolOp, typename SignedOp, typename UnsignedOp,
          typename FloatOp>
static Value createExtremum(ImplicitLocOpBuilder &b, Type element, Value lhs,
                            Value rhs) {
  switch (getElementKind(element)) {
  case Bools:
    return BoolOp::create(b, lhs, rhs);
  case Ints:
    if (isUnsignedElement(element))
      return UnsignedOp::create(b, lhs, rhs);
    return SignedOp::create(b, lhs, rhs);
  default:
    return FloatOp::create(b, lhs, rhs);
  }
}

static Value createMaximum(ImplicitLocOpBuilder &b, Type element, Value lhs,
                           Value rhs) {
  return createExtremum<arith::OrIOp, arith::MaxSIOp, arith::MaxUIOp,
                        arith::MaximumFOp>(b, element, lhs, rhs);
}

static Value createMinimum(ImplicitLocOpBuilder &b, Type element, Value lhs,
                           Value rhs) {
  return createExtremum<arith::AndIOp, arith::MinSIOp, arith::MinUIOp,
                        arith::MinimumFOp>(b, element, lhs, rhs);
}

//===----------------------------------------------------------------------===//
// Integers
//===----------------------------------------------------------------------===//

namespace {
/// A division that is defined for every pair: by zero, the quotient has all
/// bits set and the remainder is the dividend; the smallest number by -1 wraps.
struct SafeDivision {
  SafeDivision(ImplicitLocOpBuilder &b, bool isUnsigned, Value lhs, Value rhs) {
    Type type = lhs.getType();
    auto equals = [&](Value value, Value other) -> Value {
      return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, value, other);
    };
    unsigned width = type.getIntOrFloatBitWidth();
    ones = createInteger(b, type, APInt::getAllOnes(width));
    byZero = equals(rhs, createInteger(b, type, APInt::getZero(width)));
    Value one = createInteger(b, type, APInt(width, 1));
    divisor = arith::SelectOp::create(b, byZero, one, rhs);
    if (isUnsigned)
      return;
    Value smallest = createInteger(b, type, APInt::getSignedMinValue(width));
    overflows =
        arith::AndIOp::create(b, equals(lhs, smallest), equals(rhs, ones));
    divisor = arith::SelectOp::create(b, overflows, one, divisor);
  }

  Value ones, byZero, overflows, divisor;
};
} // namespace

static Value createQuotient(ImplicitLocOpBuilder &b, Operation *op,
                            ValueRange args) {
  bool isUnsigned = isUnsignedElement(getOperandElement(op));
  SafeDivision safe(b, isUnsigned, args[0], args[1]);
  Value quotient;
  if (isUnsigned)
    quotient = arith::DivUIOp::create(b, args[0], safe.divisor);
  else
    quotient = arith::DivSIOp::create(b, args[0], safe.divisor);
  return arith::SelectOp::create(b, safe.byZero, safe.ones, quotient);
}

static Value createRemainder(ImplicitLocOpBuilder &b, Operation *op,
                             ValueRange args) {
  bool isUnsigned = isUnsignedElement(getOperandElement(op));
  SafeDivision safe(b, isUnsigned, args[0], args[1]);
  Value remainder;
  if (isUnsigned)
    remainder = arith::RemUIOp::create(b, args[0], safe.divisor);
  else
    remainder = arith::RemSIOp::create(b, args[0], safe.divisor);
  return arith::SelectOp::create(b, safe.byZero, args[0], remainder);
}

/// `base` to the power of `exponent`, by squaring. A negative exponent gives
/// the power rounded to zero: 0 unless the base is 1 or -1.
static Value createIntegerPower(ImplicitLocOpBuilder &b, bool isUnsigned,
                                Value base, Value exponent) {
  Type type = base.getType();
  auto number = [&](int64_t value) { return createNumber(b, type, value); };
  auto compare = [&](arith::CmpIPredicate predicate, Value lhs,
                     Value rhs) -> Value {
    return arith::CmpIOp::create(b, predicate, lhs, rhs);
  };
  Value zero = number(0), one = number(1);
  auto loop = scf::WhileOp::create(
      b, TypeRange{type, type, type}, ValueRange{exponent, base, one},
      [&](OpBuilder &, Location, ValueRange args) {
        scf::ConditionOp::create(
            b, compare(arith::CmpIPredicate::ne, args[0], zero), args);
      },
      [&](OpBuilder &, Location, ValueRange args) {
        Value low = arith::AndIOp::create(b, args[0], one);
        Value isOdd = compare(arith::CmpIPredicate::ne, low, zero);
        Value product = arith::MulIOp::create(b, args[2], args[1]);
        scf::YieldOp::create(
            b, ValueRange{arith::ShRUIOp::create(b, args[0], one),
                          arith::MulIOp::create(b, args[1], args[1]),
                          arith::SelectOp::create(b, isOdd, product, args[2])});
      });
  b.setInsertionPointAfter(loop);
  Value power = loop.getResult(2);
  if (isUnsigned)
    return power;
  // Both -1 and 1 to a negative power are what the loop gives: their powers
  // have a period of two.
  Value absolute = math::AbsIOp::create(b, base);
  Value vanishes = arith::AndIOp::create(
      b, compare(arith::CmpIPredicate::slt, exponent, zero),
      compare(arith::CmpIPredicate::ne, absolute, one));
  return arith::SelectOp::create(b, vanishes, zero, power);
}

static Value createSign(ImplicitLocOpBuilder &b, Type element, Value value) {
  Type type = value.getType();
  Value zero = createNumber(b, type, 0), one = createNumber(b, type, 1);
  if (isa<FloatType>(type)) {
    Value signedOne = math::CopySignOp::create(b, one, value);
    // Zeros and NaN are their own sign.
    Value hasSign =
        arith::CmpFOp::create(b, arith::CmpFPredicate::ONE, value, zero);
    return arith::SelectOp::create(b, hasSign, signedOne, value);
  }
  Value isZero =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, value, zero);
  Value sign = one;
  if (!isUnsignedElement(element)) {
    Value isNegative =
        arith::CmpIOp::create(b, arith::CmpIPredicate::slt, value, zero);
    sign =
        arith::SelectOp::create(b, isNegative, createNumber(b, type, -1), one);
  }
  return arith::SelectOp::create(b, isZero, zero, sign);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

void from_stablehlo::addArithmetic(ScalarTable &table) {
  using Builder = ImplicitLocOpBuilder;
  table.add<stablehlo::AddOp>(
      AnyElement,
      createByKind<arith::OrIOp, arith::AddIOp, arith::AddFOp, complex::AddOp>);
  table.add<stablehlo::SubtractOp>(AnyElement,
                                   createByKind<arith::XOrIOp, arith::SubIOp,
                                                arith::SubFOp, complex::SubOp>);
  table.add<stablehlo::MulOp>(AnyElement,
                              createByKind<arith::AndIOp, arith::MulIOp,
                                           arith::MulFOp, complex::MulOp>);
  auto square = [](Builder &b, Operation *op, ValueRange args) {
    Value twice[] = {args[0], args[0]};
    return createByKind<arith::AndIOp, arith::MulIOp, arith::MulFOp,
                        complex::MulOp>(b, op, twice);
  };
  table.add<chlo::SquareOp>(AnyElement, square);
  table.add<stablehlo::DivOp>(
      Numbers, [](Builder &b, Operation *op, ValueRange args) -> Value {
        switch (getElementKind(getOperandElement(op))) {
        case Ints:
          return createQuotient(b, op, args);
        case Floats:
          return arith::DivFOp::create(b, args[0], args[1]);
        default:
          return complex::DivOp::create(b, args[0], args[1]);
        }
      });
  table.add<stablehlo::RemOp>(
      Ints | Floats, [](Builder &b, Operation *op, ValueRange args) -> Value {
        if (isa<FloatType>(args[0].getType()))
          return arith::RemFOp::create(b, args[0], args[1]);
        return createRemainder(b, op, args);
      });
  table.add<stablehlo::PowOp>(
      Numbers, [](Builder &b, Operation *op, ValueRange args) -> Value {
        Type element = getOperandElement(op);
        switch (getElementKind(element)) {
        case Ints:
          return createIntegerPower(b, isUnsignedElement(element), args[0],
                                    args[1]);
        case Floats:
          return math::PowFOp::create(b, args[0], args[1]);
        default:
          return complex::PowOp::create(b, args[0], args[1]);
        }
      });
  table.add<stablehlo::MaxOp>(
      Bools | Ints | Floats, [](Builder &b, Operation *op, ValueRange args) {
        return createMaximum(b, getOperandElement(op), args[0], args[1]);
      });
  table.add<stablehlo::MinOp>(
      Bools | Ints | Floats, [](Builder &b, Operation *op, ValueRange args) {
        return createMinimum(b, getOperandElement(op), args[0], args[1]);
      });
  table.add<stablehlo::ClampOp>(
      Bools | Ints | Floats, [](Builder &b, Operation *op, ValueRange args) {
        Type element = getOperandElement(op);
        return createMinimum(
            b, element, createMaximum(b, element, args[1], args[0]), args[2]);
      });
  table.add<stablehlo::NegOp>(
      Numbers, [](Builder &b, Operation *op, ValueRange args) -> Value {
        Type type = args[0].getType();
        switch (getElementKind(type)) {
        case Ints:
          return arith::SubIOp::create(b, createNumber(b, type, 0), args[0]);
        case Floats:
          return arith::NegFOp::create(b, args[0]);
        default:
          return complex::NegOp::create(b, args[0]);
        }
      });
  table.add<stablehlo::AbsOp>(
      Numbers, [](Builder &b, Operation *op, ValueRange args) -> Value {
        Type element = getOperandElement(op);
        switch (getElementKind(element)) {
        case Ints:
          if (isUnsignedElement(element))
            return args[0];
          return math::AbsIOp::create(b, args[0]);
        case Floats:
          return math::AbsFOp::create(b, args[0]);
        default:
          return complex::AbsOp::create(b, args[0]);
        }
      });
  table.add<stablehlo::SignOp>(
      Numbers, [](Builder &b, Operation *op, ValueRange args) -> Value {
        if (isa<ComplexType>(args[0].getType()))
          return complex::SignOp::create(b, args[0]);
        return createSign(b, getOperandElement(op), args[0]);
      });
}
