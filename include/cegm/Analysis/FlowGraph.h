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
#include "mlir/Interfaces/LoopLikeInterface.h"

#include "llvm/ADT/BitVector.h"

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

  /// What runs as often as the op around it says: the body of the entry
  /// function (scope 0), or a region of a loop or a branch. A call opens no
  /// scope.
  struct Scope {
    uint32_t parent = kNone;
    /// The loop or branch.
    Operation *op = nullptr;
    /// Index of the innermost loop around, `kNone` if there is none.
    uint32_t loop = kNone;
  };

  /// A value that a loop hands from one iteration to the next.
  struct Carried {
    ValueId init, argument, next, result;
  };

  /// One loop in a context. Its nodes are consecutive: first those of its
  /// regions, up to `bodyEnd`, then the merges that are its results.
  struct Loop {
    LoopLikeOpInterface op;
    uint32_t scope = kNone;
    uint32_t firstNode = 0, bodyEnd = 0, endNode = 0;
    /// Without what the loop carries along unchanged.
    SmallVector<Carried, 0> carried;
    /// Number of iterations, if the graph says.
    std::optional<int64_t> tripCount;
    /// The value that counts the iterations from 0 in steps of 1, if there is
    /// one.
    ValueId counter = kNone;
  };

  /// An op in a context, or, where `isMerge`, the joining of what the branches
  /// of a region op pass on. A call is no node: its results are the values
  /// that the callee returns. Values that the body of an op takes from outside
  /// (a table that `linalg.generic` reads) follow its operands.
  struct Node {
    Operation *op;
    /// What the op says of itself; null if it does not. (Asking an op for its
    /// interface is a search, and every fact needs it.)
    TrainingGraphOpInterface interface;
    uint32_t context;
    uint32_t firstOperand, numOperands;
    ValueId firstResult;
    uint32_t numResults;
    uint32_t scope;
    bool isMerge;
  };

  /// How a value shows another, its root: the same elements in another order,
  /// shape or precision, or all of them times one number. `permutation` is
  /// empty for the identity.
  struct Provenance {
    /// Looks back through every view.
    ValueId root;
    /// Looks back through views that keep or permute the dimensions: dimension
    /// i of the value is dimension `permutation[i]` of `dimRoot`. Reshapes of
    /// one tensor to one shape have the same.
    ValueId dimRoot;
    ArrayRef<int64_t> permutation;
    /// Looks back through views that keep the row-major order of the elements.
    ValueId flatRoot;
  };

  /// Builds the graph of `entry`. Calls are resolved in the module around it.
  explicit FlowGraph(FunctionOpInterface entry);
  FlowGraph(const FlowGraph &) = delete;
  FlowGraph &operator=(const FlowGraph &) = delete;

  ArrayRef<Context> contexts() const { return contextList; }
  ArrayRef<Scope> scopes() const { return scopeList; }
  /// Outer loops come before the loops inside of them.
  ArrayRef<Loop> loops() const { return loopList; }
  ArrayRef<Node> nodes() const { return nodeList; }
  ArrayRef<ValueId> operands(const Node &node) const {
    return ArrayRef<ValueId>(operandIds)
        .slice(node.firstOperand, node.numOperands);
  }
  ValueId result(const Node &node, unsigned i = 0) const {
    return node.firstResult + i;
  }
  /// The number of `value`, an operand of the node's op or taken by its body
  /// from outside. The node is no merge.
  ValueId operand(const Node &node, Value value) const;

  size_t numValues() const { return values.size(); }
  /// The IR value behind a number, in the context that defines it.
  Value value(ValueId id) const { return values[id]; }
  /// Index of the node that defines the value, `kNone` for an entry argument.
  uint32_t definingNode(ValueId id) const { return definingNodes[id]; }
  const Provenance &provenance(ValueId id) const { return provenances[id]; }
  ValueId root(ValueId id) const { return provenances[id].root; }
  /// Whether `result`, which is computed from `operand`, is a view of it.
  bool isView(ValueId operand, ValueId result) const {
    return root(result) != result && root(result) == root(operand);
  }
  /// Whether all elements are one number: scalars and what is made of them
  /// alone.
  bool isUniform(ValueId id) const { return uniform[id]; }
  /// Whether both are tensors of one shape, whatever their elements.
  bool haveSameShape(ValueId a, ValueId b) const;
  /// Values of different shapes that show the elements of a value's `flatRoot`
  /// in row-major order.
  ArrayRef<ValueId> reshapes(ValueId id) const {
    auto it = reshapeLists.find(provenances[id].flatRoot);
    return it == reshapeLists.end() ? ArrayRef<ValueId>() : it->second;
  }
  /// The scope that the value is computed in.
  uint32_t scope(ValueId id) const {
    uint32_t node = definingNodes[id];
    return node == kNone ? 0 : nodeList[node].scope;
  }
  /// The values that depend on one of `sources`, these included.
  llvm::BitVector dependents(llvm::BitVector sources) const;

  /// The next loop around a loop, `kNone` if there is none.
  uint32_t outerLoop(uint32_t loop) const {
    return scopeList[scopeList[loopList[loop].scope].parent].loop;
  }

  /// Entry arguments have the numbers 0, 1, ...
  unsigned numArguments() const { return argumentCount; }
  /// What the entry function returns.
  ArrayRef<ValueId> results() const { return resultIds; }

private:
  class Builder;

  std::vector<Context> contextList;
  std::vector<Scope> scopeList;
  std::vector<Loop> loopList;
  std::vector<Node> nodeList;
  std::vector<ValueId> operandIds;
  std::vector<Value> values;
  std::vector<uint32_t> definingNodes;
  std::vector<Provenance> provenances;
  std::vector<bool> uniform;
  DenseMap<ValueId, SmallVector<ValueId, 1>> reshapeLists;
  SmallVector<ValueId> resultIds;
  unsigned argumentCount = 0;
  llvm::BumpPtrAllocator allocator;
};

} // namespace mlir::cegm

#endif // CEGM_ANALYSIS_FLOWGRAPH_H
