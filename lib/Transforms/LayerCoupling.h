//===- LayerCoupling.h - Scores of deeper layers for a site -----*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_LAYERCOUPLING_H
#define CEGM_LIB_TRANSFORMS_LAYERCOUPLING_H

#include "SiteSelection.h"

#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::cegm {

/// Finds the scores that a site's own are coupled with: those of the next
/// deeper group of sites with the same token shape.
///
/// A loop over layers goes from the last layer to the first in the backward
/// part of a step. Its deepest group is coupled with the shallowest group of
/// the iteration before, whose scores the loop carries, and in the first
/// iteration with the group behind the loop; what comes before the loop is
/// coupled with the scores that it leaves behind.
class LayerCoupling {
public:
  /// Groups the sites. Fails where a loop has no order of depths.
  LogicalResult plan(ArrayRef<SelectedSite> sites);

  /// Adds the carried scores to the loops. The sites have to be found anew
  /// after it, in the same order, if it returns true.
  bool carryScores();

  /// The positions of the sites, the deepest first.
  ArrayRef<unsigned> order() const { return deepestFirst; }

  /// The scores that site `i` is coupled with, once all deeper sites were
  /// added.
  SmallVector<Value> parentsOf(unsigned i) const;

  /// Takes the scores of site `i`. `makeAvailable` moves the op that defines a
  /// value before an op of the same block; it may fail.
  LogicalResult
  add(unsigned i, Value scores,
      llvm::function_ref<LogicalResult(Value, Operation *)> makeAvailable);

private:
  /// Sites of one depth, or of one depth in each iteration.
  struct Group {
    /// The body of the loop over layers around them, if there is one.
    Block *body = nullptr;
    /// Of the shallowest and of the deepest layer, and the distance from one
    /// layer to the next.
    int64_t lowest, highest, growth;
    SmallVector<unsigned> sites;
    /// Those added so far.
    SmallVector<Value> scores;
    Location location;
    RankedTensorType type;
  };
  /// Consecutive groups of a chain in one loop.
  struct Carried {
    /// Position in the chain of the deepest and of the shallowest group.
    unsigned deepest, shallowest;
    /// Number of the loop's carried values of the shallowest group, and after
    /// them those of the group behind the loop.
    unsigned first = 0, numOwn = 0, numBehind = 0;
  };
  /// All groups of one token shape and score type, the deepest first.
  struct Chain {
    std::vector<Group> groups;
    SmallVector<Carried, 1> loops;
  };
  struct Place {
    Chain *chain;
    unsigned group;
  };

  LogicalResult findLoops(Chain &chain);
  LogicalResult checkLoop(const Chain &chain, const Carried &carried);
  static const Carried *loopOf(const Chain &chain, unsigned group);
  static LoopLikeOpInterface opOf(const Group &group) {
    return cast<LoopLikeOpInterface>(group.body->getParentOp());
  }

  llvm::MapVector<Type, Chain> chains;
  std::vector<Place> places;
  SmallVector<unsigned> deepestFirst;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_LAYERCOUPLING_H
