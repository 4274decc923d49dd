//===- ScoreToStableHLO.cpp - cegm.score ----------------------------------===//

#include "Kernels.h"
#include "Lowerings.h"

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
static Value alignMetric(Emitter &emit, ScoreOp op, const Layout &layout,
                         Type type) {
  if (!op.getMetric())
    return {};
  SmallVector<int64_t> permutation;
  for (int64_t dim : layout.features)
    permutation.push_back(llvm::find(op.getContextFeatures(), dim) -
                          op.getContextFeatures().begin());
  return emit.convert(emit.transpose(op.getMetric(), permutation), type);
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
/// level from the coarsest before it that divides it.
class Hierarchy {
public:
  Hierarchy(Emitter &emit, const Layout &layout, Value rows, Value finite)
      : emit(emit), layout(layout), rows(rows), finite(finite) {}

  Value getSums(int64_t window) {
    Value sums;
    for (auto [finer, finerSums] : llvm::reverse(levels)) {
      if (window % finer != 0)
        continue;
      sums = sumWindows(emit, layout, finerSums, window / finer, Value());
      break;
    }
    if (!sums)
      sums = sumWindows(emit, layout, rows, window, finite);
    if (window != 0)
      levels.emplace_back(window, sums);
    return sums;
  }

private:
  Emitter &emit;
  const Layout &layout;
  Value rows;
  Value finite;
  SmallVector<std::pair<int64_t, Value>> levels;
};
} // namespace

SmallVector<Value> cegm::lowerScore(Emitter &emit, ScoreOp op) {
  Layout layout = getLayout(op);
  RankedTensorType resultType = op.getScores().getType();
  Type type = resultType.getElementType();
  int64_t length = resultType.getShape().back();

  Rows context(emit, layout, emit.convert(op.getContexts(), type));
  Rows gradient(emit, layout, emit.convert(alignGradient(emit, op), type));
  Value finite = emit.logicalAnd(emit.isFinite(context.magnitude),
                                 emit.isFinite(gradient.magnitude));
  Value active = emit.logicalAnd(finite, emit.isPositive(gradient.magnitude));
  Value metric = alignMetric(emit, op, layout, type);

  Hierarchy contextSums(emit, layout, context.values, finite);
  Hierarchy gradientSums(emit, layout, gradient.values, finite);
  SmallVector<int64_t> windows = getWindowLevels(op.getWindows(), length);
  SmallVector<double> weights =
      getLevelWeights(windows.size(), op.getDecay().convertToDouble());
  Value scores;
  for (auto [window, weight] : llvm::zip_equal(windows, weights)) {
    // A window of one position is the token itself, whatever its flags: the
    // score of a token that is not finite is replaced below.
    std::optional<Rows> contextLevel, gradientLevel;
    if (window != 1 && length != 1) {
      contextLevel.emplace(emit, layout, contextSums.getSums(window));
      gradientLevel.emplace(emit, layout, gradientSums.getSums(window));
    }
    const Rows &contexts = contextLevel ? *contextLevel : context;
    const Rows &gradients = gradientLevel ? *gradientLevel : gradient;
    Value level =
        op.getKernel() == Kernel::Cosine
            ? expandWindows(emit, layout,
                            emitCosine(emit, layout, contexts, gradients),
                            window, length)
            : InnerProduct(emit, layout, contexts, gradients, metric)
                  .emitNormalized(emit, layout, window, active, finite);
    if (weight != 1.0)
      level = emit.mul(level, weight);
    scores = scores ? emit.add(scores, level) : level;
  }
  scores =
      emit.select(finite, scores, std::numeric_limits<double>::quiet_NaN());

  // From the order of dimensions in the tensor to that of the token list.
  SmallVector<int64_t> order;
  for (int64_t dim : op.getContextTokens())
    order.push_back(llvm::find(layout.tokens, dim) - layout.tokens.begin());
  return {emit.transpose(scores, order), emit.transpose(active, order)};
}
