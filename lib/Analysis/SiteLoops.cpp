//===- SiteLoops.cpp - The loops around a site ----------------------------===//

#include "SiteLoops.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// Whether an iteration puts a slice into the stack that it got.
static bool isFilled(const FlowGraph &graph,
                     const FlowGraph::Carried &carried) {
  uint32_t node = graph.definingNode(graph.root(carried.next));
  if (node == FlowGraph::kNone)
    return false;
  std::optional<SliceAccess> access =
      getSliceAccess(graph, graph.nodes()[node]);
  return access && access->kind == StackAccess::Kind::Write &&
         graph.root(access->stack) == graph.root(carried.argument);
}

const SiteLoops::Facts &SiteLoops::factsOf(uint32_t index) {
  auto [it, inserted] = facts.try_emplace(index);
  Facts &fact = it->second;
  if (!inserted)
    return fact;
  const FlowGraph::Loop &loop = graph.loops()[index];
  ArrayRef<FlowGraph::Node> nodes =
      graph.nodes().slice(loop.firstNode, loop.bodyEnd - loop.firstNode);
  if (nodes.empty())
    return fact;
  fact.firstValue = nodes.front().firstResult;
  ValueId end = nodes.back().firstResult + nodes.back().numResults;
  fact.carried.resize(end - fact.firstValue);
  auto test = [&](ValueId id) {
    return id >= fact.firstValue && id < end &&
           fact.carried.test(id - fact.firstValue);
  };

  for (const FlowGraph::Carried &carried : loop.carried) {
    auto type = dyn_cast<ShapedType>(graph.value(carried.argument).getType());
    // A scalar, such as the sum of a loss, holds nothing of a sequence.
    if (type && type.getRank() > 0 && isa<FloatType>(type.getElementType()) &&
        graph.root(carried.argument) == carried.argument &&
        reach.isDataDependent(carried.argument)) {
      fact.carried.set(carried.argument - fact.firstValue);
      fact.carriesData |= !isFilled(graph, carried);
    }
  }
  std::optional<uint32_t> filledBy;
  fact.readsOneLoop = true;
  bool again = true;
  while (again) {
    again = false;
    for (const FlowGraph::Node &node : nodes) {
      if (!llvm::any_of(graph.operands(node), test))
        continue;
      for (uint32_t i = 0; i < node.numResults; ++i) {
        ValueId result = node.firstResult + i;
        // A view shows one operand only.
        if (graph.root(result) != result && !test(graph.root(result)))
          continue;
        again |= !test(result) && node.isMerge;
        fact.carried.set(result - fact.firstValue);
      }
    }
  }
  for (const FlowGraph::Node &node : nodes) {
    std::optional<SliceAccess> access = getSliceAccess(graph, node);
    if (!access || access->kind != StackAccess::Kind::Read ||
        access->index == FlowGraph::kNone ||
        !reach.isDataDependent(access->stack))
      continue;
    SavedSlices::Slice slice = saved.find(access->stack);
    uint32_t from = slice ? slice.fillings.front().loop : FlowGraph::kNone;
    fact.readsOneLoop &=
        from != FlowGraph::kNone && filledBy.value_or(from) == from;
    filledBy = from;
  }
  return fact;
}

std::optional<SkipReason> SiteLoops::describe(Site &site, uint32_t node,
                                              ValueId cotangent,
                                              ValueId weight) {
  SmallVector<LayerPlace, 1> places = findLayer(graph, reach, weight);
  SmallVector<uint32_t> around;
  for (uint32_t loop = graph.scopes()[graph.nodes()[node].scope].loop;
       loop != FlowGraph::kNone; loop = graph.outerLoop(loop))
    around.insert(around.begin(), loop);
  // A place in a loop that is not around the gradient says nothing.
  if (llvm::any_of(places, [&](const LayerPlace &place) {
        return !place.isStatic() && !llvm::is_contained(around, place.loop);
      }))
    places.clear();
  // Iterations that are not one for each slice do not tell which layer it is.
  if (llvm::any_of(places, [&](const LayerPlace &place) {
        return !place.isStatic() &&
               graph.loops()[place.loop].tripCount.value_or(place.count) !=
                   place.count;
      }))
    places.clear();

  for (uint32_t index : around) {
    const FlowGraph::Loop &loop = graph.loops()[index];
    if (loop.tripCount == 0)
      return SkipReason::NeverRuns;
    LoopLikeOpInterface op = loop.op;
    Site::Repetition repetition;
    repetition.body = &op.getLoopRegions().back()->front();
    auto *place = llvm::find_if(
        places, [&](const LayerPlace &p) { return p.loop == index; });
    if (place != places.end()) {
      repetition.isLayers = true;
      repetition.isReversed = place->isReversed;
      repetition.count = place->count;
      repetition.index = graph.value(place->index);
    } else {
      const Facts &fact = factsOf(index);
      // A layer that is used again and again sees whole sequences, and its
      // backward loop reads nothing but what the forward loop saved.
      bool isSharedLayer =
          fact.readsOneLoop && site.cotangent.tokenDims.size() > 1;
      if (isCarried(index, cotangent) && !isSharedLayer)
        return SkipReason::Recurrent;
      repetition.count = loop.tripCount;
      if (loop.counter != FlowGraph::kNone)
        repetition.index = graph.value(loop.counter);
    }
    site.loops.push_back(repetition);
  }
  for (const LayerPlace &place : places) {
    Site::StackPlace &added = site.stack.emplace_back();
    added.count = place.count;
    added.staticIndex = place.staticIndex;
    if (!place.isStatic())
      added.loop = llvm::find(around, place.loop) - around.begin();
  }
  return std::nullopt;
}
