//===- TrainingGraph.h - Where a train step computes gradients --*- C++ -*-===//
//
// Finds the contractions and scatters of a training graph that compute the
// gradients of its parameters, with the activations, token gradients and
// dimensions that belong to them, by dataflow alone: no op of an optimizer or
// of a layer library is looked for. Plain data; nothing is rewritten here.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_ANALYSIS_TRAININGGRAPH_H
#define CEGM_ANALYSIS_TRAININGGRAPH_H

#include "cegm/Analysis/FlowGraph.h"

#include "mlir/IR/BuiltinOps.h"

#include "llvm/ADT/BitVector.h"

#include <memory>
#include <string>

namespace mlir::cegm {

/// Which pair of vectors stands for a token's context and gradient.
enum class ContextPair {
  /// The input X and this site's own input gradient dX.
  Input,
  /// The output Y and its gradient dY.
  Output,
};

/// Why a parameter has no site. Each has a stable code (`no-contraction`) that
/// reports print.
enum class SkipReason {
  Elementwise,
  NotUpdated,
  Convolution,
  PartOfWeight,
  NoGradient,
  NoContext,
  Layout,
  ElementType,
  Branch,
  Recurrent,
  NeverRuns,
  Ambiguous,
  InnerGradient,
  Ragged,
  Unnamed,
};
StringRef getCode(SkipReason reason);
/// One sentence that explains the reason and what would change it.
StringRef getMessage(SkipReason reason);

/// A tensor that holds a vector for each token: which of its dimensions count
/// tokens and which lie inside a token's vector. Two row tensors of a site
/// pair dimension by dimension, in the order given here.
struct Rows {
  Value tensor;
  SmallVector<int64_t> tokenDims, featureDims;

  explicit operator bool() const { return static_cast<bool>(tensor); }
};

/// One contraction or scatter that computes (a part of) a parameter gradient.
struct Site {
  enum class Kind { Dense, Embedding };
  Kind kind = Kind::Dense;

  /// The op that sums over tokens, and the context in which it is seen.
  Operation *gradientOp = nullptr;
  uint32_t context = 0;

  /// X and dY, operands of `gradientOp`; an embedding has no X.
  Rows input, cotangent;
  /// dX and Y, where the graph computes them. They may belong to another
  /// context than `gradientOp`.
  Rows inputGradient, output;
  uint32_t inputGradientContext = 0, outputContext = 0;

  /// The weight where `inputGradient` or `output` uses it, and its dimensions
  /// in the order in which `gradientOp` writes the gradient's; empty where the
  /// gradient has dimensions that the weight lacks (gradients of single
  /// examples).
  Value weight;
  uint32_t weightContext = 0;
  SmallVector<int64_t> weightDims;

  /// Where the frontend made one dimension of all tokens: the sizes of those
  /// that it was made from, and their order, the sequence last. Empty
  /// otherwise.
  SmallVector<int64_t> tokenSizes, tokenOrder;

  /// Whether the tokens are the examples of a batch, which have no order: each is
  /// scored alone.
  bool hasExamples = false;

  /// Inside of code that each device runs for itself: the groups of devices
  /// that the tokens are divided among, a row a group. Null if each has all of
  /// them; empty if there are no groups of one size.
  DenseIntElementsAttr deviceGroups;

  /// The entry argument that is the parameter, if it is known.
  std::optional<unsigned> argument;
  /// 1 + the largest depth of the sites that X depends on, at place 0 of all
  /// loops over layers.
  unsigned depth = 1;

  /// A loop around the gradient.
  struct Repetition {
    /// Names the loop as long as its body is not taken apart.
    Block *body = nullptr;
    /// True if its iterations take one layer after the other from a stack.
    bool isLayers = false;
    /// True if they begin with the last layer.
    bool isReversed = false;
    /// Number of iterations (of layers in the stack), if the graph says.
    std::optional<int64_t> count;
    /// The number of the iteration (of the layer), in the body; null if the
    /// graph computes none.
    Value index;
    /// What each further layer adds to the depth.
    int depthGrowth = 0;
  };
  /// The outermost loop first.
  SmallVector<Repetition, 0> loops;

  /// The weight's place in a stack of parameters: a number, or where a loop
  /// says.
  struct StackPlace {
    int64_t count = 0;
    std::optional<unsigned> loop;
    int64_t staticIndex = 0;
  };
  /// Where the weight is a slice of a stack, or of a stack of stacks, the
  /// outermost first.
  SmallVector<StackPlace, 1> stack;

  /// A layer of the stack, and its depth.
  struct Layer {
    std::optional<int64_t> number;
    unsigned depth;
  };
  /// The layer at the given places of `loops`. Those of a stack of stacks are
  /// numbered through; there is no number if there is no stack.
  Layer layerAt(ArrayRef<int64_t> places) const;
  /// All layers that `loops` go over; one if they go over none.
  SmallVector<Layer> layers() const;
  /// How often the gradient is computed for each layer, if the graph says.
  std::optional<int64_t> repeats() const;

  /// Sizes of the token dimensions; the last one is the sequence.
  SmallVector<int64_t> tokenShape() const;
  /// The position of the sequence in the shape of the tokens: the last one.
  int64_t sequenceDim() const { return int64_t(tokenShape().size()) - 1; }
  /// The pair that is used if `wanted` is asked for; none if there is neither.
  std::optional<ContextPair> usableContext(ContextPair wanted) const;
};

/// "dense" or "embedding".
StringRef getKindName(Site::Kind kind);

/// A trained parameter without a site, or a candidate that was turned down.
struct SkippedParameter {
  std::optional<unsigned> argument;
  SkipReason reason;
  /// The op that was turned down, or the parameter itself.
  Location location;
};

class TrainingGraph {
public:
  /// What a user knows and the graph may not tell.
  struct Hints {
    /// The arguments that are parameters; else a parameter is told from data by
    /// the result that it has.
    std::optional<llvm::BitVector> parameters;
    /// The length of a sequence, where batch and sequence are one dimension.
    std::optional<int64_t> sequenceLength;
  };

  /// Analyses the step that `entry` computes, with all functions it calls.
  static TrainingGraph analyze(FunctionOpInterface entry, const Hints &hints);
  static TrainingGraph analyze(FunctionOpInterface entry) {
    return analyze(entry, Hints());
  }

  /// From the input of the model to its output: by depth, then in the order in
  /// which the gradients are computed.
  ArrayRef<Site> sites() const { return siteList; }
  ArrayRef<SkippedParameter> skipped() const { return skippedList; }

  FunctionOpInterface entry() const { return graph->contexts()[0].function; }
  ArrayRef<FlowGraph::Context> contexts() const { return graph->contexts(); }
  Value argument(unsigned i) const { return graph->value(i); }

  /// The calls that must be inlined so that `site` and all that it needs for
  /// the given pair stand in one function; none if they do already.
  SmallVector<Operation *> separatingCalls(const Site &site,
                                           ContextPair pair) const;

private:
  TrainingGraph() = default;

  std::unique_ptr<FlowGraph> graph;
  std::vector<Site> siteList;
  std::vector<SkippedParameter> skippedList;
};

/// The function that a module's train step starts in: `main`, else the only
/// public function with a body. Null if there is none.
FunctionOpInterface findEntryFunction(ModuleOp module);

/// The name that the frontend gave to a value by its location (JAX: the path in
/// the pytree), empty if there is none.
StringRef getParameterName(Value argument);

} // namespace mlir::cegm

#endif // CEGM_ANALYSIS_TRAININGGRAPH_H
