//===- SkippedParameters.cpp - Why a parameter has no site ----------------===//

#include "SiteMatching.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

StringRef cegm::getCode(SkipReason reason) {
  switch (reason) {
  case SkipReason::Elementwise:
    return "no-contraction";
  case SkipReason::NotUpdated:
    return "not-updated";
  case SkipReason::Convolution:
    return "convolution";
  case SkipReason::PartOfWeight:
    return "part-of-weight";
  case SkipReason::NoGradient:
    return "no-gradient";
  case SkipReason::NoContext:
    return "no-context";
  case SkipReason::Batched:
    return "batched";
  case SkipReason::Layout:
    return "layout";
  case SkipReason::ElementType:
    return "element-type";
  case SkipReason::Loop:
    return "in-loop";
  }
  llvm_unreachable("unknown reason");
}

StringRef cegm::getMessage(SkipReason reason) {
  switch (reason) {
  case SkipReason::Elementwise:
    return "meets activations elementwise only (a bias, scale or table that is "
           "added): its gradient is a plain sum over tokens, with no "
           "contraction to re-weight";
  case SkipReason::NotUpdated:
    return "is returned unchanged: a frozen parameter has no gradient";
  case SkipReason::Convolution:
    return "is the kernel of a convolution: its gradient is a convolution, "
           "which is not re-weighted";
  case SkipReason::PartOfWeight:
    return "is one of several from which the step computes a weight: the "
           "gradient of that weight is listed without a parameter";
  case SkipReason::NoGradient:
    return "multiplies activations, but no contraction of its input with its "
           "output's gradient was found";
  case SkipReason::NoContext:
    return "the graph computes neither this contraction's own input gradient "
           "nor its output";
  case SkipReason::Batched:
    return "the gradient contraction has batch dimensions (experts, "
           "per-example gradients), which are not re-weighted";
  case SkipReason::Layout:
    return "a reshape between the gradient contraction and the products with "
           "the parameter mixes token and feature dimensions";
  case SkipReason::ElementType:
    return "the element type of the contraction is none of f16, bf16, f32 and "
           "f64";
  case SkipReason::Loop:
    return "the gradient is computed inside a loop or a branch; unroll it (in "
           "JAX: scan's unroll=True) to have it re-weighted";
  }
  llvm_unreachable("unknown reason");
}

/// The values whose dependence on an argument makes it a parameter and not the
/// optimizer's state: gradients depend on parameters, never on moments.
static llvm::BitVector findSeeds(const FlowGraph &graph, const Reach &reach,
                                 ArrayRef<Site> sites) {
  llvm::BitVector seeds(graph.numValues());
  DenseSet<Operation *> gradientOps;
  for (const Site &site : sites)
    gradientOps.insert(site.gradientOp);
  for (const FlowGraph::Node &node : graph.nodes())
    if (gradientOps.contains(node.op))
      for (ValueId operand : graph.operands(node))
        seeds.set(operand);
  if (seeds.any())
    return seeds;
  // Without a site the loss has to do: a scalar that data reach.
  for (ValueId result : graph.results()) {
    auto type = dyn_cast<ShapedType>(graph.value(result).getType());
    if (type && type.hasRank() && type.getRank() == 0 &&
        isa<FloatType>(type.getElementType()) && reach.isDataDependent(result))
      seeds.set(result);
  }
  return seeds;
}

void cegm::explainOtherParameters(const FlowGraph &graph, const Reach &reach,
                                  const UpdateFlow &updates,
                                  const SiteMatcher &matcher,
                                  ArrayRef<Site> sites,
                                  const llvm::BitVector &computedWeights,
                                  std::vector<SkippedParameter> &skipped) {
  llvm::BitVector spokenOf(graph.numArguments());
  for (const Site &site : sites)
    if (site.argument)
      spokenOf.set(*site.argument);
  for (const SkippedParameter &parameter : skipped)
    if (parameter.argument)
      spokenOf.set(*parameter.argument);

  llvm::BitVector used =
      computeBackwardReach(graph, findSeeds(graph, reach, sites));
  llvm::BitVector partOfWeight = computeBackwardReach(graph, computedWeights);
  llvm::BitVector convolved(graph.numArguments());
  for (const FlowGraph::Node &node : graph.nodes()) {
    auto interface = dyn_cast<TrainingGraphOpInterface>(node.op);
    if (!interface || !interface.isConvolution())
      continue;
    for (ValueId operand : graph.operands(node))
      if (ValueId root = graph.root(operand); root < graph.numArguments())
        convolved.set(root);
  }
  // A step that returns gradients alone updates nothing.
  bool anyUpdated = false;
  llvm::BitVector returned(graph.numArguments());
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    anyUpdated |= updates.isUpdated(i) && used.test(i);
  for (ValueId result : graph.results())
    if (ValueId root = graph.root(result); root < graph.numArguments())
      returned.set(root);

  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    auto type = dyn_cast<ShapedType>(graph.value(i).getType());
    if (spokenOf.test(i) || !used.test(i) || !reach.isWeightLike(i) || !type ||
        !isa<FloatType>(type.getElementType()))
      continue;
    bool frozen = anyUpdated && !updates.isUpdated(i);
    // A scalar that nothing updates is a hyperparameter.
    if (frozen && (!returned.test(i) || type.getRank() == 0))
      continue;
    SkipReason reason = frozen                 ? SkipReason::NotUpdated
                        : partOfWeight.test(i) ? SkipReason::PartOfWeight
                        : convolved.test(i)    ? SkipReason::Convolution
                        : matcher.weightArguments().test(i)
                            ? SkipReason::NoGradient
                            : SkipReason::Elementwise;
    skipped.push_back({i, reason, graph.value(i).getLoc()});
  }
}
