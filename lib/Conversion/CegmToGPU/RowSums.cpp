//===- RowSums.cpp - Sums over the features of tokens and windows ---------===//

#include "RowSumsBody.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// Levels that are summed inside a group, finest first.
static SmallVector<Level *> getGroupLevels(ScoreTask &task) {
  SmallVector<Level *> levels;
  for (Level &level : task.levels)
    if (level.source == LevelSource::Group)
      levels.push_back(&level);
  return levels;
}

/// `isRepair` is for a second run.
static void launchGroups(Launcher &launcher, ScoreTask &task, bool isRepair) {
  const Tiling &tiling = *task.tiling;
  SmallVector<Level *> levels = getGroupLevels(task);
  SmallVector<Value> operands = {task.contextBuffer, task.gradientBuffer};
  auto addOperand = [&](Value operand) {
    operands.push_back(operand);
    return operands.size() - 1;
  };
  for (Level *level : levels)
    addOperand(level->sums);
  size_t metric = task.metric ? addOperand(task.metric) : 0;
  size_t groupSums = task.groupSums ? addOperand(task.groupSums) : 0;
  size_t dirty = task.dirty ? addOperand(task.dirty) : 0;
  size_t extra = addOperand(isRepair ? task.finite : task.tokenSums);

  launcher.launch(
      isRepair ? "repair" : "row_sums", tiling.getGrid(), operands,
      [&](Body &body, ValueRange arguments) {
        SmallVector<Nest> nests;
        for (auto [level, sums] : llvm::zip(levels, arguments.drop_front(2)))
          nests.push_back({level->window, sums, level->count});
        if (nests.empty() ||
            (groupSums && nests.back().window != task.groupRows))
          nests.push_back({task.groupRows, Value()});
        auto write = [&] {
          RowSumsBody writer(body, task, tiling, task.groupRows, nests);
          writer.contextBuffer = arguments[0];
          writer.gradientBuffer = arguments[1];
          writer.metric = metric ? arguments[metric] : Value();
          writer.groupSums = groupSums ? arguments[groupSums] : Value();
          (isRepair ? writer.finite : writer.tokenSums) = arguments[extra];
          writer.write();
        };
        if (!dirty)
          return write();
        Place place(body, tiling);
        if (!isRepair) {
          Value isFirst =
              body.logicalAnd(body.equal(place.rank, body.index(0)),
                              body.equal(place.chunk, body.index(0)));
          place.ifActive(body, isFirst, [&] {
            body.store(body.flag(false), arguments[dirty], place.group);
          });
          return write();
        }
        // All threads of a block decide the same.
        Value isAnyDirty;
        Value first = body.mul(body.blockId(gpu::Dimension::x), tiling.teams);
        for (int64_t team = 0; team < tiling.teams; ++team) {
          Value group = body.add(first, team);
          if (place.isActive)
            group = body.min(group, body.index(tiling.groups - 1));
          Value isDirty = body.load(arguments[dirty], group);
          isAnyDirty =
              isAnyDirty ? body.logicalOr(isAnyDirty, isDirty) : isDirty;
        }
        body.ifThen(isAnyDirty, write);
      });
}

void to_gpu::launchRowSums(Launcher &launcher, ScoreTask &task) {
  const Tiling &tiling = *task.tiling;
  task.tokenSums = launcher.getScratch(task.type, tiling.chunks * sumsPerRow *
                                                      task.getTokens());
  Type wide = Float64Type::get(task.type.getContext());
  bool hasWindows = false, hasCoarse = false;
  for (Level &level : task.levels) {
    hasWindows |= level.source == LevelSource::Group;
    hasCoarse |= level.source == LevelSource::GroupSums;
    if (level.source != LevelSource::Group)
      continue;
    level.chunks = tiling.chunks;
    level.sums =
        launcher.getScratch(wide, tiling.chunks * sumsPerRow * level.count);
  }
  if (hasCoarse)
    task.groupSums =
        launcher.getScratch(task.type, 2 * task.getGroups() * tiling.features);
  if (hasWindows || hasCoarse)
    task.dirty = launcher.getScratch(
        IntegerType::get(task.type.getContext(), 1), task.getGroups());
  launchGroups(launcher, task, /*isRepair=*/false);
}

void to_gpu::launchRepair(Launcher &launcher, ScoreTask &task) {
  if (task.dirty)
    launchGroups(launcher, task, /*isRepair=*/true);
}

void to_gpu::launchDirectLevel(Launcher &launcher, ScoreTask &task,
                               Level &level) {
  Tiling tiling =
      Tiling::get(task.context.getFeatures(), task.width, level.count);
  level.chunks = tiling.chunks;
  level.sums = launcher.getScratch(Float64Type::get(task.type.getContext()),
                                   tiling.chunks * sumsPerRow * level.count);
  SmallVector<Value> operands = {task.contextBuffer, task.gradientBuffer,
                                 task.finite, level.sums};
  if (task.metric)
    operands.push_back(task.metric);
  launcher.launch("window_sums", tiling.getGrid(), operands,
                  [&](Body &body, ValueRange arguments) {
                    Nest nest = {level.window, arguments[3], level.count};
                    RowSumsBody writer(body, task, tiling, level.window, nest);
                    writer.contextBuffer = arguments[0];
                    writer.gradientBuffer = arguments[1];
                    writer.finite = arguments[2];
                    if (task.metric)
                      writer.metric = arguments[4];
                    writer.write();
                  });
}
