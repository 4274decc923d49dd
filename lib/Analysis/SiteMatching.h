//===- SiteMatching.h - Which contractions are parameter gradients -*- C++ -*-//

#ifndef CEGM_LIB_ANALYSIS_SITEMATCHING_H
#define CEGM_LIB_ANALYSIS_SITEMATCHING_H

#include "Depths.h"
#include "Stacks.h"
#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// A contraction of an activation or a gradient with a weight.
struct WeightUse {
  uint32_t node;
  /// Which operand of the contraction (0 or 1) is the weight.
  unsigned weightSide;
  FlowGraph::ValueId weight;
};

/// A weight gradient found by its facts, before its dimensions are lined up.
struct DenseMatch {
  uint32_t gradientNode;
  /// Which operand of the gradient contraction is X.
  unsigned inputSide;
  /// dX = dY . W and Y = X . W; at least one is there.
  std::optional<WeightUse> inputGradient, output;
  /// Weights that nothing tells apart from the one of this match.
  SmallVector<FlowGraph::ValueId, 2> others;

  FlowGraph::ValueId weight() const {
    return inputGradient ? inputGradient->weight : output->weight;
  }
};

struct EmbeddingMatch {
  uint32_t gradientNode;
  /// The lookup Y = W[ids].
  uint32_t lookupNode;
  FlowGraph::ValueId weight;
  /// Tables that nothing tells apart from that one.
  SmallVector<FlowGraph::ValueId, 2> others;
};

/// Index of the contractions and table accesses of a graph, and the search for
/// those that are gradients. Linear in the size of the graph.
class SiteMatcher {
public:
  SiteMatcher(const FlowGraph &graph, const Reach &reach);

  /// The entry arguments, seen through views, that are used as weights.
  const llvm::BitVector &weightArguments() const { return weightArgs; }
  /// What all uses of one parameter have in common: the parameter or, where it
  /// is not known, the weight. All layers of a stack have the same.
  FlowGraph::ValueId weightIdentity(FlowGraph::ValueId weight) const;
  /// Whether the node contracts with, or reads from, a weight whose identity is
  /// in `weights`.
  bool usesWeight(uint32_t node,
                  const DenseSet<FlowGraph::ValueId> &weights) const;

  /// The nodes that use weights, with these, seen through views.
  const DenseMap<uint32_t, FlowGraph::ValueId> &weightUses() const {
    return weightRoots;
  }

  /// Adds to `moments` the nodes that have the form of a gradient but are sums
  /// over the tokens of two activations, or of two gradients.
  std::vector<DenseMatch> matchDense(const UpdateFlow &updates,
                                     DenseSet<uint32_t> &moments) const;
  std::vector<EmbeddingMatch> matchEmbeddings(const UpdateFlow &updates) const;

private:
  std::optional<DenseMatch> matchOne(uint32_t node, const UpdateFlow &updates,
                                     DenseSet<uint32_t> &moments) const;
  const Contraction &contraction(uint32_t node) const {
    return contractions.find(node)->second;
  }
  bool fits(uint32_t gradientNode, unsigned side, const WeightUse &use) const;

  const FlowGraph &graph;
  const Reach &reach;
  llvm::BitVector weightArgs;
  DenseMap<uint32_t, Contraction> contractions;
  SmallVector<uint32_t> gradientCandidates, scatters;
  /// By the root of the operand that is not the weight, and of the weight.
  DenseMap<FlowGraph::ValueId, SmallVector<WeightUse, 2>> usesByOperand;
  DenseMap<std::pair<FlowGraph::ValueId, FlowGraph::ValueId>, WeightUse>
      usesByPair;
  /// The weight of a node that uses one, seen through views.
  DenseMap<uint32_t, FlowGraph::ValueId> weightRoots;
  /// Lookups by the root of their indices.
  DenseMap<FlowGraph::ValueId, SmallVector<uint32_t, 1>> lookups;
  /// Number of weight uses on the longest path to a value.
  std::optional<Depths> useDepths;
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
                            const UpdateFlow &updates,
                            const SiteMatcher &matcher, ArrayRef<Site> sites,
                            const llvm::BitVector &computedWeights,
                            const llvm::BitVector &recurrent,
                            std::vector<SkippedParameter> &skipped);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_SITEMATCHING_H
