//===- Zeta.cpp - Hurwitz' zeta function and polygamma --------------------===//

#include "SpecialFunctions.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

// Bernoulli's number of order 2 j over (2 j)!, for j = 1, 2, ...
static constexpr double tailTerms[] = {
    0.083333333333333333,    -0.0013888888888888889,  3.3068783068783069e-5,
    -8.2671957671957672e-7,  2.0876756987868099e-8,   -5.2841901386874932e-10,
    1.3382536530684679e-11,  -3.3896802963225829e-13, 8.5860620562778446e-15,
    -2.1748686985580619e-16, 5.5090028283602295e-18,  -1.3954464685812523e-19};

static Value createPower(FloatCode &f, Value base, Value exponent) {
  return math::PowFOp::create(f.b, base, exponent);
}

/// The sum for q > 0: ten terms, and those after them by Euler's and
/// Maclaurin's formula (NIST DLMF 25.11.5 and 2.10.1; F. Johansson, "Rigorous
/// high-precision computation of the Hurwitz zeta function", 2015).
static Value createPositiveZeta(FloatCode &f, Value s, Value q) {
  Value exponent = f.neg(s), sum = createPower(f, q, exponent), base = q;
  Value one = f.number(1.0);
  for (int term = 1; term < 10; ++term) {
    base = f.add(base, one);
    sum = f.add(sum, createPower(f, base, exponent));
  }
  base = f.add(base, one);
  Value power = createPower(f, base, exponent);
  Value integral = f.div(f.mul(base, power), f.sub(s, one));
  Value tail = f.add(integral, f.mul(0.5, power));
  Value inverse = f.div(one, base);
  Value derivative = f.mul(f.mul(power, s), inverse);
  for (auto [index, factor] : llvm::enumerate(tailTerms)) {
    tail = f.add(tail, f.mul(factor, derivative));
    for (double shift : {2.0 * index + 1.0, 2.0 * index + 2.0})
      derivative = f.mul(derivative, f.mul(f.add(s, f.number(shift)), inverse));
  }
  // For a large s only the first terms count, and the tail may be 0 times
  // infinity.
  return f.add(sum, f.select(f.isZero(power), f.number(0.0), tail));
}

Value from_stablehlo::createZeta(FloatCode &f, Value s, Value q) {
  Value zero = f.number(0.0), one = f.number(1.0);
  // The sum over all whole numbers, less those before q. With the distance r
  // to the next whole number it is r^-s + zeta(s, 1 + r) +-
  // (zeta(s, 1 - r) - zeta(s, 1 - q)), where the sign is that of (-1)^s.
  Value r = f.sub(q, math::RoundEvenOp::create(f.b, q).getResult());
  Value isPositive = f.less(zero, q);
  Value direct =
      createPositiveZeta(f, s, f.select(isPositive, q, f.add(one, r)));
  Value before = f.sub(createPositiveZeta(f, s, f.sub(one, r)),
                       createPositiveZeta(f, s, f.sub(one, q)));
  Value half = f.mul(0.5, s);
  Value isEven = f.equal(half, f.floor(half));
  Value mirrored = f.add(f.add(createPower(f, r, f.neg(s)), direct),
                         f.select(isEven, before, f.neg(before)));
  // There the sum has no value unless s is whole, and at the poles only an even
  // s gives the same from both sides.
  Value isDefined = f.equal(s, f.floor(s));
  Value pole = f.select(isEven, f.infinity(), f.nan());
  mirrored =
      f.select(f.isZero(r), pole, f.select(isDefined, mirrored, f.nan()));
  Value result = f.select(isPositive, direct, mirrored);
  result = f.select(f.less(s, one), f.nan(), result);
  result = f.select(f.equal(s, one), f.infinity(), result);
  return f.select(f.either(f.isNaN(s), f.isNaN(q)), f.nan(), result);
}

/// (-1)^(n + 1) n! zeta(n + 1, x), NIST DLMF 5.15 and 25.11.12.
Value from_stablehlo::createPolygamma(FloatCode &f, Value n, Value x) {
  Value next = f.add(n, f.number(1.0)), half = f.mul(0.5, n);
  Value size = f.mul(f.exp(createLgamma(f, next)), createZeta(f, next, x));
  Value isEven = f.equal(half, f.floor(half));
  Value result = f.select(isEven, f.neg(size), size);
  result = f.select(f.isZero(n), createDigamma(f, x), result);
  Value isDefined =
      f.both(f.equal(n, f.floor(n)), f.lessOrEqual(f.number(0.0), n));
  return f.select(isDefined, result, f.nan());
}
