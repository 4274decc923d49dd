//===- WindowPass.h - The sums of one window of tokens --------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_WINDOWPASS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_WINDOWPASS_H

#include "FeatureLoops.h"

namespace mlir::cegm::to_linalg {

/// Writes the work on one window of tokens.
class WindowPass {
public:
  /// The squares of the contexts and of the gradients, and their products.
  static constexpr int64_t NumTokenSums = 3;

  const Rows &context;
  const Rows &gradient;
  const FeatureLoops &loops;
  /// The type of most sums.
  FloatType type;
  /// Where the window starts, and its length.
  ArrayRef<Value> batch;
  Value start;
  OpFoldResult length;

  /// Writes over the tensors in `results`: three of an f64 number for each
  /// token of the window, and if asked for, two of the features, for the sums
  /// of the context and of the gradient over the window.
  SmallVector<Value> run(Arithmetic &a, ArrayRef<Value> results) const;

private:
  SmallVector<Value> getToken(Arithmetic &a, Value row) const;
  SmallVector<Value> clearWindows(Arithmetic &a, ValueRange windows) const;
  Value isKnown(Arithmetic &a, Value square) const;

  SmallVector<Value> sumRows(Arithmetic &a, ValueRange results) const;
  SmallVector<Value> sumRow(Arithmetic &a, Value row, ValueRange carried) const;
  SmallVector<Value> repairTokens(Arithmetic &a, ValueRange results) const;
  SmallVector<Value> repairSums(Arithmetic &a, Value row,
                                ValueRange sums) const;
  SmallVector<Value> repairWindows(Arithmetic &a, ValueRange results) const;
  SmallVector<Value> sumFinite(Arithmetic &a, ValueRange tokenSums,
                               ValueRange windows) const;
  SmallVector<Value> sumWide(Arithmetic &a, Value row) const;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_WINDOWPASS_H
