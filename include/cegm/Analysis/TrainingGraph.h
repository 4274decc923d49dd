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
  Batched,
  Layout,
  ElementType,
  Loop,
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
  /// in the order in which `gradientOp` writes the gradient's.
  Value weight;
  uint32_t weightContext = 0;
  SmallVector<int64_t> weightDims;

  /// The entry argument that is the parameter, if it is known.
  std::optional<unsigned> argument;
  /// 1 + the largest depth of the sites that X depends on.
  unsigned depth = 1;

  /// Sizes of the token dimensions; the last one is the sequence.
  SmallVector<int64_t> tokenShape() const;
  /// The dimension of X (of dY for an embedding) that is the sequence.
  int64_t sequenceDim() const;
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
  /// Analyses the step that `entry` computes, with all functions it calls.
  static TrainingGraph analyze(FunctionOpInterface entry);

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
