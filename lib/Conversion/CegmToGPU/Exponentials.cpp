//===- Exponentials.cpp - Exponential functions on the device -------------===//

#include "Exponentials.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// `(exp(x) - 1) / x` by its series, to where terms for `|x| <= bound` no
/// longer count.
static Value emitSeries(Body &body, Value value, double bound) {
  int terms = 1;
  for (double term = 1.0; term > 0x1p-56; ++terms)
    term *= bound / (terms + 1);
  double factorial = 1.0;
  for (int place = 2; place <= terms; ++place)
    factorial *= place;
  Value sum = body.number(1.0 / factorial, value.getType());
  for (int place = terms; place > 1; --place) {
    factorial /= place;
    sum = body.fma(sum, value, body.number(1.0 / factorial, value.getType()));
  }
  return sum;
}

Value to_gpu::emitExp(Body &body, Value value) {
  Type type = value.getType();
  // exp(x) = 2^k exp(r), with k = round(x / log 2). Beyond these limits the
  // result is 0 or infinite all the same.
  value = body.max(value, body.number(-745.2, type));
  value = body.min(value, body.number(709.8, type));
  constexpr double log2e = 0x1.71547652b82fep0;
  // The parts of log 2: k times the upper is exact.
  constexpr double upper = 0x1.62e42feep-1, lower = 0x1.a39ef35793c76p-33;
  // Adding and subtracting this rounds to an integer.
  constexpr double shifter = 0x1.8p52;
  Value shifted = arith::AddFOp::create(
      body, arith::MulFOp::create(body, value, body.number(log2e, type)),
      body.number(shifter, type));
  Value power =
      arith::SubFOp::create(body, shifted, body.number(shifter, type));
  Value rest = body.fma(power, body.number(-upper, type), value);
  rest = body.fma(power, body.number(-lower, type), rest);
  Value result =
      body.fma(emitSeries(body, rest, 0.35), rest, body.number(1.0, type));

  // 2^k, in two factors that are normal numbers.
  Type i64 = body.getI64Type();
  auto getInteger = [&](int64_t number) -> Value {
    return arith::ConstantIntOp::create(body, i64, number);
  };
  Value exponent = arith::FPToSIOp::create(body, i64, power);
  Value half = arith::ShRSIOp::create(body, exponent, getInteger(1));
  for (Value part : {half, body.sub(exponent, half)}) {
    Value bits = arith::ShLIOp::create(body, body.add(part, getInteger(1023)),
                                       getInteger(52));
    result = body.mul(result, arith::BitcastOp::create(body, type, bits));
  }
  return result;
}

Value to_gpu::emitExpm1(Body &body, Value value) {
  Type type = value.getType();
  Value one = body.number(1.0, type);
  Value near = body.mul(value, emitSeries(body, value, 1.0));
  Value isNear = body.lessOrEqual(body.abs(value), one);
  return body.select(isNear, near, body.sub(emitExp(body, value), one));
}

Value to_gpu::emitTanh(Body &body, Value value) {
  // With t = expm1(-2 |x|), tanh |x| = -t / (2 + t).
  Type type = value.getType();
  Value t = emitExpm1(body, body.mul(body.abs(value), body.number(-2.0, type)));
  Value result = body.div(body.negate(t), body.add(t, body.number(2.0, type)));
  Value isNegative = body.less(value, body.zero(type));
  return body.select(isNegative, body.negate(result), result);
}
