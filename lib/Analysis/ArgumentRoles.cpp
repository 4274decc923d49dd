//===- ArgumentRoles.cpp - Parameters, data and what is neither -----------===//

#include "Updates.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// Adds to `masks` the integer arguments that a parameter is multiplied with
/// element by element: they say which of its elements there are.
static void findIntegerMasks(const FlowGraph &graph,
                             ArrayRef<ArgumentRole> roles,
                             llvm::BitVector &masks) {
  auto isInteger = [&](ValueId id) {
    return isa<IntegerType>(getElementTypeOrSelf(graph.value(id).getType()));
  };
  // The argument that a value is a conversion of.
  auto sourceOf = [&](ValueId id) {
    ValueId root = graph.root(id);
    uint32_t index = graph.definingNode(root);
    if (index == FlowGraph::kNone)
      return root;
    const FlowGraph::Node &node = graph.nodes()[index];
    bool isConversion = !node.isMerge && node.numOperands == 1 &&
                        node.op->hasTrait<OpTrait::Elementwise>();
    return isConversion ? graph.root(graph.operands(node)[0]) : root;
  };
  for (const FlowGraph::Node &node : graph.nodes()) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface || node.isMerge || node.numOperands != 2)
      continue;
    for (unsigned side : {0u, 1u}) {
      ValueId mask = graph.operands(node)[side];
      ValueId weight = graph.root(graph.operands(node)[1 - side]);
      if (interface.getPassing(side) != Passing::Scaled ||
          weight >= graph.numArguments() ||
          roles[weight] != ArgumentRole::Candidate || isInteger(weight) ||
          !graph.haveSameShape(mask, node.firstResult))
        continue;
      ValueId source = sourceOf(mask);
      if (source < graph.numArguments() && isInteger(source) &&
          graph.haveSameShape(source, weight))
        masks.set(source);
    }
  }
}

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
  llvm::BitVector masks(graph.numArguments());
  findIntegerMasks(graph, roles, masks);
  for (unsigned i : masks.set_bits())
    roles[i] = ArgumentRole::Neutral;
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

/// The values that take part in a sum of products from which one of `results`
/// is computed.
static llvm::BitVector findSummed(const FlowGraph &graph,
                                  const llvm::BitVector &results) {
  llvm::BitVector used = results, summed(graph.numValues());
  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
    bool isUsed = false, isSummed = false;
    for (unsigned r = 0; r < node.numResults; ++r) {
      isUsed |= used.test(node.firstResult + r);
      isSummed |= summed.test(node.firstResult + r);
    }
    if (!isUsed)
      continue;
    isSummed |= sumsOver(node);
    for (ValueId operand : graph.operands(node)) {
      used.set(operand);
      if (isSummed)
        summed.set(operand);
    }
  }
  return summed;
}

/// The arguments that are multiplied with one of `parameters` in a product.
static llvm::BitVector findMultiplied(const FlowGraph &graph,
                                      const Reach &reach,
                                      const llvm::BitVector &parameters) {
  llvm::BitVector multiplied(graph.numArguments());
  for (const FlowGraph::Node &node : graph.nodes()) {
    if (!sumsOver(node))
      continue;
    ArrayRef<ValueId> operands = graph.operands(node);
    for (unsigned side : {0u, 1u}) {
      std::optional<unsigned> argument = reach.onlyArgument(operands[side]);
      std::optional<unsigned> other = reach.onlyArgument(operands[1 - side]);
      if (argument && other && argument != other && parameters.test(*other))
        multiplied.set(*argument);
    }
  }
  return multiplied;
}

bool cegm::findDataByUse(const FlowGraph &graph, const Reach &reach,
                         NewStates &states,
                         MutableArrayRef<ArgumentRole> roles) {
  // The results that show an argument are new states, but for those from which
  // others are made by sums of products, as from an activation.
  llvm::BitVector updating(graph.numValues());
  for (ValueId result : graph.results())
    if (states.shown(result) != ArgumentMarks::kNone)
      updating.set(result);
  llvm::BitVector summed = findSummed(graph, updating);
  llvm::BitVector kept(graph.numArguments());
  for (ValueId result : graph.results()) {
    if (!reach.isDataDependent(result) && summed.test(result) &&
        graph.root(result) >= graph.numArguments())
      continue;
    ArgumentMarks::Mark shown = states.shown(result);
    if (shown == ArgumentMarks::kMany)
      kept.set();
    Type type = graph.value(result).getType();
    bool showsOwn = false;
    for (unsigned argument : states.argumentMarks().arguments(shown))
      if (graph.haveSameShape(argument, result)) {
        kept.set(argument);
        showsOwn |= graph.value(argument).getType() == type;
      }
    // A parameter in another precision is made anew from its master copy.
    for (unsigned i = 0; i < graph.numArguments(); ++i)
      if (shown != ArgumentMarks::kNone && !showsOwn &&
          graph.value(i).getType() == type)
        kept.set(i);
  }
  llvm::BitVector doubtful(graph.numArguments());
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    auto type = dyn_cast<ShapedType>(graph.value(i).getType());
    if (roles[i] == ArgumentRole::Candidate && type && type.hasRank() &&
        type.getRank() > 1 && !kept.test(i))
      doubtful.set(i);
  }
  // Data meet a parameter in a product; the state of an optimizer, which a
  // product may make anew in each step, meets what comes of gradients.
  llvm::BitVector unkept = doubtful;
  doubtful &= findMultiplied(graph, reach, kept);
  if (doubtful.none())
    return false;

  // What becomes part of a new state.
  bool found = false;
  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes()))
    for (uint32_t i = 0; i < node.numResults; ++i) {
      ValueId result = node.firstResult + i;
      if (!updating.test(result))
        continue;
      // The gradient of a merged weight becomes that of an adapter in a product
      // with the other one.
      bool meetsState =
          llvm::any_of(graph.operands(node), [&](ValueId operand) {
            std::optional<unsigned> argument = reach.onlyArgument(operand);
            return argument && kept.test(*argument) &&
                   reach.isWeightLike(operand);
          });
      for (ValueId operand : graph.operands(node)) {
        if (meetsState || mayKeepState(graph, node, operand, result))
          updating.set(operand);
        std::optional<unsigned> argument = reach.onlyArgument(operand);
        if (argument && doubtful.test(*argument) && sumsOver(node)) {
          roles[*argument] = ArgumentRole::Data;
          found = true;
        }
      }
    }
  // The data of a second step in the graph meet what the first has made.
  for (unsigned i : unkept.set_bits())
    for (unsigned j : doubtful.set_bits())
      if (roles[j] == ArgumentRole::Data &&
          graph.value(i).getType() == graph.value(j).getType())
        roles[i] = ArgumentRole::Data;
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
