//===- WeighToGPU.cpp - cegm.weigh and cegm.couple ------------------------===//

#include "Exponentials.h"
#include "Lowerings.h"
#include "Tiling.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

static constexpr int64_t blockSize = 256;

Value to_gpu::lowerCouple(Launcher &launcher, CoupleOp op) {
  RankedTensorType type = op.getType();
  Type element = type.getElementType();
  double coupling = op.getCoupling().convertToDouble();
  int64_t tokens = type.getNumElements();
  auto [result, tensor] = launcher.getResult(type);
  SmallVector<Value> operands = {result, launcher.getBuffer(op.getScores())};
  for (Value parent : op.getParents())
    operands.push_back(launcher.getBuffer(parent));
  launcher.launch(
      "couple", {divideCeil(tokens, blockSize), blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        Value token = body.getGlobalThread(blockSize);
        body.ifThen(body.less(token, tokens), [&] {
          Value own = body.load(arguments[1], token);
          Value zero = body.zero(element), one = body.number(1.0, element);
          Value sum = zero, count = zero;
          for (Value parent : arguments.drop_front(2)) {
            Value score = body.load(parent, token);
            Value isKnown = body.logicalNot(body.isNaN(score));
            sum = body.add(sum, body.select(isKnown, score, zero));
            count = body.add(count, body.select(isKnown, one, zero));
          }
          Value mean = body.div(sum, body.max(count, one));
          Value blend =
              body.add(body.mul(own, body.number(1.0 - coupling, element)),
                       body.mul(mean, body.number(coupling, element)));
          blend = body.select(body.less(zero, count), blend, own);
          body.store(blend, arguments[0], token);
        });
      });
  return tensor;
}

namespace {
/// How the kernels of one op see its operands.
struct WeighTask {
  /// Mutable since the accessors of ops are not const.
  mutable WeighOp op;
  int64_t tokens;
  int64_t length;
  FloatType type;
  FloatType wide;

  /// The strength as an operand of kernels: a number, or a buffer of one.
  Value strengthOperand;

  /// A strength in a buffer, which was computed or passed in, is NaN where it is
  /// out of [0, 1); the range of constants is checked where they come from.
  Value getStrength(Body &body, Value argument) const {
    if (!isa<MemRefType>(argument.getType()))
      return body.convert(argument, wide);
    Value strength = body.convert(body.loadScalar(argument), wide);
    Value inRange =
        body.logicalAnd(body.lessOrEqual(body.zero(wide), strength),
                        body.less(strength, body.number(1.0, wide)));
    double nan = std::numeric_limits<double>::quiet_NaN();
    return body.select(inRange, strength, body.number(nan, wide));
  }

  /// Whether a token takes part, and its score in units of the temperature,
  /// f64.
  std::pair<Value, Value> getUnits(Body &body, Value scores, Value active,
                                   Value token) const {
    Value score = body.load(scores, token);
    Value live = body.logicalAnd(body.load(active, token),
                                 body.logicalNot(body.isNaN(score)));
    Value u = body.select(live, score, body.zero(type));
    if (op.getSign() == Sign::Negative)
      u = body.negate(u);
    if (op.getSign() == Sign::Magnitude)
      u = body.abs(u);
    double temperature = op.getTemperature().convertToDouble();
    return {live, body.mul(body.convert(u, wide),
                           body.number(1.0 / temperature, wide))};
  }

  /// By how much the weight of a token differs from 1, but for softmax.
  Value getDelta(Body &body, Value u, Value strength) const {
    if (op.getWeighting() == Weighting::Tanh)
      return body.mul(strength, emitTanh(body, u));
    Value one = body.number(1.0, wide);
    Value clamped = body.max(body.min(u, one), body.negate(one));
    Value product = body.mul(strength, clamped);
    if (op.getWeighting() != Weighting::Exp)
      return product;
    // The limits that the exponential function keeps are numbers for NaN, too.
    return body.select(body.isNaN(strength), strength,
                       emitExpm1(body, product));
  }

  bool isMean() const { return op.getNormalization() == Normalization::Mean; }

  /// The weight as it is stored: exactly 1 for tokens that take no part.
  Value getWeight(Body &body, Value live, Value delta, Value mean) const {
    Value one = body.number(1.0, wide);
    Value weight = body.add(delta, one);
    if (mean)
      weight = body.div(weight, mean);
    return body.convert(body.select(live, weight, one), type);
  }
};
} // namespace

/// Deltas of the tokens of a sequence, by one block: `A softmax(u) - 1` times
/// the strength.
static void writeSoftmax(
    Body &body, const WeighTask &task, ValueRange arguments,
    llvm::function_ref<void(Value token, Value live, Value delta)> use) {
  Value origin =
      body.mul(body.blockId(gpu::Dimension::x), body.index(task.length));
  Value end = body.index(task.length);
  FloatType wide = task.wide;
  Value zero = body.zero(wide), one = body.number(1.0, wide);
  Value lowest = body.number(std::numeric_limits<double>::lowest(), wide);
  auto getUnits = [&](Value place) {
    return task.getUnits(body, arguments[0], arguments[1],
                         body.add(origin, place));
  };
  Value largest =
      body.loop(body.threadId(), end, blockSize, lowest,
                [&](Value place, ValueRange carried) -> SmallVector<Value> {
                  auto [live, u] = getUnits(place);
                  return {body.max(carried[0], body.select(live, u, lowest))};
                })
          .front();
  largest = maximumOfBlock(body, blockSize, largest);
  auto getPower = [&](Value live, Value u) {
    return body.select(live, emitExp(body, body.sub(u, largest)), zero);
  };
  SmallVector<Value> sums =
      body.loop(body.threadId(), end, blockSize, {zero, zero},
                [&](Value place, ValueRange carried) -> SmallVector<Value> {
                  auto [live, u] = getUnits(place);
                  return {body.add(carried[0], getPower(live, u)),
                          body.add(carried[1], body.fromFlag(live, wide))};
                });
  sums = sumBlock(body, blockSize, sums);
  // The largest power is 1, so the total is at least 1 if any token is active.
  Value factor = body.div(sums[1], body.max(sums[0], one));
  Value strength = task.getStrength(body, arguments[2]);
  body.loop(body.threadId(), end, blockSize, {},
            [&](Value place, ValueRange) -> SmallVector<Value> {
              auto [live, u] = getUnits(place);
              Value share = body.mul(getPower(live, u), factor);
              use(body.add(origin, place), live,
                  body.mul(strength, body.sub(share, one)));
              return {};
            });
}

/// Writes the deltas, and their sums and the number of live tokens by block.
static void writeDeltas(Launcher &launcher, const WeighTask &task,
                        ValueRange operands, int64_t blocks) {
  bool isMean = task.isMean();
  FloatType wide = task.wide;
  // With a mean to come, what is stored is the delta, in f64.
  auto store = [&](Body &body, ValueRange arguments, Value token, Value live,
                   Value delta) {
    Value value = isMean ? body.select(live, delta, body.zero(wide))
                         : task.getWeight(body, live, delta, Value());
    body.store(value, arguments[3], token);
  };
  if (task.op.getWeighting() == Weighting::Softmax) {
    launcher.launch(
        "softmax", {blocks, blockSize}, operands,
        [&](Body &body, ValueRange arguments) {
          // What a thread stored is all that it reads again.
          writeSoftmax(body, task, arguments,
                       [&](Value token, Value live, Value delta) {
                         store(body, arguments, token, live, delta);
                       });
          if (!isMean)
            return;
          Value origin = body.mul(body.blockId(gpu::Dimension::x),
                                  body.index(task.length));
          Value zero = body.zero(wide);
          SmallVector<Value> sums = body.loop(
              body.threadId(), body.index(task.length), blockSize, {zero, zero},
              [&](Value place, ValueRange carried) -> SmallVector<Value> {
                Value token = body.add(origin, place);
                auto [live, u] =
                    task.getUnits(body, arguments[0], arguments[1], token);
                return {body.add(carried[0], body.load(arguments[3], token)),
                        body.add(carried[1], body.fromFlag(live, wide))};
              });
          storeBlockSums(body, arguments[4], sums, blocks, blockSize);
        });
    return;
  }
  launcher.launch(
      "deltas", {blocks, blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        Value token = body.getGlobalThread(blockSize);
        Value exists = body.less(token, task.tokens);
        token = body.min(token, body.index(task.tokens - 1));
        auto [live, u] = task.getUnits(body, arguments[0], arguments[1], token);
        live = body.logicalAnd(live, exists);
        Value delta =
            task.getDelta(body, u, task.getStrength(body, arguments[2]));
        body.ifThen(exists,
                    [&] { store(body, arguments, token, live, delta); });
        if (!isMean)
          return;
        storeBlockSums(body, arguments[4],
                       {body.select(live, delta, body.zero(wide)),
                        body.fromFlag(live, wide)},
                       blocks, blockSize);
      });
}

Value to_gpu::lowerWeigh(Launcher &launcher, WeighOp op) {
  RankedTensorType type = op.getScores().getType();
  FloatType wide = Float64Type::get(op.getContext());
  WeighTask task = {op,
                    type.getNumElements(),
                    type.getShape().back(),
                    cast<FloatType>(type.getElementType()),
                    wide,
                    launcher.getNumber(op.getStrength())};
  bool isSoftmax = op.getWeighting() == Weighting::Softmax;
  int64_t blocks = isSoftmax ? task.tokens / task.length
                             : divideCeil(task.tokens, blockSize);
  auto [weights, tensor] = launcher.getResult(op.getType());
  SmallVector<Value> operands = {launcher.getBuffer(op.getScores()),
                                 launcher.getBuffer(op.getActive()),
                                 task.strengthOperand};
  if (!task.isMean()) {
    operands.push_back(weights);
    writeDeltas(launcher, task, operands, blocks);
    return tensor;
  }
  Value deltas = launcher.getScratch(wide, task.tokens);
  Value sums = launcher.getScratch(wide, 2 * blocks);
  llvm::append_values(operands, deltas, sums);
  writeDeltas(launcher, task, operands, blocks);

  operands.push_back(weights);
  launcher.launch(
      "weights", {divideCeil(task.tokens, blockSize), blockSize}, operands,
      [&](Body &body, ValueRange arguments) {
        // One plus the mean of the difference from one: exact at strength 0.
        Value one = body.number(1.0, wide);
        Value total = sumStored(body, arguments[4], 0, blocks);
        Value count = sumStored(body, arguments[4], 1, blocks);
        Value mean = body.add(body.div(total, body.max(count, one)), one);
        Value token = body.getGlobalThread(blockSize);
        body.ifThen(body.less(token, task.tokens), [&] {
          Value live =
              task.getUnits(body, arguments[0], arguments[1], token).first;
          Value delta = body.load(arguments[3], token);
          body.store(task.getWeight(body, live, delta, mean), arguments[5],
                     token);
        });
      });
  return tensor;
}
