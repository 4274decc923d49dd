//===- CoarseLevels.cpp - Levels above the groups of rows -----------------===//

#include "Levels.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

void to_gpu::launchCoarseLevel(Launcher &launcher, ScoreTask &task,
                               Level &level) {
  Type wide = Float64Type::get(task.type.getContext());
  int64_t features = task.context.getFeatures();
  Tiling tiling = Tiling::get(features, task.width, level.count);
  level.chunks = tiling.chunks;
  level.sums =
      launcher.getScratch(wide, tiling.chunks * sumsPerRow * level.count);

  int64_t groups = task.getWindows(task.groupRows);
  int64_t groupsPerWindow = divideCeil(level.window, task.groupRows);
  int64_t windows = task.getWindows(level.window);
  SmallVector<Value> operands = {task.groupSums, level.sums};
  if (task.metric)
    operands.push_back(task.metric);
  launcher.launch(
      "coarse_sums", tiling.getGrid(), operands,
      [&](Body &body, ValueRange arguments) {
        Place place(body, tiling);
        Value sequence = body.div(place.group, windows);
        Value first = body.mul(body.rem(place.group, windows), groupsPerWindow);
        Value last =
            body.min(body.add(first, groupsPerWindow), body.index(groups));
        Type type = wide;
        if (tiling.width > 1)
          type = VectorType::get({tiling.width}, wide);
        auto load = [&](Value group, int64_t which) {
          Value row = body.add(body.mul(sequence, groups), group);
          Value position = body.add(body.mul(row, features), place.feature);
          position = body.add(position, which * task.getGroups() * features);
          Value value = body.convert(
              body.loadVector(arguments[0], position, tiling.width), wide);
          return place.isInside
                     ? body.select(place.isInside, value, body.zero(type))
                     : value;
        };
        SmallVector<Value> vectors = body.loop(
            first, last, 1, {body.zero(type), body.zero(type)},
            [&](Value group, ValueRange carried) -> SmallVector<Value> {
              return {body.add(carried[0], load(group, 0)),
                      body.add(carried[1], load(group, 1))};
            });
        Value c = vectors[0], g = vectors[1], scaled = c;
        if (task.metric)
          scaled = body.mul(
              c, body.convert(
                     body.loadVector(arguments[2], place.feature, tiling.width),
                     wide));
        SmallVector<Value> sums;
        for (auto [lhs, rhs] : {std::pair(c, c), {g, g}, {scaled, g}})
          sums.push_back(body.sumElements(body.mul(lhs, rhs)));
        sums = sumTeam(body, tiling, place, sums);
        place.ifActive(body, body.equal(place.rank, body.index(0)), [&] {
          for (auto [index, sum] : llvm::enumerate(sums)) {
            Value chunk = body.add(body.mul(place.chunk, sumsPerRow), index);
            body.store(sum, arguments[1],
                       body.add(body.mul(chunk, level.count), place.group));
          }
        });
      });
}
