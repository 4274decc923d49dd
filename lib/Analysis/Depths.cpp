//===- Depths.cpp - How many layers lie before a value --------------------===//

#include "Depths.h"

#include "Stacks.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// One walk over the nodes, and what it has found so far.
class Depths::Walk {
public:
  Walk(const FlowGraph &graph, llvm::function_ref<bool(uint32_t)> isCounted,
       const DenseMap<uint32_t, ValueId> &weights, Depths &result)
      : graph(graph), isCounted(isCounted), weights(weights), saved(graph),
        result(result), depths(graph.numValues(), 0) {}

  /// Visits the nodes from `begin` to `end`; no loop before `loop` begins
  /// there. Depths are recorded in the first pass of all loops around.
  void visitNodes(uint32_t begin, uint32_t end, uint32_t loop, bool record);

private:
  enum class Pass { First, Second };

  void visitNode(const FlowGraph::Node &node, uint32_t index);
  /// The depth of what a loop put into the stack that `node` reads.
  std::optional<int64_t> readSaved(const FlowGraph::Node &node);
  void visitLoop(uint32_t index, bool record);

  const FlowGraph &graph;
  llvm::function_ref<bool(uint32_t)> isCounted;
  const DenseMap<uint32_t, ValueId> &weights;
  SavedSlices saved;
  Depths &result;
  /// As of the current passes, those of the loops around, the innermost last.
  std::vector<uint32_t> depths;
  SmallVector<Pass, 4> passes;
};

Depths::Depths(const FlowGraph &graph,
               llvm::function_ref<bool(uint32_t)> isCounted,
               const DenseMap<uint32_t, ValueId> &weights)
    : firstDepths(graph.numValues(), 0) {
  for (std::vector<int32_t> &growth : growths)
    growth.resize(graph.numValues(), 0);
  Walk(graph, isCounted, weights, *this)
      .visitNodes(0, graph.nodes().size(), 0, /*record=*/true);
}

void Depths::Walk::visitNodes(uint32_t begin, uint32_t end, uint32_t loop,
                              bool record) {
  ArrayRef<FlowGraph::Loop> loops = graph.loops();
  for (uint32_t index = begin; index < end;) {
    while (loop < loops.size() && loops[loop].firstNode < index)
      ++loop;
    if (loop < loops.size() && loops[loop].firstNode == index) {
      visitLoop(loop, record);
      index = loops[loop++].endNode;
      continue;
    }
    const FlowGraph::Node &node = graph.nodes()[index];
    visitNode(node, index);
    if (record)
      for (uint32_t i = 0; i < node.numResults; ++i)
        result.firstDepths[node.firstResult + i] = depths[node.firstResult + i];
    ++index;
  }
}

std::optional<int64_t> Depths::Walk::readSaved(const FlowGraph::Node &node) {
  std::optional<SliceAccess> access = getSliceAccess(graph, node);
  if (!access || access->kind != StackAccess::Kind::Read ||
      access->index == FlowGraph::kNone)
    return std::nullopt;
  SavedSlices::Slice slice = saved.find(access->stack);
  if (!slice)
    return std::nullopt;
  // The loops that filled the stack are in their second pass; a loop around all
  // of this is in the same as the reader.
  int64_t depth = depths[slice.value];
  for (unsigned level = 0; level < slice.fillings.size(); ++level)
    depth -= result.growth(slice.value, level);
  for (auto [level, filling] : llvm::enumerate(slice.fillings)) {
    if (level >= kLevels || level >= passes.size())
      break;
    int64_t iteration = passes[passes.size() - 1 - level] == Pass::Second;
    if (filling.isReversed)
      iteration = std::max<int64_t>(
                      graph.loops()[filling.loop].tripCount.value_or(1), 1) -
                  1 - iteration;
    depth += iteration * result.growths[level][slice.value];
  }
  return depth;
}

void Depths::Walk::visitNode(const FlowGraph::Node &node, uint32_t index) {
  uint32_t depth = 0;
  bool isInLoop = !passes.empty();
  if (std::optional<int64_t> read = isInLoop ? readSaved(node) : std::nullopt) {
    depth = std::max<int64_t>(*read, 0);
  } else {
    // What the loop carries back is known from the second pass on.
    bool seesBack = isInLoop && passes.back() == Pass::Second;
    auto weight = weights.find(index);
    for (ValueId operand : graph.operands(node))
      if ((operand < node.firstResult || seesBack) &&
          (weight == weights.end() || graph.root(operand) != weight->second))
        depth = std::max(depth, depths[operand]);
    depth += isCounted(index);
  }
  for (uint32_t i = 0; i < node.numResults; ++i) {
    ValueId id = node.firstResult + i, root = graph.root(id);
    depths[id] = root == id ? depth : depths[root];
  }
}

void Depths::Walk::visitLoop(uint32_t index, bool record) {
  const FlowGraph::Loop &loop = graph.loops()[index];
  auto visitResults = [&] {
    for (uint32_t node = loop.bodyEnd; node < loop.endNode; ++node)
      visitNode(graph.nodes()[node], node);
  };
  auto valuesOf = [&](uint32_t beginNode, uint32_t endNode) {
    ArrayRef<FlowGraph::Node> nodes =
        graph.nodes().slice(beginNode, endNode - beginNode);
    ValueId begin = nodes.empty() ? 0 : nodes.front().firstResult;
    ValueId end =
        nodes.empty() ? 0 : nodes.back().firstResult + nodes.back().numResults;
    return llvm::seq(begin, end);
  };
  auto visitBody = [&](Pass pass, bool recordBody) {
    passes.push_back(pass);
    visitNodes(loop.firstNode, loop.bodyEnd, index + 1, recordBody);
    passes.pop_back();
    visitResults();
  };

  visitBody(Pass::First, record);
  auto results = valuesOf(loop.bodyEnd, loop.endNode);
  SmallVector<uint32_t> once =
      llvm::map_to_vector(results, [&](ValueId id) { return depths[id]; });
  visitBody(Pass::Second, /*recordBody=*/false);
  if (record)
    for (ValueId id : valuesOf(loop.firstNode, loop.bodyEnd)) {
      uint32_t around = graph.scopes()[graph.scope(id)].loop;
      int32_t growth = depths[id] - result.firstDepths[id];
      if (around == index)
        result.growths[0][id] = growth;
      else if (graph.outerLoop(around) == index)
        result.growths[1][id] = growth - result.growths[0][id];
    }
  for (auto [id, before] : llvm::zip_equal(results, once)) {
    int64_t growth = int64_t(depths[id]) - before;
    depths[id] =
        before +
        growth * (std::max<int64_t>(loop.tripCount.value_or(1), 1) - 1);
    if (record)
      result.firstDepths[id] = depths[id];
  }
}
