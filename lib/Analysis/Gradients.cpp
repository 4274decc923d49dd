//===- Gradients.cpp - Which candidates are parameter gradients -----------===//

#include "Gradients.h"

#include "Dependence.h"
#include "Depths.h"

using namespace mlir;
using namespace mlir::cegm;

using Mark = ArgumentMarks::Mark;
using ValueId = FlowGraph::ValueId;

/// Steps within the step, one after the other, that are looked through.
static constexpr unsigned kMaxRounds = 64;

Gradients::Gradients(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
                     const Reach &plain, NewStates &states)
    : graph(graph), roles(roles), plain(plain), states(states) {
  for (unsigned round = 0; round < kMaxRounds; ++round)
    if (!search())
      break;
  dropActivations();
}

void Gradients::dropActivations() {
  DenseSet<uint32_t> found;
  llvm::BitVector inside(graph.numValues());
  auto add = [&](uint32_t node) {
    found.insert(node);
    for (ValueId operand : graph.operands(graph.nodes()[node]))
      inside.set(operand);
  };
  for (const DenseMatch &match : denseMatches)
    add(match.gradientNode);
  for (const EmbeddingMatch &match : embeddingMatches)
    add(match.gradientNode);
  for (const RefusedGradient &refused : refusedGradients)
    found.insert(refused.node);
  inside = computeBackwardReach(graph, std::move(inside));
  // What gradients have moved is a weight; what shows an argument, is reached
  // by data otherwise, and takes part in a gradient is an activation.
  Reach others(graph, roles, &found);
  llvm::BitVector activations(graph.numArguments());
  for (ValueId id : inside.set_bits())
    if (others.isDataDependent(id))
      for (unsigned argument : states.kept(id))
        if (graph.haveSameShape(argument, id) && states.isUpdated(argument))
          activations.set(argument);
  if (activations.none())
    return;
  auto isActivation = [&](uint32_t node, ValueId weight) {
    std::optional<unsigned> argument = parameterOf(node, weight);
    return argument && activations.test(*argument);
  };
  llvm::erase_if(denseMatches, [&](const DenseMatch &match) {
    return isActivation(match.gradientNode, match.weight());
  });
  llvm::erase_if(embeddingMatches, [&](const EmbeddingMatch &match) {
    return isActivation(match.gradientNode, match.weight);
  });
}

bool Gradients::search() {
  const Reach *reach = &plain;
  if (!known.empty()) {
    withGradients.emplace(graph, roles, &known);
    reach = &*withGradients;
  }
  currentMatcher.emplace(graph, *reach, plain, states);
  const SiteMatcher &matcher = *currentMatcher;
  states.assign(matcher.weightArguments());
  excluded.clear();
  std::vector<Candidate> candidates = findCandidates();
  while (excludeStatistics(candidates))
    candidates = findCandidates();
  chooseStates(candidates);
  findInterior(candidates);
  decide(candidates);

  DenseSet<uint32_t> found;
  for (const DenseMatch &match : denseMatches)
    found.insert(match.gradientNode);
  for (const EmbeddingMatch &match : embeddingMatches)
    found.insert(match.gradientNode);
  for (const RefusedGradient &refused : refusedGradients)
    found.insert(refused.node);
  bool isNew =
      llvm::any_of(found, [&](uint32_t node) { return !known.contains(node); });
  if (!isNew || !movesWeights(found))
    return false;
  known = std::move(found);
  return true;
}

std::vector<Gradients::Candidate> Gradients::findCandidates() {
  const SiteMatcher &matcher = *currentMatcher;
  auto isGradientOf = [&](uint32_t node, Mark parameters) {
    return !excluded.contains(node) && matcher.fitsAny(node, parameters);
  };
  destinations.emplace(graph, states.argumentMarks(), states.results(),
                       states.otherResults(), isGradientOf);
  moves.reset();
  if (SmallVector<NewState> moved = findMovedWeights(); !moved.empty())
    moves.emplace(graph, states.argumentMarks(), moved, ArrayRef<ValueId>(),
                  isGradientOf);
  std::vector<Candidate> candidates;
  auto add = [&](ArrayRef<uint32_t> nodes, bool isScatter) {
    for (uint32_t node : nodes)
      if (!excluded.contains(node))
        if (std::optional<Candidate> candidate = examine(node, isScatter))
          candidates.push_back(std::move(*candidate));
  };
  add(matcher.contractionNodes(), /*isScatter=*/false);
  add(matcher.scatterNodes(), /*isScatter=*/true);
  return candidates;
}

bool Gradients::excludeStatistics(ArrayRef<Candidate> candidates) {
  // What is computed from a gradient, up to where it has moved a weight.
  using Belonging = Candidate::Belonging;
  llvm::BitVector after(graph.numValues());
  uint32_t first = FlowGraph::kNone;
  for (const Candidate &candidate : candidates)
    if (candidate.belonging == Belonging::Direct ||
        candidate.belonging == Belonging::Distant) {
      after.set(graph.result(graph.nodes()[candidate.node]));
      first = std::min(first, candidate.node);
    }
  if (first == FlowGraph::kNone)
    return false;
  for (const FlowGraph::Node &node : graph.nodes().drop_front(first)) {
    bool isAfter = llvm::any_of(graph.operands(node), [&](ValueId operand) {
      return after.test(operand);
    });
    for (unsigned r = 0; isAfter && r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      bool isWeight = currentMatcher->originOf(result) != ArgumentMarks::kNone;
      if (!graph.isUniform(result) && !isWeight)
        after.set(result);
    }
  }
  bool found = false;
  for (const Candidate &candidate : candidates) {
    const FlowGraph::Node &node = graph.nodes()[candidate.node];
    if (candidate.fits.empty())
      continue;
    const Contraction &contraction =
        currentMatcher->contraction(candidate.node);
    ArrayRef<ValueId> operands = graph.operands(node);
    if (after.test(operands[contraction.lhs.operandNumber]) &&
        after.test(operands[contraction.rhs.operandNumber]))
      found |= excluded.insert(candidate.node).second;
  }
  return found;
}

/// Whether the op contracts with, or reads from, a value of `values`.
static bool usesAny(const FlowGraph &graph, const FlowGraph::Node &node,
                    const llvm::BitVector &values) {
  TrainingGraphOpInterface interface = node.interface;
  return interface && !node.isMerge &&
         (interface.getContraction() || interface.getTableAccess()) &&
         llvm::any_of(graph.operands(node),
                      [&](ValueId operand) { return values.test(operand); });
}

bool Gradients::movesWeights(const DenseSet<uint32_t> &gradients) {
  llvm::BitVector results(graph.numValues());
  for (uint32_t node : gradients)
    results.set(graph.result(graph.nodes()[node]));
  llvm::BitVector dependent = graph.dependents(std::move(results));
  return llvm::any_of(graph.nodes(), [&](const FlowGraph::Node &node) {
    return usesAny(graph, node, dependent);
  });
}

SmallVector<NewState> Gradients::findMovedWeights() {
  SmallVector<NewState> moved;
  auto add = [&](ValueId id) {
    if (plain.isDataDependent(id))
      if (Mark shown = states.shown(id); shown != ArgumentMarks::kNone)
        moved.push_back({id, shown});
  };
  for (const FlowGraph::Node &node : graph.nodes()) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface || node.isMerge)
      continue;
    ArrayRef<ValueId> operands = graph.operands(node);
    if (std::optional<Contraction> contraction = interface.getContraction()) {
      for (unsigned side : {0u, 1u})
        add(operands[contraction->side(side).operandNumber]);
    } else if (std::optional<TableAccess> access = interface.getTableAccess();
               access && access->kind == TableAccess::Kind::Read) {
      add(graph.operand(node, access->table));
    }
  }
  return moved;
}

std::optional<Gradients::Candidate> Gradients::examine(uint32_t node,
                                                       bool isScatter) {
  const SiteMatcher &matcher = *currentMatcher;
  ValueId result = graph.result(graph.nodes()[node]);
  Candidate candidate;
  candidate.node = node;
  auto find = [&](Mark parameters) {
    if (isScatter)
      candidate.tables = matcher.findTables(node, parameters);
    else
      candidate.fits = matcher.findFits(node, parameters);
    return !candidate.tables.empty() || !candidate.fits.empty();
  };
  Mark direct = destinations->direct(result), any = destinations->any(result);
  Mark moved = moves ? moves->direct(result) : ArgumentMarks::kNone;
  using Belonging = Candidate::Belonging;
  if (direct != ArgumentMarks::kNone && find(direct)) {
    candidate.belonging = Belonging::Direct;
  } else if (moved != ArgumentMarks::kNone && find(moved)) {
    candidate.movesWeight = true;
    candidate.belonging =
        any == ArgumentMarks::kNone ? Belonging::None : Belonging::Distant;
  } else if (any != ArgumentMarks::kNone && find(any)) {
    candidate.belonging = Belonging::Distant;
  } else if (find(ArgumentMarks::kMany)) {
    candidate.belonging =
        any == ArgumentMarks::kNone && direct == ArgumentMarks::kNone
            ? Belonging::None
            : Belonging::Other;
  } else {
    return std::nullopt;
  }
  candidate.hasBoth =
      !candidate.fits.empty() && candidate.fits.front().hasBoth();
  return candidate;
}

void Gradients::chooseStates(MutableArrayRef<Candidate> candidates) {
  // The one on whose product the gradient depends, and of those the last.
  struct Option {
    unsigned question;
    uint32_t node;
  };
  Dependence dependence(graph);
  auto ask = [&](uint32_t use, ValueId cotangent) -> Option {
    return {dependence.ask(graph.result(graph.nodes()[use]), cotangent), use};
  };
  std::vector<SmallVector<Option, 1>> options(candidates.size());
  for (auto [candidate, known] : llvm::zip_equal(candidates, options)) {
    const FlowGraph::Node &node = graph.nodes()[candidate.node];
    if (candidate.fits.size() > 1)
      for (const WeightFit &fit : candidate.fits) {
        unsigned side = fit.uses[0] ? 0 : 1;
        known.push_back(
            ask(fit.uses[side]->node, operandOf(candidate.node, 1 - side)));
      }
    if (candidate.tables.size() > 1)
      for (const EmbeddingMatch &table : candidate.tables) {
        TableAccess scatter =
            *cast<TrainingGraphOpInterface>(node.op).getTableAccess();
        known.push_back(
            ask(table.lookupNode, graph.operand(node, scatter.rows)));
      }
  }
  dependence.answerAll();
  auto keepBest = [&](auto &list, ArrayRef<Option> known, auto weightOf) {
    auto rank = [&](unsigned i) {
      return std::pair(bool(dependence[known[i].question]), known[i].node);
    };
    SmallVector<unsigned> best;
    for (unsigned i = 0; i < known.size(); ++i) {
      auto *same = llvm::find_if(best, [&](unsigned j) {
        ValueId a = weightOf(list[i]), b = weightOf(list[j]);
        bool isMoved = plain.isDataDependent(a) || plain.isDataDependent(b);
        return isMoved && currentMatcher->weightIdentity(a) ==
                              currentMatcher->weightIdentity(b);
      });
      if (same == best.end())
        best.push_back(i);
      else if (rank(i) > rank(*same))
        *same = i;
    }
    auto all = std::move(list);
    list.clear();
    for (unsigned i : best)
      list.push_back(all[i]);
  };
  for (auto [candidate, known] : llvm::zip_equal(candidates, options)) {
    if (known.empty())
      continue;
    if (candidate.fits.size() > 1)
      keepBest(candidate.fits, known,
               [](const WeightFit &fit) { return fit.weight(); });
    else
      keepBest(candidate.tables, known,
               [](const EmbeddingMatch &table) { return table.weight; });
  }
}

/// What gradients are computed from is forward or backward, and no gradient of
/// a parameter itself; but for what becomes a new state on the way, in steps
/// that follow each other.
void Gradients::findInterior(ArrayRef<Candidate> candidates) {
  interior.clear();
  interior.resize(graph.numValues());
  auto add = [&](const FlowGraph::Node &node) {
    for (ValueId operand : graph.operands(node))
      if (!graph.isUniform(operand) &&
          destinations->direct(operand) == ArgumentMarks::kNone)
        interior.set(operand);
  };
  DenseSet<uint32_t> sinks;
  for (const Candidate &candidate : candidates)
    if (candidate.belonging == Candidate::Belonging::Direct ||
        (candidate.hasBoth &&
         (candidate.belonging != Candidate::Belonging::None ||
          destinations->reachesResult(
              graph.result(graph.nodes()[candidate.node])))))
      sinks.insert(candidate.node);
  bool again = true;
  for (unsigned pass = 0; again && pass < 4; ++pass) {
    again = false;
    for (uint32_t index = graph.nodes().size(); index-- > 0;) {
      const FlowGraph::Node &node = graph.nodes()[index];
      bool isInside = pass == 0 && sinks.contains(index);
      for (unsigned r = 0; r < node.numResults; ++r)
        isInside |= interior.test(node.firstResult + r);
      if (!isInside)
        continue;
      for (ValueId operand : graph.operands(node))
        again |= operand > node.firstResult && !interior.test(operand);
      add(node);
    }
  }
}

/// Whether the value is made of integers or flags one by one: an indicator,
/// which no loss has as its derivative.
static bool isIndicator(const FlowGraph &graph, ValueId id) {
  uint32_t index = graph.definingNode(graph.root(id));
  if (index == FlowGraph::kNone || graph.nodes()[index].isMerge)
    return false;
  const FlowGraph::Node &node = graph.nodes()[index];
  return node.numOperands == 1 && node.op->hasTrait<OpTrait::Elementwise>() &&
         isa<IntegerType>(getElementTypeOrSelf(
             graph.value(graph.operands(node)[0]).getType()));
}

static SmallVector<ValueId, 2> getWeights(ArrayRef<WeightFit> fits,
                                          ArrayRef<EmbeddingMatch> tables) {
  SmallVector<ValueId, 2> weights;
  for (const WeightFit &fit : fits)
    weights.push_back(fit.weight());
  for (const EmbeddingMatch &table : tables)
    weights.push_back(table.weight);
  return weights;
}

void Gradients::decide(ArrayRef<Candidate> candidates) {
  const SiteMatcher &matcher = *currentMatcher;
  denseMatches.clear();
  embeddingMatches.clear();
  refusedGradients.clear();
  auto outputOf = [&](const WeightUse &use) {
    return graph.result(graph.nodes()[use.node]);
  };

  // Of a contraction of P and Q, P is the input where Q depends on P . W.
  Dependence dependence(graph);
  struct Questions {
    std::optional<unsigned> onProduct[2], onOperand[2];
  };
  SmallVector<Questions> questions(candidates.size());
  for (auto [candidate, asked] : llvm::zip_equal(candidates, questions)) {
    if (candidate.fits.empty())
      continue;
    for (unsigned side : {0u, 1u}) {
      ValueId other = operandOf(candidate.node, 1 - side);
      if (const std::optional<WeightUse> &use = candidate.fits[0].uses[side])
        asked.onProduct[side] = dependence.ask(outputOf(*use), other);
      asked.onOperand[side] =
          dependence.ask(operandOf(candidate.node, side), other);
    }
  }
  dependence.answerAll();
  auto isYes = [&](std::optional<unsigned> question) {
    return question && dependence[*question];
  };

  // Number of weight uses on the longest path to an operand.
  Depths depths(
      graph, [&](uint32_t node) { return matcher.weightUses().contains(node); },
      matcher.weightUses());
  auto depthOf = [&](uint32_t node, unsigned side) {
    return depths.first(operandOf(node, side));
  };
  using Belonging = Candidate::Belonging;
  for (auto [candidate, asked] : llvm::zip_equal(candidates, questions)) {
    uint32_t node = candidate.node;
    ValueId result = graph.result(graph.nodes()[node]);
    bool isScatter = !candidate.tables.empty();
    unsigned inputSide = 0;
    bool isTold = isScatter;
    if (!isScatter) {
      const WeightFit &fit = candidate.fits[0];
      if (isYes(asked.onProduct[0]) != isYes(asked.onProduct[1])) {
        inputSide = isYes(asked.onProduct[0]) ? 0 : 1;
        isTold = true;
      } else if (isYes(asked.onOperand[0]) != isYes(asked.onOperand[1])) {
        inputSide = isYes(asked.onOperand[0]) ? 0 : 1;
        isTold = true;
      } else if (depthOf(node, 0) != depthOf(node, 1)) {
        // An input that was saved, or is computed again, is another value; the
        // path to the gradient has passed more weights than that to the input.
        inputSide = depthOf(node, 0) < depthOf(node, 1) ? 0 : 1;
        isTold = true;
      } else if (fit.hasBoth()) {
        // The earlier of two products is the forward one.
        inputSide = fit.uses[0]->node < fit.uses[1]->node ? 0 : 1;
      } else {
        inputSide = fit.uses[0] ? 0 : 1;
      }
    }

    bool isAccepted = false;
    switch (candidate.belonging) {
    case Belonging::Direct:
      isAccepted = true;
      break;
    case Belonging::Distant:
      isAccepted = !isInterior(node) && isTold;
      break;
    case Belonging::Other:
      isAccepted = candidate.hasBoth && !isInterior(node);
      break;
    case Belonging::None:
      isAccepted = destinations->reachesResult(result) && !isInterior(node) &&
                   (candidate.hasBoth || (!updatesAny() && isTold));
      break;
    }
    if (!isScatter && isIndicator(graph, operandOf(node, 1 - inputSide)))
      isAccepted = false;
    if (!isAccepted) {
      // Only a gradient meets its weight on both sides, or moves it.
      if (isTold && isInterior(node) &&
          (candidate.hasBoth || candidate.movesWeight))
        refusedGradients.push_back(
            {node, SkipReason::InnerGradient,
             getWeights(candidate.fits, candidate.tables)});
      continue;
    }

    SmallVector<ValueId, 2> weights =
        getWeights(candidate.fits, candidate.tables);
    bool isClear = llvm::all_of(weights, [&](ValueId weight) {
      return graph.root(weight) == graph.root(weights.front());
    });
    if (!isClear) {
      refusedGradients.push_back({node, SkipReason::Ambiguous, weights});
      continue;
    }
    if (isScatter) {
      embeddingMatches.push_back(candidate.tables.front());
      continue;
    }
    const WeightFit &fit = candidate.fits.front();
    denseMatches.push_back(
        {node, inputSide, fit.uses[1 - inputSide], fit.uses[inputSide]});
  }
}

std::optional<unsigned> Gradients::parameterOf(uint32_t node, ValueId weight) {
  ValueId root = graph.root(weight);
  if (root < graph.numArguments())
    return root;
  ArgumentMarks &marks = states.argumentMarks();
  ArrayRef<unsigned> origin = marks.arguments(currentMatcher->originOf(weight));
  if (origin.size() == 1)
    return origin[0];
  ValueId result = graph.result(graph.nodes()[node]);
  for (Mark mark : {destinations->direct(result), destinations->any(result)}) {
    ArrayRef<unsigned> reached = marks.arguments(mark);
    if (reached.empty())
      continue;
    SmallVector<unsigned> both =
        llvm::filter_to_vector(origin, [&](unsigned argument) {
          return llvm::is_contained(reached, argument);
        });
    // A velocity takes the gradient to the parameter that shows it.
    if (both.size() == 1 && origin.size() == 2)
      if (std::optional<unsigned> picked = states.pickParameter(origin))
        return picked;
    if (both.size() == 1)
      return both[0];
    if (std::optional<unsigned> picked = states.pickParameter(both))
      return picked;
  }
  return std::nullopt;
}
