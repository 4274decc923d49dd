//===- Saturating.h - Sums and products that stop at the limits -*- C++ -*-===//
//
// Sizes in a program that nobody has checked yet may be any numbers: what they
// add up to is then the largest number, or the smallest, and no other one.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_SUPPORT_SATURATING_H
#define CEGM_SUPPORT_SATURATING_H

#include "llvm/Support/MathExtras.h"

#include <cstdint>
#include <limits>

namespace mlir::cegm {

inline int64_t addSaturating(int64_t a, int64_t b) {
  int64_t sum;
  if (!llvm::AddOverflow(a, b, sum))
    return sum;
  return a > 0 ? std::numeric_limits<int64_t>::max()
               : std::numeric_limits<int64_t>::min();
}

inline int64_t multiplySaturating(int64_t a, int64_t b) {
  int64_t product;
  if (!llvm::MulOverflow(a, b, product))
    return product;
  return (a > 0) == (b > 0) ? std::numeric_limits<int64_t>::max()
                            : std::numeric_limits<int64_t>::min();
}

} // namespace mlir::cegm

#endif // CEGM_SUPPORT_SATURATING_H
