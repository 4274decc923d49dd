//===- Stacks.cpp - Tensors that loops read and fill by slices ------------===//

#include "Stacks.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// A weight is a slice, perhaps cast, normalised or merged; more ops than this
/// are not looked through.
static constexpr unsigned kMaxSteps = 64;

/// The value of one element of a vector that is put together of single
/// elements; `kNone` if it is made in another way.
static ValueId findElement(const FlowGraph &graph, ValueId vector,
                           int64_t element) {
  uint32_t index = graph.definingNode(graph.root(vector));
  if (index == FlowGraph::kNone || graph.nodes()[index].isMerge)
    return FlowGraph::kNone;
  const FlowGraph::Node &node = graph.nodes()[index];
  TrainingGraphOpInterface interface = node.interface;
  ArrayRef<ValueId> parts = graph.operands(node);
  bool isOfElements =
      interface && interface.getConcatenatedDim() &&
      llvm::all_of(parts, [&](ValueId part) {
        auto type = dyn_cast<RankedTensorType>(graph.value(part).getType());
        return type && type.hasStaticShape() && type.getNumElements() == 1;
      });
  return isOfElements ? parts[element] : FlowGraph::kNone;
}

std::optional<SliceAccess> cegm::getSliceAccess(const FlowGraph &graph,
                                                const FlowGraph::Node &node) {
  TrainingGraphOpInterface interface = node.interface;
  std::optional<StackAccess> access =
      interface && !node.isMerge ? interface.getStackAccess() : std::nullopt;
  if (!access)
    return std::nullopt;
  auto idOf = [&](Value value) -> ValueId {
    if (!value)
      return FlowGraph::kNone;
    if (value.getDefiningOp() == node.op)
      return graph.result(node);
    return graph.operand(node, value);
  };
  auto type = cast<ShapedType>(access->stack.getType());
  ValueId index = idOf(access->index);
  auto places = access->index
                    ? dyn_cast<RankedTensorType>(access->index.getType())
                    : RankedTensorType();
  if (places && places.getRank() > 0) {
    index = findElement(graph, index, access->dim);
    if (index == FlowGraph::kNone)
      return std::nullopt;
  }
  return SliceAccess{access->kind,        idOf(access->stack),
                     idOf(access->slice), index,
                     access->staticIndex, type.getDimSize(access->dim)};
}

namespace {
/// How an index follows the iterations of a loop.
struct Counting {
  uint32_t loop = FlowGraph::kNone;
  bool isReversed = false;
};
} // namespace

/// The loop that counts in `index`: the innermost one that carries something
/// from which it is computed by adding, subtracting and choosing.
static Counting findCounting(const FlowGraph &graph, ValueId index) {
  SmallVector<std::pair<ValueId, bool>> worklist{{index, false}};
  DenseSet<ValueId> seen;
  while (!worklist.empty() && seen.size() < kMaxSteps) {
    auto [current, isReversed] = worklist.pop_back_val();
    uint32_t node = graph.definingNode(current);
    if (node == FlowGraph::kNone || !seen.insert(current).second)
      continue;
    const FlowGraph::Node &n = graph.nodes()[node];
    if (n.isMerge) {
      if (uint32_t loop = graph.scopes()[n.scope].loop;
          loop != FlowGraph::kNone)
        return {loop, isReversed};
      continue;
    }
    TrainingGraphOpInterface interface = n.interface;
    for (auto [i, operand] : llvm::enumerate(graph.operands(n)))
      worklist.push_back(
          {operand, isReversed != (interface && interface.getPassing(i) ==
                                                    Passing::Negated)});
  }
  return {};
}

SavedSlices::SavedSlices(const FlowGraph &graph) : graph(graph) {
  for (auto [index, loop] : llvm::enumerate(graph.loops()))
    for (const FlowGraph::Carried &carried : loop.carried) {
      uint32_t node = graph.definingNode(graph.root(carried.next));
      if (node == FlowGraph::kNone)
        continue;
      std::optional<SliceAccess> access =
          getSliceAccess(graph, graph.nodes()[node]);
      if (!access || access->kind != StackAccess::Kind::Write ||
          access->index == FlowGraph::kNone ||
          graph.root(access->stack) != graph.root(carried.argument))
        continue;
      Counting counting = findCounting(graph, access->index);
      if (counting.loop == index)
        slices[graph.root(carried.result)] = {
            access->slice, {counting.loop, counting.isReversed}};
    }
}

SavedSlices::Slice SavedSlices::find(ValueId stack) const {
  ValueId root = graph.root(stack);
  if (auto it = slices.find(root); it != slices.end())
    return {it->second.first, {it->second.second}};
  uint32_t node = graph.definingNode(root);
  if (node == FlowGraph::kNone)
    return {};
  std::optional<SliceAccess> access =
      getSliceAccess(graph, graph.nodes()[node]);
  if (!access || access->kind != StackAccess::Kind::Read)
    return {};
  Slice outer = find(access->stack);
  if (!outer)
    return {};
  Slice inner = find(outer.value);
  if (inner)
    llvm::append_range(inner.fillings, outer.fillings);
  return inner;
}

SmallVector<LayerPlace, 1> cegm::findLayer(const FlowGraph &graph,
                                           const Reach &reach, ValueId weight) {
  SmallVector<ValueId> worklist{weight};
  DenseSet<ValueId> seen;
  SmallVector<LayerPlace, 1> places;
  for (size_t next = 0; next < worklist.size() && next < kMaxSteps; ++next) {
    uint32_t node = graph.definingNode(graph.root(worklist[next]));
    if (node == FlowGraph::kNone || !seen.insert(worklist[next]).second)
      continue;
    const FlowGraph::Node &n = graph.nodes()[node];
    std::optional<SliceAccess> access = getSliceAccess(graph, n);
    if (access && access->kind == StackAccess::Kind::Read &&
        reach.isWeightLike(access->stack)) {
      LayerPlace place{access->count, access->index, FlowGraph::kNone,
                       access->staticIndex};
      if (!place.isStatic()) {
        Counting counting = findCounting(graph, access->index);
        place.loop = counting.loop;
        place.isReversed = counting.isReversed;
      }
      if (place.isStatic() || place.loop != FlowGraph::kNone) {
        // The stack may be a slice of another one.
        places.insert(places.begin(), place);
        worklist.assign({access->stack});
        next = size_t(-1);
        continue;
      }
    }
    // What a weight is computed from is looked at, but not what a stack is.
    if (!places.empty())
      break;
    for (ValueId operand : graph.operands(n))
      if (reach.isWeightLike(operand))
        worklist.push_back(operand);
  }
  return places;
}
