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
      resultOwners(graph.results().size(), ArgumentMarks::kNone),
      updated(graph.numArguments()), returned(graph.numArguments()) {
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    if (roles[i] == ArgumentRole::Candidate)
      shownBy[i] = marks.of(i);
  for (const FlowGraph::Node &node : graph.nodes())
    for (unsigned r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      // What a loop of training steps carries is the argument still.
      if (ValueId root = graph.root(result);
          node.isMerge && root < graph.numArguments()) {
        shownBy[result] = shownBy[root];
        continue;
      }
      for (auto [i, operand] : llvm::enumerate(graph.operands(node)))
        if (shownBy[operand] != ArgumentMarks::kNone)
          marks.joinInto(shownBy[result],
                         marks.toResult(node, i, r, shownBy[operand]));
    }
}

std::optional<unsigned> NewStates::onlyShown(ValueId id) {
  ArrayRef<unsigned> arguments = marks.arguments(shown(id));
  return arguments.size() == 1 ? std::optional(arguments[0]) : std::nullopt;
}

void NewStates::assign(const llvm::BitVector &weights) {
  ArrayRef<ValueId> results = graph.results();
  updated.reset();
  returned.reset();
  resultOwners.assign(results.size(), ArgumentMarks::kNone);
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
    for (unsigned argument : marks.arguments(mark)) {
      if (!isNew(result)) {
        returned.set(argument);
        continue;
      }
      joinsState = true;
      if (returned.test(argument))
        continue;
      updated.set(argument);
      if (weights.test(argument) && graph.haveSameShape(argument, result))
        shownWeights[k].push_back(argument);
    }
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
  for (auto [k, shown] : llvm::enumerate(shownWeights)) {
    if (!shown.empty())
      resultOwners[k] = marks.of(shown);
    for (unsigned argument : shown)
      owned.set(argument);
  }

  // A parameter may be made anew from its moments (dual averaging): of the only
  // parameter of its type without a new state, and in a step that updates
  // something, those results are the new states that show none.
  if (!joinsState)
    return;
  DenseMap<Type, SmallVector<unsigned, 1>> unowned;
  for (unsigned i : weights.set_bits())
    if (!owned.test(i) && !returned.test(i))
      unowned[graph.value(i).getType()].push_back(i);
  for (auto [k, result] : llvm::enumerate(results)) {
    auto it = unowned.find(graph.value(result).getType());
    if (resultOwners[k] != ArgumentMarks::kNone || !isNew(result) ||
        it == unowned.end() || it->second.size() != 1)
      continue;
    resultOwners[k] = marks.of(it->second.front());
    updated.set(it->second.front());
  }
}

SmallVector<NewState> NewStates::results() const {
  SmallVector<NewState> states;
  for (auto [result, owner] : llvm::zip_equal(graph.results(), resultOwners))
    if (owner != ArgumentMarks::kNone)
      states.push_back({result, owner});
  return states;
}

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

Destinations::Destinations(const FlowGraph &graph, ArgumentMarks &marks,
                           ArrayRef<NewState> newStates,
                           function_ref<bool(uint32_t, Mark)> isGradientOf)
    : marks(marks), directMarks(graph.numValues(), ArgumentMarks::kNone),
      anyMarks(graph.numValues(), ArgumentMarks::kNone),
      reaching(graph.numValues()) {
  for (ValueId result : graph.results())
    reaching.set(result);
  // What is the new state of a parameter belongs to this one, whoever reads it
  // besides (a teacher).
  llvm::BitVector isNewState(graph.numValues());
  for (auto [value, parameters] : newStates) {
    marks.joinInto(directMarks[value], parameters);
    isNewState.set(value);
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
      if (operand < graph.numArguments())
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
