//===- AuditToStableHLO.cpp - cegm.audit, cegm.record, cegm.collect -------===//

#include "Lowerings.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

/// The metrics of the parameter gradients. The inner products are made in f64,
/// where no square leaves the range.
static SmallVector<Value> compareGradients(Emitter &emit, AuditOp op,
                                           Type type) {
  Type wide = Float64Type::get(op.getContext());
  // Each device has the part of its tokens.
  SmallVector<Value> gradients =
      emit.sumOverDevices({emit.convert(op.getGradients()[0], wide),
                           emit.convert(op.getGradients()[1], wide)},
                          op.getDeviceGroupsAttr());
  Value plain = gradients[0], entangled = gradients[1];
  auto inner = [&](Value a, Value b) { return emit.sumAll(emit.mul(a, b)); };
  Value plainNorm = emit.sqrt(inner(plain, plain));
  Value entangledNorm = emit.sqrt(inner(entangled, entangled));
  Value norms = emit.mul(plainNorm, entangledNorm);
  Value cosine = emit.select(emit.isPositive(norms),
                             emit.div(inner(plain, entangled), norms), 0.0);
  Value radial = emit.constant(std::numeric_limits<double>::quiet_NaN(), norms);
  if (op.getParameter()) {
    Value parameter = emit.convert(op.getParameter(), wide);
    Value square = inner(parameter, parameter);
    Value along = inner(parameter, emit.sub(entangled, plain));
    radial =
        emit.select(emit.isPositive(square), emit.div(along, square), radial);
  }
  return {emit.convert(plainNorm, type), emit.convert(entangledNorm, type),
          emit.convert(cosine, type), emit.convert(radial, type)};
}

Value to_stablehlo::lowerAudit(Emitter &emit, AuditOp op) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Value scores = op.getScores(), weights = op.getWeights();
  Value active = op.getActive();
  Type type = op.getScores().getType().getElementType();

  DenseIntElementsAttr groups = op.getDeviceGroupsAttr();
  auto sumAll = [&](Value values) {
    return emit.sumOverDevices(emit.sumAll(values), groups).front();
  };
  auto countAll = [&](Value flags) {
    return sumAll(emit.convert(flags, type));
  };
  Value count = countAll(active);
  Value divisor = emit.max(count, 1.0);
  Value any = emit.isPositive(count);
  auto meanOf = [&](Value values) {
    return emit.div(sumAll(emit.select(active, values, 0.0)), divisor);
  };
  auto least = [&](Value values, double ifNone) {
    Value found = emit.minimumOverDevices(
        emit.minimumAll(emit.select(active, values, inf)), groups);
    return emit.select(any, found, ifNone);
  };
  auto largest = [&](Value values, double ifNone) {
    Value found = emit.maximumOverDevices(
        emit.maximumAll(emit.select(active, values, -inf)), groups);
    return emit.select(any, found, ifNone);
  };

  Value mean = meanOf(scores);
  Value variance =
      meanOf(emit.square(emit.sub(scores, emit.splat(mean, scores))));
  Value positive = countAll(emit.logicalAnd(active, emit.isPositive(scores)));
  SmallVector<Value> row = {emit.mul(checkStrength(emit, op.getStrength()), mean),
                            mean,
                            emit.sqrt(variance),
                            least(scores, 0.0),
                            largest(scores, 0.0),
                            least(weights, 1.0),
                            largest(weights, 1.0),
                            emit.div(positive, divisor),
                            count,
                            countAll(emit.isNaN(scores))};
  if (!op.getGradients().empty())
    llvm::append_range(row, compareGradients(emit, op, type));
  assert(row.size() == getAuditMetricNames(!op.getGradients().empty()).size() &&
         "one value a metric");
  for (Value &value : row)
    value = emit.reshape(value, Size(1));
  return emit.concatenate(row, 0);
}

Value to_stablehlo::lowerRecord(Emitter &emit, RecordOp op) {
  SmallVector<Size> shape{1};
  llvm::append_range(shape, emit.shapeOf(op.getRow()));
  return emit.updateSlice(op.getTable(), emit.reshape(op.getRow(), shape),
                          op.getIndex());
}

Value to_stablehlo::lowerCollect(Emitter &emit, CollectOp op) {
  SmallVector<Value> rows;
  for (Value row : op.getRows()) {
    ArrayRef<int64_t> shape = Emitter::typeOf(row).getShape();
    rows.push_back(emit.reshape(
        row, asSizes({llvm::product_of(shape.drop_back()), shape.back()})));
  }
  return emit.concatenate(rows, 0);
}
