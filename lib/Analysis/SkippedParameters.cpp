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
  case SkipReason::Layout:
    return "layout";
  case SkipReason::ElementType:
    return "element-type";
  case SkipReason::Branch:
    return "in-branch";
  case SkipReason::Recurrent:
    return "recurrent";
  case SkipReason::NeverRuns:
    return "never-runs";
  case SkipReason::Ambiguous:
    return "ambiguous";
  case SkipReason::InnerGradient:
    return "inner-gradient";
  case SkipReason::Ragged:
    return "ragged";
  case SkipReason::Unnamed:
    return "unnamed";
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
           "output's gradient was found that updates it";
  case SkipReason::NoContext:
    return "the graph computes neither this contraction's own input gradient "
           "nor its output";
  case SkipReason::Layout:
    return "a reshape between the gradient contraction and the products with "
           "the parameter mixes token and feature dimensions";
  case SkipReason::ElementType:
    return "the element type of the contraction is none of f16, bf16, f32 and "
           "f64";
  case SkipReason::Branch:
    return "the gradient is computed in a branch that may not run (a cond); "
           "compute it outside and choose between results";
  case SkipReason::Recurrent:
    return "the gradient is computed in a loop over time, in which a "
           "sequence's tokens come one step at a time: there is no sequence to "
           "take windows of";
  case SkipReason::NeverRuns:
    return "the gradient is computed in a loop that runs no iteration";
  case SkipReason::Ambiguous:
    return "several parameters multiply the same input, and neither an input "
           "gradient nor an update that is followed tells which of them a "
           "gradient belongs to";
  case SkipReason::InnerGradient:
    return "the gradient does not update the parameter: it makes other weights "
           "with which the step goes on";
  case SkipReason::Ragged:
    return "meets activations in a contraction of groups of unequal sizes "
           "(ragged_dot), which is not re-weighted";
  case SkipReason::Unnamed:
    return "may be a parameter or data: no result of the step is a new state "
           "of an argument (it returns gradients), or data have the type of "
           "one, so that the graph cannot tell; name the parameters with the "
           "option 'parameters'";
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
                                  const NewStates &updates,
                                  const SiteMatcher &matcher,
                                  ArrayRef<Site> sites,
                                  const llvm::BitVector &computedWeights,
                                  const llvm::BitVector &recurrent,
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
  llvm::BitVector ragged(graph.numArguments());
  for (const FlowGraph::Node &node : graph.nodes()) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface)
      continue;
    bool isRagged = interface.isRaggedContraction();
    if (!isRagged && !interface.isConvolution())
      continue;
    for (ValueId operand : graph.operands(node))
      if (ValueId root = graph.root(operand); root < graph.numArguments())
        (isRagged ? ragged : convolved).set(root);
  }
  // A step that returns gradients alone updates nothing.
  bool anyUpdated = false;
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    anyUpdated |= updates.isUpdated(i) && used.test(i);

  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    auto type = dyn_cast<ShapedType>(graph.value(i).getType());
    bool isUsed = used.test(i) || matcher.weightArguments().test(i);
    if (spokenOf.test(i) || !isUsed || !reach.isWeightLike(i) || !type ||
        !isa<FloatType>(type.getElementType()))
      continue;
    bool frozen = anyUpdated && !updates.isUpdated(i);
    // A scalar that nothing updates is a hyperparameter.
    if (frozen && (!updates.isReturned(i) || type.getRank() == 0))
      continue;
    SkipReason reason = frozen                 ? SkipReason::NotUpdated
                        : partOfWeight.test(i) ? SkipReason::PartOfWeight
                        : convolved.test(i)    ? SkipReason::Convolution
                        : ragged.test(i)       ? SkipReason::Ragged
                        : recurrent.test(i)    ? SkipReason::Recurrent
                        : matcher.weightArguments().test(i)
                            ? SkipReason::NoGradient
                            : SkipReason::Elementwise;
    skipped.push_back({i, reason, graph.value(i).getLoc()});
  }
}
