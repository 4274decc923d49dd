//===- FloatCode.h - Formulas in floating-point numbers ---------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_FLOATCODE_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_FLOATCODE_H

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace mlir::cegm::from_stablehlo {

/// Arithmetic on values of one floating-point type. There are no branches:
/// `select` evaluates both sides, as vectors do.
struct FloatCode {
  FloatCode(ImplicitLocOpBuilder &b, Type type) : b(b), type(type) {}

  Value number(double value) { return createNumber(b, type, value); }
  Value number(const APFloat &value) {
    return arith::ConstantOp::create(b, b.getFloatAttr(type, value));
  }
  Value infinity() { return number(APFloat::getInf(semantics())); }
  Value nan() { return number(APFloat::getNaN(semantics())); }
  const llvm::fltSemantics &semantics() {
    return cast<FloatType>(type).getFloatSemantics();
  }

  Value add(Value x, Value y) { return arith::AddFOp::create(b, x, y); }
  Value sub(Value x, Value y) { return arith::SubFOp::create(b, x, y); }
  Value mul(Value x, Value y) { return arith::MulFOp::create(b, x, y); }
  Value mul(double x, Value y) { return mul(number(x), y); }
  Value div(Value x, Value y) { return arith::DivFOp::create(b, x, y); }
  Value neg(Value x) { return arith::NegFOp::create(b, x); }
  Value abs(Value x) { return math::AbsFOp::create(b, x); }
  Value copySign(Value x, Value sign) {
    return math::CopySignOp::create(b, x, sign);
  }

  Value log(Value x) { return math::LogOp::create(b, x); }
  Value log1p(Value x) { return math::Log1pOp::create(b, x); }
  Value exp(Value x) { return math::ExpOp::create(b, x); }
  Value sqrt(Value x) { return math::SqrtOp::create(b, x); }
  Value floor(Value x) { return math::FloorOp::create(b, x); }
  Value atan2(Value y, Value x) { return math::Atan2Op::create(b, y, x); }

  /// Comparisons are false for NaN.
  Value compare(arith::CmpFPredicate predicate, Value x, Value y) {
    return arith::CmpFOp::create(b, predicate, x, y);
  }
  Value less(Value x, Value y) {
    return compare(arith::CmpFPredicate::OLT, x, y);
  }
  Value lessOrEqual(Value x, Value y) {
    return compare(arith::CmpFPredicate::OLE, x, y);
  }
  Value equal(Value x, Value y) {
    return compare(arith::CmpFPredicate::OEQ, x, y);
  }
  Value isZero(Value x) { return equal(x, number(0.0)); }
  Value isNaN(Value x) { return compare(arith::CmpFPredicate::UNO, x, x); }
  Value select(Value c, Value x, Value y) {
    return arith::SelectOp::create(b, c, x, y);
  }
  Value both(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
  Value either(Value x, Value y) { return arith::OrIOp::create(b, x, y); }

  /// Horner's scheme, the highest power first.
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = number(coefficients.front());
    for (double coefficient : coefficients.drop_front())
      sum = add(mul(sum, x), number(coefficient));
    return sum;
  }

  ImplicitLocOpBuilder &b;
  Type type;
};

/// The code of `create` for a number. Types of 16 bits compute in f32: their
/// own rounding would spoil the digits.
template <typename FunctionTy>
Value computeWide(ImplicitLocOpBuilder &b, ValueRange args, FunctionTy create) {
  Type type = args[0].getType();
  if (type.getIntOrFloatBitWidth() >= 32) {
    FloatCode code(b, type);
    return create(code, args);
  }
  FloatCode code(b, b.getF32Type());
  SmallVector<Value> wide;
  for (Value arg : args)
    wide.push_back(arith::ExtFOp::create(b, code.type, arg));
  return arith::TruncFOp::create(b, type, create(code, wide));
}

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_FLOATCODE_H
