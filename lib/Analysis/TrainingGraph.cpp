//===- TrainingGraph.cpp - Where a train step computes gradients ----------===//

#include "cegm/Analysis/TrainingGraph.h"

#include "Depths.h"
#include "DeviceTokens.h"
#include "Examples.h"
#include "Gradients.h"
#include "SiteLoops.h"
#include "TokenSplits.h"

#include <map>

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

//===----------------------------------------------------------------------===//
// Site
//===----------------------------------------------------------------------===//

SmallVector<int64_t> Site::tokenShape() const {
  if (!tokenSizes.empty())
    return llvm::map_to_vector(tokenOrder,
                               [&](int64_t i) { return tokenSizes[i]; });
  auto type = cast<ShapedType>(cotangent.tensor.getType());
  return llvm::map_to_vector(cotangent.tokenDims,
                             [&](int64_t dim) { return type.getDimSize(dim); });
}

Site::Layer Site::layerAt(ArrayRef<int64_t> places) const {
  Layer layer{std::nullopt, depth};
  for (const StackPlace &place : stack)
    layer.number = layer.number.value_or(0) * place.count +
                   (place.loop ? places[*place.loop] : place.staticIndex);
  for (auto [loop, place] : llvm::zip_equal(loops, places))
    if (loop.isLayers)
      layer.depth += place * loop.depthGrowth;
  return layer;
}

SmallVector<Site::Layer> Site::layers() const {
  SmallVector<Layer> layers;
  SmallVector<int64_t> places(loops.size(), 0);
  while (true) {
    layers.push_back(layerAt(places));
    // Count up, the innermost loop over layers fastest.
    size_t i = loops.size();
    while (i > 0 &&
           (!loops[i - 1].isLayers || ++places[i - 1] == *loops[i - 1].count))
      places[--i] = 0;
    if (i == 0)
      return layers;
  }
}

std::optional<int64_t> Site::repeats() const {
  int64_t product = 1;
  for (const Repetition &loop : loops) {
    if (loop.isLayers)
      continue;
    if (!loop.count)
      return std::nullopt;
    product *= *loop.count;
  }
  return product;
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

namespace {
/// A site or a candidate that was turned down.
struct Candidate {
  uint32_t node;
  FailureOr<Site> site;
  SkipReason reason = SkipReason::Layout;
  FlowGraph::ValueId weight;
  /// X (the indices of an embedding) and dY.
  FlowGraph::ValueId input, cotangent;
};
} // namespace

/// The candidates in the order in which the gradients are computed.
static std::vector<Candidate> findCandidates(const FlowGraph &graph,
                                             const Gradients &gradients) {
  std::vector<Candidate> candidates;
  auto add = [&](uint32_t node, const auto &match, ValueId weight,
                 unsigned input, unsigned cotangent) {
    SkipReason reason = SkipReason::Layout;
    FailureOr<Site> site = describeSite(graph, match, reason);
    ArrayRef<ValueId> operands = graph.operands(graph.nodes()[node]);
    candidates.push_back({node, std::move(site), reason, weight,
                          operands[input], operands[cotangent]});
  };
  for (const DenseMatch &match : gradients.dense()) {
    const Contraction &contraction =
        gradients.matcher().contraction(match.gradientNode);
    add(match.gradientNode, match, match.weight(),
        contraction.side(match.inputSide).operandNumber,
        contraction.side(1 - match.inputSide).operandNumber);
  }
  for (const EmbeddingMatch &match : gradients.embeddings()) {
    Operation *op = graph.nodes()[match.gradientNode].op;
    TableAccess scatter = *cast<TrainingGraphOpInterface>(op).getTableAccess();
    auto numberOf = [&](Value operand) -> unsigned {
      return llvm::find(op->getOperands(), operand).getIndex();
    };
    add(match.gradientNode, match, match.weight, numberOf(scatter.indices),
        numberOf(scatter.rows));
  }
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    return a.node < b.node;
  });
  return candidates;
}

/// Of a step without sites, names the arguments that may be parameters and are
/// in no list.
static void explainUnused(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
                          std::vector<SkippedParameter> &skipped) {
  llvm::BitVector spokenOf(graph.numArguments());
  for (const SkippedParameter &parameter : skipped)
    if (parameter.argument)
      spokenOf.set(*parameter.argument);
  for (unsigned i = 0; i < graph.numArguments(); ++i) {
    auto type = dyn_cast<RankedTensorType>(graph.value(i).getType());
    if (roles[i] == ArgumentRole::Candidate && !spokenOf.test(i) && type &&
        type.getRank() > 1)
      skipped.push_back({i, SkipReason::Unnamed, graph.value(i).getLoc()});
  }
}

TrainingGraph TrainingGraph::analyze(FunctionOpInterface entry,
                                     const Hints &hints) {
  TrainingGraph result;
  result.graph = std::make_unique<FlowGraph>(entry);
  const FlowGraph &graph = *result.graph;
  SmallVector<ArgumentRole> roles = classifyArguments(graph, hints.parameters);
  Reach reach(graph, roles);
  std::optional<NewStates> states;
  states.emplace(graph, roles, reach);
  if (!hints.parameters) {
    bool hasChanged = findDataByUse(graph, reach, *states, roles);
    if (hasChanged)
      reach = Reach(graph, roles);
    if (findFrozenByUse(graph, reach, roles)) {
      reach = Reach(graph, roles);
      hasChanged = true;
    }
    if (hasChanged)
      states.emplace(graph, roles, reach);
  }
  std::optional<Gradients> found;
  found.emplace(graph, roles, reach, *states);
  // Without any data among the arguments, constants are what weights are used
  // on.
  if (found->matcher().weightUses().empty()) {
    reach = Reach(graph, roles, nullptr, /*constantsAreTokens=*/true);
    states.emplace(graph, roles, reach);
    found.emplace(graph, roles, reach, *states);
  }
  Gradients &gradients = *found;
  const SiteMatcher &matcher = gradients.matcher();
  if (!hints.parameters && !gradients.updatesAny()) {
    for (unsigned i : matcher.weightArguments().set_bits())
      result.skippedList.push_back(
          {i, SkipReason::Unnamed, graph.value(i).getLoc()});
    if (result.skippedList.empty())
      explainUnused(graph, roles, result.skippedList);
    return result;
  }
  std::vector<Candidate> candidates = findCandidates(graph, gradients);

  SiteLoops loops(graph, gradients.reach());
  DeviceTokens devices(graph, reach);
  TokenSplits tokens(graph);
  Examples examples(graph, roles);
  DenseSet<ValueId> siteWeights;
  // Weights that are made of several parameters.
  llvm::BitVector computedWeights(graph.numValues());
  std::vector<ValueId> inputs;
  for (Candidate &candidate : candidates) {
    const FlowGraph::Node &gradient = graph.nodes()[candidate.node];
    ValueId root = graph.root(candidate.weight);
    std::optional<unsigned> argument =
        gradients.parameterOf(candidate.node, candidate.weight);
    // Of a weight that is computed from several parameters, one at most is the
    // site's.
    if (root >= graph.numArguments() && !matcher.onlyArgument(root))
      computedWeights.set(root);
    FailureOr<Site> &site = candidate.site;
    auto turnDown = [&](SkipReason reason) {
      candidate.reason = reason;
      site = failure();
    };
    if (succeeded(site))
      if (std::optional<SkipReason> reason = loops.describe(
              *site, candidate.node, candidate.cotangent, candidate.weight))
        turnDown(*reason);
    if (failed(site)) {
      result.skippedList.push_back(
          {argument, candidate.reason, gradient.op->getLoc()});
      continue;
    }
    site->argument = argument;
    site->deviceGroups =
        devices.groupsOf(graph.result(gradient), candidate.cotangent);
    tokens.split(candidate.input, candidate.cotangent, hints.sequenceLength,
                 *site);
    site->hasExamples = examples.areTokensOf(*site, hints.sequenceLength);
    siteWeights.insert(matcher.weightIdentity(candidate.weight));
    inputs.push_back(candidate.input);
    result.siteList.push_back(std::move(*site));
  }

  // Parameters whose gradients are refused; one that only moves a weight speaks
  // for a parameter without another one.
  std::map<std::pair<std::optional<unsigned>, SkipReason>, Location> refused;
  for (const RefusedGradient &gradient : gradients.refused())
    for (ValueId weight : gradient.weights)
      refused.insert({{gradient.reason == SkipReason::Ambiguous
                           ? matcher.onlyArgument(graph.root(weight))
                           : gradients.parameterOf(gradient.node, weight),
                       gradient.reason},
                      graph.nodes()[gradient.node].op->getLoc()});
  for (auto [key, location] : refused) {
    auto [argument, reason] = key;
    if (!argument || reason == SkipReason::Ambiguous ||
        llvm::none_of(result.siteList, [&](const Site &site) {
          return site.argument == argument;
        }))
      result.skippedList.push_back({argument, reason, location});
  }

  Depths depths(
      graph,
      [&](uint32_t node) { return matcher.usesWeight(node, siteWeights); },
      matcher.weightUses());
  SmallVector<std::pair<unsigned, unsigned>> order;
  for (auto [i, input] : llvm::enumerate(inputs)) {
    Site &site = result.siteList[i];
    site.depth = depths.first(input) + 1;
    for (auto [level, loop] : llvm::enumerate(llvm::reverse(site.loops)))
      loop.depthGrowth = depths.growth(input, level);
    order.push_back({result.siteList[i].depth, i});
  }
  llvm::sort(order);
  std::vector<Site> sorted;
  for (auto [depth, i] : order)
    sorted.push_back(std::move(result.siteList[i]));
  result.siteList = std::move(sorted);

  llvm::BitVector recurrent(graph.numArguments());
  for (auto [node, weight] : matcher.weightUses()) {
    uint32_t loop = graph.scopes()[graph.nodes()[node].scope].loop;
    if (weight < graph.numArguments() && loop != FlowGraph::kNone &&
        loops.carriesData(loop))
      recurrent.set(weight);
  }
  explainOtherParameters(graph, reach, gradients.newStates(), matcher,
                         result.siteList, computedWeights, recurrent,
                         result.skippedList);
  // Where data look like parameters, no product has data and a weight.
  if (result.siteList.empty())
    explainUnused(graph, roles, result.skippedList);
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

/// The first name in a location.
static StringRef findName(Location location) {
  StringRef name;
  location->walk([&](Location loc) {
    if (auto named = dyn_cast<NameLoc>(loc)) {
      name = named.getName();
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return name;
}

StringRef cegm::getParameterName(Value argument) {
  if (StringRef name = findName(argument.getLoc()); !name.empty())
    return name;
  // Where sizes are symbols, JAX wraps the step: the names are in the function
  // that the entry function calls.
  for (OpOperand &use : argument.getUses()) {
    auto call = dyn_cast<CallOpInterface>(use.getOwner());
    auto callee =
        call ? dyn_cast_or_null<FunctionOpInterface>(call.resolveCallable())
             : FunctionOpInterface();
    if (!callee || callee.isExternal() || !call.getArgOperands().size())
      continue;
    unsigned first = call.getArgOperands().getBeginOperandIndex();
    unsigned number = use.getOperandNumber() - first;
    if (number < callee.getNumArguments())
      if (StringRef name = findName(callee.getArgument(number).getLoc());
          !name.empty())
        return name;
  }
  return {};
}
