//===- Levels.cpp - The hierarchy of windows and where its sums are -------===//

#include "Levels.h"

#include "cegm/Dialect/Cegm/IR/ScoreFormulas.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// The most rows of a group: what is found of each waits in shared memory.
static constexpr int64_t mostRows = 128;
/// Rows of a group where no level tells.
static constexpr int64_t usualRows = 16;
/// Groups that keep a large chip busy.
static constexpr int64_t enoughGroups = 264;

static SmallVector<Level> getLevels(const ScoreTask &task) {
  int64_t length = task.getLength();
  SmallVector<Level> levels;
  SmallVector<int64_t> windows = getWindowLevels(task.op.getWindows(), length);
  SmallVector<double> weights =
      getLevelWeights(windows.size(), task.op.getDecay().convertToDouble());
  for (auto [window, weight] : llvm::zip_equal(windows, weights)) {
    if (window == 0)
      window = length;
    levels.push_back({window, weight, LevelSource::Token,
                      task.context.getBatch() * task.getWindows(window)});
  }
  return levels;
}

/// Whether a level above the group can be made from the sums of groups: the
/// whole sequence always can.
static bool fitsGroups(const ScoreTask &task, const Level &level,
                       int64_t groupRows) {
  return level.window == task.getLength() || level.window % groupRows == 0;
}

/// The longest chain of levels that divide each other and fit a group.
static SmallVector<Level *> getChain(ScoreTask &task) {
  SmallVector<Level *> chain;
  for (Level &level : task.levels)
    if (level.window > 1 && level.window <= mostRows &&
        (chain.empty() || level.window % chain.back()->window == 0))
      chain.push_back(&level);
  return chain;
}

void to_gpu::planLevels(ScoreTask &task) {
  task.levels = getLevels(task);
  int64_t batch = task.context.getBatch();
  SmallVector<Level *> chain = getChain(task);
  // Where there is little to do, groups end at a finer level, and there are
  // more of them.
  while (chain.size() > 1 &&
         batch * task.getWindows(chain.back()->window) < enoughGroups)
    chain.pop_back();
  task.groupRows = chain.empty() ? usualRows : chain.back()->window;

  auto canDouble = [&] {
    return task.groupRows < usualRows &&
           llvm::all_of(
               task.levels,
               [&](const Level &level) {
                 return level.window <= task.groupRows ||
                        fitsGroups(task, level, 2 * task.groupRows);
               });
  };
  while (canDouble())
    task.groupRows *= 2;

  for (Level *level : chain)
    level->source = LevelSource::Group;
  for (Level &level : task.levels) {
    if (level.window == 1 || level.source == LevelSource::Group)
      continue;
    level.source =
        level.window > task.groupRows && fitsGroups(task, level, task.groupRows)
            ? LevelSource::GroupSums
            : LevelSource::Rows;
  }
}
