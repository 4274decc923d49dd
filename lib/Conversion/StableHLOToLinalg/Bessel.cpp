//===- Bessel.cpp - Bessel functions --------------------------------------===//

#include "SpecialFunctions.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

// Expansions in Chebyshev polynomials, the highest first, of the functions and
// on the intervals of S. L. Moshier, "Methods and Programs for Mathematical
// Functions" (1989). The numbers are integrals, computed with 60 digits.

// exp(-x) I1(x) / x for x from 0 to 8, in x / 4 - 1.
static constexpr double nearTerms[] = {
    -2.1114212143581661e-17, 1.5536319577362005e-16,  -1.1055969477353863e-15,
    7.6006842947354069e-15,  -5.0421855047279117e-14, 3.2237933659455747e-13,
    -1.9839743977649437e-12, 1.1736186298890902e-11,  -6.6634897235020277e-11,
    3.625590281552117e-10,   -1.8872497517228293e-9,  9.3815373864957718e-9,
    -4.4450591287963281e-8,  2.0032947535521353e-7,   -8.5687202646954547e-7,
    3.4702513081376785e-6,   -1.3273163656039436e-5,  4.7815651075500542e-5,
    -0.00016176081582589675, 0.00051228595616857577,  -0.0015135724506312531,
    0.0041564229443128882,   -0.010564084894626198,   0.024726449030626517,
    -0.052945981208094991,   0.1026436586898471,      -0.17641651835783406,
    0.25258718644363365};

// exp(-x) I1(x) sqrt(x) for x from 8, in 16 / x - 1.
static constexpr double farTerms[] = {
    7.5172963108421048e-18,  4.4143483230717079e-18,  -4.6503053684893583e-17,
    -3.209525921993424e-17,  2.9626289976459501e-16,  3.3082023109209283e-16,
    -1.8803547755107824e-15, -3.8144030724370078e-15, 1.0420276984128803e-14,
    4.2724400167119514e-14,  -2.1015418427726643e-14, -4.0835511110921973e-13,
    -7.1985517762459085e-13, 2.0356285441470895e-12,  1.4125807436613781e-11,
    3.2526035830154882e-11,  -1.8974958123505412e-11, -5.5897434621965838e-10,
    -3.835380385964237e-9,   -2.6314688468895195e-8,  -2.5122362378702089e-7,
    -3.8825648088776904e-6,  -0.00011058893876262372, -0.0097610974913614684,
    0.77857623501828012};

/// Clenshaw's sum, of the terms that a type can hold beside the others.
static Value createChebyshevSum(FloatCode &f, Value x, ArrayRef<double> terms) {
  double least =
      std::ldexp(1.0, -8 - APFloat::semanticsPrecision(f.semantics()));
  while (std::fabs(terms.front()) < least)
    terms = terms.drop_front();
  Value twice = f.add(x, x);
  Value sum = f.number(terms.front()), last = f.number(0.0), before = last;
  for (double term : terms.drop_front()) {
    before = last;
    last = sum;
    sum = f.add(f.sub(f.mul(twice, last), before), f.number(term));
  }
  return f.mul(0.5, f.sub(sum, before));
}

Value from_stablehlo::createBesselI1e(FloatCode &f, Value x) {
  Value size = f.abs(x), one = f.number(1.0);
  Value near = f.mul(
      size, createChebyshevSum(f, f.sub(f.mul(0.25, size), one), nearTerms));
  Value far = f.div(
      createChebyshevSum(f, f.sub(f.div(f.number(16.0), size), one), farTerms),
      f.sqrt(size));
  Value isNear = f.lessOrEqual(size, f.number(8.0));
  return f.copySign(f.select(isNear, near, far), x);
}
