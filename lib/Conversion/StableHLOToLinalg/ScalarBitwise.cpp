//===- ScalarBitwise.cpp - Logic, shifts, counts of bits ------------------===//

#include "FloatCode.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// A shift by the width or more (the amount has no sign) moves every bit out,
/// which leaves `emptied`.
template <typename ShiftOp>
static Value createShift(ImplicitLocOpBuilder &b, ValueRange args,
                         Value emptied) {
  Type type = args[0].getType();
  unsigned width = type.getIntOrFloatBitWidth();
  Value inRange =
      arith::CmpIOp::create(b, arith::CmpIPredicate::ult, args[1],
                            createInteger(b, type, APInt(width, width)));
  // The shift itself must stay defined, for it is computed either way.
  Value zero = createInteger(b, type, APInt::getZero(width));
  Value amount = arith::SelectOp::create(b, inRange, args[1], zero);
  Value shifted = ShiftOp::create(b, args[0], amount);
  return arith::SelectOp::create(b, inRange, shifted, emptied);
}

/// The number beside args[0] on the way to args[1]. But for the sign, the order
/// of numbers is that of their bits.
static Value createNextAfter(ImplicitLocOpBuilder &b, Operation *,
                             ValueRange args) {
  Value from = args[0], to = args[1];
  auto type = cast<FloatType>(from.getType());
  Type bitsType = b.getIntegerType(type.getWidth());
  FloatCode f(b, type);
  auto toBits = [&](Value number) -> Value {
    return arith::BitcastOp::create(b, bitsType, number);
  };
  auto toNumber = [&](Value bits) -> Value {
    return arith::BitcastOp::create(b, type, bits);
  };
  Value bits = toBits(from), one = createNumber(b, bitsType, 1);
  Value zero = f.number(0.0);
  Value isUpwards = f.less(from, to);
  Value isPositive = f.less(zero, from);
  Value isOutwards =
      arith::CmpIOp::create(b, arith::CmpIPredicate::eq, isUpwards, isPositive);
  Value next = toNumber(arith::SelectOp::create(
      b, isOutwards, arith::AddIOp::create(b, bits, one),
      arith::SubIOp::create(b, bits, one)));
  // From zero it goes to either side.
  next = f.select(f.isZero(from), f.copySign(toNumber(one), to), next);
  next = f.select(f.equal(from, to), to, next);
  return f.select(f.compare(arith::CmpFPredicate::UNO, from, to), f.nan(),
                  next);
}

void from_stablehlo::addBitwise(ScalarTable &table) {
  using Builder = ImplicitLocOpBuilder;
  constexpr unsigned elements = Bools | Ints;
  table.add<stablehlo::AndOp>(
      elements, [](Builder &b, Operation *, ValueRange args) {
        return arith::AndIOp::create(b, args[0], args[1]).getResult();
      });
  table.add<stablehlo::OrOp>(
      elements, [](Builder &b, Operation *, ValueRange args) {
        return arith::OrIOp::create(b, args[0], args[1]).getResult();
      });
  table.add<stablehlo::XorOp>(
      elements, [](Builder &b, Operation *, ValueRange args) {
        return arith::XOrIOp::create(b, args[0], args[1]).getResult();
      });
  table.add<stablehlo::NotOp>(elements, [](Builder &b, Operation *,
                                           ValueRange args) {
    Type type = args[0].getType();
    Value ones =
        createInteger(b, type, APInt::getAllOnes(type.getIntOrFloatBitWidth()));
    return arith::XOrIOp::create(b, args[0], ones).getResult();
  });
  table.add<stablehlo::ShiftLeftOp>(
      Ints, [](Builder &b, Operation *, ValueRange args) {
        Value zero = createNumber(b, args[0].getType(), 0);
        return createShift<arith::ShLIOp>(b, args, zero);
      });
  table.add<stablehlo::ShiftRightLogicalOp>(
      Ints, [](Builder &b, Operation *, ValueRange args) {
        Value zero = createNumber(b, args[0].getType(), 0);
        return createShift<arith::ShRUIOp>(b, args, zero);
      });
  table.add<stablehlo::ShiftRightArithmeticOp>(
      Ints, [](Builder &b, Operation *, ValueRange args) {
        Type type = args[0].getType();
        unsigned width = type.getIntOrFloatBitWidth();
        Value last = createInteger(b, type, APInt(width, width - 1));
        Value signs = arith::ShRSIOp::create(b, args[0], last);
        return createShift<arith::ShRSIOp>(b, args, signs);
      });
  table.add<stablehlo::PopulationCountOp>(
      Ints, [](Builder &b, Operation *, ValueRange args) {
        return math::CtPopOp::create(b, args[0]).getResult();
      });
  table.add<stablehlo::ClzOp>(
      Ints, [](Builder &b, Operation *, ValueRange args) {
        return math::CountLeadingZerosOp::create(b, args[0]).getResult();
      });
  table.add<chlo::MulhiOp>(
      Ints, [](Builder &b, Operation *op, ValueRange args) -> Value {
        if (isUnsignedElement(getElementTypeOrSelf(op->getOperand(0))))
          return arith::MulUIExtendedOp::create(b, args[0], args[1]).getHigh();
        return arith::MulSIExtendedOp::create(b, args[0], args[1]).getHigh();
      });
  table.add<chlo::NextAfterOp>(Floats, createNextAfter);
}
