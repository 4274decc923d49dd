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

class NewStates;

/// What an entry argument is, as far as its type and the results tell.
enum class ArgumentRole : uint8_t {
  /// Token ids, labels, masks, and tensors of floating-point type that no
  /// result
  /// has: what changes from step to step.
  Data,
  /// A parameter, or the optimizer's state.
  Candidate,
  /// A counter, a rate, or the state of a random number generator: what it
  /// reaches is no more data, and no more a weight, than it was.
  Neutral,
};

/// The roles of the arguments of `graph`. If `named` is given, it lists the
/// parameters.
SmallVector<ArgumentRole>
classifyArguments(const FlowGraph &graph,
                  const std::optional<llvm::BitVector> &named);

/// What reaches each value from the entry arguments.
class Reach {
public:
  /// With `gradients`, the nodes that compute parameter gradients, it says what
  /// data reach otherwise: those results count as weights, and scalars as
  /// neutral, since what all tokens share (a norm) is no token's. What is drawn
  /// at random is neutral too, until a product or a lookup with a weight makes
  /// tokens of it (the input of a generator, the time steps of a diffusion).
  /// With `constantsAreTokens` that holds of constants, too: a step may have
  /// all of its data in itself.
  Reach(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
        const DenseSet<uint32_t> *gradients = nullptr,
        bool constantsAreTokens = false);

  bool isDataDependent(FlowGraph::ValueId id) const { return bits[id] & kData; }
  /// Reached by a candidate parameter and by no data.
  bool isWeightLike(FlowGraph::ValueId id) const {
    return (bits[id] & (kData | kWeight)) == kWeight;
  }
  /// What a weight may be multiplied with as an input: data or random numbers.
  bool mayBeTokens(FlowGraph::ValueId id) const {
    return (bits[id] & kData) || bits[id] == kNoise;
  }
  /// Neither data nor weights: constants, rates, random numbers.
  bool isNeutral(FlowGraph::ValueId id) const {
    return (bits[id] & (kData | kWeight)) == 0;
  }

  /// The one argument that reaches the value, whatever is computed on the way
  /// (a layer's weight is a slice of one stack); nothing if there are several.
  std::optional<unsigned> onlyArgument(FlowGraph::ValueId id) const {
    if (sources[id] == kNoArgument || sources[id] == kManyArguments)
      return std::nullopt;
    return sources[id];
  }

private:
  /// Whether the node puts weights, or gradients, into one vector.
  bool joinsGradients(const FlowGraph &graph,
                      const FlowGraph::Node &node) const;
  /// The bits of a product or a lookup that makes tokens of random numbers.
  uint8_t findDrawnTokens(const FlowGraph &graph,
                          const FlowGraph::Node &node) const;

  static constexpr uint8_t kData = 1, kWeight = 2, kNoise = 4;
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

/// Turns candidates into data that no result shows, though one has their type
/// (a reconstruction, or logits, that are returned beside the loss), and that
/// are summed over to make the new state of another argument: as the inputs of
/// a layer are in its gradient. Returns whether there are any; `reach` is then
/// out of date.
bool findDataByUse(const FlowGraph &graph, const Reach &reach,
                   NewStates &states, MutableArrayRef<ArgumentRole> roles);

/// Turns data into candidates that are joined element by element with what is
/// computed from candidates alone, if other data are multiplied with the sum: a
/// frozen weight under an adapter. Returns whether there are any.
bool findFrozenByUse(const FlowGraph &graph, const Reach &reach,
                     MutableArrayRef<ArgumentRole> roles);

/// The values that some seed depends on, the seeds included.
llvm::BitVector computeBackwardReach(const FlowGraph &graph,
                                     llvm::BitVector seeds);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_DATAFLOW_H
