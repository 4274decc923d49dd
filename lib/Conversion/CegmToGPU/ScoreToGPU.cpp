//===- ScoreToGPU.cpp - cegm.score ----------------------------------------===//

#include "Levels.h"
#include "Lowerings.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// The metric over its largest magnitude, one factor a feature, in the score
/// type: a common factor of all products does not matter, but their range does.
static Value launchMetric(Launcher &launcher, ScoreOp op, FloatType type) {
  if (!op.getMetric())
    return {};
  constexpr int64_t blockSize = 256;
  int64_t features = op.getMetric().getType().getNumElements();
  Value metric = launcher.getBuffer(op.getMetric());
  Value scaled = launcher.getScratch(type, features);
  launcher.launch(
      "metric", {1, blockSize}, {metric, scaled},
      [&](Body &body, ValueRange arguments) {
        auto load = [&](Value feature) {
          return body.convert(body.load(arguments[0], feature), type);
        };
        Value end = body.index(features);
        SmallVector<Value> largest = body.loop(
            body.threadId(), end, blockSize, body.zero(type),
            [&](Value feature, ValueRange carried) -> SmallVector<Value> {
              return {body.max(carried[0], body.abs(load(feature)))};
            });
        Value magnitude = maximumOfBlock(body, blockSize, largest.front());
        double smallest =
            APFloat::getSmallestNormalized(type.getFloatSemantics())
                .convertToDouble();
        magnitude = body.max(magnitude, body.number(smallest, type));
        body.loop(body.threadId(), end, blockSize, {},
                  [&](Value feature, ValueRange) -> SmallVector<Value> {
                    body.store(body.div(load(feature), magnitude), arguments[1],
                               feature);
                    return {};
                  });
      });
  return scaled;
}

/// As measured on sm_90: rows of 16-bit numbers have less to do per byte, and
/// gain by more of them, if a row is enough for a warp; else these do not fit
/// into registers.
static int64_t getRowsInFlight(const Launcher &launcher, const Rows &context,
                               const Rows &gradient) {
  if (launcher.getOptions().rowsInFlight > 0)
    return launcher.getOptions().rowsInFlight;
  auto isNarrow = [](const Rows &rows) {
    return rows.getElementType().getIntOrFloatBitWidth() <= 16;
  };
  bool fillsWarp =
      context.getFeatures() >= warpSize * getCommonWidth({context, gradient});
  return fillsWarp && isNarrow(context) && isNarrow(gradient) ? 16 : 8;
}

SmallVector<Value> to_gpu::lowerScore(Launcher &launcher, ScoreOp op) {
  Rows context(op.getContexts().getType(), op.getContextTokens(),
               op.getContextFeatures());
  Rows gradient(op.getGradients().getType(), op.getGradientTokens(),
                op.getGradientFeatures());
  auto type = cast<FloatType>(op.getScores().getType().getElementType());
  ScoreTask task = {op,
                    context,
                    gradient,
                    launcher.getBuffer(op.getContexts()),
                    launcher.getBuffer(op.getGradients()),
                    launchMetric(launcher, op, type),
                    type,
                    getCommonWidth({context, gradient}),
                    getRowsInFlight(launcher, context, gradient)};
  auto [active, activeTensor] = launcher.getResult(op.getActive().getType());
  task.active = active;
  planLevels(task);
  task.tiling =
      Tiling::get(context.getFeatures(), task.width, task.getGroups());

  launchRowSums(launcher, task);
  launchTokens(launcher, task);
  launchRepair(launcher, task);
  for (Level &level : task.levels) {
    if (level.source == LevelSource::GroupSums)
      launchCoarseLevel(launcher, task, level);
    if (level.source == LevelSource::Rows)
      launchDirectLevel(launcher, task, level);
  }
  launchWindows(launcher, task);
  return {launchScores(launcher, task), activeTensor};
}
