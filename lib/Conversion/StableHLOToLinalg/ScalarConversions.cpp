//===- ScalarConversions.cpp - From one element type to another -----------===//

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static Value convertFloat(ImplicitLocOpBuilder &b, Value value, Type type) {
  unsigned from = value.getType().getIntOrFloatBitWidth();
  unsigned to = type.getIntOrFloatBitWidth();
  if (value.getType() == type)
    return value;
  if (from < to)
    return arith::ExtFOp::create(b, type, value);
  // Neither of f16 and bf16 holds the other, and no machine rounds f64 to bf16.
  if (from == to)
    value = arith::ExtFOp::create(b, b.getF32Type(), value);
  else if (from == 64 && to == 16)
    value = arith::TruncFOp::create(b, b.getF32Type(), value);
  return arith::TruncFOp::create(b, type, value);
}

/// Rounds to zero. What is out of range becomes the nearest integer that the
/// type has, NaN becomes 0.
static Value convertToInteger(ImplicitLocOpBuilder &b, Value value, Type type,
                              bool isUnsigned) {
  Type source = value.getType();
  unsigned width = type.getIntOrFloatBitWidth();
  APInt smallest =
      isUnsigned ? APInt::getZero(width) : APInt::getSignedMinValue(width);
  APInt largest =
      isUnsigned ? APInt::getMaxValue(width) : APInt::getSignedMaxValue(width);
  // Limits as numbers of the source. They are zero or powers of two, and so
  // exact or infinite.
  const llvm::fltSemantics &format =
      cast<FloatType>(source).getFloatSemantics();
  auto limit = [&](const APInt &integer, bool isSigned) -> Value {
    APFloat number(format);
    number.convertFromAPInt(integer, isSigned,
                            llvm::RoundingMode::NearestTiesToEven);
    return arith::ConstantOp::create(b, b.getFloatAttr(source, number));
  };
  Value low = limit(smallest, /*isSigned=*/!isUnsigned);
  Value high = limit(largest.zext(width + 1) + 1, /*isSigned=*/false);

  auto compare = [&](arith::CmpFPredicate predicate, Value other) -> Value {
    return arith::CmpFOp::create(b, predicate, value, other);
  };
  Value isHigh = compare(arith::CmpFPredicate::OGE, high);
  // Not OLT: where the limit is -inf, that number itself is out of range.
  Value isLow = compare(arith::CmpFPredicate::OLE, low);
  Value isNaN = compare(arith::CmpFPredicate::UNO, value);
  Value isBad =
      arith::OrIOp::create(b, arith::OrIOp::create(b, isHigh, isLow), isNaN);
  Value safe =
      arith::SelectOp::create(b, isBad, createNumber(b, source, 0.0), value);
  Value converted;
  if (isUnsigned)
    converted = arith::FPToUIOp::create(b, type, safe);
  else
    converted = arith::FPToSIOp::create(b, type, safe);
  converted = arith::SelectOp::create(
      b, isHigh, createInteger(b, type, largest), converted);
  return arith::SelectOp::create(b, isLow, createInteger(b, type, smallest),
                                 converted);
}

Value from_stablehlo::convertElement(ImplicitLocOpBuilder &b, Value value,
                                     Type from, Type to) {
  Type type = getSignlessElement(to);
  if (auto complexType = dyn_cast<ComplexType>(to)) {
    Type part = complexType.getElementType();
    Value real, imaginary;
    if (auto source = dyn_cast<ComplexType>(from)) {
      Type sourcePart = source.getElementType();
      real =
          convertElement(b, complex::ReOp::create(b, value), sourcePart, part);
      imaginary =
          convertElement(b, complex::ImOp::create(b, value), sourcePart, part);
    } else {
      real = convertElement(b, value, from, part);
      imaginary = createNumber(b, part, 0.0);
    }
    return complex::CreateOp::create(b, type, real, imaginary);
  }
  if (auto source = dyn_cast<ComplexType>(from)) {
    if (!to.isInteger(1))
      return convertElement(b, complex::ReOp::create(b, value),
                            source.getElementType(), to);
    return complex::NotEqualOp::create(b, value,
                                       createNumber(b, value.getType(), 0.0));
  }
  bool toFloat = isa<FloatType>(to);
  if (isa<FloatType>(from)) {
    if (toFloat)
      return convertFloat(b, value, type);
    if (to.isInteger(1))
      return arith::CmpFOp::create(b, arith::CmpFPredicate::UNE, value,
                                   createNumber(b, value.getType(), 0.0));
    return convertToInteger(b, value, type, isUnsignedElement(to));
  }
  bool isUnsigned = isUnsignedElement(from);
  if (toFloat) {
    if (isUnsigned)
      return arith::UIToFPOp::create(b, type, value);
    return arith::SIToFPOp::create(b, type, value);
  }
  if (to.isInteger(1))
    return arith::CmpIOp::create(b, arith::CmpIPredicate::ne, value,
                                 createNumber(b, value.getType(), 0));
  unsigned fromWidth = value.getType().getIntOrFloatBitWidth();
  unsigned toWidth = type.getIntOrFloatBitWidth();
  if (fromWidth == toWidth)
    return value;
  if (fromWidth > toWidth)
    return arith::TruncIOp::create(b, type, value);
  if (isUnsigned)
    return arith::ExtUIOp::create(b, type, value);
  return arith::ExtSIOp::create(b, type, value);
}

/// Rounds a number to a format with fewer bits of exponent or mantissa, on the
/// bits of it: ties to even, too large numbers to infinity, too small ones to
/// zero. NaN stays NaN.
static Value reducePrecision(ImplicitLocOpBuilder &b, Value value,
                             unsigned exponentBits, unsigned mantissaBits) {
  Type type = value.getType();
  const llvm::fltSemantics &format = cast<FloatType>(type).getFloatSemantics();
  unsigned width = type.getIntOrFloatBitWidth();
  unsigned ownMantissa = APFloat::semanticsPrecision(format) - 1;
  unsigned ownExponent = width - 1 - ownMantissa;
  Type intType = b.getIntegerType(width);
  auto number = [&](const APInt &bits) {
    return createInteger(b, intType, bits);
  };
  Value bits = arith::BitcastOp::create(b, intType, value);
  Value signMask = number(APInt::getSignMask(width));
  Value sign = arith::AndIOp::create(b, bits, signMask);

  if (mantissaBits < ownMantissa) {
    unsigned dropped = ownMantissa - mantissaBits;
    Value last = arith::AndIOp::create(
        b, arith::ShRUIOp::create(b, bits, number(APInt(width, dropped))),
        number(APInt(width, 1)));
    Value bias = arith::AddIOp::create(
        b, last, number(APInt::getLowBitsSet(width, dropped - 1)));
    bits = arith::AndIOp::create(
        b, arith::AddIOp::create(b, bits, bias),
        number(APInt::getHighBitsSet(width, width - dropped)));
  }
  if (exponentBits < ownExponent) {
    APInt exponentMask = APInt::getBitsSet(width, ownMantissa, width - 1);
    Value exponent = arith::AndIOp::create(b, bits, number(exponentMask));
    APInt ownBias = APInt::getLowBitsSet(width, ownExponent - 1);
    APInt bias = APInt::getLowBitsSet(width, exponentBits - 1);
    Value overflows =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ugt, exponent,
                              number((ownBias + bias).shl(ownMantissa)));
    Value underflows =
        arith::CmpIOp::create(b, arith::CmpIPredicate::ule, exponent,
                              number((ownBias - bias).shl(ownMantissa)));
    Value infinite = arith::OrIOp::create(b, sign, number(exponentMask));
    bits = arith::SelectOp::create(b, overflows, infinite, bits);
    bits = arith::SelectOp::create(b, underflows, sign, bits);
  }
  Value reduced = arith::BitcastOp::create(b, type, bits);
  Value isNaN =
      arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, value, value);
  return arith::SelectOp::create(b, isNaN, value, reduced);
}

void from_stablehlo::addConversions(ScalarTable &table) {
  using Builder = ImplicitLocOpBuilder;
  table.add<stablehlo::ConvertOp>(
      AnyElement, [](Builder &b, stablehlo::ConvertOp op, ValueRange args) {
        return convertElement(b, args[0], getElementTypeOrSelf(op.getOperand()),
                              getElementTypeOrSelf(op.getResult()));
      });
  table.add<stablehlo::ReducePrecisionOp>(
      Floats, [](Builder &b, stablehlo::ReducePrecisionOp op, ValueRange args) {
        return reducePrecision(b, args[0], op.getExponentBits(),
                               op.getMantissaBits());
      });
  table.add<stablehlo::RealOp>(
      Floats | Complexes,
      [](Builder &b, Operation *, ValueRange args) -> Value {
        if (isa<FloatType>(args[0].getType()))
          return args[0];
        return complex::ReOp::create(b, args[0]);
      });
  table.add<stablehlo::ImagOp>(
      Floats | Complexes,
      [](Builder &b, Operation *, ValueRange args) -> Value {
        if (isa<FloatType>(args[0].getType()))
          return createNumber(b, args[0].getType(), 0.0);
        return complex::ImOp::create(b, args[0]);
      });
  table.add<stablehlo::ComplexOp>(
      Floats | Complexes, [](Builder &b, Operation *op, ValueRange args) {
        return complex::CreateOp::create(
                   b, getElementTypeOrSelf(op->getResult(0)), args[0], args[1])
            .getResult();
      });
  table.add<chlo::ConjOp>(
      Floats | Complexes,
      [](Builder &b, Operation *, ValueRange args) -> Value {
        if (isa<FloatType>(args[0].getType()))
          return args[0];
        return complex::ConjOp::create(b, args[0]);
      });
}
