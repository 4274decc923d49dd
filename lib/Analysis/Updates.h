//===- Updates.h - New states of parameters, and what they come from -*- C++
//-*-//
//
// A train step returns new states of its parameters. Which result is the new
// state of which parameter is told by what the result shows: the parameter,
// scaled and joined with other tensors element by element. Which gradient a new
// state comes from is told by following it back.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_ANALYSIS_UPDATES_H
#define CEGM_LIB_ANALYSIS_UPDATES_H

#include "ArgumentMarks.h"
#include "Dataflow.h"

namespace mlir::cegm {

/// A value that is a new state of the given parameters: of one, as a rule.
using NewState = std::pair<FlowGraph::ValueId, ArgumentMarks::Mark>;

/// Which arguments each value shows, and so which results are new states.
class NewStates {
public:
  using Mark = ArgumentMarks::Mark;

  NewStates(const FlowGraph &graph, ArrayRef<ArgumentRole> roles,
            const Reach &reach);

  /// The arguments that the value shows: it is one of them, or is computed from
  /// it element by element, whatever else takes part.
  Mark shown(FlowGraph::ValueId id) { return marks.whole(shownBy[id]); }
  /// Those of them that are in the value as they were, but for what is added to
  /// them or scales them without data.
  ArrayRef<unsigned> kept(FlowGraph::ValueId id) {
    return marks.arguments(marks.whole(keptBy[id]));
  }
  /// The only one that it shows.
  std::optional<unsigned> onlyShown(FlowGraph::ValueId id);

  /// Decides which results are new states of `weights`, the arguments that are
  /// used as weights.
  void assign(const llvm::BitVector &weights);
  /// The results that are new states, with the parameters that each may be one
  /// of: several where nothing tells them apart.
  SmallVector<NewState> results() const;
  /// The results that may be gradients: those that show no state or, in a step
  /// that updates nothing, all.
  SmallVector<FlowGraph::ValueId> otherResults();

  /// The parameters of which the argument is a copy in another precision, from
  /// which their new states are made; `kNone` if of none.
  Mark copyOf(unsigned argument) const { return copies[argument]; }

  /// Of several arguments that make up one weight, the parameter; none if
  /// nothing tells.
  std::optional<unsigned> pickParameter(ArrayRef<unsigned> arguments);

  /// True if a result is a new state of the argument that data reach.
  bool isUpdated(unsigned argument) const { return updated.test(argument); }
  /// True if the argument, or a new state of it without data, is returned.
  bool isReturned(unsigned argument) const { return returned.test(argument); }
  /// False for a step that returns gradients and leaves the update to others.
  bool updatesAny() const { return updated.any(); }

  ArgumentMarks &argumentMarks() { return marks; }

private:
  const FlowGraph &graph;
  const Reach &reach;
  ArgumentMarks marks;
  /// Whether the operand, or what it shows, is in the result as it was but for
  /// what is added to it, or what scales it without data.
  bool isKept(const FlowGraph::Node &node, unsigned operand,
              unsigned result) const;

  std::vector<Mark> shownBy, keptBy;
  SmallVector<Mark> resultOwners;
  /// For arguments that are shown by their new state, what this shows.
  std::vector<Mark> shownOwners;
  std::vector<Mark> copies;
  /// `contested` shows beside others in one result, and nothing tells them
  /// apart.
  llvm::BitVector updated, returned, contested;
};

/// Which new states a value flows to.
class Destinations {
public:
  using Mark = ArgumentMarks::Mark;

  /// `isGradientOf(node, parameters)` says whether the node may compute the
  /// gradient of one of these: what it is computed from is then not followed.
  /// `others` are the results that may be gradients.
  Destinations(const FlowGraph &graph, ArgumentMarks &marks,
               ArrayRef<NewState> newStates,
               ArrayRef<FlowGraph::ValueId> others,
               function_ref<bool(uint32_t, Mark)> isGradientOf);

  /// The parameters whose new states the value reaches element by element, as
  /// gradients do in most optimizers.
  Mark direct(FlowGraph::ValueId id) { return marks.whole(directMarks[id]); }
  /// Those that it reaches by any op but through single numbers (norms, rates).
  Mark any(FlowGraph::ValueId id) const { return anyMarks[id]; }
  /// True if the value flows element by element to a result that may be a
  /// gradient.
  bool reachesResult(FlowGraph::ValueId id) const { return reaching.test(id); }

private:
  ArgumentMarks &marks;
  std::vector<Mark> directMarks, anyMarks;
  llvm::BitVector reaching;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_UPDATES_H
