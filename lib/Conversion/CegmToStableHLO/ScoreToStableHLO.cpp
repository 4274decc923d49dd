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
  SmallVector<Size> shape, featureSizes;
  for (int64_t dim : tokens)
    shape.push_back(emit.sizeOf(value, dim));
  for (int64_t dim : features)
    featureSizes.push_back(emit.sizeOf(value, dim));
  shape.push_back(emit.onSizes().product(featureSizes));
  return emit.reshape(emit.transpose(value, order), shape);
}

/// The metric with one number a feature, if there is one.
static Value getMetric(Emitter &emit, ScoreOp op) {
  if (!op.getMetric())
    return {};
  return emit.reshape(op.getMetric(),
                      emit.onSizes().product(emit.shapeOf(op.getMetric())));
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
  SmallVector<Size> rows = emit.shapeOf(norms);
  rows.push_back(1);
  Value total = sumWindows(emit, emit.reshape(norms, rows), window, Value());
  SmallVector<Size> perWindow = emit.shapeOf(total);
  perWindow.pop_back();
  total = emit.convert(emit.reshape(total, perWindow), kernel.getWideType());
  Value cancelled = emit.compare(emit.sqrt(sums.gradientSquare),
                                 stablehlo::ComparisonDirection::LE,
                                 emit.mul(total, cancellation));
  Value agreement = kernel.getAgreement(sums);
  return emit.select(cancelled, emit.constant(0.0, agreement), agreement);
}

namespace {
/// How much the levels of windows count in a score.
class LevelWeights {
public:
  LevelWeights(Emitter &emit, ArrayRef<int64_t> windows, double decay,
               Size length, Type type)
      : emit(emit) {
    if (length.isKnown() || windows.size() == 1)
      known = getLevelWeights(windows.size(), decay);
    else
      compute(windows, decay, length, type);
  }

  /// The agreements of a level as its part in the score.
  Value weigh(size_t level, Value agreement) const {
    if (!known.empty())
      return known[level] == 1.0 ? agreement
                                 : emit.mul(agreement, known[level]);
    Value part = emit.mul(agreement, emit.splat(weights[level], agreement));
    // Once the length is known, the compiler drops what is not selected.
    return level == 0 ? part : emit.select(counts[level], part, 0.0);
  }

private:
  /// A level counts if the one before it is not the whole sequence already.
  void compute(ArrayRef<int64_t> windows, double decay, Size length,
               Type type) {
    Type wide = Float64Type::get(type.getContext());
    SizeEmitter &sizes = emit.onSizes();
    Value total;
    for (auto [level, power] :
         llvm::enumerate(getLevelPowers(windows.size(), decay))) {
      Value weight = emit.scalar(power, wide);
      counts.push_back({});
      if (level > 0) {
        counts[level] = emit.isLess(sizes.asScalar(windows[level - 1]),
                                    sizes.asScalar(length));
        weight = emit.select(counts[level], weight, 0.0);
      }
      weights.push_back(weight);
      total = total ? emit.add(total, weight) : weight;
    }
    for (Value &weight : weights)
      weight = emit.convert(emit.div(weight, total), type);
  }

  Emitter &emit;
  SmallVector<double> known;
  /// Of rank 0, where the length of the sequence decides.
  SmallVector<Value> weights;
  SmallVector<Value> counts;
};
} // namespace

SmallVector<Value> to_stablehlo::lowerScore(Emitter &emit, ScoreOp op) {
  RankedTensorType resultType = op.getScores().getType();
  auto type = cast<FloatType>(resultType.getElementType());

  Value context = getRows(emit, op.getContexts(), op.getContextTokens(),
                          op.getContextFeatures());
  Value gradient = getRows(emit, op.getGradients(), op.getGradientTokens(),
                           op.getGradientFeatures());
  // The types of the two may know different sizes.
  SmallVector<int64_t> shape(resultType.getShape());
  int64_t features = Emitter::typeOf(context).getShape().back();
  shape.push_back(ShapedType::isDynamic(features)
                      ? Emitter::typeOf(gradient).getShape().back()
                      : features);
  context = emit.cast(emit.convert(context, type), resultType.clone(shape));
  gradient = emit.cast(emit.convert(gradient, type), resultType.clone(shape));
  emit.onSizes().noteAlike(gradient, context);
  KernelEmitter kernel(emit, op.getKernel(), type, getMetric(emit, op),
                       op.getDeviceGroupsAttr());
  Tokens tokens = emitTokens(emit, kernel, context, gradient);

  Hierarchy contextSums(emit, context, tokens.finite);
  Hierarchy gradientSums(emit, gradient, tokens.finite);
  Value norms = emit.select(tokens.finite, tokens.gradientNorm, 0.0);
  double cancellation =
      getCancellationShare(op.getGradients().getType().getElementType());
  int64_t length = resultType.getShape().back();
  SmallVector<int64_t> windows = getWindowLevels(op.getWindows(), length);
  LevelWeights weights(emit, windows, op.getDecay().convertToDouble(),
                       emit.sizeOf(context, resultType.getRank() - 1), type);
  Value scores;
  for (auto [index, window] : llvm::enumerate(windows)) {
    // A window of one position is the token itself. Beyond that there are fewer
    // rows than tokens, and their sums are made in f64 at once.
    Value agreement =
        window == 1 || length == 1
            ? tokens.agreement
            : getWindowAgreement(emit, kernel,
                                 kernel.getSums(contextSums.getSums(window),
                                                gradientSums.getSums(window)),
                                 norms, window, cancellation);
    Value level =
        weights.weigh(index, kernel.getKappa(agreement, window, tokens.active));
    scores = scores ? emit.add(scores, level) : level;
  }
  scores = emit.select(tokens.finite, scores,
                       std::numeric_limits<double>::quiet_NaN());
  return {scores, tokens.active};
}
