//===- FlowGraphRegions.cpp - Loops and branches in a flow graph ----------===//

#include "FlowGraphBuilder.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::cegm;

/// Whether the function returns `value`, or what is made of it element by
/// element, as where a step moves parameters toward those that a loop has
/// trained.
static bool isReturned(Value value, Operation *function) {
  constexpr unsigned maxValues = 256;
  SetVector<Value> values;
  values.insert(value);
  for (size_t i = 0; i < values.size() && i < maxValues; ++i)
    for (Operation *user : values[i].getUsers()) {
      if (user->getParentOp() != function)
        continue;
      if (user->hasTrait<OpTrait::IsTerminator>())
        return true;
      if (user->hasTrait<OpTrait::Elementwise>() &&
          user->getNumResults() == 1 &&
          user->getResult(0).getType() == value.getType())
        values.insert(user->getResult(0));
    }
  return false;
}

/// Whether `value` is an argument of the entry function that every loop around
/// carries from iteration to iteration, and the function returns `next`, what
/// became of it: a parameter, or other state, in loops of training steps.
bool FlowGraph::Builder::isReturnedState(Value value, Value next,
                                         uint32_t context) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return false;
  Operation *around = argument.getOwner()->getParentOp();
  if (auto loop = dyn_cast<LoopLikeOpInterface>(around)) {
    Block::BlockArgListType carried = loop.getRegionIterArgs();
    std::optional<MutableArrayRef<OpOperand>> yields =
        loop.getYieldedValuesMutable();
    std::optional<ResultRange> results = loop.getLoopResults();
    size_t position = llvm::find(carried, value) - carried.begin();
    return yields && results && position < carried.size() &&
           (*yields)[position].get() == next &&
           isReturnedState(loop.getInitsMutable()[position].get(),
                           (*results)[position], context);
  }
  if (!isa<FunctionOpInterface>(around))
    return false;
  Operation *call = graph.contextList[context].call;
  if (!call && isReturned(next, around))
    return true;
  return llvm::any_of(next.getUses(), [&](OpOperand &use) {
    Operation *user = use.getOwner();
    if (!user->hasTrait<OpTrait::IsTerminator>() ||
        user->getParentOp() != around)
      return false;
    return !call ||
           isReturnedState(cast<CallOpInterface>(call)
                               .getArgOperands()[argument.getArgNumber()],
                           call->getResult(use.getOperandNumber()),
                           graph.contextList[context].parent);
  });
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

  auto interface = dyn_cast<TrainingGraphOpInterface>(*op);
  // Sources in the body have no number yet; their places are filled in at the
  // end.
  SmallVector<std::pair<uint32_t, OpOperand *>> pending;
  auto loopOp = dyn_cast<LoopLikeOpInterface>(op.getOperation());
  auto findReturnedState = [&](Value input) -> Value {
    if (!loopOp || !loopOp.getLoopResults())
      return {};
    Block::BlockArgListType carried = loopOp.getRegionIterArgs();
    size_t position = llvm::find(carried, input) - carried.begin();
    if (position == carried.size())
      return {};
    Value init = loopOp.getInitsMutable()[position].get();
    return isReturnedState(init, (*loopOp.getLoopResults())[position], context)
               ? init
               : Value();
  };
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
    uint32_t node =
        addNode(op, interface, context, operands, input, /*isMerge=*/true);
    ValueId merged = map[input] = graph.nodeList[node].firstResult;
    // Seen from inside, state is the argument that it was at first.
    if (Value init = findReturnedState(input))
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
