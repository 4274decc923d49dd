//===- Gradients.h - Which candidates are parameter gradients ---*- C++ -*-===//
//
// Weighs what speaks for each contraction and scatter that has the form of a
// gradient: that it reaches the new state of its parameter, that the weight
// meets both of its operands, that one of them depends on the product of the
// other with the weight, that no other gradient is computed from it.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_ANALYSIS_GRADIENTS_H
#define CEGM_LIB_ANALYSIS_GRADIENTS_H

#include "SiteMatching.h"

namespace mlir::cegm {

/// A candidate that no evidence tells apart from the gradient of another
/// weight, or that is the gradient of a step within the step.
struct RefusedGradient {
  uint32_t node;
  SkipReason reason;
  /// The weights that it may belong to.
  SmallVector<FlowGraph::ValueId, 2> weights;
};

class Gradients {
public:
  /// `states` are of these roles and of `plain`.
  Gradients(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
            const Reach &plain, NewStates &states);
  Gradients(const Gradients &) = delete;

  /// False for a step of which no result is a new state of a parameter.
  bool updatesAny() const { return states.updatesAny(); }

  ArrayRef<DenseMatch> dense() const { return denseMatches; }
  ArrayRef<EmbeddingMatch> embeddings() const { return embeddingMatches; }
  ArrayRef<RefusedGradient> refused() const { return refusedGradients; }

  /// The parameter that the gradient of `weight` computed by `node` updates, if
  /// it is known.
  std::optional<unsigned> parameterOf(uint32_t node, FlowGraph::ValueId weight);

  const NewStates &newStates() const { return states; }
  /// What data reach, where the gradients of steps before count as weights.
  const Reach &reach() const { return withGradients ? *withGradients : plain; }
  const SiteMatcher &matcher() const { return *currentMatcher; }

private:
  /// What speaks for a candidate.
  struct Candidate {
    uint32_t node;
    /// The weights that fit, one if it is decided.
    SmallVector<WeightFit, 1> fits;
    SmallVector<EmbeddingMatch, 1> tables;
    /// How the candidate reaches the new state of a parameter from which the
    /// weight is computed.
    enum class Belonging { None, Other, Distant, Direct } belonging;
    /// Whether the weight meets both operands.
    bool hasBoth = false;
    /// Whether it moves its own weight, which data meet then.
    bool movesWeight = false;
  };

  /// One search with what is known of gradients so far. Returns whether they
  /// move weights with which the step goes on, so that there is more to find.
  bool search();
  /// The values that show a parameter and a gradient, and that data meet.
  SmallVector<NewState> findMovedWeights();
  std::optional<Candidate> examine(uint32_t node, bool isScatter);
  /// The candidates, with what speaks for them, and where all values flow to.
  std::vector<Candidate> findCandidates();
  /// Excludes candidates that are computed from gradients alone. Returns
  /// whether there are any.
  bool excludeStatistics(ArrayRef<Candidate> candidates);
  /// Of weights of one parameter, as it was before and after a gradient moved
  /// it, keeps the one that the candidate is the gradient at.
  void chooseStates(MutableArrayRef<Candidate> candidates);
  void findInterior(ArrayRef<Candidate> candidates);
  void decide(ArrayRef<Candidate> candidates);
  FlowGraph::ValueId operandOf(uint32_t node, unsigned side) const {
    const Contraction &contraction = currentMatcher->contraction(node);
    return graph.operands(
        graph.nodes()[node])[contraction.side(side).operandNumber];
  }
  bool isInterior(uint32_t node) const {
    return interior.test(graph.result(graph.nodes()[node]));
  }
  /// Drops gradients of arguments that are joined with activations on the way
  /// to their result: these are activations themselves.
  void dropActivations();
  /// Whether a weight that shows a parameter depends on a gradient.
  bool movesWeights(const DenseSet<uint32_t> &gradients);

  const FlowGraph &graph;
  ArrayRef<ArgumentRole> roles;
  const Reach &plain;
  NewStates &states;
  std::optional<Reach> withGradients;
  std::optional<SiteMatcher> currentMatcher;
  std::optional<Destinations> destinations, moves;
  /// What accepted gradients are computed from.
  llvm::BitVector interior;
  DenseSet<uint32_t> known, excluded;
  std::vector<DenseMatch> denseMatches;
  std::vector<EmbeddingMatch> embeddingMatches;
  std::vector<RefusedGradient> refusedGradients;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_GRADIENTS_H
