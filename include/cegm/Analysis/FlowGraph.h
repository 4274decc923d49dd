//===- FlowGraph.h - A program as one flat graph of values ------*- C++ -*-===//
//
// The dataflow that an analysis of a whole train step needs: the ops of the
// entry function and of every function that it calls, each call seen in its own
// context, as if it had been inlined. Values are numbers, facts about them are
// plain arrays, and ops stand in an order in which definitions come before uses
// (but for what a loop carries back). Building it is linear in the size of the
// inlined program.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_ANALYSIS_FLOWGRAPH_H
#define CEGM_ANALYSIS_FLOWGRAPH_H

#include "cegm/Interfaces/TrainingGraphOpInterface.h"

#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include <vector>

namespace mlir::cegm {

class FlowGraph {
public:
  using ValueId = uint32_t;
  static constexpr uint32_t kNone = ~uint32_t(0);

  /// One activation of a function. Context 0 is the entry function's.
  struct Context {
    uint32_t parent = kNone;
    Operation *call = nullptr;
    FunctionOpInterface function;
  };

  /// An op in a context, or, where `isMerge`, the joining of what the branches
  /// of a region op pass on. A call is no node: its results are the values
  /// that the callee returns.
  struct Node {
    Operation *op;
    uint32_t context;
    uint32_t firstOperand, numOperands;
    ValueId firstResult;
    uint32_t numResults;
    bool isMerge;
  };

  /// How a value shows another, its root: `permutation` is empty for the
  /// identity. `reshaped` values have the root's elements under another shape
  /// and no permutation.
  struct Provenance {
    /// Looks back through every view.
    ValueId root;
    /// Looks back through views that keep or permute the dimensions: dimension
    /// i of the value is dimension `permutation[i]` of `dimRoot`.
    ValueId dimRoot;
    ArrayRef<int64_t> permutation;
  };

  /// Builds the graph of `entry`. Calls are resolved in the module around it.
  explicit FlowGraph(FunctionOpInterface entry);
  FlowGraph(const FlowGraph &) = delete;
  FlowGraph &operator=(const FlowGraph &) = delete;

  ArrayRef<Context> contexts() const { return contextList; }
  ArrayRef<Node> nodes() const { return nodeList; }
  ArrayRef<ValueId> operands(const Node &node) const {
    return ArrayRef<ValueId>(operandIds)
        .slice(node.firstOperand, node.numOperands);
  }
  ValueId result(const Node &node, unsigned i = 0) const {
    return node.firstResult + i;
  }

  size_t numValues() const { return values.size(); }
  /// The IR value behind a number, in the context that defines it.
  Value value(ValueId id) const { return values[id]; }
  /// Index of the node that defines the value, `kNone` for an entry argument.
  uint32_t definingNode(ValueId id) const { return definingNodes[id]; }
  const Provenance &provenance(ValueId id) const { return provenances[id]; }
  ValueId root(ValueId id) const { return provenances[id].root; }

  /// Entry arguments have the numbers 0, 1, ...
  unsigned numArguments() const { return argumentCount; }
  /// What the entry function returns.
  ArrayRef<ValueId> results() const { return resultIds; }

private:
  class Builder;

  std::vector<Context> contextList;
  std::vector<Node> nodeList;
  std::vector<ValueId> operandIds;
  std::vector<Value> values;
  std::vector<uint32_t> definingNodes;
  std::vector<Provenance> provenances;
  SmallVector<ValueId> resultIds;
  unsigned argumentCount = 0;
  llvm::BumpPtrAllocator allocator;
};

} // namespace mlir::cegm

#endif // CEGM_ANALYSIS_FLOWGRAPH_H
