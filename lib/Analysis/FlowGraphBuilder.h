//===- FlowGraphBuilder.h - How a flow graph is made ------------*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_FLOWGRAPHBUILDER_H
#define CEGM_LIB_ANALYSIS_FLOWGRAPHBUILDER_H

#include "cegm/Analysis/FlowGraph.h"

#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::cegm {

class FlowGraph::Builder {
public:
  Builder(FlowGraph &graph, Operation *symbolTableOp)
      : graph(graph), symbolTableOp(symbolTableOp) {}

  void build(FunctionOpInterface entry);

private:
  using ValueMap = DenseMap<Value, ValueId>;

  ValueId addValue(Value value, uint32_t node);
  uint32_t addNode(Operation *op, TrainingGraphOpInterface interface,
                   uint32_t context, ArrayRef<ValueId> operands,
                   ValueRange results, bool isMerge = false);

  SmallVector<ValueId> visitFunction(uint32_t context,
                                     ArrayRef<ValueId> arguments);
  void visitBlock(Block &block, uint32_t context, ValueMap &map);
  void visitOp(Operation *op, uint32_t context, ValueMap &map);
  bool visitCall(CallOpInterface call, uint32_t context, ValueMap &map);
  void visitBody(TrainingGraphOpInterface op, uint32_t context, ValueMap &map);
  bool isReturnedState(Value value, Value next, uint32_t context);
  void visitRegionBranch(RegionBranchOpInterface op, uint32_t context,
                         ValueMap &map);

  // In FlowGraphProvenance.cpp: which value a value shows.
  bool makesUniform(const Node &node);
  ValueId findScaled(const Node &node);
  ValueId findWrapped(const Node &node);
  uint32_t findEqualNode(uint32_t node);
  ValueId findPart(ValueId whole, int64_t dim, int64_t index);
  ValueId canonicalDims(ValueId id, ValueId flatRoot);
  void setProvenance(Operation *op, uint32_t node);

  void describeLoop(LoopLikeOpInterface op, Loop &loop, const ValueMap &map);

  FlowGraph &graph;
  Operation *symbolTableOp;
  SymbolTableCollection symbolTables;
  /// The scope that nodes are added to.
  uint32_t scope = 0;
  /// Equal for values that are computed from the same in the same way.
  std::vector<ValueId> valueNumbers;
  /// Nodes by a hash of what they compute from what.
  DenseMap<uint64_t, SmallVector<uint32_t, 1>> nodesByHash;
  /// Functions on the call path: a recursive call stays an opaque op.
  SmallPtrSet<Operation *, 8> active;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_FLOWGRAPHBUILDER_H
