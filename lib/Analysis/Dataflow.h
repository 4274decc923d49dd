//===- Dataflow.h - What reaches a value, and where it goes -----*- C++ -*-===//
//
// The facts about values that the matching of sites rests on, each computed in
// one or a few passes over the nodes of a FlowGraph.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_ANALYSIS_DATAFLOW_H
#define CEGM_LIB_ANALYSIS_DATAFLOW_H

#include "cegm/Analysis/FlowGraph.h"

#include "llvm/ADT/BitVector.h"

namespace mlir::cegm {

/// Which entry arguments are data: integer tensors with a rank (ids, labels,
/// masks, random keys), and tensors of another type that no result has. All
/// others are candidates: parameters or the optimizer's state.
llvm::BitVector findDataArguments(const FlowGraph &graph);

/// What reaches each value from the entry arguments.
class Reach {
public:
  Reach(const FlowGraph &graph, const llvm::BitVector &dataArguments);

  bool isDataDependent(FlowGraph::ValueId id) const { return bits[id] & kData; }
  /// Reached by a candidate parameter and by no data.
  bool isWeightLike(FlowGraph::ValueId id) const { return bits[id] == kWeight; }

  /// The one argument that reaches the value, whatever is computed on the way
  /// (a layer's weight is a slice of one stack); nothing if there are several.
  std::optional<unsigned> onlyArgument(FlowGraph::ValueId id) const {
    if (sources[id] == kNoArgument || sources[id] == kManyArguments)
      return std::nullopt;
    return sources[id];
  }

private:
  static constexpr uint8_t kData = 1, kWeight = 2;
  static constexpr uint32_t kNoArgument = FlowGraph::kNone;
  static constexpr uint32_t kManyArguments = kNoArgument - 1;

  static uint32_t join(uint32_t a, uint32_t b) {
    if (a == kNoArgument || a == b)
      return b;
    return b == kNoArgument ? a : kManyArguments;
  }

  std::vector<uint8_t> bits;
  std::vector<uint32_t> sources;
};

/// Follows gradients to the parameters that they update.
class UpdateFlow {
public:
  /// No argument, or more than one.
  static constexpr uint32_t kUnknown = FlowGraph::kNone;

  /// `weightArguments` are the arguments that some contraction or lookup uses
  /// as a weight; only those count as targets.
  UpdateFlow(const FlowGraph &graph, const Reach &reach,
             const llvm::BitVector &weightArguments);

  /// The one weight argument that the value meets on its way through
  /// shape-preserving ops: the parameter that it updates, if it is a gradient.
  uint32_t target(FlowGraph::ValueId id) const { return targets[id]; }

  /// True if a data-dependent new value of the argument is returned: some op
  /// joins it with data-dependent values of its own shape, and what comes of
  /// this flows to a result.
  bool isUpdated(unsigned argument) const { return updated.test(argument); }

private:
  std::vector<uint32_t> targets;
  llvm::BitVector updated;
};

/// For each value the largest number of counted nodes on a path to it, what
/// loops carry back aside. `isCounted` takes the index of a node.
std::vector<uint32_t>
computeDepths(const FlowGraph &graph,
              llvm::function_ref<bool(uint32_t)> isCounted);

/// The values that some seed depends on, the seeds included.
llvm::BitVector computeBackwardReach(const FlowGraph &graph,
                                     llvm::BitVector seeds);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_DATAFLOW_H
