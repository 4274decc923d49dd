//===- Tokens.cpp - Which tokens count, and how each agrees alone ---------===//
//
// Nearly always the squares of all rows are well inside the range of f32, and
// the sums at hand tell everything. A square that is tiny, huge or not a number
// is ambiguous: it may have left the range. The warp that meets such a token
// reads its rows once more and sums them in f64, which holds every square.
//
//===----------------------------------------------------------------------===//

#include "Agreement.h"
#include "Levels.h"

#include "mlir/Dialect/LLVMIR/NVVMDialect.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

static constexpr int64_t blockSize = 128;

/// Whether the square of a row tells all: above `least`, the squares of single
/// elements that fall below the range are too small to matter, and up to `most`
/// nothing overflows. Zero stands for rows of zeros alone.
static Value isKnown(Body &body, Value square) {
  constexpr double least = 1e-28, most = 1e30;
  Type type = square.getType();
  Value inRange =
      body.logicalAnd(body.lessOrEqual(body.number(least, type), square),
                      body.lessOrEqual(square, body.number(most, type)));
  return body.logicalOr(inRange, body.equal(square, body.zero(type)));
}

/// The sums of one token over all of its features in f64, by a whole warp.
static SmallVector<Value> sumWide(Body &body, const ScoreTask &task,
                                  ValueRange buffers, Value token, Value lane) {
  Type wide = Float64Type::get(body.getContext());
  Value sequence = body.div(token, task.getLength());
  Value position = body.rem(token, task.getLength());
  Value context = task.context.getRowPosition(body, sequence, position);
  Value gradient = task.gradient.getRowPosition(body, sequence, position);
  Value zero = body.zero(wide);
  SmallVector<Value> sums = body.loop(
      lane, body.index(task.context.getFeatures()), warpSize,
      {zero, zero, zero},
      [&](Value feature, ValueRange carried) -> SmallVector<Value> {
        auto load = [&](Value buffer, const Rows &rows, Value row) {
          Value at = body.add(row, rows.getFeaturePosition(body, feature));
          return body.convert(body.load(buffer, at), wide);
        };
        Value c = load(buffers[0], task.context, context);
        Value g = load(buffers[1], task.gradient, gradient);
        Value scaled =
            task.metric
                ? body.mul(c,
                           body.convert(body.load(buffers[2], feature), wide))
                : c;
        return {body.fma(c, c, carried[0]), body.fma(g, g, carried[1]),
                body.fma(scaled, g, carried[2])};
      });
  return sumLanes(body, sums, warpSize);
}

/// Sums the tokens of the warp's lanes again for which `isKnown` is false.
static SmallVector<Value> resolve(Body &body, const ScoreTask &task,
                                  ValueRange buffers, Value token, Value known,
                                  ArrayRef<Value> sums) {
  Type i32 = body.getI32Type();
  auto getInteger = [&](int64_t value) -> Value {
    return arith::ConstantIntOp::create(body, i32, value);
  };
  Value lane = body.rem(body.threadId(), warpSize);
  Value isOpen = body.logicalNot(known);
  Value isAnyOpen = NVVM::VoteSyncOp::create(
      body, body.getI1Type(), getInteger(-1), isOpen, NVVM::VoteSyncKind::any);
  SmallVector<Type> types(sums.size(), sums.front().getType());
  auto resolveAll = [&]() -> SmallVector<Value> {
    Value open = arith::ExtUIOp::create(body, i32, isOpen);
    Value number = arith::IndexCastUIOp::create(body, i32, token);
    return body.loop(
        body.index(0), body.index(warpSize), 1, sums,
        [&](Value member, ValueRange carried) -> SmallVector<Value> {
          Value source = arith::IndexCastUIOp::create(body, i32, member);
          auto broadcast = [&](Value value) {
            return gpu::ShuffleOp::create(body, value, source,
                                          getInteger(warpSize),
                                          gpu::ShuffleMode::IDX)
                .getShuffleResult();
          };
          Value isMemberOpen = body.equal(broadcast(open), getInteger(1));
          Value memberToken = arith::IndexCastUIOp::create(
              body, body.getIndexType(), broadcast(number));
          Value isMine = body.equal(lane, member);
          return body.ifElse(
              isMemberOpen, types,
              [&] {
                SmallVector<Value> wide =
                    sumWide(body, task, buffers, memberToken, lane);
                for (auto [sum, old] : llvm::zip_equal(wide, carried))
                  sum = body.select(isMine, sum, old);
                return wide;
              },
              [&] { return SmallVector<Value>(carried); });
        });
  };
  return body.ifElse(isAnyOpen, types, resolveAll,
                     [&] { return SmallVector<Value>(sums); });
}

void to_gpu::launchTokens(Launcher &launcher, ScoreTask &task) {
  int64_t tokens = task.getTokens();
  int64_t chunks = task.tiling->chunks;
  Type wide = Float64Type::get(task.type.getContext());
  bool isSafe = task.type.isF64() || (task.context.getElementType().isF16() &&
                                      task.gradient.getElementType().isF16());
  Value agreement = launcher.getScratch(task.getAgreementType(), tokens);
  for (Level &level : task.levels)
    if (level.source == LevelSource::Token)
      level.agreement = agreement;
  task.finite =
      launcher.getScratch(IntegerType::get(task.type.getContext(), 1), tokens);
  task.norm = launcher.getScratch(task.type, tokens);

  SmallVector<Value> operands = {task.tokenSums, agreement, task.finite,
                                 task.active, task.norm};
  if (task.dirty)
    operands.push_back(task.dirty);
  size_t buffers = operands.size();
  if (!isSafe) {
    llvm::append_values(operands, task.contextBuffer, task.gradientBuffer);
    if (task.metric)
      operands.push_back(task.metric);
  }
  launcher.launch(
      "tokens", {divideCeil(tokens, blockSize), blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        Value token = body.getGlobalThread(blockSize);
        Value exists = body.less(token, tokens);
        token = body.min(token, body.index(tokens - 1));
        // Sums over the chunks, of which each is ambiguous alone.
        SmallVector<Value> initial(sumsPerRow, body.zero(wide));
        initial.push_back(body.flag(true));
        SmallVector<Value> sums = body.loop(
            body.index(0), body.index(chunks), 1, initial,
            [&](Value chunk, ValueRange carried) {
              SmallVector<Value> next;
              Value known = carried.back();
              for (int64_t index = 0; index < sumsPerRow; ++index) {
                Value row = body.add(body.mul(chunk, sumsPerRow), index);
                Value part = body.load(arguments[0],
                                       body.add(body.mul(row, tokens), token));
                // The product has no range of its own.
                if (index < 2)
                  known = body.logicalAnd(known, isKnown(body, part));
                next.push_back(
                    body.add(carried[index], body.convert(part, wide)));
              }
              next.push_back(known);
              return next;
            });
        Value known = sums.pop_back_val();
        if (!isSafe)
          sums = resolve(body, task, arguments.drop_front(buffers), token,
                         body.logicalOr(known, body.logicalNot(exists)), sums);

        Value isFinite =
            body.logicalAnd(body.isFinite(sums[0]), body.isFinite(sums[1]));
        Value isActive =
            body.logicalAnd(isFinite, body.less(body.zero(wide), sums[1]));
        Value result = getAgreement(body, task, sums);
        Value norm = body.convert(body.sqrt(sums[1]), task.type);
        body.ifThen(exists, [&] {
          body.store(result, arguments[1], token);
          body.store(isFinite, arguments[2], token);
          body.store(isActive, arguments[3], token);
          body.store(body.select(isFinite, norm, body.zero(task.type)),
                     arguments[4], token);
        });
        if (!task.dirty)
          return;
        body.ifThen(body.logicalAnd(exists, body.logicalNot(isFinite)), [&] {
          Value group = body.add(
              body.mul(body.div(token, task.getLength()),
                       task.getWindows(task.groupRows)),
              body.div(body.rem(token, task.getLength()), task.groupRows));
          body.store(body.flag(true), arguments[5], group);
        });
      });
}
