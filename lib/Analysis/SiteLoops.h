//===- SiteLoops.h - The loops around a site --------------------*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_SITELOOPS_H
#define CEGM_LIB_ANALYSIS_SITELOOPS_H

#include "Stacks.h"
#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// Tells loops over layers, over micro-batches and over time apart.
class SiteLoops {
public:
  SiteLoops(const FlowGraph &graph, const Reach &reach)
      : graph(graph), reach(reach), saved(graph) {}

  /// Describes the loops around `site`, whose gradient is computed by the node
  /// `node` from `cotangent`, and where in a stack `weight` lies. Fails if one
  /// of them goes over time, token by token.
  std::optional<SkipReason> describe(Site &site, uint32_t node,
                                     FlowGraph::ValueId cotangent,
                                     FlowGraph::ValueId weight);

  /// Whether an iteration of the loop gets tensors that depend on data from the
  /// one before, other than stacks that it puts its own results into.
  bool carriesData(uint32_t loop) { return factsOf(loop).carriesData; }

  /// Whether the value, of an iteration of the loop, depends on tensors that
  /// depend on data and that it gets from the iteration before.
  bool isCarried(uint32_t loop, FlowGraph::ValueId id) {
    const Facts &fact = factsOf(loop);
    return id >= fact.firstValue &&
           id - fact.firstValue < fact.carried.size() &&
           fact.carried.test(id - fact.firstValue);
  }

private:
  /// What an iteration gets from the one before.
  struct Facts {
    /// The values of the loop, from `firstValue` on, that depend on data which
    /// it carries from iteration to iteration.
    FlowGraph::ValueId firstValue = 0;
    llvm::BitVector carried;
    bool carriesData = false;
    /// Whether all stacks of data that it reads were filled by one other loop:
    /// it goes back over the iterations of that loop and gets nothing else.
    bool readsOneLoop = false;
  };
  const Facts &factsOf(uint32_t loop);

  const FlowGraph &graph;
  const Reach &reach;
  SavedSlices saved;
  DenseMap<uint32_t, Facts> facts;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_SITELOOPS_H
