//===- ComplexHyperbolics.cpp - Hyperbolic sine and cosine ----------------===//
//
//   sinh(x + iy) = sinh(x) cos(y) + i cosh(x) sin(y)
//   cosh(x + iy) = cosh(x) cos(y) + i sinh(x) sin(y)
//
//===----------------------------------------------------------------------===//

#include "ComplexFunctions.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
struct Hyperbolics {
  Hyperbolics(FloatCode &f, ComplexParts z) : f(f), x(z.real), y(z.imaginary) {
    // Near the largest number both are exp(|x|) / 2, which may overflow where
    // the product with a sine or cosine does not. So one half comes after the
    // other.
    Value size = f.abs(x);
    double largest = APFloat::getLargest(f.semantics()).convertToDouble();
    isLarge = f.less(f.number(std::log(largest) - 2.0), size);
    half = f.exp(f.mul(0.5, size));
    sine = math::SinOp::create(f.b, y);
    cosine = math::CosOp::create(f.b, y);
    // Infinity times what is not known is infinite, and 0 times it 0.
    isInfinite = f.equal(size, f.infinity());
    isUnknown = f.either(f.isNaN(y), f.equal(f.abs(y), f.infinity()));
  }

  /// cosh(x), or sinh(|x|), times `factor`.
  Value multiply(Value small, Value factor) {
    Value large = f.mul(f.mul(f.mul(0.5, half), factor), half);
    return f.select(isLarge, large, f.mul(small, factor));
  }
  Value coshTimes(Value factor) {
    return multiply(math::CoshOp::create(f.b, x), factor);
  }
  /// Zero if x is, else the product.
  Value sinhTimes(Value factor) {
    Value size = f.abs(x);
    Value product = multiply(math::SinhOp::create(f.b, size), factor);
    Value one = f.number(1.0);
    Value sign = f.copySign(one, x);
    Value zero = f.copySign(size, f.select(isUnknown, one, factor));
    product = f.select(f.isZero(x), zero, product);
    return f.mul(sign, product);
  }

  FloatCode &f;
  Value x, y, half, isLarge, sine, cosine, isInfinite, isUnknown;
};
} // namespace

ComplexParts from_stablehlo::createComplexSinh(FloatCode &f, ComplexParts z) {
  Hyperbolics parts(f, z);
  Value real = parts.sinhTimes(parts.cosine);
  real = f.select(f.both(parts.isInfinite, parts.isUnknown), parts.x, real);
  Value imaginary =
      f.select(f.isZero(parts.y), parts.y, parts.coshTimes(parts.sine));
  return {real, imaginary};
}

ComplexParts from_stablehlo::createComplexCosh(FloatCode &f, ComplexParts z) {
  Hyperbolics parts(f, z);
  Value real = parts.coshTimes(parts.cosine);
  real =
      f.select(f.both(parts.isInfinite, parts.isUnknown), f.infinity(), real);
  Value zero = f.copySign(parts.y, f.mul(f.copySign(f.number(1.0), parts.x),
                                         f.copySign(f.number(1.0), parts.y)));
  Value imaginary =
      f.select(f.isZero(parts.y), zero, parts.sinhTimes(parts.sine));
  return {real, imaginary};
}
