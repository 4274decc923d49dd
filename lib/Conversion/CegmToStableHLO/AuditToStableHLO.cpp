//===- AuditToStableHLO.cpp - cegm.audit, cegm.collect --------------------===//

#include "Lowerings.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;

Value cegm::lowerAudit(Emitter &emit, AuditOp op) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Value scores = op.getScores(), weights = op.getWeights();
  Value active = op.getActive();
  Type type = op.getScores().getType().getElementType();

  auto countAll = [&](Value flags) {
    return emit.sumAll(emit.convert(flags, type));
  };
  Value count = countAll(active);
  Value divisor = emit.max(count, 1.0);
  Value any = emit.isPositive(count);
  auto meanOf = [&](Value values) {
    return emit.div(emit.sumAll(emit.select(active, values, 0.0)), divisor);
  };
  auto least = [&](Value values, double ifNone) {
    Value found = emit.minimumAll(emit.select(active, values, inf));
    return emit.select(any, found, ifNone);
  };
  auto largest = [&](Value values, double ifNone) {
    Value found = emit.maximumAll(emit.select(active, values, -inf));
    return emit.select(any, found, ifNone);
  };

  Value mean = meanOf(scores);
  Value variance =
      meanOf(emit.square(emit.sub(scores, emit.splat(mean, scores))));
  Value positive = countAll(emit.logicalAnd(active, emit.isPositive(scores)));
  SmallVector<Value> row = {emit.mul(op.getStrength(), mean),
                            mean,
                            emit.sqrt(variance),
                            least(scores, 0.0),
                            largest(scores, 0.0),
                            least(weights, 1.0),
                            largest(weights, 1.0),
                            emit.div(positive, divisor),
                            count,
                            countAll(emit.isNaN(scores))};
  assert(row.size() == getAuditMetricNames().size() && "one value a metric");
  for (Value &value : row)
    value = emit.reshape(value, {1});
  return emit.concatenate(row, 0);
}

Value cegm::lowerCollect(Emitter &emit, CollectOp op) {
  SmallVector<Value> rows;
  for (Value row : op.getRows())
    rows.push_back(emit.reshape(row, {1, Emitter::sizeOf(row, 0)}));
  return emit.concatenate(rows, 0);
}
