//===- Dataflow.cpp - What reaches a value, and where it goes -------------===//

#include "Dataflow.h"

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

bool Reach::joinsGradients(const FlowGraph &graph,
                           const FlowGraph::Node &node) const {
  TrainingGraphOpInterface interface = node.interface;
  auto type = dyn_cast<ShapedType>(graph.value(node.firstResult).getType());
  return interface && !node.isMerge && type && type.hasRank() &&
         type.getRank() == 1 && interface.getConcatenatedDim() &&
         llvm::any_of(graph.operands(node),
                      [&](ValueId id) { return isWeightLike(id); });
}

uint8_t Reach::findDrawnTokens(const FlowGraph &graph,
                               const FlowGraph::Node &node) const {
  TrainingGraphOpInterface interface = node.interface;
  if (!interface || node.isMerge)
    return 0;
  if (std::optional<Contraction> contraction = interface.getContraction()) {
    ArrayRef<ValueId> operands = graph.operands(node);
    for (unsigned side : {0u, 1u})
      if (bits[operands[contraction->side(side).operandNumber]] == kNoise)
        return kData;
    return 0;
  }
  std::optional<TableAccess> access = interface.getTableAccess();
  bool isRead = access && access->kind == TableAccess::Kind::Read &&
                bits[graph.operand(node, access->indices)] == kNoise;
  return isRead ? kData : 0;
}

Reach::Reach(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
             const DenseSet<uint32_t> *gradients, bool constantsAreTokens)
    : bits(graph.numValues(), 0), sources(graph.numValues(), kNoArgument) {
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    bits[i] = roles[i] == ArgumentRole::Data        ? kData
              : roles[i] == ArgumentRole::Candidate ? kWeight
                                                    : 0;
    if (bits[i])
      sources[i] = i;
    else if (!graph.isUniform(i))
      bits[i] = kNoise;
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
      if (constantsAreTokens && node.numOperands == 0 &&
          !graph.isUniform(node.firstResult))
        joined |= kNoise;
      // A vector of all gradients has those of biases, too, which are sums.
      if (gradients && joinsGradients(graph, node))
        joined &= ~kData;
      if (joined == (kNoise | kWeight))
        joined |= findDrawnTokens(graph, node);
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
