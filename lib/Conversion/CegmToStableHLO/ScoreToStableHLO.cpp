//===- ScoreToStableHLO.cpp - cegm.score ----------------------------------===//

#include "Lowerings.h"
#include "Tokens.h"

#include "cegm/Dialect/Cegm/IR/ScoreFormulas.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

/// A tensor as rows: its dimensions in the order of the lists, with all
/// features in one dimension.
static Value getRows(Emitter &emit, Value value, ArrayRef<int64_t> tokens,
                     ArrayRef<int64_t> features) {
  SmallVector<int64_t> order(tokens);
  llvm::append_range(order, features);
  SmallVector<int64_t> shape;
  for (int64_t dim : tokens)
    shape.push_back(Emitter::sizeOf(value, dim));
  shape.push_back(1);
  for (int64_t dim : features)
    shape.back() *= Emitter::sizeOf(value, dim);
  return emit.reshape(emit.transpose(value, order), shape);
}

/// The metric with one number a feature, if there is one.
static Value getMetric(Emitter &emit, ScoreOp op) {
  if (!op.getMetric())
    return {};
  return emit.reshape(op.getMetric(),
                      {op.getMetric().getType().getNumElements()});
}

namespace {
/// The window sums of one tensor, without the rows that are not finite, each
/// level from the coarsest before it that divides it. Sums are in f64: there
/// are few of them, and what is made from them stays in range. (A narrower sum
/// that is only read through a conversion would also be fused into every
/// reader, and made again there.)
class Hierarchy {
public:
  Hierarchy(Emitter &emit, Value rows, Value finite)
      : emit(emit), rows(rows), finite(finite),
        wide(Float64Type::get(rows.getContext())) {}

  Value getSums(int64_t window) {
    Value sums;
    for (auto [finer, finerSums] : llvm::reverse(levels)) {
      if (window % finer != 0)
        continue;
      sums = sumSums(emit, finerSums, window / finer);
      break;
    }
    if (!sums)
      sums = emit.convert(sumWindows(emit, rows, window, finite), wide);
    if (window != 0)
      levels.emplace_back(window, sums);
    return sums;
  }

private:
  Emitter &emit;
  Value rows;
  Value finite;
  Type wide;
  SmallVector<std::pair<int64_t, Value>> levels;
};
} // namespace

/// The agreement of windows of more than one position: 0 where the gradients of
/// a window cancel. `norms` are those of single tokens, 0 where not finite.
static Value getWindowAgreement(Emitter &emit, const KernelEmitter &kernel,
                                const Sums &sums, Value norms, int64_t window,
                                double cancellation) {
  SmallVector<int64_t> rows(Emitter::typeOf(norms).getShape());
  rows.push_back(1);
  Value total = sumWindows(emit, emit.reshape(norms, rows), window, Value());
  total = emit.convert(
      emit.reshape(total, Emitter::typeOf(total).getShape().drop_back()),
      kernel.getWideType());
  Value cancelled = emit.compare(emit.sqrt(sums.gradientSquare),
                                 stablehlo::ComparisonDirection::LE,
                                 emit.mul(total, cancellation));
  Value agreement = kernel.getAgreement(sums);
  return emit.select(cancelled, emit.constant(0.0, agreement), agreement);
}

SmallVector<Value> to_stablehlo::lowerScore(Emitter &emit, ScoreOp op) {
  RankedTensorType resultType = op.getScores().getType();
  auto type = cast<FloatType>(resultType.getElementType());
  int64_t length = resultType.getShape().back();

  Value context =
      emit.convert(getRows(emit, op.getContexts(), op.getContextTokens(),
                           op.getContextFeatures()),
                   type);
  Value gradient =
      emit.convert(getRows(emit, op.getGradients(), op.getGradientTokens(),
                           op.getGradientFeatures()),
                   type);
  KernelEmitter kernel(emit, op.getKernel(), type, getMetric(emit, op));
  Tokens tokens = emitTokens(emit, kernel, context, gradient);

  Hierarchy contextSums(emit, context, tokens.finite);
  Hierarchy gradientSums(emit, gradient, tokens.finite);
  Value norms = emit.select(tokens.finite, tokens.gradientNorm, 0.0);
  double cancellation =
      getCancellationShare(op.getGradients().getType().getElementType());
  SmallVector<int64_t> windows = getWindowLevels(op.getWindows(), length);
  SmallVector<double> weights =
      getLevelWeights(windows.size(), op.getDecay().convertToDouble());
  Value scores;
  for (auto [window, weight] : llvm::zip_equal(windows, weights)) {
    // A window of one position is the token itself. Beyond that there are fewer
    // rows than tokens, and their sums are made in f64 at once.
    Value agreement =
        window == 1 || length == 1
            ? tokens.agreement
            : getWindowAgreement(emit, kernel,
                                 kernel.getSums(contextSums.getSums(window),
                                                gradientSums.getSums(window)),
                                 norms, window, cancellation);
    Value level = kernel.getKappa(agreement, window, tokens.active);
    if (weight != 1.0)
      level = emit.mul(level, weight);
    scores = scores ? emit.add(scores, level) : level;
  }
  scores = emit.select(tokens.finite, scores,
                       std::numeric_limits<double>::quiet_NaN());
  return {scores, tokens.active};
}
