//===- Levels.h - The hierarchy of windows and where its sums are ---------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_LEVELS_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_LEVELS_H

#include "Rows.h"
#include "Tiling.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include <optional>

namespace mlir::cegm::to_gpu {

/// `<c, c>`, `<g, g>` and `<c, g>`: how many sums a pair of rows has.
inline constexpr int64_t sumsPerRow = 3;

/// Whether a level is that of single tokens, is summed inside a group of rows
/// along with the tokens, from the sums of groups, or from all rows again.
enum class LevelSource { Token, Group, GroupSums, Rows };

/// One level of the hierarchy.
struct Level {
  int64_t window;
  double weight;
  LevelSource source;
  /// Windows of all sequences.
  int64_t count;
  /// Sums of each window, f64 `[chunks, 3, count]`; null for single tokens.
  Value sums = {};
  int64_t chunks = 0;
  /// What each window or token agrees by; the score type, or f64 for products.
  Value agreement = {};
};

/// A score op on the way through its kernels.
struct ScoreTask {
  /// Mutable since the accessors of ops are not const.
  mutable ScoreOp op;
  Rows context;
  Rows gradient;
  Value contextBuffer;
  Value gradientBuffer;
  /// One factor a feature, in the score type; null if there is none.
  Value metric;
  /// The score type, in which sums over a row are made.
  FloatType type;
  int64_t width;
  /// The most rows that a thread loads before it uses the first of them.
  int64_t rowsInFlight;
  SmallVector<Level> levels = {};
  /// How rows are shared by the kernel that sums over them, and its sums of
  /// each token, `[chunks, 3, tokens]` in the score type.
  std::optional<Tiling> tiling = {};
  Value tokenSums = {};
  /// Rows of a group. Levels up to that are summed with the tokens.
  int64_t groupRows = 0;
  /// Sums of the rows of each group, `[2, groups, features]`, from which levels
  /// above it are made; null if there are none.
  Value groupSums = {};
  /// Groups that hold a token which is not finite; null without windows.
  Value dirty = {};
  /// Of each token.
  Value finite = {};
  Value active = {};
  Value norm = {};

  int64_t getLength() const { return context.getLength(); }
  int64_t getTokens() const { return context.getTokens(); }
  /// How many windows of a length a sequence has.
  int64_t getWindows(int64_t window) const {
    return divideCeil(getLength(), window);
  }
  int64_t getGroups() const {
    return context.getBatch() * getWindows(groupRows);
  }
  bool isCosine() const { return op.getKernel() == Kernel::Cosine; }
  /// Of the numbers that levels agree by.
  FloatType getAgreementType() const {
    return isCosine() ? type : Float64Type::get(type.getContext());
  }
};

/// Plans the hierarchy: which levels there are, and the rows of a group.
void planLevels(ScoreTask &task);

/// Kernels, in the order in which they run.
void launchRowSums(Launcher &launcher, ScoreTask &task);
void launchTokens(Launcher &launcher, ScoreTask &task);
/// Sums windows that hold tokens which are not finite again, without these.
void launchRepair(Launcher &launcher, ScoreTask &task);
/// Sums a level that does not fit the groups from all rows.
void launchDirectLevel(Launcher &launcher, ScoreTask &task, Level &level);
/// Sums a level from the sums of groups.
void launchCoarseLevel(Launcher &launcher, ScoreTask &task, Level &level);
void launchWindows(Launcher &launcher, ScoreTask &task);
/// Returns the scores.
Value launchScores(Launcher &launcher, ScoreTask &task);

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_LEVELS_H
