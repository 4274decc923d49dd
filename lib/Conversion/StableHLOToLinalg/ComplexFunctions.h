//===- ComplexFunctions.h - Functions of complex numbers --------*- C++ -*-===//
//
// Those that the dialect of complex numbers lacks, in real arithmetic. Zeros
// keep their sign, which picks the side of a branch cut; infinities and NaN
// give what annex G of the C standard says.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_COMPLEXFUNCTIONS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_COMPLEXFUNCTIONS_H

#include "FloatCode.h"

namespace mlir::cegm::from_stablehlo {

struct ComplexParts {
  Value real, imaginary;
};

ComplexParts createComplexAsin(FloatCode &f, ComplexParts z);
ComplexParts createComplexAcos(FloatCode &f, ComplexParts z);
ComplexParts createComplexAtan(FloatCode &f, ComplexParts z);
ComplexParts createComplexAsinh(FloatCode &f, ComplexParts z);
ComplexParts createComplexAcosh(FloatCode &f, ComplexParts z);
ComplexParts createComplexAtanh(FloatCode &f, ComplexParts z);
ComplexParts createComplexSinh(FloatCode &f, ComplexParts z);
ComplexParts createComplexCosh(FloatCode &f, ComplexParts z);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_COMPLEXFUNCTIONS_H
