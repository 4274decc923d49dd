//===- Dataflow.cpp - What reaches a value, and where it goes -------------===//

#include "Dataflow.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

llvm::BitVector cegm::findDataArguments(const FlowGraph &graph) {
  DenseSet<Type> resultTypes;
  for (ValueId result : graph.results())
    resultTypes.insert(graph.value(result).getType());
  llvm::BitVector data(graph.numArguments());
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    Type type = graph.value(i).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped)
      continue;
    if (isa<IntegerType>(shaped.getElementType())) {
      if (shaped.getRank() > 0)
        data.set(i);
    } else if (!resultTypes.contains(type)) {
      data.set(i);
    }
  }
  return data;
}

/// True if a fact that flows forward may still change after one pass: some
/// merge has an operand that is defined after it.
static bool hasBackEdges(const FlowGraph &graph) {
  return llvm::any_of(graph.nodes(), [&](const FlowGraph::Node &node) {
    return node.isMerge && llvm::any_of(graph.operands(node), [&](ValueId id) {
             return id > node.firstResult;
           });
  });
}

Reach::Reach(const FlowGraph &graph, const llvm::BitVector &dataArguments)
    : bits(graph.numValues(), 0), sources(graph.numValues(), kNoArgument) {
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    bits[i] = dataArguments.test(i) ? kData : kWeight;
    sources[i] = i;
  }
  bool again = true, cyclic = hasBackEdges(graph);
  while (again) {
    again = false;
    for (const FlowGraph::Node &node : graph.nodes()) {
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

UpdateFlow::UpdateFlow(const FlowGraph &graph, const Reach &reach,
                       const llvm::BitVector &weightArguments)
    : targets(graph.numValues(), kUnknown), updated(graph.numArguments()) {
  // Both facts flow against the edges. A value is met by at most a few shapes,
  // so comparing shaped types without their element type is cheap enough.
  auto sameShape = [&](ValueId a, ValueId b) {
    auto x = dyn_cast<ShapedType>(graph.value(a).getType());
    auto y = dyn_cast<ShapedType>(graph.value(b).getType());
    return x && y && x.hasRank() && y.hasRank() && x.getShape() == y.getShape();
  };
  auto isView = [&](const FlowGraph::Node &node, ValueId operand,
                    ValueId result) {
    return graph.root(result) != result &&
           graph.root(result) == graph.root(operand);
  };

  constexpr uint32_t many = kUnknown - 1;
  llvm::BitVector returned(graph.numValues());
  for (ValueId result : graph.results())
    returned.set(result);
  auto meet = [&](uint32_t &into, uint32_t target) {
    if (into == kUnknown)
      into = target;
    else if (into != target && target != kUnknown)
      into = many;
  };

  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
    for (uint32_t r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      // The weight arguments among the operands, seen through views.
      uint32_t met = kUnknown;
      if (returned.test(result) && reach.isDataDependent(result))
        for (ValueId operand : graph.operands(node)) {
          ValueId root = graph.root(operand);
          if (root >= graph.numArguments() || !sameShape(operand, result))
            continue;
          updated.set(root);
          if (weightArguments.test(root))
            meet(met, root);
        }
      for (ValueId operand : graph.operands(node)) {
        if (!sameShape(operand, result) && !isView(node, operand, result))
          continue;
        if (returned.test(result))
          returned.set(operand);
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

std::vector<uint32_t>
cegm::computeDepths(const FlowGraph &graph,
                    llvm::function_ref<bool(uint32_t)> isCounted) {
  std::vector<uint32_t> depths(graph.numValues(), 0);
  for (auto [index, node] : llvm::enumerate(graph.nodes())) {
    if (!node.numResults)
      continue;
    uint32_t depth = 0;
    for (ValueId operand : graph.operands(node))
      if (operand < node.firstResult)
        depth = std::max(depth, depths[operand]);
    depth += isCounted(index);
    for (uint32_t i = 0; i < node.numResults; ++i) {
      ValueId root = graph.root(node.firstResult + i);
      depths[node.firstResult + i] =
          root == node.firstResult + i ? depth : depths[root];
    }
  }
  return depths;
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
      for (ValueId operand : graph.operands(node)) {
        again |= cyclic && !seeds.test(operand);
        seeds.set(operand);
      }
    }
  }
  return seeds;
}
