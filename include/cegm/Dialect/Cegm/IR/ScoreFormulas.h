//===- ScoreFormulas.h - Numbers that all lowerings use ---------*- C++ -*-===//

#ifndef CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H
#define CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H

#include "mlir/IR/Types.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::cegm {

/// The share of the norms of a window's gradients, of element type `element`,
/// below which their mean counts as zero. What is left where gradients cancel
/// exactly (those of attention keys over a whole sequence do) is the rounding
/// of the element type, whose direction means nothing; a few bits above that
/// rounding there is no such doubt.
inline double getCancellationShare(Type element) {
  if (element.isBF16())
    return 0x1p-7;
  if (element.isF16())
    return 0x1p-9;
  return element.isF64() ? 0x1p-40 : 0x1p-16;
}

/// The weights of `count` levels of windows in a score before they are divided
/// by their sum: the powers of `decay`, the finest level's first.
inline SmallVector<double> getLevelPowers(size_t count, double decay) {
  SmallVector<double> powers(1, 1.0);
  while (powers.size() < count)
    powers.push_back(powers.back() * decay);
  return powers;
}

/// The weights of the levels, which sum to 1.
inline SmallVector<double> getLevelWeights(size_t count, double decay) {
  SmallVector<double> weights = getLevelPowers(count, decay);
  double total = 0.0;
  for (double weight : weights)
    total += weight;
  for (double &weight : weights)
    weight /= total;
  return weights;
}

} // namespace mlir::cegm

#endif // CEGM_DIALECT_CEGM_IR_SCOREFORMULAS_H
