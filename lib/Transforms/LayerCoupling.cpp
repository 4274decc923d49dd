//===- LayerCoupling.cpp - Scores of deeper layers for a site -------------===//

#include "LayerCoupling.h"

#include "Constants.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::cegm;

static InFlightDiagnostic emitCouplingError(Location loc) {
  return emitError(loc, "inject-entanglement: option 'coupling': ");
}

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

static RankedTensorType getScoresType(const SelectedSite &selected) {
  const Site &site = *selected.site;
  bool usesInput = selected.context == ContextPair::Input;
  const Rows &contexts = usesInput ? site.input : site.output;
  const Rows &gradients = usesInput ? site.inputGradient : site.cotangent;
  return RankedTensorType::get(
      site.tokenShape(),
      getScoreType(contexts.tensor.getType(), gradients.tensor.getType()));
}

/// The loop over layers around the site; null if there is none.
static FailureOr<const Site::Repetition *> findLayerLoop(const Site &site) {
  const Site::Repetition *layers = nullptr;
  for (const Site::Repetition &loop : site.loops) {
    if (!loop.isLayers || loop.depthGrowth == 0)
      continue;
    Location loc = site.gradientOp->getLoc();
    if (layers)
      return emitCouplingError(loc)
             << "this gradient is computed in a loop over layers inside of "
                "another; exclude the parameter or unroll one of them";
    if ((loop.depthGrowth > 0) != loop.isReversed)
      return emitCouplingError(loc)
             << "the loop around this gradient does not begin with the deepest "
                "layer; exclude the parameter or unroll the loop";
    if (loop.body != site.gradientOp->getBlock())
      return emitCouplingError(loc)
             << "this gradient is computed in another loop or branch inside of "
                "the loop over layers; exclude the parameter";
    layers = &loop;
  }
  return layers;
}

/// Whether both are uses of one weight, of one layer of a stack. The layers
/// that one round of a loop takes from a stack count as one: they have one
/// depth.
static bool haveOneWeight(const Site &a, const Site &b) {
  if (!a.argument || a.argument != b.argument)
    return false;
  auto isInLoop = [](const Site::StackPlace &place) {
    return place.loop.has_value();
  };
  if (llvm::any_of(a.stack, isInLoop))
    return true;
  return llvm::equal(a.stack, b.stack, [](const auto &x, const auto &y) {
    return x.staticIndex == y.staticIndex;
  });
}

LogicalResult LayerCoupling::plan(ArrayRef<SelectedSite> sites) {
  struct Entry {
    unsigned site;
    Block *body;
    int64_t lowest, highest, growth;
  };
  std::vector<Entry> entries;
  for (auto [i, selected] : llvm::enumerate(sites)) {
    FailureOr<const Site::Repetition *> loop = findLayerLoop(*selected.site);
    if (failed(loop))
      return failure();
    int64_t growth = *loop ? (*loop)->depthGrowth : 0;
    int64_t first = selected.site->depth;
    int64_t last = first;
    if (*loop)
      last += growth * ((*loop)->count.value_or(1) - 1);
    entries.push_back({unsigned(i), *loop ? (*loop)->body : nullptr,
                       std::min(first, last), std::max(first, last),
                       std::abs(growth)});
  }
  llvm::sort(entries, [](const Entry &a, const Entry &b) {
    return std::tie(a.lowest, a.site) > std::tie(b.lowest, b.site);
  });

  places.resize(sites.size());
  for (const Entry &entry : entries) {
    RankedTensorType type = getScoresType(sites[entry.site]);
    std::vector<Group> &groups = chains[type].groups;
    Location loc = sites[entry.site].site->gradientOp->getLoc();
    if (groups.empty() || groups.back().lowest != entry.lowest)
      groups.push_back({entry.body,
                        entry.lowest,
                        entry.highest,
                        entry.growth,
                        {},
                        {},
                        loc,
                        type});
    Group &group = groups.back();
    if (group.body != entry.body || group.highest != entry.highest)
      return emitCouplingError(loc)
                 .append("this gradient and another of the same depth are not "
                         "computed in one loop; exclude one of the parameters")
                 .attachNote(group.location)
             << "the other gradient";
    const Site &site = *sites[entry.site].site;
    for (unsigned other : group.sites)
      if (haveOneWeight(site, *sites[other].site))
        return emitCouplingError(loc)
                   .append(
                       "the parameter of this gradient is used again at the "
                       "same depth, for other data or in another layer of "
                       "an unrolled round, and the depths do not tell "
                       "which scores belong together")
                   .attachNote(sites[other].site->gradientOp->getLoc())
               << "the other use";
    group.sites.push_back(entry.site);
    deepestFirst.push_back(entry.site);
  }
  for (auto &[type, chain] : chains) {
    for (auto [number, group] : llvm::enumerate(chain.groups))
      for (unsigned site : group.sites)
        places[site] = {&chain, unsigned(number)};
    if (failed(findLoops(chain)))
      return failure();
    // A loop starts from scores that say nothing, which are a constant.
    auto scores = cast<RankedTensorType>(type);
    if (!chain.loops.empty() && !scores.hasStaticShape())
      return emitCouplingError(chain.groups[chain.loops[0].deepest].location)
             << "the tokens of this gradient in a loop over layers have the "
                "dynamic shape "
             << scores
             << ", expected a static one; export the step for fixed sizes or "
                "unroll the loop";
  }
  return success();
}

LogicalResult LayerCoupling::findLoops(Chain &chain) {
  DenseSet<Block *> seen;
  ArrayRef<Group> groups = chain.groups;
  for (unsigned i = 0; i < groups.size();) {
    unsigned end = i + 1;
    while (end < groups.size() && groups[end].body == groups[i].body)
      ++end;
    if (Block *body = groups[i].body) {
      if (!seen.insert(body).second)
        return emitCouplingError(groups[i].location)
               << "other gradients lie between the layers of the loop around "
                  "this one; exclude the parameter or unroll the loop";
      Carried carried{i, end - 1};
      carried.numOwn = groups[end - 1].sites.size();
      if (i > 0)
        carried.numBehind = groups[i - 1].sites.size();
      if (failed(checkLoop(chain, carried)))
        return failure();
      chain.loops.push_back(carried);
    }
    i = end;
  }
  return success();
}

/// Each layer of the loop must be deeper than all of the one before, and what
/// lies behind the loop deeper than its last.
LogicalResult LayerCoupling::checkLoop(const Chain &chain,
                                       const Carried &carried) {
  const Group &deepest = chain.groups[carried.deepest];
  const Group &shallowest = chain.groups[carried.shallowest];
  bool isBehind = carried.deepest == 0 ||
                  chain.groups[carried.deepest - 1].lowest > deepest.highest;
  bool isOrdered = deepest.growth == shallowest.growth &&
                   deepest.lowest - shallowest.lowest < deepest.growth;
  if (isBehind && isOrdered)
    return success();
  return emitCouplingError(deepest.location)
         << "the depths of the layers in this loop and of other gradients "
            "overlap; exclude the parameter or unroll the loop";
}

const LayerCoupling::Carried *LayerCoupling::loopOf(const Chain &chain,
                                                    unsigned group) {
  auto *carried = llvm::find_if(chain.loops, [&](const Carried &c) {
    return c.deepest <= group && group <= c.shallowest;
  });
  return carried == chain.loops.end() ? nullptr : carried;
}

//===----------------------------------------------------------------------===//
// Carried scores
//===----------------------------------------------------------------------===//

/// Scores that say nothing: coupling leaves NaN out.
static Value createNoScores(OpBuilder &builder, Operation *loop,
                            RankedTensorType type) {
  auto element = cast<FloatType>(type.getElementType());
  auto value = DenseElementsAttr::get(
      type, APFloat::getNaN(element.getFloatSemantics()));
  return createConstantLike(builder, loop->getLoc(), loop, value);
}

bool LayerCoupling::carryScores() {
  // A loop is replaced once, for all its chains.
  llvm::MapVector<Block *, SmallVector<std::pair<Carried *, RankedTensorType>>>
      byLoop;
  for (auto &[type, chain] : chains)
    for (Carried &carried : chain.loops)
      byLoop[chain.groups[carried.deepest].body].emplace_back(
          &carried, cast<RankedTensorType>(type));

  for (auto &[body, all] : byLoop) {
    auto loop = cast<LoopLikeOpInterface>(body->getParentOp());
    IRRewriter rewriter(loop);
    SmallVector<Value> inits;
    unsigned first = loop.getInits().size();
    for (auto [carried, type] : all) {
      carried->first = first + inits.size();
      Value none = createNoScores(rewriter, loop, type);
      inits.append(carried->numOwn + carried->numBehind, none);
    }
    // What is carried back is known when the sites were injected.
    auto carryOn = [&](OpBuilder &b, Location,
                       ArrayRef<BlockArgument> arguments) {
      SmallVector<Value> yields(arguments.begin(), arguments.end());
      for (auto [carried, type] : all) {
        auto behind = MutableArrayRef(yields).slice(
            carried->first - first + carried->numOwn, carried->numBehind);
        if (!behind.empty())
          llvm::fill(behind, createNoScores(b, loop, type));
      }
      return yields;
    };
    FailureOr<LoopLikeOpInterface> replaced = loop.replaceWithAdditionalYields(
        rewriter, inits, /*replaceInitOperandUsesInLoop=*/false, carryOn);
    assert(succeeded(replaced) && "a loop over layers can carry more");
    // Some kinds of loops get a new block.
    Block *newBody = &replaced->getLoopRegions().back()->front();
    for (auto &[type, chain] : chains)
      for (Group &group : chain.groups)
        if (group.body == body)
          group.body = newBody;
  }
  return !byLoop.empty();
}

SmallVector<Value> LayerCoupling::parentsOf(unsigned i) const {
  auto [chain, number] = places[i];
  auto take = [](auto range, unsigned first, unsigned count) {
    SmallVector<Value> values;
    for (unsigned i = 0; i < count; ++i)
      values.push_back(range[first + i]);
    return values;
  };
  const Carried *around = loopOf(*chain, number);
  if (around && around->deepest == number)
    return take(opOf(chain->groups[number]).getRegionIterArgs(), around->first,
                around->numOwn + around->numBehind);
  if (number == 0)
    return {};
  const Group &parent = chain->groups[number - 1];
  const Carried *behind = loopOf(*chain, number - 1);
  if (behind && behind != around)
    return take(*opOf(parent).getLoopResults(), behind->first, behind->numOwn);
  return parent.scores;
}

LogicalResult LayerCoupling::add(
    unsigned i, Value scores,
    llvm::function_ref<LogicalResult(Value, Operation *)> makeAvailable) {
  auto [chain, number] = places[i];
  Group &group = chain->groups[number];
  group.scores.push_back(scores);
  if (group.scores.size() < group.sites.size())
    return success();

  const Carried *around = loopOf(*chain, number);
  if (around && around->shallowest == number) {
    auto yields = *opOf(group).getYieldedValuesMutable();
    for (auto [k, value] : llvm::enumerate(group.scores))
      yields[around->first + k].set(value);
  }
  const Carried *next = loopOf(*chain, number + 1);
  if (!next || next == around)
    return success();
  // The loop that comes next begins with these.
  LoopLikeOpInterface loop = opOf(chain->groups[number + 1]);
  SmallVector<Value> leaving = group.scores;
  if (around) {
    LoopLikeOpInterface before = opOf(group);
    for (unsigned k = 0; k < around->numOwn; ++k)
      leaving[k] = (*before.getLoopResults())[around->first + k];
  }
  for (auto [k, value] : llvm::enumerate(leaving)) {
    if (value.getParentBlock() != loop->getBlock() ||
        failed(makeAvailable(value, loop)))
      return emitCouplingError(group.location)
             << "the scores of this gradient are not there when the loop over "
                "the layers before it begins; exclude the parameter";
    loop.getInitsMutable()[next->first + next->numOwn + k].set(value);
  }
  return success();
}
