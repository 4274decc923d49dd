//===- ComplexInverses.cpp - Inverse functions of complex numbers ---------===//

#include "ComplexFunctions.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// log(hypot(x, y)) for numbers that are large, without an overflow.
static Value createLogOfLength(FloatCode &f, Value x, Value y) {
  Value isLower = f.less(x, y);
  Value large = f.select(isLower, y, x), small = f.select(isLower, x, y);
  Value ratio = f.div(small, large);
  return f.add(f.log(large), f.mul(0.5, f.log1p(f.mul(ratio, ratio))));
}

/// hypot(x, y) for numbers of one magnitude or such that the smaller does not
/// matter: none of them overflows, and only what does not count underflows.
static Value createLength(FloatCode &f, Value x, Value y) {
  Value isLower = f.less(x, y);
  Value large = f.select(isLower, y, x), small = f.select(isLower, x, y);
  Value ratio = f.div(small, large);
  Value length =
      f.mul(large, f.sqrt(f.add(f.number(1.0), f.mul(ratio, ratio))));
  return f.select(f.isZero(large), large, length);
}

namespace {
/// What the inverse sine and its relatives have in common, for x, y >= 0. With
/// a = (|z + 1| + |z - 1|) / 2, asin(x + iy) is atan2(x, root) + i height.
///
/// T. E. Hull, T. F. Fairgrieve, P. T. P. Tang, "Implementing the complex
/// arcsine and arccosine functions using exception handling", ACM TOMS 23
/// (1997). Their regions are told apart by selects.
struct InverseSine {
  InverseSine(FloatCode &f, Value x, Value y) {
    const llvm::fltSemantics &semantics = f.semantics();
    double largest = APFloat::getLargest(semantics).convertToDouble();
    double smallest =
        APFloat::getSmallestNormalized(semantics).convertToDouble();
    Value one = f.number(1.0), half = f.number(0.5);
    Value above = f.add(x, one), below = f.sub(x, one);
    Value r = createLength(f, above, y), s = createLength(f, f.abs(below), y);
    Value a = f.mul(half, f.add(r, s));
    Value yy = f.mul(y, y);
    Value isInner = f.lessOrEqual(x, one);

    // (a + x) (a - x), where a - x is a sum of positive numbers.
    Value left = f.add(r, above);
    Value quotient = f.div(yy, left);
    Value ends = f.mul(half, f.add(a, x));
    Value inner = f.sqrt(f.mul(ends, f.add(quotient, f.sub(s, below))));
    Value outer = f.mul(
        y, f.sqrt(f.add(f.div(ends, left), f.div(ends, f.add(s, below)))));
    root = f.select(isInner, inner, outer);

    // log(a + sqrt(a^2 - 1)). Twice a - 1 is a sum of positive numbers, too;
    // the factor of two keeps the smallest y.
    Value isInside = f.less(x, one);
    Value near = f.add(quotient, f.div(yy, f.sub(s, below)));
    Value far = f.mul(2.0, f.sub(a, one));
    Value excess = f.select(f.less(a, f.number(1.5)), near, far);
    excess = f.select(isInside, excess, f.add(quotient, f.add(s, below)));
    Value product = f.mul(excess, f.mul(half, f.add(a, one)));
    height = f.log1p(f.add(f.mul(half, excess), f.sqrt(product)));
    // Here y^2 may underflow.
    Value isFlat =
        f.both(f.less(y, f.number(4.0 * std::sqrt(smallest))), isInside);
    Value flat = f.div(y, f.sqrt(f.mul(f.sub(one, x), above)));
    height = f.select(isFlat, flat, height);

    // Far away 1 does not count.
    Value limit = f.number(std::sqrt(largest) / 8.0);
    Value isFar = f.either(f.lessOrEqual(limit, x), f.lessOrEqual(limit, y));
    root = f.select(isFar, y, root);
    height = f.select(
        isFar, f.add(f.number(std::numbers::ln2), createLogOfLength(f, x, y)),
        height);

    Value infinity = f.infinity();
    Value isInfinite = f.either(f.equal(x, infinity), f.equal(y, infinity));
    height = f.select(isInfinite, infinity, height);
    // Of a NaN beside an infinity nothing is known; on the axis the angle is.
    Value isUnknown = f.either(f.isNaN(x), f.isNaN(y));
    root = f.select(isUnknown, f.nan(), root);
    root = f.select(f.isZero(x), f.select(isUnknown, one, root), root);
  }

  Value root, height;
};
} // namespace

ComplexParts from_stablehlo::createComplexAsin(FloatCode &f, ComplexParts z) {
  Value x = f.abs(z.real);
  InverseSine parts(f, x, f.abs(z.imaginary));
  return {f.copySign(f.atan2(x, parts.root), z.real),
          f.copySign(parts.height, z.imaginary)};
}

ComplexParts from_stablehlo::createComplexAcos(FloatCode &f, ComplexParts z) {
  InverseSine parts(f, f.abs(z.real), f.abs(z.imaginary));
  return {f.atan2(parts.root, z.real),
          f.copySign(parts.height, f.neg(z.imaginary))};
}

/// asinh(z) = -i asin(iz).
ComplexParts from_stablehlo::createComplexAsinh(FloatCode &f, ComplexParts z) {
  ComplexParts turned = createComplexAsin(f, {f.neg(z.imaginary), z.real});
  return {turned.imaginary, f.neg(turned.real)};
}

/// acosh(z) is i acos(z) or -i acos(z), whichever lies on the right.
ComplexParts from_stablehlo::createComplexAcosh(FloatCode &f, ComplexParts z) {
  ComplexParts angle = createComplexAcos(f, z);
  return {f.abs(angle.imaginary), f.copySign(angle.real, z.imaginary)};
}

/// With x = |real|, y = |imaginary|:
///   real      = log1p(4 x / ((1 - x)^2 + y^2)) / 4,
///   imaginary = atan2(2 y, (1 - x) (1 + x) - y^2) / 2.
/// W. Kahan, "Branch cuts for complex elementary functions" (1987).
ComplexParts from_stablehlo::createComplexAtanh(FloatCode &f, ComplexParts z) {
  const llvm::fltSemantics &semantics = f.semantics();
  Value x = f.abs(z.real), y = f.abs(z.imaginary);
  Value one = f.number(1.0), zero = f.number(0.0), infinity = f.infinity();
  Value distance = f.sub(one, x), yy = f.mul(y, y);
  Value quotient = f.div(x, f.add(f.mul(distance, distance), yy));
  Value angle = f.atan2(f.add(y, y), f.sub(f.mul(distance, f.add(one, x)), yy));

  // Far away the quotient is x / |z|^2, and 1 does not count.
  Value limit =
      f.number(std::ldexp(1.0, APFloat::semanticsPrecision(semantics) + 2));
  Value isFar = f.either(f.lessOrEqual(limit, x), f.lessOrEqual(limit, y));
  Value isLower = f.less(x, y);
  Value large = f.select(isLower, y, x), small = f.select(isLower, x, y);
  Value ratio = f.div(small, large);
  Value farQuotient =
      f.div(f.div(f.div(x, large), large), f.add(one, f.mul(ratio, ratio)));
  quotient = f.select(isFar, farQuotient, quotient);
  angle = f.select(isFar, f.number(std::numbers::pi), angle);
  Value real = f.mul(0.25, f.log1p(f.mul(4.0, quotient)));

  // Beside 1 the square of y may underflow. The logarithm of the smallest
  // numbers is not exact, and so is taken of a multiple.
  double least =
      std::sqrt(APFloat::getSmallestNormalized(semantics).convertToDouble());
  Value isBeside = f.both(f.equal(x, one), f.less(y, f.number(4.0 * least)));
  Value logOfHalf =
      f.add(f.log(f.mul(0.5 / least, y)), f.number(std::log(least)));
  real = f.select(isBeside, f.mul(-0.5, logOfHalf), real);
  Value isInfinite = f.either(f.equal(x, infinity), f.equal(y, infinity));
  real = f.select(f.either(isInfinite, f.isZero(x)), zero, real);
  Value isUnknown = f.either(
      f.isNaN(y),
      f.both(f.isNaN(x), f.compare(arith::CmpFPredicate::ONE, y, infinity)));
  angle = f.select(isUnknown, f.nan(), angle);
  return {f.copySign(real, z.real), f.copySign(f.mul(0.5, angle), z.imaginary)};
}

/// atan(z) = -i atanh(iz).
ComplexParts from_stablehlo::createComplexAtan(FloatCode &f, ComplexParts z) {
  ComplexParts turned = createComplexAtanh(f, {f.neg(z.imaginary), z.real});
  return {turned.imaginary, f.neg(turned.real)};
}
