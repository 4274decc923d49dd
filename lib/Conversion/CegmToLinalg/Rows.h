//===- Rows.h - Tokens and features of a tensor ---------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_ROWS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_ROWS_H

#include "Emitter.h"

namespace mlir::cegm::to_linalg {

/// A tensor that is read as one row of features for each token, or for each
/// window of tokens. Its dimensions may have any order: loops reach them by
/// indexing maps. The last token dimension is the sequence.
struct Rows {
  Value tensor;
  SmallVector<int64_t> tokens;
  SmallVector<int64_t> features;

  /// The tensor of a shape [tokens..., features...].
  static Rows inOrder(Value tensor, int64_t tokens);

  int64_t getSequenceDim() const { return tokens.back(); }

  /// The map that reaches the row at `tokenExprs` and its element at
  /// `featureExprs`, from loops of the given rank.
  AffineMap getMap(int64_t rank, ArrayRef<AffineExpr> tokenExprs,
                   ArrayRef<AffineExpr> featureExprs) const;
};

/// What all kernels are made of: sums over the features of each row, in f64 and
/// of the shape of the tokens. No square or product of numbers of up to 32 bits
/// leaves the range of f64, and rows of f64 hold for magnitudes of 1e-150 to
/// 1e150.
struct Sums {
  Value contextSquare;
  Value gradientSquare;
  Value product;
};

/// The sizes of the tokens of two tensors, known where one of both is.
Emitter::Sizes getTokenSizes(Emitter &emit, const Rows &context,
                             const Rows &gradient);

/// The sums of pairs of rows; `metric` has one f64 number a feature, or is
/// null.
Sums emitSums(Emitter &emit, const Rows &context, const Rows &gradient,
              Value metric);

/// Sums rows over consecutive windows of `window` positions of the sequence,
/// 0 for the whole of it; the last window may be shorter. Where `kept`, one
/// flag a token, is false, the row counts as zeros; it may be null. The sums
/// are in f64.
Rows sumWindows(Emitter &emit, const Rows &rows, int64_t window, Value kept);

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_ROWS_H
