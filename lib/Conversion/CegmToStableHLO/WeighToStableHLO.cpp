//===- WeighToStableHLO.cpp - cegm.couple and cegm.weigh ------------------===//

#include "Lowerings.h"

#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Value to_stablehlo::lowerCouple(Emitter &emit, CoupleOp op) {
  Value own = op.getScores();
  Value sum, count;
  for (Value parent : op.getParents()) {
    Value missing = emit.isNaN(parent);
    Value term = emit.select(missing, 0.0, parent);
    Value one = emit.select(missing, 0.0, emit.constant(1.0, parent));
    sum = sum ? emit.add(sum, term) : term;
    count = count ? emit.add(count, one) : one;
  }
  if (!sum)
    return own;
  double coupling = op.getCoupling().convertToDouble();
  Value mean = emit.div(sum, emit.max(count, 1.0));
  Value blend =
      emit.add(emit.mul(own, 1.0 - coupling), emit.mul(mean, coupling));
  return emit.select(emit.isPositive(count), blend, own);
}

/// `A softmax(u)_t` over the active tokens of the sequence, `A` their number. A
/// sequence without active tokens gives numbers that no one reads.
static Value emitSoftmax(Emitter &emit, Value u, Value active) {
  RankedTensorType type = Emitter::typeOf(u);
  int64_t sequence = type.getRank() - 1;
  auto batch = llvm::to_vector(llvm::seq(sequence));
  auto overSequence = [&](Value perSequence) {
    return emit.broadcast(perSequence, emit.shapeOf(u), batch);
  };
  double lowest =
      APFloat::getLargest(
          cast<FloatType>(type.getElementType()).getFloatSemantics(),
          /*Negative=*/true)
          .convertToDouble();
  Value largest = emit.maximum(emit.select(active, u, lowest), {sequence});
  Value powers =
      emit.select(active, emit.exp(emit.sub(u, overSequence(largest))), 0.0);
  Value total = emit.sum(powers, {sequence});
  Value count =
      emit.sum(emit.convert(active, type.getElementType()), {sequence});
  // The largest power is 1, so the total is at least 1 if any token is active.
  Value factor = emit.div(count, emit.max(total, 1.0));
  return emit.mul(powers, overSequence(factor));
}

Value to_stablehlo::checkStrength(Emitter &emit, Value strength) {
  // The range of constants is checked where they come from.
  if (matchPattern(strength, m_Constant()))
    return strength;
  using stablehlo::ComparisonDirection;
  Value zero = emit.constant(0.0, strength), one = emit.constant(1.0, strength);
  Value inRange =
      emit.logicalAnd(emit.compare(strength, ComparisonDirection::GE, zero),
                      emit.compare(strength, ComparisonDirection::LT, one));
  return emit.select(inRange, strength,
                     std::numeric_limits<double>::quiet_NaN());
}

Value to_stablehlo::lowerWeigh(Emitter &emit, WeighOp op) {
  Value scores = op.getScores();
  Value live =
      emit.logicalAnd(op.getActive(), emit.logicalNot(emit.isNaN(scores)));
  Value u = emit.select(live, scores, 0.0);
  if (op.getSign() == Sign::Negative)
    u = emit.negate(u);
  if (op.getSign() == Sign::Magnitude)
    u = emit.abs(u);
  u = emit.mul(u, 1.0 / op.getTemperature().convertToDouble());

  Value strength = emit.splat(checkStrength(emit, op.getStrength()), u);
  Value delta;
  switch (op.getWeighting()) {
  case Weighting::Tanh:
    delta = emit.mul(strength, emit.tanh(u));
    break;
  case Weighting::Linear:
    delta = emit.mul(strength, emit.clamp(-1.0, u, 1.0));
    break;
  case Weighting::Exp:
    delta = emit.expm1(emit.mul(strength, emit.clamp(-1.0, u, 1.0)));
    break;
  case Weighting::Softmax:
    delta = emit.mul(strength, emit.sub(emitSoftmax(emit, u, live), 1.0));
    break;
  }
  Value weights = emit.add(delta, 1.0);
  if (op.getNormalization() == Normalization::Mean) {
    // One plus the mean of the difference from one: exact at strength 0.
    Value total = emit.sumAll(emit.select(live, delta, 0.0));
    Value count = emit.sumAll(
        emit.convert(live, Emitter::typeOf(delta).getElementType()));
    SmallVector<Value> all =
        emit.sumOverDevices({total, count}, op.getDeviceGroupsAttr());
    Value mean = emit.add(emit.div(all[0], emit.max(all[1], 1.0)), 1.0);
    weights = emit.div(weights, emit.splat(mean, weights));
  }
  return emit.select(live, weights, 1.0);
}
