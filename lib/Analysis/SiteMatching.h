//===- SiteMatching.h - Which contractions are parameter gradients -*- C++ -*-//

#ifndef CEGM_LIB_ANALYSIS_SITEMATCHING_H
#define CEGM_LIB_ANALYSIS_SITEMATCHING_H

#include "Stacks.h"
#include "Updates.h"

#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// A contraction of an activation or a gradient with a weight.
struct WeightUse {
  uint32_t node;
  /// Which operand of the contraction (0 or 1) is the weight.
  unsigned weightSide;
  FlowGraph::ValueId weight;
};

/// The products of one weight with the operands of a contraction that may be
/// its gradient, by the side of the operand: Y = X . W and dX = dY . W, in an
/// order that is not known yet; at least one is there.
struct WeightFit {
  std::optional<WeightUse> uses[2];

  bool hasBoth() const { return uses[0] && uses[1]; }
  FlowGraph::ValueId weight() const {
    return uses[0] ? uses[0]->weight : uses[1]->weight;
  }
};

/// A weight gradient found by its facts, before its dimensions are lined up.
struct DenseMatch {
  uint32_t gradientNode;
  /// Which operand of the gradient contraction is X.
  unsigned inputSide;
  /// dX = dY . W and Y = X . W; at least one is there.
  std::optional<WeightUse> inputGradient, output;

  FlowGraph::ValueId weight() const {
    return inputGradient ? inputGradient->weight : output->weight;
  }
};

struct EmbeddingMatch {
  uint32_t gradientNode;
  /// The lookup Y = W[ids].
  uint32_t lookupNode;
  FlowGraph::ValueId weight;
};

/// Index of the products and lookups with weights, and of the contractions and
/// scatters that have the form of a gradient: which weights do their operands
/// meet in products of matching sizes? Linear in the size of the graph.
class SiteMatcher {
public:
  using Mark = ArgumentMarks::Mark;

  /// `reach` may count what comes of gradients among the weights; of that, only
  /// what is computed from a parameter is one. `plain` is what data reach at
  /// all.
  SiteMatcher(const FlowGraph &graph, const Reach &reach, const Reach &plain,
              NewStates &states);

  /// The entry arguments that weights are computed from.
  const llvm::BitVector &weightArguments() const { return weightArgs; }
  /// What all uses of one parameter have in common: the parameter or, where it
  /// is not known, the weight. All layers of a stack have the same.
  FlowGraph::ValueId weightIdentity(FlowGraph::ValueId weight) const;
  /// The parameters that a weight is computed from.
  Mark originOf(FlowGraph::ValueId weight) const { return origins[weight]; }
  /// The one argument that the weight is computed from.
  std::optional<unsigned> onlyArgument(FlowGraph::ValueId weight) const;
  /// Whether the node contracts with, or reads from, a weight whose identity is
  /// in `weights`.
  bool usesWeight(uint32_t node,
                  const DenseSet<FlowGraph::ValueId> &weights) const;

  /// The nodes that use weights, with these, seen through views.
  const DenseMap<uint32_t, FlowGraph::ValueId> &weightUses() const {
    return weightRoots;
  }

  /// The nodes that have the form of a gradient, in the order of the program.
  ArrayRef<uint32_t> contractionNodes() const { return gradientCandidates; }
  ArrayRef<uint32_t> scatterNodes() const { return scatters; }
  const Contraction &contraction(uint32_t node) const {
    return contractions.find(node)->second;
  }

  /// The weights that a contraction may be the gradient of, of those that are
  /// computed from one of `parameters` (`kMany`: from any).
  SmallVector<WeightFit, 1> findFits(uint32_t node, Mark parameters) const;
  /// The lookups, one for each table, that a scatter may be the gradient of.
  SmallVector<EmbeddingMatch, 1> findTables(uint32_t node,
                                            Mark parameters) const;
  /// Whether there is such a weight.
  bool fitsAny(uint32_t node, Mark parameters) const;

private:
  void findOrigins();
  void addUses();
  void addCandidate(uint32_t index, Contraction contraction);
  void addWeight(uint32_t node, FlowGraph::ValueId weight);
  /// Whether the value may be the derivative of a loss in an output in which it
  /// is linear.
  bool isConstantCotangent(FlowGraph::ValueId id) const;
  /// Whether the value is used as a weight.
  bool isWeight(FlowGraph::ValueId id) const;
  bool isFrom(FlowGraph::ValueId weight, Mark parameters) const;
  bool fits(uint32_t gradientNode, unsigned side, const WeightUse &use) const;
  /// The uses that share the operand on `side` with the contraction, and fit.
  SmallVector<WeightUse, 2> findUses(uint32_t node, unsigned side,
                                     Mark parameters) const;

  const FlowGraph &graph;
  const Reach *reach;
  const Reach &plain;
  NewStates &states;
  ArgumentMarks &marks;
  std::vector<Mark> origins;
  llvm::BitVector weightArgs;
  DenseMap<uint32_t, Contraction> contractions;
  SmallVector<uint32_t> gradientCandidates, scatters;
  /// By the root of the operand that is not the weight.
  DenseMap<FlowGraph::ValueId, SmallVector<WeightUse, 2>> usesByOperand;
  /// The same, by a parameter that the weight is computed from as well.
  DenseMap<std::pair<FlowGraph::ValueId, unsigned>, SmallVector<WeightUse, 1>>
      usesByParameter;
  /// The weight of a node that uses one, seen through views.
  DenseMap<uint32_t, FlowGraph::ValueId> weightRoots;
  /// Lookups by the root of their indices.
  DenseMap<FlowGraph::ValueId, SmallVector<uint32_t, 1>> lookups;
};

/// Lines up the dimensions of all tensors of a match.
FailureOr<Site> describeSite(const FlowGraph &graph, const DenseMatch &match,
                             SkipReason &reason);
FailureOr<Site> describeSite(const FlowGraph &graph,
                             const EmbeddingMatch &match, SkipReason &reason);

/// Reasons for the trained parameters that no site and no turned-down candidate
/// speaks of. `computedWeights` are the weights of sites and candidates for
/// which no single parameter is known, `recurrent` the arguments that are used
/// as weights in loops over time.
void explainOtherParameters(const FlowGraph &graph, const Reach &reach,
                            const NewStates &updates,
                            const SiteMatcher &matcher, ArrayRef<Site> sites,
                            const llvm::BitVector &computedWeights,
                            const llvm::BitVector &recurrent,
                            std::vector<SkippedParameter> &skipped);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_SITEMATCHING_H
