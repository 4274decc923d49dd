//===- Hierarchy.cpp - The sums of all levels of a score ------------------===//

#include "Hierarchy.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

/// Rows that are summed at once where a level may be made of others: enough to
/// make what follows small, few enough to sum exactly and in parallel.
static constexpr int64_t fewRows = 16;

/// Moves the feature dimension that is the innermost of both tensors to the end
/// of the lists, which may have any order, so that window sums have it
/// innermost too.
static void orderFeatures(Rows &context, Rows &gradient) {
  std::optional<int64_t> feature = getVectorFeature(context, gradient);
  if (!feature)
    return;
  std::swap(context.features[*feature], context.features.back());
  std::swap(gradient.features[*feature], gradient.features.back());
}

Hierarchy::Hierarchy(Emitter &emit, Rows context, Rows gradient, Value metric,
                     FloatType scoreType, ArrayRef<int64_t> windows,
                     const ScoreOptions &options)
    : emit(emit), metric(metric), scoreType(scoreType), options(options) {
  // A metric has its features in the order of the lists.
  if (metric)
    this->options.singlePass = false;
  else
    orderFeatures(context, gradient);
  Stage tokens;
  tokens.rows = {context, gradient};
  stages.push_back(tokens);
  int64_t length =
      Emitter::typeOf(context.tensor).getDimSize(context.getSequenceDim());
  // The sum of a whole sequence can be cut anywhere.
  auto isLong = [&](int64_t window) {
    return ShapedType::isDynamic(length)
               ? window == 1
               : llvm::divideCeil(length, window) > fewRows;
  };
  for (int64_t window : windows) {
    while (window == 0 && isLong(stages.back().window))
      addStage(stages.back().window * fewRows);
    if (window != 1)
      addStage(window);
  }
}

void Hierarchy::addStage(int64_t window) {
  Stage stage;
  stage.window = window;
  for (auto [index, finer] : llvm::enumerate(stages))
    if (window % finer.window == 0)
      stage.parent = index;
  stages.push_back(stage);
}

/// The rows of its parent that one row of a stage is the sum of, 0 for all.
int64_t Hierarchy::getFactor(const Stage &stage) const {
  return stage.window / stages[stage.parent].window;
}

void Hierarchy::makeRows(size_t index) {
  Stage &stage = stages[index];
  if (stage.rows)
    return;
  // One pass over the parent may make both.
  getSums(stage.parent);
  if (stage.rows)
    return;
  auto &[context, gradient] = *stages[stage.parent].rows;
  Value kept = stage.parent == 0 ? finite : Value();
  assert((stage.parent != 0 || finite) && "finite tokens are known");
  int64_t factor = getFactor(stage);
  Rows contextSums = sumWindows(emit, context, factor, kept);
  stage.rows = {contextSums, sumWindows(emit, gradient, factor, kept)};
}

const Sums &Hierarchy::getSums(size_t index) {
  makeRows(index);
  Stage &stage = stages[index];
  if (stage.sums)
    return *stage.sums;
  auto &[context, gradient] = *stage.rows;
  if (!options.singlePass || !getVectorFeature(context, gradient)) {
    stage.sums = emitSums(emit, context, gradient, metric);
    return *stage.sums;
  }

  Stage *child = nullptr;
  for (Stage &other : llvm::drop_begin(stages, index + 1))
    if (!child && other.parent == index && !other.rows)
      child = &other;
  Type element = Emitter::typeOf(context.tensor).getElementType();
  FloatType type = element.isF64() ? cast<FloatType>(element) : scoreType;
  SinglePassSums sums =
      emitSinglePass(emit, context, gradient,
                     {child ? getFactor(*child) : fewRows, child != nullptr,
                      type, options.vectorBits});
  stage.sums = sums.tokens;
  if (child)
    child->rows = {sums.contextWindows, sums.gradientWindows};
  return *stage.sums;
}

const Sums &Hierarchy::getWindows(int64_t window) {
  for (auto [index, stage] : llvm::enumerate(stages))
    if (stage.window == window)
      return getSums(index);
  llvm_unreachable("a level of the score");
}
