//===- ScoreFormulas.h - Numbers that all lowerings use ---------*- C++ -*-===//

#ifndef CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H
#define CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H

#include "mlir/IR/Types.h"

namespace mlir::cegm {

/// The share of the norms of a window's gradients, of element type `element`,
/// below which their mean counts as zero. What is left where gradients cancel
/// exactly (those of attention keys over a whole sequence do) is the rounding of
/// the element type, whose direction means nothing; a few bits above that
/// rounding there is no such doubt.
inline double getCancellationShare(Type element) {
  if (element.isBF16())
    return 0x1p-7;
  if (element.isF16())
    return 0x1p-9;
  return element.isF64() ? 0x1p-40 : 0x1p-16;
}

} // namespace mlir::cegm

#endif // CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H
