//===- Depths.h - How many layers lie before a value ------------*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_DEPTHS_H
#define CEGM_LIB_ANALYSIS_DEPTHS_H

#include "cegm/Analysis/FlowGraph.h"

namespace mlir::cegm {

/// For each value the largest number of counted nodes on a path to it. In a
/// loop the number grows from iteration to iteration by the same amount: each
/// body is walked twice, and the rest follows.
class Depths {
public:
  /// `isCounted` takes the index of a node. `weights` are, for some nodes,
  /// values whose views are no part of a path through the node: a weight that a
  /// step before has moved lies behind all layers of that one.
  Depths(const FlowGraph &graph, llvm::function_ref<bool(uint32_t)> isCounted,
         const DenseMap<uint32_t, FlowGraph::ValueId> &weights);

  /// In the first iteration of the innermost loop around it.
  uint32_t first(FlowGraph::ValueId id) const { return firstDepths[id]; }
  /// What each further iteration of the loop around the value adds, the
  /// innermost at `level` 0. A slice of a stack that an earlier loop filled has
  /// the depths of what that loop put there: for it, and what is computed from
  /// it, this is what each further slice adds, which may be less than nothing.
  /// Only the two innermost loops are followed.
  int32_t growth(FlowGraph::ValueId id, unsigned level = 0) const {
    return level < kLevels ? growths[level][id] : 0;
  }

private:
  class Walk;

  static constexpr unsigned kLevels = 2;

  std::vector<uint32_t> firstDepths;
  std::vector<int32_t> growths[kLevels];
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_DEPTHS_H
