//===- Levels.h - The hierarchy of windows of one score -------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_LEVELS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_LEVELS_H

#include "Emitter.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm::to_linalg {

/// One level of the hierarchy.
struct Level {
  /// The positions of a window, 0 for the whole sequence.
  int64_t window;
  /// Its share in the score, an f64 number. Where the length of the sequence
  /// is dynamic it may turn out as 0: a level of which a finer one is the whole
  /// sequence already does not count.
  Value weight;
  /// One f64 number for each window, of the shape [batch..., windows]: how well
  /// gradient and context agree there.
  Value agreement;
};

/// The levels of a score, without their agreement; `tokens` is any tensor of
/// its token shape.
SmallVector<Level> getLevels(Emitter &emit, ScoreOp op, Value tokens);

/// Reads the levels from the body of a loop over tokens.
class LevelReader {
public:
  /// If `isProduct`, what is read are products of sums, of windows that may
  /// differ in length.
  LevelReader(Emitter &emit, Value tokens, bool isProduct);

  /// The agreement of the window that holds the token at which the loop is.
  Value read(Arithmetic &a, const Level &level) const;

private:
  int64_t rank;
  Value length;
  bool isProduct;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_LEVELS_H
