//===- Windows.cpp - How windows agree, and the scores of tokens ----------===//

#include "Agreement.h"
#include "Levels.h"
#include "Lowerings.h"

#include "cegm/Dialect/Cegm/IR/ScoreFormulas.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

static constexpr int64_t blockSize = 128, warpsOfBlock = blockSize / warpSize;

/// Of one window, by a whole warp: 0 where its gradients cancel.
static Value getWindowAgreement(Body &body, const ScoreTask &task,
                                const Level &level, Value sums, Value norms,
                                Value window, Value lane) {
  Type wide = Float64Type::get(body.getContext());
  int64_t length = task.getLength();
  int64_t windows = task.getWindows(level.window);
  Value start = body.mul(body.rem(window, windows), level.window);
  Value end = body.min(body.add(start, level.window), body.index(length));
  Value origin = body.mul(body.div(window, windows), length);

  Value zero = body.zero(wide);
  Value total =
      body.loop(body.add(start, lane), end, warpSize, zero,
                [&](Value place, ValueRange carried) -> SmallVector<Value> {
                  Value norm = body.load(norms, body.add(origin, place));
                  return {body.add(carried[0], body.convert(norm, wide))};
                })
          .front();
  SmallVector<Value> parts = body.loop(
      lane, body.index(level.chunks), warpSize, {zero, zero, zero},
      [&](Value chunk, ValueRange carried) {
        SmallVector<Value> next;
        for (int64_t index = 0; index < sumsPerRow; ++index) {
          Value row = body.add(body.mul(chunk, sumsPerRow), index);
          Value position = body.add(body.mul(row, level.count), window);
          next.push_back(body.add(carried[index], body.load(sums, position)));
        }
        return next;
      });
  parts.push_back(total);
  parts = sumLanes(body, parts, warpSize);
  total = parts.pop_back_val();

  Value agreement = getAgreement(body, task, parts);
  if (!task.isCosine() && length % level.window != 0) {
    // From products of sums to those of means, up to a common factor.
    Value size = arith::IndexCastUIOp::create(body, body.getI32Type(),
                                              body.sub(end, start));
    size = arith::UIToFPOp::create(body, wide, size);
    Value ratio = body.div(body.number(level.window, wide), size);
    agreement = body.mul(agreement, body.square(ratio));
  }
  double share = getCancellationShare(task.gradient.getElementType());
  Value cancelled = body.lessOrEqual(body.sqrt(parts[1]),
                                     body.mul(total, body.number(share, wide)));
  return body.select(cancelled, body.zero(agreement.getType()), agreement);
}

void to_gpu::launchWindows(Launcher &launcher, ScoreTask &task) {
  SmallVector<Value> operands = {task.norm};
  SmallVector<Level *> levels;
  int64_t windows = 0;
  for (Level &level : task.levels) {
    if (level.source == LevelSource::Token)
      continue;
    level.agreement = launcher.getScratch(task.getAgreementType(), level.count);
    llvm::append_values(operands, level.sums, level.agreement);
    levels.push_back(&level);
    windows += level.count;
  }
  if (levels.empty())
    return;
  Grid grid = {divideCeil(windows, warpsOfBlock), blockSize};
  launcher.launch(
      "windows", grid, operands, [&](Body &body, ValueRange arguments) {
        Value warp = body.div(body.getGlobalThread(blockSize), warpSize);
        Value lane = body.rem(body.threadId(), warpSize);
        int64_t first = 0;
        for (auto [place, level] : llvm::enumerate(levels)) {
          Value sums = arguments[1 + 2 * place];
          Value agreements = arguments[2 + 2 * place];
          Value isHere = body.less(warp, first + level->count);
          if (first > 0)
            isHere = body.logicalAnd(isHere,
                                     body.logicalNot(body.less(warp, first)));
          Value window = body.sub(warp, body.index(first));
          first += level->count;
          body.ifThen(isHere, [&, level = level] {
            Value agreement = getWindowAgreement(body, task, *level, sums,
                                                 arguments[0], window, lane);
            body.ifThen(body.equal(lane, body.index(0)),
                        [&] { body.store(agreement, agreements, window); });
          });
        }
      });
}

/// What the window of a token agrees by.
static Value loadAgreement(Body &body, const ScoreTask &task,
                           const Level &level, Value agreements, Value token) {
  if (level.source == LevelSource::Token)
    return body.load(agreements, token);
  int64_t length = task.getLength();
  Value window =
      body.add(body.mul(body.div(token, length), task.getWindows(level.window)),
               body.div(body.rem(token, length), level.window));
  return body.load(agreements, window);
}

/// The squares of the products of all active tokens, summed by block for each
/// level, and the number of these tokens: f64 `[levels + 1, blocks]`.
static Value launchSquares(Launcher &launcher, ScoreTask &task) {
  Type wide = Float64Type::get(task.type.getContext());
  int64_t tokens = task.getTokens();
  int64_t blocks = divideCeil(tokens, blockSize);
  Value squares = launcher.getScratch(wide, (task.levels.size() + 1) * blocks);
  SmallVector<Value> operands = {squares, task.active};
  for (Level &level : task.levels)
    operands.push_back(level.agreement);
  launcher.launch(
      "squares", {blocks, blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        Value token = body.getGlobalThread(blockSize);
        Value exists = body.less(token, tokens);
        token = body.min(token, body.index(tokens - 1));
        Value counts = body.logicalAnd(exists, body.load(arguments[1], token));
        SmallVector<Value> sums;
        for (auto [level, agreements] :
             llvm::zip_equal(task.levels, arguments.drop_front(2))) {
          Value product = loadAgreement(body, task, level, agreements, token);
          sums.push_back(
              body.select(counts, body.square(product), body.zero(wide)));
        }
        sums.push_back(body.fromFlag(counts, wide));
        storeBlockSums(body, arguments[0], sums, blocks, blockSize);
      });
  return squares;
}

Value to_gpu::launchScores(Launcher &launcher, ScoreTask &task) {
  Type wide = Float64Type::get(task.type.getContext());
  int64_t tokens = task.getTokens();
  int64_t blocks = divideCeil(tokens, blockSize);
  Value squares = task.isCosine() ? Value() : launchSquares(launcher, task);
  auto [scores, result] = launcher.getResult(task.op.getScores().getType());
  SmallVector<Value> operands = {scores, task.finite};
  for (Level &level : task.levels)
    operands.push_back(level.agreement);
  if (squares)
    operands.push_back(squares);
  launcher.launch(
      "scores", {blocks, blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        Value token = body.getGlobalThread(blockSize);
        Value exists = body.less(token, tokens);
        token = body.min(token, body.index(tokens - 1));
        Value count;
        if (squares)
          count = sumStored(body, arguments.back(), task.levels.size(), blocks);
        Value score;
        for (auto [number, level] : llvm::enumerate(task.levels)) {
          Value kappa =
              loadAgreement(body, task, level, arguments[2 + number], token);
          if (squares) {
            Value square = sumStored(body, arguments.back(), number, blocks);
            Value rms = body.sqrt(
                body.div(square, body.max(count, body.number(1.0, wide))));
            Value isPositive = body.less(body.zero(wide), rms);
            kappa =
                body.select(isPositive, body.div(kappa, rms), body.zero(wide));
            kappa = body.convert(kappa, task.type);
          }
          kappa = body.mul(kappa, body.number(level.weight, task.type));
          score = score ? body.add(score, kappa) : kappa;
        }
        Value nan =
            body.number(std::numeric_limits<double>::quiet_NaN(), task.type);
        score = body.select(body.load(arguments[1], token), score, nan);
        body.ifThen(exists, [&] { body.store(score, arguments[0], token); });
      });
  return result;
}
