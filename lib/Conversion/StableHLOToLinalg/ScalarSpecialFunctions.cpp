//===- ScalarSpecialFunctions.cpp - Functions that math lacks -------------===//

#include "SpecialFunctions.h"

#include <cmath>
#include <numbers>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

//===----------------------------------------------------------------------===//
// The inverse of the error function
//===----------------------------------------------------------------------===//

/// M. Giles, "Approximating the erfinv function" (2010): polynomials in
/// -log(1 - y^2), exact to single precision.
static Value createErfInvEstimate(FloatCode &f, Value y) {
  Value w = f.neg(math::Log1pOp::create(f.b, f.neg(f.mul(y, y))));
  Value inner = f.polynomial(f.sub(w, f.number(2.5)),
                             {2.81022636e-08, 3.43273939e-07, -3.5233877e-06,
                              -4.39150654e-06, 0.00021858087, -0.00125372503,
                              -0.00417768164, 0.246640727, 1.50140941});
  Value outer = f.polynomial(f.sub(math::SqrtOp::create(f.b, w), f.number(3.0)),
                             {-0.000200214257, 0.000100950558, 0.00134934322,
                              -0.00367342844, 0.00573950773, -0.0076224613,
                              0.00943887047, 1.00167406, 2.83297682});
  Value x = f.mul(f.select(f.less(w, f.number(5.0)), inner, outer), y);
  Value isOne = f.compare(arith::CmpFPredicate::OEQ, f.abs(y), f.number(1.0));
  return f.select(
      isOne, f.mul(y, f.number(std::numeric_limits<double>::infinity())), x);
}

/// One of Halley's steps towards erf(x) = y, for 0 <= y < 1. Near 1 only the
/// complement tells numbers apart.
static Value refineErfInv(FloatCode &f, Value x, Value y) {
  Value complement =
      f.sub(f.sub(f.number(1.0), y), math::ErfcOp::create(f.b, x).getResult());
  Value plain = f.sub(math::ErfOp::create(f.b, x), y);
  Value error = f.select(f.less(y, f.number(0.5)), plain, complement);
  Value slope = f.mul(f.number(2.0 * std::numbers::inv_sqrtpi),
                      math::ExpOp::create(f.b, f.neg(f.mul(x, x))).getResult());
  Value newton = f.div(error, slope);
  return f.sub(x, f.div(newton, f.add(f.number(1.0), f.mul(x, newton))));
}

static Value createErfInv(FloatCode &f, Value y) {
  Value estimate = createErfInvEstimate(f, y);
  if (!f.type.isF64())
    return estimate;
  // Signs are put aside, for the steps look at one side. The estimate is good
  // for seven digits, and each step triples that.
  Value magnitude = f.abs(y);
  Value start = f.abs(estimate);
  Value x = start;
  for (int step = 0; step < 2; ++step)
    x = refineErfInv(f, x, magnitude);
  // At 1 the estimate is infinite and a step would make NaN of it.
  Value inside = f.less(magnitude, f.number(1.0));
  Value isTiny = f.less(magnitude, f.number(1e-300));
  x = f.select(isTiny, f.mul(magnitude, f.number(0.886226925452758)), x);
  return math::CopySignOp::create(f.b, f.select(inside, x, start), y);
}

//===----------------------------------------------------------------------===//
// The gamma function
//===----------------------------------------------------------------------===//

// Lanczos' approximation with g = 7 and nine terms.
static constexpr double lanczosG = 7.0;
static constexpr double lanczosBase = 0.99999999999980993227684700473478;
static constexpr double lanczosTerms[] = {
    676.520368121885098567009190444019, -1259.13921672240287047156078755283,
    771.3234287776530788486528258894,   -176.61502916214059906584551354,
    12.507343278686904814458936853,     -0.13857109526572011689554707,
    9.984369578019570859563e-6,         1.50563273514931155834e-7};

namespace {
/// The parts of the approximation at `x`, or at `1 - x` where that is larger.
struct Lanczos {
  Lanczos(FloatCode &f, Value x) {
    isReflected = f.less(x, f.number(0.5));
    z = f.select(isReflected, f.neg(x), f.sub(x, f.number(1.0)));
    sum = f.number(lanczosBase);
    slope = f.number(0.0);
    for (auto [index, term] : llvm::enumerate(lanczosTerms)) {
      Value denominator = f.add(z, f.number(index + 1.0));
      Value quotient = f.div(f.number(term), denominator);
      sum = f.add(sum, quotient);
      slope = f.sub(slope, f.div(quotient, denominator));
    }
    // log(z + g + 1/2), without the rounding of the sum.
    double shift = lanczosG + 0.5;
    t = f.add(z, f.number(shift));
    logT = f.add(
        f.number(std::log(shift)),
        math::Log1pOp::create(f.b, f.div(z, f.number(shift))).getResult());
  }

  Value isReflected, z, sum, slope, t, logT;
};
} // namespace

Value from_stablehlo::createLgamma(FloatCode &f, Value x) {
  Lanczos parts(f, x);
  Value half = f.add(parts.z, f.number(0.5));
  Value power = f.mul(f.sub(half, f.div(parts.t, parts.logT)), parts.logT);
  Value direct =
      f.add(f.add(f.number(0.5 * std::log(2.0 * std::numbers::pi)), power),
            f.log(parts.sum));
  // gamma(x) gamma(1 - x) = pi / sin(pi x). The sine has the period 1 up to its
  // sign, so that the fraction of |x| is enough, and is exact.
  Value magnitude = f.abs(x);
  Value fraction =
      f.sub(magnitude, math::FloorOp::create(f.b, magnitude).getResult());
  Value mirrored = f.sub(f.number(1.0), fraction);
  fraction = f.select(f.less(f.number(0.5), fraction), mirrored, fraction);
  Value logSine = f.log(
      math::SinOp::create(f.b, f.mul(f.number(std::numbers::pi), fraction)));
  Value reflected =
      f.sub(f.sub(f.number(std::log(std::numbers::pi)), logSine), direct);
  // At the poles the logarithm of the sine is -inf, and decides.
  Value infinity = f.number(std::numeric_limits<double>::infinity());
  Value isPole = f.compare(arith::CmpFPredicate::OEQ, fraction, f.number(0.0));
  reflected = f.select(isPole, infinity, reflected);
  Value result = f.select(parts.isReflected, reflected, direct);
  Value isInfinite = f.compare(arith::CmpFPredicate::OEQ, magnitude, infinity);
  return f.select(isInfinite, infinity, result);
}

Value from_stablehlo::createDigamma(FloatCode &f, Value x) {
  Lanczos parts(f, x);
  Value direct = f.sub(f.add(parts.logT, f.div(parts.slope, parts.sum)),
                       f.div(f.number(lanczosG), parts.t));
  // digamma(1 - x) - digamma(x) = pi / tan(pi x), whose period is 1.
  Value distance =
      f.add(x, math::FloorOp::create(f.b, f.sub(f.number(0.5), x)).getResult());
  Value angle = f.mul(f.number(std::numbers::pi), distance);
  Value cotangent = f.div(math::CosOp::create(f.b, angle),
                          math::SinOp::create(f.b, angle).getResult());
  Value reflected = f.sub(direct, f.mul(f.number(std::numbers::pi), cotangent));
  Value result = f.select(parts.isReflected, reflected, direct);
  Value isWhole =
      f.compare(arith::CmpFPredicate::OEQ, x, math::FloorOp::create(f.b, x));
  Value notPositive = f.compare(arith::CmpFPredicate::OLE, x, f.number(0.0));
  Value isPole = arith::AndIOp::create(f.b, isWhole, notPositive);
  return f.select(isPole, f.number(std::numeric_limits<double>::quiet_NaN()),
                  result);
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

template <Value create(FloatCode &, Value)>
static Value createWide(ImplicitLocOpBuilder &b, Operation *, ValueRange args) {
  return computeWide(b, args, [](FloatCode &f, ValueRange wide) {
    return create(f, wide[0]);
  });
}

template <Value create(FloatCode &, Value, Value)>
static Value createWide(ImplicitLocOpBuilder &b, Operation *, ValueRange args) {
  return computeWide(b, args, [](FloatCode &f, ValueRange wide) {
    return create(f, wide[0], wide[1]);
  });
}

void from_stablehlo::addSpecialFunctions(ScalarTable &table) {
  table.add<chlo::ErfInvOp>(Floats, createWide<createErfInv>);
  table.add<chlo::LgammaOp>(Floats, createWide<createLgamma>);
  table.add<chlo::DigammaOp>(Floats, createWide<createDigamma>);
  table.add<chlo::BesselI1eOp>(Floats, createWide<createBesselI1e>);
  table.add<chlo::PolygammaOp>(Floats, createWide<createPolygamma>);
  table.add<chlo::ZetaOp>(Floats, createWide<createZeta>);
}
