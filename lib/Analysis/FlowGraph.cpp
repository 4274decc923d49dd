//===- FlowGraph.cpp - A program as one flat graph of values --------------===//

#include "FlowGraphBuilder.h"

#include "mlir/Interfaces/ShapedOpInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::cegm;

/// What an op computes its results from. A size is not made from elements: what
/// is broadcast to a batch of any size is no data for that.
static SmallVector<Value> getAllOperands(Operation *op) {
  if (isa<ShapedDimOpInterface>(op))
    return {};
  SmallVector<Value> operands(op->getOperands());
  SetVector<Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  llvm::append_range(operands, captured);
  return operands;
}

FlowGraph::ValueId FlowGraph::operand(const Node &node, Value value) const {
  SmallVector<Value> all = getAllOperands(node.op);
  return operands(node)[llvm::find(all, value) - all.begin()];
}

bool FlowGraph::haveSameShape(ValueId a, ValueId b) const {
  auto x = dyn_cast<ShapedType>(value(a).getType());
  auto y = dyn_cast<ShapedType>(value(b).getType());
  return x && y && x.hasRank() && y.hasRank() && x.getShape() == y.getShape();
}

//===----------------------------------------------------------------------===//
// Builder
//===----------------------------------------------------------------------===//

static bool isScalar(Type type) {
  auto shaped = dyn_cast<ShapedType>(type);
  return !shaped || (shaped.hasRank() && shaped.getRank() == 0);
}

FlowGraph::ValueId FlowGraph::Builder::addValue(Value value, uint32_t node) {
  ValueId id = graph.values.size();
  graph.values.push_back(value);
  graph.uniform.push_back(isScalar(value.getType()));
  graph.definingNodes.push_back(node);
  graph.provenances.push_back({id, id, {}, id});
  valueNumbers.push_back(id);
  return id;
}

uint32_t FlowGraph::Builder::addNode(Operation *op,
                                     TrainingGraphOpInterface interface,
                                     uint32_t context,
                                     ArrayRef<ValueId> operands,
                                     ValueRange results, bool isMerge) {
  uint32_t node = graph.nodeList.size();
  graph.nodeList.push_back(
      {op, interface, context, uint32_t(graph.operandIds.size()),
       uint32_t(operands.size()), ValueId(graph.values.size()),
       uint32_t(results.size()), scope, isMerge});
  llvm::append_range(graph.operandIds, operands);
  for (Value result : results)
    addValue(result, node);
  return node;
}

void FlowGraph::Builder::build(FunctionOpInterface entry) {
  graph.contextList.push_back({kNone, nullptr, entry});
  graph.scopeList.push_back({});
  SmallVector<ValueId> arguments;
  for (BlockArgument argument : entry.getArguments())
    arguments.push_back(addValue(argument, kNone));
  graph.argumentCount = arguments.size();
  graph.resultIds = visitFunction(0, arguments);
}

SmallVector<FlowGraph::ValueId>
FlowGraph::Builder::visitFunction(uint32_t context,
                                  ArrayRef<ValueId> arguments) {
  FunctionOpInterface function = graph.contextList[context].function;
  active.insert(function);
  Block &body = function.getFunctionBody().front();
  ValueMap map;
  for (auto [argument, id] : llvm::zip_equal(body.getArguments(), arguments))
    map[argument] = id;
  visitBlock(body, context, map);
  active.erase(function);
  SmallVector<ValueId> results;
  for (Value operand : body.getTerminator()->getOperands())
    results.push_back(map.lookup(operand));
  return results;
}

void FlowGraph::Builder::visitBlock(Block &block, uint32_t context,
                                    ValueMap &map) {
  for (Operation &op : block)
    visitOp(&op, context, map);
}

void FlowGraph::Builder::visitOp(Operation *op, uint32_t context,
                                 ValueMap &map) {
  if (auto call = dyn_cast<CallOpInterface>(op))
    if (visitCall(call, context, map))
      return;
  // Most ops have no region, and asking them for an interface is a search.
  if (op->getNumRegions() != 0)
    if (auto branch = dyn_cast<RegionBranchOpInterface>(op))
      return visitRegionBranch(branch, context, map);
  auto interface = dyn_cast<TrainingGraphOpInterface>(op);
  if (interface && interface.runsBodyOnce())
    return visitBody(interface, context, map);
  // The body of any other op with regions (a reduction's, say) computes on
  // elements: of it the graph shows what it takes from outside.
  SmallVector<ValueId, 4> operands;
  for (Value operand : getAllOperands(op))
    operands.push_back(map.lookup(operand));
  uint32_t node = addNode(op, interface, context, operands, op->getResults());
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    map[result] = graph.nodeList[node].firstResult + i;
  setProvenance(op, node);
}

/// Visits the body of an op that runs it once. Its arguments and results show
/// the values outside, of which one device may have a part.
void FlowGraph::Builder::visitBody(TrainingGraphOpInterface op,
                                   uint32_t context, ValueMap &map) {
  auto show = [&](Value inside, ValueId source) {
    uint32_t node = addNode(op, op, context, source, inside, /*isMerge=*/true);
    ValueId shown = graph.nodeList[node].firstResult;
    graph.provenances[shown] = graph.provenances[source];
    map[inside] = shown;
  };
  Block &body = op->getRegion(0).front();
  for (auto [argument, operand] :
       llvm::zip_equal(body.getArguments(), op->getOperands()))
    show(argument, map.lookup(operand));
  visitBlock(body, context, map);
  for (auto [result, returned] :
       llvm::zip_equal(op->getResults(), body.getTerminator()->getOperands()))
    show(result, map.lookup(returned));
}

bool FlowGraph::Builder::visitCall(CallOpInterface call, uint32_t context,
                                   ValueMap &map) {
  auto symbol = dyn_cast<SymbolRefAttr>(call.getCallableForCallee());
  if (!symbol)
    return false;
  auto callee = dyn_cast_or_null<FunctionOpInterface>(
      symbolTables.lookupSymbolIn(symbolTableOp, symbol));
  if (!callee || callee.isExternal() ||
      !callee.getFunctionBody().hasOneBlock() || active.contains(callee))
    return false;
  uint32_t inner = graph.contextList.size();
  graph.contextList.push_back({context, call, callee});
  SmallVector<ValueId, 4> arguments;
  for (Value operand : call.getArgOperands())
    arguments.push_back(map.lookup(operand));
  SmallVector<ValueId> results = visitFunction(inner, arguments);
  for (auto [result, id] : llvm::zip_equal(call->getResults(), results))
    map[result] = id;
  return true;
}

FlowGraph::FlowGraph(FunctionOpInterface entry) {
  Builder(*this, SymbolTable::getNearestSymbolTable(entry->getParentOp()))
      .build(entry);
}

llvm::BitVector FlowGraph::dependents(llvm::BitVector sources) const {
  // What a loop carries back may be reached after the nodes before it were
  // seen.
  bool again = true;
  while (again) {
    again = false;
    for (const Node &node : nodeList) {
      for (uint32_t i = 0; i < node.numResults; ++i) {
        // A barrier shows in each result one operand only; what scales a tensor
        // takes part in it, though the result shows that one.
        ValueId result = node.firstResult + i, shown = root(result);
        bool isReached =
            (shown != result && sources.test(shown)) ||
            llvm::any_of(operands(node), [&](ValueId id) {
              return sources.test(id) && (node.numResults == 1 ||
                                          shown == result || root(id) == shown);
            });
        if (sources.test(result) || !isReached)
          continue;
        sources.set(result);
        again = true;
      }
    }
  }
  return sources;
}
