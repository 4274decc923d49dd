//===- Dataflow.cpp - What reaches a value, and where it goes -------------===//

#include "Stacks.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// True if a fact that flows forward may still change after one pass: some
/// merge has an operand that is defined after it.
static bool hasBackEdges(const FlowGraph &graph) {
  return llvm::any_of(graph.nodes(), [&](const FlowGraph::Node &node) {
    return node.isMerge && llvm::any_of(graph.operands(node), [&](ValueId id) {
             return id > node.firstResult;
           });
  });
}

Reach::Reach(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
             const DenseSet<uint32_t> *gradients)
    : bits(graph.numValues(), 0), sources(graph.numValues(), kNoArgument) {
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    bits[i] = roles[i] == ArgumentRole::Data        ? kData
              : roles[i] == ArgumentRole::Candidate ? kWeight
                                                    : 0;
    if (bits[i])
      sources[i] = i;
  }
  bool again = true, cyclic = hasBackEdges(graph);
  while (again) {
    again = false;
    for (auto [index, node] : llvm::enumerate(graph.nodes())) {
      if (!node.numResults)
        continue;
      // A view of one operand (a barrier has many) takes after that one only;
      // views have their root's bits.
      uint8_t joined = 0;
      uint32_t source = kNoArgument;
      for (ValueId operand : graph.operands(node)) {
        joined |= bits[operand];
        source = join(source, sources[operand]);
      }
      if (gradients) {
        auto type =
            dyn_cast<ShapedType>(graph.value(node.firstResult).getType());
        if (gradients->contains(index))
          joined = kWeight;
        else if (type && type.hasRank() && type.getRank() == 0)
          joined = 0;
      }
      for (uint32_t i = 0; i < node.numResults; ++i) {
        ValueId result = node.firstResult + i;
        ValueId root = graph.root(result);
        uint8_t now = root == result ? joined : bits[root];
        uint32_t from =
            join(sources[result], root == result ? source : sources[root]);
        again |= cyclic && (bits[result] != (bits[result] | now) ||
                            sources[result] != from);
        bits[result] |= now;
        sources[result] = from;
      }
    }
  }
}

/// Which argument a value still is after it was scaled, added to others or
/// looked at, without data: `p * (1 - rate * decay)`, `p + 0.9 * m`. Where two
/// arguments are joined, it is the one that the step uses as a weight.
static std::vector<uint32_t>
findShownArguments(const FlowGraph &graph, const Reach &reach,
                   const llvm::BitVector &weightArguments) {
  std::vector<uint32_t> shown(graph.numValues(), FlowGraph::kNone);
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    shown[i] = i;
  auto shownBy = [&](ValueId id) { return shown[graph.root(id)]; };
  for (const FlowGraph::Node &node : graph.nodes()) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface || node.isMerge || node.numResults != 1 ||
        interface.getContraction() || reach.isDataDependent(node.firstResult))
      continue;
    ValueId result = node.firstResult;
    if (graph.root(result) != result)
      continue;
    uint32_t argument = FlowGraph::kNone;
    bool isClear = true;
    unsigned count = 0;
    for (auto [i, operand] : llvm::enumerate(graph.operands(node))) {
      uint32_t candidate = shownBy(operand);
      Passing passing = interface.getPassing(i);
      if (candidate == FlowGraph::kNone || passing == Passing::No ||
          !graph.haveSameShape(operand, result))
        continue;
      // A square is no state.
      isClear &= passing != Passing::Scaled || count == 0;
      ++count;
      if (argument == FlowGraph::kNone || argument == candidate)
        argument = candidate;
      else if (weightArguments.test(argument) !=
               weightArguments.test(candidate))
        argument = weightArguments.test(candidate) ? candidate : argument;
      else
        isClear = false;
    }
    if (isClear)
      shown[result] = argument;
  }
  return shown;
}

UpdateFlow::UpdateFlow(const FlowGraph &graph, const Reach &reach,
                       const llvm::BitVector &weightArguments)
    : targets(graph.numValues(), kUnknown), updated(graph.numArguments()),
      returned(graph.numValues()), reaching(graph.numValues()) {
  std::vector<uint32_t> shown =
      findShownArguments(graph, reach, weightArguments);
  // All facts flow against the edges. A value is met by at most a few shapes,
  // so comparing shaped types without their element type is cheap enough.
  constexpr uint32_t many = kUnknown - 1;
  // Values of which a new state is returned that is joined with data.
  llvm::BitVector joined(graph.numValues());
  for (ValueId result : graph.results()) {
    returned.set(result);
    reaching.set(result);
  }
  auto meet = [&](uint32_t &into, uint32_t target) {
    if (into == kUnknown)
      into = target;
    else if (into != target && target != kUnknown)
      into = many;
  };

  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
    TrainingGraphOpInterface interface =
        node.isMerge ? TrainingGraphOpInterface() : node.interface;
    if (interface && interface.getContraction())
      continue;
    // A layer's gradient becomes a slice of the stack's.
    std::optional<SliceAccess> access = getSliceAccess(graph, node);
    bool isWrite = access && access->kind == StackAccess::Kind::Write;
    ArrayRef<ValueId> operands = graph.operands(node);
    // How operand i lives on in a result: not, as it is, or joined with data.
    enum class Way { None, Alone, Joined };
    auto wayOf = [&](unsigned i, ValueId result) {
      if (node.isMerge || isWrite || graph.isView(operands[i], result))
        return Way::Alone;
      Passing passing = interface ? interface.getPassing(i) : Passing::No;
      if (passing == Passing::No)
        return Way::None;
      if (passing == Passing::Chosen)
        return Way::Alone;
      bool meetsData = false;
      for (auto [j, other] : llvm::enumerate(operands))
        meetsData |= j != i && reach.isDataDependent(other);
      if (passing == Passing::Scaled)
        return meetsData ? Way::None : Way::Alone;
      return meetsData ? Way::Joined : Way::Alone;
    };
    for (uint32_t r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      bool isReturned = returned.test(result), isJoined = joined.test(result);
      // An update joins the parameter with data once, in its gradient; what
      // meets data again is an activation or its gradient.
      auto lives = [&](unsigned i) {
        Way way = wayOf(i, result);
        return way != Way::None && (isReturned || way == Way::Alone);
      };
      // The weight arguments among the operands, seen through views.
      uint32_t met = kUnknown;
      if ((isReturned || isJoined) && reach.isDataDependent(result))
        for (auto [i, operand] : llvm::enumerate(operands)) {
          uint32_t argument = shown[graph.root(operand)];
          if (argument == FlowGraph::kNone ||
              !graph.haveSameShape(operand, result) || !lives(i))
            continue;
          updated.set(argument);
          if (weightArguments.test(argument))
            meet(met, argument);
        }
      for (auto [i, operand] : llvm::enumerate(operands)) {
        if (!graph.haveSameShape(operand, result) &&
            !graph.isView(operand, result) &&
            !(isWrite && operand == access->slice))
          continue;
        if ((isReturned || isJoined) && lives(i)) {
          bool alone = isReturned && wayOf(i, result) == Way::Alone;
          (alone ? returned : joined).set(operand);
        }
        if (reaching.test(result))
          reaching.set(operand);
        if (graph.root(operand) < graph.numArguments())
          continue;
        meet(targets[operand], met != kUnknown ? met : targets[result]);
      }
    }
  }
  for (uint32_t &target : targets)
    if (target == many)
      target = kUnknown;
}

llvm::BitVector cegm::computeBackwardReach(const FlowGraph &graph,
                                           llvm::BitVector seeds) {
  bool again = true, cyclic = hasBackEdges(graph);
  while (again) {
    again = false;
    for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
      bool reached = false;
      for (uint32_t i = 0; i < node.numResults; ++i)
        reached |= seeds.test(node.firstResult + i);
      if (!reached)
        continue;
      // What a loop of training steps carries is the argument.
      if (ValueId root = graph.root(node.firstResult);
          node.isMerge && root < graph.numArguments()) {
        seeds.set(root);
        continue;
      }
      for (ValueId operand : graph.operands(node)) {
        again |= cyclic && !seeds.test(operand);
        seeds.set(operand);
      }
    }
  }
  return seeds;
}
