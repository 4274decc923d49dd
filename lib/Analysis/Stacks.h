//===- Stacks.h - Tensors that loops read and fill by slices ----*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_STACKS_H
#define CEGM_LIB_ANALYSIS_STACKS_H

#include "Dataflow.h"

namespace mlir::cegm {

/// A StackAccess with the numbers of its values; `index` is `kNone` for a place
/// that is a constant.
struct SliceAccess {
  StackAccess::Kind kind;
  FlowGraph::ValueId stack, slice, index;
  int64_t staticIndex, count;
};

/// How a node accesses a stack, if it does.
std::optional<SliceAccess> getSliceAccess(const FlowGraph &graph,
                                          const FlowGraph::Node &node);

/// What loops put into the stacks that they return: activations for the
/// backward part, as a rule.
class SavedSlices {
public:
  explicit SavedSlices(const FlowGraph &graph);

  /// A loop that puts a slice into a stack in each iteration, in the order of
  /// the iterations or against it.
  struct Filling {
    uint32_t loop;
    bool isReversed;
  };
  struct Slice {
    FlowGraph::ValueId value = FlowGraph::kNone;
    /// The loops around `value` that the stack is filled by, the innermost
    /// first.
    SmallVector<Filling, 1> fillings;

    explicit operator bool() const { return value != FlowGraph::kNone; }
  };
  /// What the slices of the stack are; none if no loop filled it. A stack that
  /// is itself a slice of a stack is one of a loop in a loop.
  Slice find(FlowGraph::ValueId stack) const;

private:
  const FlowGraph &graph;
  DenseMap<FlowGraph::ValueId, std::pair<FlowGraph::ValueId, Filling>> slices;
};

/// The place of a weight in a stack of parameters, or in a stack of stacks.
struct LayerPlace {
  /// Number of slices of the stack.
  int64_t count = 0;
  /// The place as the graph computes it and the loop that it changes in, or the
  /// place as a number.
  FlowGraph::ValueId index = FlowGraph::kNone;
  uint32_t loop = FlowGraph::kNone;
  int64_t staticIndex = 0;
  /// Whether the iterations of the loop begin at the end of the stack.
  bool isReversed = false;

  bool isStatic() const { return index == FlowGraph::kNone; }
};

/// Looks for the stacks that `weight`, or what it is computed from, is a slice
/// of, the outermost first.
SmallVector<LayerPlace, 1> findLayer(const FlowGraph &graph, const Reach &reach,
                                     FlowGraph::ValueId weight);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_STACKS_H
