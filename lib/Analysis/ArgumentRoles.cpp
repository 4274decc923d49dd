//===- ArgumentRoles.cpp - Parameters, data and what is neither -----------===//

#include "Dataflow.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

SmallVector<ArgumentRole>
cegm::classifyArguments(const FlowGraph &graph,
                        const std::optional<llvm::BitVector> &named) {
  DenseSet<Type> resultTypes;
  for (ValueId result : graph.results())
    resultTypes.insert(graph.value(result).getType());
  auto isOfState = [&](unsigned argument) {
    return named ? named->test(argument)
                 : resultTypes.contains(graph.value(argument).getType());
  };
  // Flags of the shape of a parameter say which of its elements there are
  // (pruning).
  DenseSet<Type> maskTypes;
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    if (auto shaped = dyn_cast<RankedTensorType>(graph.value(i).getType()))
      if (isa<FloatType>(shaped.getElementType()) && isOfState(i))
        maskTypes.insert(
            shaped.clone(IntegerType::get(shaped.getContext(), 1)));

  SmallVector<ArgumentRole> roles(graph.numArguments(),
                                  ArgumentRole::Candidate);
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    Type type = graph.value(i).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || (named && named->test(i)))
      continue;
    if (auto integer = dyn_cast<IntegerType>(shaped.getElementType())) {
      // Frontends keep the state of generators in words of 32 bits without a
      // sign, and ids and labels in other types.
      bool isKey = integer.isUnsignedInteger(32);
      bool isNeutral =
          isKey || shaped.getRank() == 0 || maskTypes.contains(type);
      roles[i] = isNeutral ? ArgumentRole::Neutral : ArgumentRole::Data;
    } else if (!isOfState(i)) {
      // A scalar is a rate or a scale.
      roles[i] =
          shaped.getRank() == 0 ? ArgumentRole::Neutral : ArgumentRole::Data;
    }
  }
  return roles;
}

/// Whether the result shows the operand, or has its shape: what becomes of a
/// state. A product is made of its operands anew.
static bool mayKeepState(const FlowGraph &graph, const FlowGraph::Node &node,
                         ValueId operand, ValueId result) {
  if (TrainingGraphOpInterface interface = node.interface)
    if (!node.isMerge)
      if (interface.getContraction() || interface.isConvolution() ||
          interface.isRaggedContraction())
        return false;
  return graph.haveSameShape(operand, result) || graph.isView(operand, result);
}

/// Types of results that are new states of arguments: what keeps the shape of
/// an argument all the way, and depends on data, shows the argument, or is read
/// by nothing in the step, as an activation would be.
static DenseSet<Type> findStateTypes(const FlowGraph &graph,
                                     const Reach &reach) {
  llvm::BitVector states(graph.numValues()), read(graph.numValues());
  states.set(0, graph.numArguments());
  for (const FlowGraph::Node &node : graph.nodes()) {
    // To return a value is not to read it.
    if (node.numResults)
      for (ValueId operand : graph.operands(node))
        read.set(operand);
    for (uint32_t i = 0; i < node.numResults; ++i) {
      ValueId result = node.firstResult + i;
      if (llvm::any_of(graph.operands(node), [&](ValueId operand) {
            return states.test(operand) &&
                   mayKeepState(graph, node, operand, result);
          }))
        states.set(result);
    }
  }
  DenseSet<Type> types;
  for (ValueId result : graph.results())
    if (states.test(result) &&
        (reach.isDataDependent(result) || !read.test(result) ||
         graph.root(result) < graph.numArguments()))
      types.insert(graph.value(result).getType());
  return types;
}

/// Whether the op sums products over more than one position.
static bool sumsOver(const FlowGraph::Node &node) {
  TrainingGraphOpInterface interface = node.interface;
  if (!interface || node.isMerge)
    return false;
  if (interface.isConvolution())
    return true;
  std::optional<Contraction> contraction = interface.getContraction();
  if (!contraction)
    return false;
  auto type = cast<ShapedType>(
      node.op->getOperand(contraction->lhs.operandNumber).getType());
  return llvm::any_of(contraction->lhs.contractedDims,
                      [&](int64_t dim) { return type.getDimSize(dim) != 1; });
}

bool cegm::findDataByUse(const FlowGraph &graph, const Reach &reach,
                         MutableArrayRef<ArgumentRole> roles) {
  DenseSet<Type> stateTypes = findStateTypes(graph, reach);
  llvm::BitVector doubtful(graph.numArguments());
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    auto type = dyn_cast<ShapedType>(graph.value(i).getType());
    if (roles[i] == ArgumentRole::Candidate && type && type.hasRank() &&
        type.getRank() > 1 && !stateTypes.contains(type))
      doubtful.set(i);
  }
  if (doubtful.none())
    return false;

  // What becomes part of a new state.
  llvm::BitVector updating(graph.numValues());
  for (ValueId result : graph.results())
    if (stateTypes.contains(graph.value(result).getType()))
      updating.set(result);
  bool found = false;
  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes()))
    for (uint32_t i = 0; i < node.numResults; ++i) {
      ValueId result = node.firstResult + i;
      if (!updating.test(result))
        continue;
      for (ValueId operand : graph.operands(node)) {
        if (mayKeepState(graph, node, operand, result))
          updating.set(operand);
        std::optional<unsigned> argument = reach.onlyArgument(operand);
        if (argument && doubtful.test(*argument) && sumsOver(node)) {
          roles[*argument] = ArgumentRole::Data;
          found = true;
        }
      }
    }
  return found;
}

/// The argument that the value shows, if it is data.
static std::optional<unsigned> findShownData(const FlowGraph &graph,
                                             ArrayRef<ArgumentRole> roles,
                                             ValueId id) {
  ValueId root = graph.root(id);
  bool isData =
      root < graph.numArguments() && roles[root] == ArgumentRole::Data &&
      isa<FloatType>(getElementTypeOrSelf(graph.value(root).getType()));
  return isData ? std::optional<unsigned>(root) : std::nullopt;
}

bool cegm::findFrozenByUse(const FlowGraph &graph, const Reach &reach,
                           MutableArrayRef<ArgumentRole> roles) {
  // For each value the argument that was joined with a weight to make it.
  DenseMap<ValueId, unsigned> merged;
  llvm::BitVector frozen(graph.numArguments());
  for (const FlowGraph::Node &node : graph.nodes()) {
    TrainingGraphOpInterface interface = node.interface;
    if (node.isMerge || node.numResults != 1 || !interface)
      continue;
    ValueId result = node.firstResult;
    ArrayRef<ValueId> operands = graph.operands(node);
    if (std::optional<Contraction> contraction = interface.getContraction()) {
      for (unsigned side : {0u, 1u}) {
        auto it = merged.find(operands[contraction->side(side).operandNumber]);
        ValueId other = operands[contraction->side(1 - side).operandNumber];
        if (it != merged.end() && reach.isDataDependent(other) &&
            reach.onlyArgument(other) != it->second)
          frozen.set(it->second);
      }
      continue;
    }
    bool hasWeight = llvm::any_of(operands, [&](ValueId operand) {
      return reach.isWeightLike(operand) &&
             graph.haveSameShape(operand, result);
    });
    for (ValueId operand : operands) {
      if (!graph.haveSameShape(operand, result) &&
          !graph.isView(operand, result))
        continue;
      if (auto it = merged.find(operand); it != merged.end())
        merged.try_emplace(result, it->second);
      else if (auto shown = findShownData(graph, roles, operand);
               shown && hasWeight)
        merged.try_emplace(result, *shown);
    }
  }
  for (unsigned i : frozen.set_bits())
    roles[i] = ArgumentRole::Candidate;
  return frozen.any();
}
