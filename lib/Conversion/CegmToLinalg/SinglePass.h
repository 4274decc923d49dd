//===- SinglePass.h - All sums of a site in one pass ----------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_SINGLEPASS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_SINGLEPASS_H

#include "Rows.h"

namespace mlir::cegm::to_linalg {

/// What one pass over a context and a gradient makes.
struct SinglePassSums {
  Sums tokens;
  /// The sums over windows, without the rows that are not finite, in the score
  /// type; without tensors if none were asked for.
  Rows contextWindows;
  Rows gradientWindows;
};

/// How the pass is made.
struct SinglePassOptions {
  /// The positions of a window, 0 for the whole sequence. A window is the unit
  /// of parallel work.
  int64_t window;
  bool withWindowSums;
  /// The element type of most sums, which is that of scores.
  FloatType type;
  int64_t vectorBits;
};

/// The index of the feature dimension that is the innermost of both tensors in
/// memory, which the pass needs to load vectors; none where there is none, or
/// no element.
std::optional<int64_t> getVectorFeature(const Rows &context,
                                        const Rows &gradient);

/// Reads both tensors once, window by window in parallel, vector by vector
/// along the features. Rows whose sums leave the range of the type are read
/// again, and summed in f64. The tensors must have a vector feature.
SinglePassSums emitSinglePass(Emitter &emit, const Rows &context,
                              const Rows &gradient,
                              const SinglePassOptions &options);

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_SINGLEPASS_H
