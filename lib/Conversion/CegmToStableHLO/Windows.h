//===- Windows.h - Sums over windows of the sequence ----------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H

#include "Emitter.h"

namespace mlir::cegm::to_stablehlo {

/// Tensors of *rows* have the shape [batch..., sequence, features]; what is
/// known of each row is *token-shaped*, [batch..., sequence], or has a shorter
/// sequence where the rows are windows.

/// Sums rows over consecutive windows of `window` positions of the sequence,
/// 0 for the whole of it; the last window may be shorter. Where `kept`, one
/// flag a token, is false, the row counts as zeros; it may be null.
Value sumWindows(Emitter &emit, Value rows, int64_t window, Value kept);

/// Sums `count` consecutive window sums each, 0 for all of them.
Value sumSums(Emitter &emit, Value sums, int64_t count);

/// Repeats what is known of each window for the tokens of a sequence of
/// `length`.
Value expandWindows(Emitter &emit, Value perWindow, int64_t window,
                    Size length);

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_WINDOWS_H
