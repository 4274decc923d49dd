//===- SpecialFunctions.h - Functions that math lacks -----------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SPECIALFUNCTIONS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SPECIALFUNCTIONS_H

#include "FloatCode.h"

namespace mlir::cegm::from_stablehlo {

/// exp(-|x|) I1(x), the modified Bessel function of order one.
Value createBesselI1e(FloatCode &f, Value x);

/// The logarithm of |gamma(x)|, and its derivative.
Value createLgamma(FloatCode &f, Value x);
Value createDigamma(FloatCode &f, Value x);

/// Hurwitz' zeta function: the sum of (q + k)^-s for k = 0, 1, ...
Value createZeta(FloatCode &f, Value s, Value q);

/// The derivative of digamma, n times.
Value createPolygamma(FloatCode &f, Value n, Value x);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SPECIALFUNCTIONS_H
