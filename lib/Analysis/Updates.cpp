//===- Updates.cpp - New states of parameters, and what they come from ----===//

#include "Updates.h"

using namespace mlir;
using namespace mlir::cegm;

using Mark = ArgumentMarks::Mark;
using ValueId = FlowGraph::ValueId;

//===----------------------------------------------------------------------===//
// NewStates
//===----------------------------------------------------------------------===//

NewStates::NewStates(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
                     const Reach &reach)
    : graph(graph), reach(reach), marks(graph),
      shownBy(graph.numValues(), ArgumentMarks::kNone),
      keptBy(graph.numValues(), ArgumentMarks::kNone),
      resultOwners(graph.results().size(), ArgumentMarks::kNone),
      copies(graph.numArguments(), ArgumentMarks::kNone),
      updated(graph.numArguments()), returned(graph.numArguments()),
      contested(graph.numArguments()) {
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    if (roles[i] == ArgumentRole::Candidate)
      shownBy[i] = keptBy[i] = marks.of(i);
  for (const FlowGraph::Node &node : graph.nodes())
    for (unsigned r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      // What a loop of training steps carries is the argument still.
      if (ValueId root = graph.root(result);
          node.isMerge && root < graph.numArguments()) {
        shownBy[result] = keptBy[result] = shownBy[root];
        continue;
      }
      for (auto [i, operand] : llvm::enumerate(graph.operands(node))) {
        if (shownBy[operand] == ArgumentMarks::kNone)
          continue;
        marks.joinInto(shownBy[result],
                       marks.toResult(node, i, r, shownBy[operand]));
        if (keptBy[operand] != ArgumentMarks::kNone && isKept(node, i, r))
          marks.joinInto(keptBy[result],
                         marks.toResult(node, i, r, keptBy[operand]));
      }
    }
}

bool NewStates::isKept(const FlowGraph::Node &node, unsigned operand,
                       unsigned result) const {
  TrainingGraphOpInterface interface = node.interface;
  ArrayRef<ValueId> operands = graph.operands(node);
  if (node.isMerge ||
      graph.isView(operands[operand], node.firstResult + result))
    return true;
  if (!interface)
    return false;
  if (interface.getConcatenatedDim() || interface.getTensorPart())
    return true;
  switch (interface.getPassing(operand)) {
  case Passing::No:
    return false;
  case Passing::Yes:
  case Passing::Chosen:
  case Passing::Negated:
    return true;
  case Passing::Scaled:
    for (auto [i, other] : llvm::enumerate(operands))
      if (i != operand && reach.isDataDependent(other))
        return false;
    return true;
  }
  llvm_unreachable("unknown passing");
}

std::optional<unsigned> NewStates::onlyShown(ValueId id) {
  ArrayRef<unsigned> arguments = marks.arguments(shown(id));
  return arguments.size() == 1 ? std::optional(arguments[0]) : std::nullopt;
}

void NewStates::assign(const llvm::BitVector &weights) {
  ArrayRef<ValueId> results = graph.results();
  contested.reset();
  updated.reset();
  returned.reset();
  resultOwners.assign(results.size(), ArgumentMarks::kNone);
  copies.assign(graph.numArguments(), ArgumentMarks::kNone);
  for (ValueId result : results)
    if (ValueId root = graph.root(result); root < graph.numArguments())
      returned.set(root);

  // Of a moment that decays with the parameter, both are shown.
  std::vector<SmallVector<unsigned, 2>> shownWeights(results.size());
  bool joinsState = false;
  auto isNew = [&](ValueId result) {
    return reach.isDataDependent(result) &&
           graph.root(result) >= graph.numArguments();
  };
  for (auto [k, result] : llvm::enumerate(results)) {
    Mark mark = shown(result);
    if (ValueId root = graph.root(result);
        root < graph.numArguments() && weights.test(root))
      shownWeights[k].push_back(root);
    for (unsigned argument : marks.arguments(mark)) {
      if (!isNew(result)) {
        returned.set(argument);
        continue;
      }
      joinsState = true;
      updated.set(argument);
      if (weights.test(argument) && graph.haveSameShape(argument, result))
        shownWeights[k].push_back(argument);
    }
    // A mask scales what is added, and the parameter is what it is added to.
    SmallVector<unsigned> kept = llvm::filter_to_vector(
        marks.arguments(marks.whole(keptBy[result])), [&](unsigned argument) {
          return llvm::is_contained(shownWeights[k], argument);
        });
    if (shownWeights[k].size() > 1 && !kept.empty())
      shownWeights[k].assign(kept.begin(), kept.end());
    if (isNew(result) && mark == ArgumentMarks::kMany)
      resultOwners[k] = ArgumentMarks::kMany;
  }
  // A result that shows two parameters (a teacher that follows the student, and
  // the student) is the new state of the one that has no result of its own.
  llvm::BitVector owned(graph.numArguments());
  bool again = true;
  while (again) {
    again = false;
    for (SmallVector<unsigned, 2> &shown : shownWeights) {
      if (shown.size() != 1 || owned.test(shown[0]))
        continue;
      owned.set(shown[0]);
      again = true;
      for (SmallVector<unsigned, 2> &other : shownWeights)
        if (other.size() > 1)
          llvm::erase(other, shown[0]);
    }
  }
  shownOwners.assign(graph.numArguments(), ArgumentMarks::kNone);
  for (auto [k, shown] : llvm::enumerate(shownWeights)) {
    if (!shown.empty() && isNew(results[k])) {
      resultOwners[k] = marks.of(shown);
      if (shown.size() == 1)
        shownOwners[shown[0]] = this->shown(results[k]);
      else
        for (unsigned argument : shown)
          contested.set(argument);
    }
    for (unsigned argument : shown)
      owned.set(argument);
  }
  // A frozen weight that takes part in another's update is none.
  for (unsigned i : returned.set_bits()) {
    Mark self = marks.of(i);
    if (weights.test(i) && !llvm::is_contained(resultOwners, self))
      updated.reset(i);
  }

  // A parameter may be made anew from its moments (dual averaging), or from a
  // copy of another precision: in a step that updates something, results that
  // show no weight are new states of those of their shape that have none.
  if (!joinsState)
    return;
  auto shapeOf = [&](ValueId id) {
    return cast<ShapedType>(graph.value(id).getType()).getShape();
  };
  auto isTensor = [&](ValueId id) {
    auto type = dyn_cast<RankedTensorType>(graph.value(id).getType());
    return type && type.getRank() > 0 && isa<FloatType>(type.getElementType());
  };
  std::map<std::vector<int64_t>, SmallVector<unsigned, 1>> unowned;
  for (unsigned i : weights.set_bits())
    if (!owned.test(i) && !returned.test(i) && isTensor(i))
      unowned[shapeOf(i).vec()].push_back(i);
  if (unowned.empty())
    return;
  auto isOpen = [&](unsigned k) {
    return resultOwners[k] == ArgumentMarks::kNone && isNew(results[k]) &&
           isTensor(results[k]) && shown(results[k]) != ArgumentMarks::kNone;
  };
  auto own = [&](unsigned k, ArrayRef<unsigned> arguments) {
    resultOwners[k] = marks.of(arguments);
    // The master copy is what the result keeps; a moment that is added to it
    // has a new state of its own.
    SmallVector<unsigned> kept(this->kept(results[k]));
    llvm::erase_if(kept, [&](unsigned argument) {
      return llvm::any_of(results, [&](ValueId other) {
        return graph.root(other) != graph.root(results[k]) &&
               this->kept(other) == ArrayRef(argument);
      });
    });
    if (kept.size() == 1 && graph.haveSameShape(kept[0], results[k]))
      marks.joinInto(copies[kept[0]], resultOwners[k]);
    for (unsigned argument : arguments)
      updated.set(argument);
  };
  // As many results of a type, which show no argument of that type, as there
  // are weights of it are the new states of these.
  DenseMap<Type, SmallVector<unsigned, 1>> openResults;
  for (unsigned k : llvm::seq<unsigned>(results.size())) {
    Type type = graph.value(results[k]).getType();
    bool showsOwn = llvm::any_of(
        marks.arguments(shown(results[k])), [&](unsigned argument) {
          return graph.value(argument).getType() == type;
        });
    if (isOpen(k) && !showsOwn)
      openResults[type].push_back(k);
  }
  for (auto &[shape, arguments] : unowned)
    for (auto &[type, open] : openResults) {
      SmallVector<unsigned> ofType =
          llvm::filter_to_vector(arguments, [&](unsigned i) {
            return graph.value(i).getType() == type;
          });
      if (ofType.size() == open.size())
        for (unsigned k : open)
          own(k, ofType);
    }
  // What another parameter's new state is computed from is a moment of that
  // one.
  Destinations others(graph, marks, this->results(), {},
                      [](uint32_t, Mark) { return false; });
  for (auto [k, result] : llvm::enumerate(results)) {
    if (!isOpen(k) || others.direct(result) != ArgumentMarks::kNone)
      continue;
    if (auto it = unowned.find(shapeOf(result).vec()); it != unowned.end())
      own(k, it->second);
  }
}

std::optional<unsigned> NewStates::pickParameter(ArrayRef<unsigned> arguments) {
  // The new state of a parameter is computed from that of its velocity, and
  // shows it; masks have new states that show nothing of them.
  std::optional<unsigned> picked;
  for (unsigned argument : arguments) {
    Mark shown = shownOwners[argument];
    if (contested.test(argument))
      return std::nullopt;
    if (shown == ArgumentMarks::kNone)
      continue;
    bool showsPicked = picked && marks.mayContain(shown, *picked);
    bool isShownByPicked =
        picked && marks.mayContain(shownOwners[*picked], argument);
    if (picked && showsPicked == isShownByPicked)
      return std::nullopt;
    if (!picked || showsPicked)
      picked = argument;
  }
  return picked;
}

SmallVector<NewState> NewStates::results() const {
  SmallVector<NewState> states;
  for (auto [result, owner] : llvm::zip_equal(graph.results(), resultOwners))
    if (owner != ArgumentMarks::kNone)
      states.push_back({result, owner});
  return states;
}

SmallVector<ValueId> NewStates::otherResults() {
  return llvm::filter_to_vector(graph.results(), [&](ValueId result) {
    return !updatesAny() || shown(result) == ArgumentMarks::kNone;
  });
}

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

/// Whether the node takes from the operand no more than its size: it squares
/// it, or divides by it. A gradient takes part in its update besides; what does
/// not is a curvature or another statistic.
static bool isMeasured(const FlowGraph &graph, const FlowGraph::Node &node,
                       unsigned operand) {
  TrainingGraphOpInterface interface = node.interface;
  ArrayRef<ValueId> operands = graph.operands(node);
  if (!interface || node.isMerge || operands.size() < 2)
    return false;
  Passing passing = interface.getPassing(operand);
  if (passing == Passing::Scaled)
    return llvm::any_of(llvm::enumerate(operands), [&](auto other) {
      return other.index() != operand &&
             graph.root(other.value()) == graph.root(operands[operand]) &&
             interface.getPassing(other.index()) == Passing::Scaled;
    });
  return passing == Passing::No &&
         llvm::any_of(llvm::seq<unsigned>(operands.size()), [&](unsigned i) {
           return interface.getPassing(i) == Passing::Scaled;
         });
}

Destinations::Destinations(const FlowGraph &graph, ArgumentMarks &marks,
                           ArrayRef<NewState> newStates,
                           ArrayRef<ValueId> others,
                           function_ref<bool(uint32_t, Mark)> isGradientOf)
    : marks(marks), directMarks(graph.numValues(), ArgumentMarks::kNone),
      anyMarks(graph.numValues(), ArgumentMarks::kNone),
      reaching(graph.numValues()) {
  for (ValueId result : others)
    reaching.set(result);
  // What is the new state of a parameter belongs to this one, whoever reads it
  // besides (a teacher).
  llvm::BitVector isNewState(graph.numValues());
  for (auto [value, parameters] : newStates)
    for (ValueId shown : {value, graph.root(value)}) {
      if (!isNewState.test(shown) || shown != value)
        marks.joinInto(directMarks[shown], parameters);
      isNewState.set(shown);
    }
  for (uint32_t index = graph.nodes().size(); index-- > 0;) {
    const FlowGraph::Node &node = graph.nodes()[index];
    Mark all = ArgumentMarks::kNone;
    bool isReaching = false;
    for (unsigned r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      isReaching |= reaching.test(result);
      // A norm of all gradients belongs to none.
      if (!graph.isUniform(result)) {
        marks.joinInto(all, anyMarks[result]);
        marks.joinInto(all, marks.whole(directMarks[result]));
      }
    }
    if (all == ArgumentMarks::kNone && !isReaching)
      continue;
    bool isEnd = all != ArgumentMarks::kNone && !node.isMerge &&
                 isGradientOf(index, all);
    if (isEnd)
      continue;
    for (auto [i, operand] : llvm::enumerate(graph.operands(node))) {
      if (operand < graph.numArguments() || isMeasured(graph, node, i))
        continue;
      for (unsigned r = 0; r < node.numResults; ++r) {
        ValueId result = node.firstResult + r;
        bool isMarked = directMarks[result] != ArgumentMarks::kNone;
        if (!isMarked && !reaching.test(result))
          continue;
        if (marks.getHold(node, i, r) == ArgumentMarks::Hold::None)
          continue;
        if (reaching.test(result))
          reaching.set(operand);
        if (isMarked && !isNewState.test(operand))
          marks.joinInto(directMarks[operand],
                         marks.toOperand(node, i, r, directMarks[result]));
      }
      if (!isNewState.test(operand))
        marks.joinInto(anyMarks[operand], all);
    }
  }
}
