//===- ScoreToStableHLO.cpp - cegm.score ----------------------------------===//

#include "Lowerings.h"
#include "Tokens.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;

/// The roles of the dimensions of the context, to whose order of dimensions the
/// gradient is brought.
static Layout getLayout(ScoreOp op) {
  Layout layout;
  layout.tokens.assign(op.getContextTokens().begin(),
                       op.getContextTokens().end());
  layout.features.assign(op.getContextFeatures().begin(),
                         op.getContextFeatures().end());
  llvm::sort(layout.tokens);
  llvm::sort(layout.features);
  layout.sequence = llvm::find(layout.tokens, op.getContextTokens().back()) -
                    layout.tokens.begin();
  return layout;
}

/// The gradient with its dimensions in the order of those of the context.
static Value alignGradient(Emitter &emit, ScoreOp op) {
  SmallVector<int64_t> permutation(op.getGradients().getType().getRank());
  for (auto [dim, gradientDim] :
       llvm::zip_equal(op.getContextTokens(), op.getGradientTokens()))
    permutation[dim] = gradientDim;
  for (auto [dim, gradientDim] :
       llvm::zip_equal(op.getContextFeatures(), op.getGradientFeatures()))
    permutation[dim] = gradientDim;
  return emit.transpose(op.getGradients(), permutation);
}

/// The metric with its dimensions in the order of the feature dimensions of the
/// context.
static Value alignMetric(Emitter &emit, ScoreOp op, const Layout &layout) {
  if (!op.getMetric())
    return {};
  SmallVector<int64_t> permutation;
  for (int64_t dim : layout.features)
    permutation.push_back(llvm::find(op.getContextFeatures(), dim) -
                          op.getContextFeatures().begin());
  return emit.transpose(op.getMetric(), permutation);
}

/// The weight of each level in the score.
static SmallVector<double> getLevelWeights(size_t count, double decay) {
  SmallVector<double> weights(1, 1.0);
  double total = 1.0;
  while (weights.size() < count) {
    weights.push_back(weights.back() * decay);
    total += weights.back();
  }
  for (double &weight : weights)
    weight /= total;
  return weights;
}

namespace {
/// The window sums of one tensor, without the rows that are not finite, each
/// level from the coarsest before it that divides it. Sums are in f64: there
/// are few of them, and what is made from them stays in range. (A narrower sum
/// that is only read through a conversion would also be fused into every
/// reader, and made again there.)
class Hierarchy {
public:
  Hierarchy(Emitter &emit, const Layout &layout, Value rows, Value finite)
      : emit(emit), layout(layout), rows(rows), finite(finite),
        wide(Float64Type::get(rows.getContext())) {}

  Value getSums(int64_t window) {
    Value sums;
    for (auto [finer, finerSums] : llvm::reverse(levels)) {
      if (window % finer != 0)
        continue;
      sums = sumSums(emit, layout, finerSums, window / finer);
      break;
    }
    if (!sums)
      sums = emit.convert(sumWindows(emit, layout, rows, window, finite), wide);
    if (window != 0)
      levels.emplace_back(window, sums);
    return sums;
  }

private:
  Emitter &emit;
  const Layout &layout;
  Value rows;
  Value finite;
  Type wide;
  SmallVector<std::pair<int64_t, Value>> levels;
};
} // namespace

/// The share of the gradients' norms below which their mean counts as zero.
/// What is left where gradients cancel exactly (those of attention keys over a
/// whole sequence do) is the rounding of the element type, whose direction
/// means nothing; a few bits above that rounding there is no such doubt.
static double getCancellation(Type element) {
  if (element.isBF16())
    return 0x1p-7;
  if (element.isF16())
    return 0x1p-9;
  return element.isF64() ? 0x1p-40 : 0x1p-16;
}

/// The agreement of windows of more than one position: 0 where the gradients of
/// a window cancel. `norms` are those of single tokens, 0 where not finite.
static Value getWindowAgreement(Emitter &emit, const KernelEmitter &kernel,
                                const Layout &layout, const Sums &sums,
                                Value norms, int64_t window,
                                double cancellation) {
  Layout perToken;
  perToken.tokens = llvm::to_vector(llvm::seq<int64_t>(layout.tokens.size()));
  perToken.sequence = layout.sequence;
  Value total = emit.convert(sumWindows(emit, perToken, norms, window, Value()),
                             kernel.getWideType());
  Value cancelled = emit.compare(emit.sqrt(sums.gradientSquare),
                                 stablehlo::ComparisonDirection::LE,
                                 emit.mul(total, cancellation));
  Value agreement = kernel.getAgreement(sums);
  return emit.select(cancelled, emit.constant(0.0, agreement), agreement);
}

SmallVector<Value> cegm::lowerScore(Emitter &emit, ScoreOp op) {
  Layout layout = getLayout(op);
  RankedTensorType resultType = op.getScores().getType();
  auto type = cast<FloatType>(resultType.getElementType());
  int64_t length = resultType.getShape().back();

  Value context = emit.convert(op.getContexts(), type);
  Value gradient = emit.convert(alignGradient(emit, op), type);
  KernelEmitter kernel(emit, layout, op.getKernel(), type,
                       alignMetric(emit, op, layout));
  Tokens tokens = emitTokens(emit, layout, kernel, context, gradient);

  Hierarchy contextSums(emit, layout, context, tokens.finite);
  Hierarchy gradientSums(emit, layout, gradient, tokens.finite);
  Value norms = emit.select(tokens.finite, tokens.gradientNorm, 0.0);
  double cancellation =
      getCancellation(op.getGradients().getType().getElementType());
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
            : getWindowAgreement(
                  emit, kernel, layout,
                  kernel.getWideSums(contextSums.getSums(window),
                                     gradientSums.getSums(window)),
                  norms, window, cancellation);
    Value level = kernel.getKappa(agreement, window, tokens.active);
    if (weight != 1.0)
      level = emit.mul(level, weight);
    scores = scores ? emit.add(scores, level) : level;
  }
  scores = emit.select(tokens.finite, scores,
                       std::numeric_limits<double>::quiet_NaN());

  // From the order of dimensions in the tensor to that of the token list.
  SmallVector<int64_t> order;
  for (int64_t dim : op.getContextTokens())
    order.push_back(llvm::find(layout.tokens, dim) - layout.tokens.begin());
  return {emit.transpose(scores, order), emit.transpose(tokens.active, order)};
}
