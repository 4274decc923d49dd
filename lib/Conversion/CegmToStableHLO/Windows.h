//===- Windows.h - Sums over windows of the sequence ----------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H

#include "Emitter.h"

namespace mlir::cegm {

/// The roles of the dimensions of a tensor: which are tokens and which are
/// features, both in increasing order. A *token-shaped* tensor has the token
/// dimensions alone, in this order; `sequence` is the one along which windows
/// are cut, counted among the token dimensions.
struct Layout {
  SmallVector<int64_t> tokens;
  SmallVector<int64_t> features;
  int64_t sequence;

  int64_t sequenceDim() const { return tokens[sequence]; }
};

/// Sums rows over consecutive windows of `window` positions of the sequence,
/// 0 for the whole of it; the last window may be shorter. Where `kept`, one
/// flag a token, is false, the row counts as zeros; it may be null.
Value sumWindows(Emitter &emit, const Layout &layout, Value rows,
                 int64_t window, Value kept);

/// Sums `count` consecutive window sums each, 0 for all of them.
Value sumSums(Emitter &emit, const Layout &layout, Value sums, int64_t count);

/// Repeats what is known of each window, a token-shaped tensor, for the tokens
/// of a sequence of `length`.
Value expandWindows(Emitter &emit, const Layout &layout, Value perWindow,
                    int64_t window, int64_t length);

} // namespace mlir::cegm

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H
