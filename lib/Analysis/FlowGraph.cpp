//===- FlowGraph.cpp - A program as one flat graph of values --------------===//

#include "cegm/Analysis/FlowGraph.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::cegm;

/// What an op computes its results from.
static SmallVector<Value> getAllOperands(Operation *op) {
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

//===----------------------------------------------------------------------===//
// Builder
//===----------------------------------------------------------------------===//

class FlowGraph::Builder {
public:
  Builder(FlowGraph &graph, Operation *symbolTableOp)
      : graph(graph), symbolTableOp(symbolTableOp) {}

  void build(FunctionOpInterface entry);

private:
  using ValueMap = DenseMap<Value, ValueId>;

  ValueId addValue(Value value, uint32_t node);
  ValueId findPart(ValueId whole, int64_t dim, int64_t index);
  ValueId canonicalDims(ValueId id, ValueId flatRoot);
  uint32_t addNode(Operation *op, uint32_t context, ArrayRef<ValueId> operands,
                   ValueRange results, bool isMerge = false);
  void setProvenance(Operation *op, uint32_t node);

  SmallVector<ValueId> visitFunction(uint32_t context,
                                     ArrayRef<ValueId> arguments);
  void visitBlock(Block &block, uint32_t context, ValueMap &map);
  void visitOp(Operation *op, uint32_t context, ValueMap &map);
  bool visitCall(CallOpInterface call, uint32_t context, ValueMap &map);
  void visitBody(Operation *op, uint32_t context, ValueMap &map);
  void visitRegionBranch(RegionBranchOpInterface op, uint32_t context,
                         ValueMap &map);

  void describeLoop(LoopLikeOpInterface op, Loop &loop, const ValueMap &map);

  FlowGraph &graph;
  Operation *symbolTableOp;
  SymbolTableCollection symbolTables;
  /// The scope that nodes are added to.
  uint32_t scope = 0;
  /// Functions on the call path: a recursive call stays an opaque op.
  SmallPtrSet<Operation *, 8> active;
};

FlowGraph::ValueId FlowGraph::Builder::addValue(Value value, uint32_t node) {
  ValueId id = graph.values.size();
  graph.values.push_back(value);
  graph.definingNodes.push_back(node);
  graph.provenances.push_back({id, id, {}, id});
  return id;
}

uint32_t FlowGraph::Builder::addNode(Operation *op, uint32_t context,
                                     ArrayRef<ValueId> operands,
                                     ValueRange results, bool isMerge) {
  uint32_t node = graph.nodeList.size();
  graph.nodeList.push_back({op, context, uint32_t(graph.operandIds.size()),
                            uint32_t(operands.size()),
                            ValueId(graph.values.size()),
                            uint32_t(results.size()), scope, isMerge});
  llvm::append_range(graph.operandIds, operands);
  for (Value result : results)
    addValue(result, node);
  return node;
}

/// A value that shows the elements of `flatRoot` in the shape of `id`, the same
/// for all such values.
FlowGraph::ValueId FlowGraph::Builder::canonicalDims(ValueId id,
                                                     ValueId flatRoot) {
  auto shapeOf = [&](ValueId value) {
    return cast<ShapedType>(graph.values[value].getType()).getShape();
  };
  ArrayRef<int64_t> shape = shapeOf(id);
  // Dynamic sizes of one extent need not be equal.
  if (ShapedType::isDynamicShape(shape))
    return id;
  SmallVector<ValueId, 1> &known = graph.reshapeLists[flatRoot];
  if (known.empty())
    known.push_back(graph.provenances[flatRoot].permutation.empty()
                        ? graph.provenances[flatRoot].dimRoot
                        : flatRoot);
  for (ValueId other : known)
    if (shapeOf(other) == shape)
      return other;
  known.push_back(id);
  return id;
}

/// The value that is the slice `index` along `dim` of a concatenation, or of a
/// concatenation of concatenations; `kNone` if there is none.
FlowGraph::ValueId FlowGraph::Builder::findPart(ValueId whole, int64_t dim,
                                                int64_t index) {
  auto sizeOf = [&](ValueId id) {
    return cast<ShapedType>(graph.values[id].getType()).getDimSize(dim);
  };
  if (graph.provenances[whole].permutation.empty())
    whole = graph.provenances[whole].dimRoot;
  uint32_t node = graph.definingNodes[whole];
  auto interface =
      node == kNone || graph.nodeList[node].isMerge
          ? TrainingGraphOpInterface()
          : dyn_cast<TrainingGraphOpInterface>(graph.nodeList[node].op);
  if (!interface || interface.getConcatenatedDim() != dim)
    return sizeOf(whole) == 1 ? whole : kNone;
  for (ValueId part : graph.operands(graph.nodeList[node])) {
    int64_t size = sizeOf(part);
    if (ShapedType::isDynamic(size))
      return kNone;
    if (index < size)
      return findPart(part, dim, index);
    index -= size;
  }
  return kNone;
}

void FlowGraph::Builder::setProvenance(Operation *op, uint32_t node) {
  auto interface = dyn_cast<TrainingGraphOpInterface>(op);
  if (!interface)
    return;
  std::optional<StackAccess> access = interface.getStackAccess();
  if (access && access->kind == StackAccess::Kind::Read && !access->index) {
    ValueId part = findPart(graph.operands(graph.nodeList[node]).front(),
                            access->dim, access->staticIndex);
    // A slice may lack the stacked dimension.
    if (part != kNone &&
        cast<ShapedType>(graph.values[part].getType()).getRank() ==
            cast<ShapedType>(access->slice.getType()).getRank())
      graph.provenances[graph.nodeList[node].firstResult] =
          graph.provenances[part];
    return;
  }
  const Node &n = graph.nodeList[node];
  for (unsigned i = 0; i < n.numResults; ++i) {
    std::optional<TensorView> view = interface.getTensorView(i);
    if (!view)
      continue;
    auto operand = llvm::find(op->getOperands(), view->source);
    const Provenance source =
        graph.provenances[graph.operands(n)[operand.getIndex()]];
    Provenance &result = graph.provenances[n.firstResult + i];
    result.root = source.root;
    if (view->kind == TensorView::Kind::Reshaped) {
      result.flatRoot = source.flatRoot;
      result.dimRoot = canonicalDims(n.firstResult + i, source.flatRoot);
      continue;
    }
    result.dimRoot = source.dimRoot;
    result.permutation = source.permutation;
    if (view->kind != TensorView::Kind::Permuted) {
      result.flatRoot = source.flatRoot;
      continue;
    }
    SmallVector<int64_t> composed;
    for (int64_t dim : view->permutation)
      composed.push_back(source.permutation.empty() ? dim
                                                    : source.permutation[dim]);
    bool identity = llvm::equal(composed, llvm::seq<int64_t>(composed.size()));
    result.permutation = identity ? ArrayRef<int64_t>()
                                  : ArrayRef(composed).copy(graph.allocator);
  }
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
  if (auto branch = dyn_cast<RegionBranchOpInterface>(op))
    return visitRegionBranch(branch, context, map);
  if (auto interface = dyn_cast<TrainingGraphOpInterface>(op))
    if (interface.runsBodyOnce())
      return visitBody(op, context, map);
  // The body of any other op with regions (a reduction's, say) computes on
  // elements: of it the graph shows what it takes from outside.
  SmallVector<ValueId, 4> operands;
  for (Value operand : getAllOperands(op))
    operands.push_back(map.lookup(operand));
  uint32_t node = addNode(op, context, operands, op->getResults());
  for (auto [i, result] : llvm::enumerate(op->getResults()))
    map[result] = graph.nodeList[node].firstResult + i;
  setProvenance(op, node);
}

/// Visits the body of an op that runs it once. Its arguments and results show
/// the values outside, of which one device may have a part.
void FlowGraph::Builder::visitBody(Operation *op, uint32_t context,
                                   ValueMap &map) {
  auto show = [&](Value inside, ValueId source) {
    uint32_t node = addNode(op, context, source, inside, /*isMerge=*/true);
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

/// What `input` is at first, where a loop carries an argument of the function
/// around it from iteration to iteration and the function returns what became
/// of it: a parameter, or other state, in a loop of training steps. Seen from
/// inside, it is that argument.
static Value findReturnedState(LoopLikeOpInterface loop, Value input) {
  Block::BlockArgListType carried = loop.getRegionIterArgs();
  std::optional<ResultRange> results = loop.getLoopResults();
  auto it = llvm::find(carried, input);
  if (it == carried.end() || !results)
    return {};
  size_t position = it - carried.begin();
  Value init = loop.getInitsMutable()[position].get();
  auto isReturn = [](Operation *user) {
    return user->hasTrait<OpTrait::IsTerminator>() &&
           isa<FunctionOpInterface>(user->getParentOp());
  };
  return isa<BlockArgument>(init) &&
                 llvm::any_of((*results)[position].getUsers(), isReturn)
             ? init
             : Value();
}

void FlowGraph::Builder::visitRegionBranch(RegionBranchOpInterface op,
                                           uint32_t context, ValueMap &map) {
  RegionBranchInverseSuccessorMapping sources;
  op.getSuccessorInputOperandMapping(sources);

  // An input that every path fills with one and the same outside value (what a
  // loop carries along unchanged) is that value.
  auto invariantSource = [&](Value input) -> Value {
    Value only;
    SmallPtrSet<void *, 4> seen;
    SmallVector<Value> worklist{input};
    while (!worklist.empty()) {
      Value current = worklist.pop_back_val();
      if (!seen.insert(current.getAsOpaquePointer()).second)
        continue;
      auto it = sources.find(current);
      if (it != sources.end()) {
        for (OpOperand *source : it->second)
          worklist.push_back(source->get());
        continue;
      }
      if ((only && only != current) || !map.contains(current))
        return {};
      only = current;
    }
    return only;
  };

  // Operands that pass nothing on (a predicate) decide about all results.
  SmallVector<ValueId> control;
  SmallPtrSet<OpOperand *, 8> forwarded;
  for (auto &entry : sources)
    forwarded.insert(entry.second.begin(), entry.second.end());
  for (OpOperand &operand : op->getOpOperands())
    if (!forwarded.contains(&operand))
      control.push_back(map.lookup(operand.get()));

  // Sources in the body have no number yet; their places are filled in at the
  // end.
  SmallVector<std::pair<uint32_t, OpOperand *>> pending;
  auto loopOp = dyn_cast<LoopLikeOpInterface>(op.getOperation());
  bool isOutermost = context == 0 && scope == 0;
  auto merge = [&](Value input) {
    auto it = sources.find(input);
    if (it != sources.end())
      if (Value same = invariantSource(input)) {
        map[input] = map.lookup(same);
        return;
      }
    SmallVector<ValueId> operands(control);
    if (it != sources.end())
      operands.append(it->second.size(), kNone);
    uint32_t node = addNode(op, context, operands, input, /*isMerge=*/true);
    ValueId merged = map[input] = graph.nodeList[node].firstResult;
    if (isOutermost && loopOp)
      if (Value init = findReturnedState(loopOp, input))
        graph.provenances[merged] = graph.provenances[map.lookup(init)];
    uint32_t slot = graph.nodeList[node].firstOperand + control.size();
    if (it != sources.end())
      for (OpOperand *source : it->second)
        pending.push_back({slot++, source});
  };

  uint32_t loop = graph.loopList.size();
  if (loopOp) {
    Loop &added = graph.loopList.emplace_back();
    added.op = loopOp;
    added.firstNode = graph.nodeList.size();
  }
  for (Region &region : op->getRegions()) {
    uint32_t outer = scope;
    scope = graph.scopeList.size();
    // All regions of a loop run in its iterations; the last is the body.
    graph.scopeList.push_back(
        {outer, op, loopOp ? loop : graph.scopeList[outer].loop});
    if (loopOp)
      graph.loopList[loop].scope = scope;
    for (Block &block : region) {
      for (BlockArgument argument : block.getArguments())
        merge(argument);
      visitBlock(block, context, map);
    }
    scope = outer;
  }
  if (loopOp)
    graph.loopList[loop].bodyEnd = graph.nodeList.size();
  for (Value result : op->getResults())
    merge(result);
  for (auto [slot, source] : pending)
    graph.operandIds[slot] = map.lookup(source->get());
  if (loopOp) {
    graph.loopList[loop].endNode = graph.nodeList.size();
    describeLoop(loopOp, graph.loopList[loop], map);
  }
}

void FlowGraph::Builder::describeLoop(LoopLikeOpInterface op, Loop &loop,
                                      const ValueMap &map) {
  std::optional<MutableArrayRef<OpOperand>> yields =
      op.getYieldedValuesMutable();
  std::optional<ResultRange> results = op.getLoopResults();
  if (yields && results)
    for (auto [init, argument, next, result] : llvm::zip(
             op.getInitsMutable(), op.getRegionIterArgs(), *yields, *results)) {
      ValueId carried = map.lookup(argument);
      if (carried != map.lookup(init.get()))
        loop.carried.push_back({map.lookup(init.get()), carried,
                                map.lookup(next.get()), map.lookup(result)});
    }
  if (std::optional<APInt> count = op.getStaticTripCount())
    loop.tripCount = count->getSExtValue();
  auto isConstant = [](std::optional<OpFoldResult> bound, int64_t value) {
    return bound && isConstantIntValue(*bound, value);
  };
  std::optional<Value> counter = op.getSingleInductionVar();
  if (counter && isConstant(op.getSingleLowerBound(), 0) &&
      isConstant(op.getSingleStep(), 1))
    loop.counter = map.lookup(*counter);
}

FlowGraph::FlowGraph(FunctionOpInterface entry) {
  Builder(*this, SymbolTable::getNearestSymbolTable(entry->getParentOp()))
      .build(entry);
}
