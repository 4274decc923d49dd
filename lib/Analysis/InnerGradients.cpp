//===- InnerGradients.cpp - Gradients that only move weights --------------===//

#include "InnerGradients.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// The values that depend on the results of the given nodes. What a loop of
/// training steps carries back is a new step's parameter.
static llvm::BitVector findDependent(const FlowGraph &graph,
                                     const DenseSet<uint32_t> &nodes) {
  llvm::BitVector dependent(graph.numValues());
  for (auto [index, node] : llvm::enumerate(graph.nodes())) {
    bool depends = nodes.contains(index) ||
                   llvm::any_of(graph.operands(node), [&](ValueId operand) {
                     return dependent.test(operand);
                   });
    if (!depends)
      continue;
    for (uint32_t i = 0; i < node.numResults; ++i) {
      ValueId result = node.firstResult + i, root = graph.root(result);
      if (root == result || dependent.test(root))
        dependent.set(result);
    }
  }
  return dependent;
}

/// The operand that a node uses as a weight; `kNone` if there is none.
static ValueId findWeight(const FlowGraph &graph, const FlowGraph::Node &node,
                          const Reach &reach) {
  TrainingGraphOpInterface interface = node.interface;
  if (!interface || node.isMerge)
    return FlowGraph::kNone;
  ArrayRef<ValueId> operands = graph.operands(node);
  if (std::optional<Contraction> contraction = interface.getContraction()) {
    for (unsigned side : {0u, 1u}) {
      ValueId weight = operands[contraction->side(side).operandNumber];
      ValueId other = operands[contraction->side(1 - side).operandNumber];
      if (reach.isWeightLike(weight) && reach.isDataDependent(other))
        return weight;
    }
    return FlowGraph::kNone;
  }
  std::optional<TableAccess> access = interface.getTableAccess();
  if (!access || access->kind != TableAccess::Kind::Read)
    return FlowGraph::kNone;
  ValueId table = graph.operand(node, access->table);
  return reach.isWeightLike(table) ? table : FlowGraph::kNone;
}

DenseSet<uint32_t> cegm::findInnerGradients(const FlowGraph &graph,
                                            ArrayRef<ArgumentRole> roles,
                                            const Reach &reach,
                                            const UpdateFlow &updates,
                                            const DenseSet<uint32_t> &gradients,
                                            const DenseSet<uint32_t> &moments) {
  DenseSet<uint32_t> inner;
  // Most steps contract nothing with what comes of a gradient.
  llvm::BitVector dependent = findDependent(graph, gradients);
  bool anyUse = llvm::any_of(graph.nodes(), [&](const FlowGraph::Node &node) {
    TrainingGraphOpInterface interface = node.interface;
    return interface && !node.isMerge &&
           (interface.getContraction() || interface.getTableAccess()) &&
           llvm::any_of(graph.operands(node), [&](ValueId operand) {
             return dependent.test(operand);
           });
  });
  if (!anyUse)
    return inner;

  // With the gradients taken for weights, the weights that they make are
  // weights, and where data meet them they are used.
  DenseSet<uint32_t> sums = gradients;
  sums.insert_range(moments);
  Reach without(graph, roles, &sums);
  llvm::BitVector moved(graph.numValues());
  for (const FlowGraph::Node &node : graph.nodes()) {
    ValueId weight = findWeight(graph, node, without);
    // A contraction may also join gradients of single examples to an update.
    if (weight != FlowGraph::kNone && reach.isDataDependent(weight) &&
        !updates.reachesResult(graph.result(node)))
      moved.set(weight);
  }
  if (moved.none())
    return inner;
  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
    bool isMoved = false;
    for (uint32_t i = 0; i < node.numResults; ++i)
      isMoved |= moved.test(node.firstResult + i);
    if (!isMoved)
      continue;
    for (ValueId operand : graph.operands(node))
      if (!without.isDataDependent(operand))
        moved.set(operand);
  }
  for (uint32_t node : gradients) {
    ValueId result = graph.result(graph.nodes()[node]);
    if (moved.test(result) && !updates.reachesResult(result))
      inner.insert(node);
  }
  llvm::BitVector after = findDependent(graph, inner);
  for (uint32_t node : gradients)
    if (llvm::any_of(graph.operands(graph.nodes()[node]),
                     [&](ValueId operand) { return after.test(operand); }))
      inner.insert(node);
  return inner;
}
