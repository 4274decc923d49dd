//===- TrainingGraph.cpp - Where a train step computes gradients ----------===//

#include "cegm/Analysis/TrainingGraph.h"

#include "SiteMatching.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

//===----------------------------------------------------------------------===//
// Site
//===----------------------------------------------------------------------===//

SmallVector<int64_t> Site::tokenShape() const {
  auto type = cast<ShapedType>(cotangent.tensor.getType());
  return llvm::map_to_vector(cotangent.tokenDims,
                             [&](int64_t dim) { return type.getDimSize(dim); });
}

int64_t Site::sequenceDim() const {
  return (input ? input : cotangent).tokenDims.back();
}

std::optional<ContextPair> Site::usableContext(ContextPair wanted) const {
  if (inputGradient && (wanted == ContextPair::Input || !output))
    return ContextPair::Input;
  if (output)
    return ContextPair::Output;
  return std::nullopt;
}

StringRef cegm::getKindName(Site::Kind kind) {
  return kind == Site::Kind::Dense ? "dense" : "embedding";
}

//===----------------------------------------------------------------------===//
// TrainingGraph
//===----------------------------------------------------------------------===//

TrainingGraph TrainingGraph::analyze(FunctionOpInterface entry) {
  TrainingGraph result;
  result.graph = std::make_unique<FlowGraph>(entry);
  const FlowGraph &graph = *result.graph;
  Reach reach(graph, findDataArguments(graph));
  SiteMatcher matcher(graph, reach);
  UpdateFlow updates(graph, reach, matcher.weightArguments());

  // The weight and the value whose depth counts, site by site.
  DenseSet<ValueId> siteWeights;
  // Weights that are made of several parameters.
  llvm::BitVector computedWeights(graph.numValues());
  std::vector<ValueId> depthSources;
  auto add = [&](uint32_t node, unsigned depthOperand, ValueId weight,
                 FailureOr<Site> site, SkipReason reason) {
    const FlowGraph::Node &gradient = graph.nodes()[node];
    ValueId root = graph.root(weight);
    std::optional<unsigned> argument;
    if (root < graph.numArguments())
      argument = root;
    else if (uint32_t target = updates.target(graph.result(gradient));
             target != UpdateFlow::kUnknown)
      argument = target;
    else
      argument = reach.onlyArgument(root);
    if (!argument)
      computedWeights.set(root);
    if (failed(site)) {
      result.skippedList.push_back({argument, reason, gradient.op->getLoc()});
      return;
    }
    site->argument = argument;
    siteWeights.insert(root);
    depthSources.push_back(graph.operands(gradient)[depthOperand]);
    result.siteList.push_back(std::move(*site));
  };

  // Matches come in program order, each kind by itself; merge them.
  std::vector<DenseMatch> dense = matcher.matchDense(updates);
  std::vector<EmbeddingMatch> embeddings = matcher.matchEmbeddings(updates);
  auto embedding = embeddings.begin();
  auto addEmbeddingsBefore = [&](uint32_t node) {
    for (; embedding != embeddings.end() && embedding->gradientNode < node;
         ++embedding) {
      Operation *op = graph.nodes()[embedding->gradientNode].op;
      TableAccess scatter =
          *cast<TrainingGraphOpInterface>(op).getTableAccess();
      unsigned indices =
          llvm::find(op->getOperands(), scatter.indices).getIndex();
      SkipReason reason = SkipReason::Layout;
      FailureOr<Site> site = describeSite(graph, *embedding, reason);
      add(embedding->gradientNode, indices, embedding->weight, std::move(site),
          reason);
    }
  };
  for (const DenseMatch &match : dense) {
    addEmbeddingsBefore(match.gradientNode);
    SkipReason reason = SkipReason::Layout;
    FailureOr<Site> site = describeSite(graph, match, reason);
    add(match.gradientNode, match.inputSide, match.weight(), std::move(site),
        reason);
  }
  addEmbeddingsBefore(FlowGraph::kNone);

  std::vector<uint32_t> depths = computeDepths(graph, [&](uint32_t node) {
    return matcher.usesWeight(node, siteWeights);
  });
  SmallVector<std::pair<unsigned, unsigned>> order;
  for (auto [i, source] : llvm::enumerate(depthSources)) {
    result.siteList[i].depth = depths[source] + 1;
    order.push_back({result.siteList[i].depth, i});
  }
  llvm::sort(order);
  std::vector<Site> sorted;
  for (auto [depth, i] : order)
    sorted.push_back(std::move(result.siteList[i]));
  result.siteList = std::move(sorted);

  explainOtherParameters(graph, reach, updates, matcher, result.siteList,
                         computedWeights, result.skippedList);
  return result;
}

SmallVector<Operation *>
TrainingGraph::separatingCalls(const Site &site, ContextPair pair) const {
  ArrayRef<FlowGraph::Context> contexts = graph->contexts();
  auto depthOf = [&](uint32_t context) {
    unsigned depth = 0;
    for (; contexts[context].parent != FlowGraph::kNone;
         context = contexts[context].parent)
      ++depth;
    return depth;
  };
  SmallVector<Operation *> calls;
  uint32_t a = site.context;
  uint32_t b = pair == ContextPair::Input ? site.inputGradientContext
                                          : site.outputContext;
  // Climb from both to the nearest common context; the calls climbed over part
  // them.
  unsigned aDepth = depthOf(a), bDepth = depthOf(b);
  while (a != b) {
    uint32_t &deeper = aDepth >= bDepth ? a : b;
    unsigned &depth = aDepth >= bDepth ? aDepth : bDepth;
    calls.push_back(contexts[deeper].call);
    deeper = contexts[deeper].parent;
    --depth;
  }
  return calls;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

FunctionOpInterface cegm::findEntryFunction(ModuleOp module) {
  FunctionOpInterface only;
  unsigned count = 0;
  for (auto function : module.getOps<FunctionOpInterface>()) {
    if (function.isExternal())
      continue;
    if (function.getName() == "main")
      return function;
    if (function.isPublic()) {
      only = function;
      ++count;
    }
  }
  return count == 1 ? only : FunctionOpInterface();
}

StringRef cegm::getParameterName(Value argument) {
  StringRef name;
  argument.getLoc()->walk([&](Location loc) {
    if (auto named = dyn_cast<NameLoc>(loc)) {
      name = named.getName();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name;
}
