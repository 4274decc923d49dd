//===- SiteRewriter.h - Re-weight the gradient of one site ------*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_SITEREWRITER_H
#define CEGM_LIB_TRANSFORMS_SITEREWRITER_H

#include "WeighedOperand.h"
#include "cegm/Transforms/Passes.h"

namespace mlir::cegm {

/// The ops that a site is injected with, for whoever needs their results.
struct InjectedSite {
  Value scores, active, weights;
  /// The strength that the site was injected with.
  Value strength;
  /// With the option 'audit-gradients': the plain and the re-weighted gradient,
  /// and the parameter where it has their dimensions.
  SmallVector<Value, 2> gradients;
  Value parameter;
  /// What comes behind this op may use all of the above.
  Operation *lastOp = nullptr;
};

/// Whether the weight has the dimensions of its gradient, and elements that are
/// computed with: a gradient can then be compared with it.
bool hasComparableWeight(const Site &site);

/// Injects sites one by one.
class SiteRewriter {
public:
  SiteRewriter(FunctionOpInterface entry,
               const InjectEntanglementPassOptions &options)
      : options(options), weighedOperand(entry) {}

  /// Rewrites the gradient of `site`, whose parts stand in one block. `parents`
  /// are the scores of the next deeper group, which stand there, too. Without
  /// `reweight` the scores and weights are computed, and what the step returns
  /// stays as it is. `getStrength` gives the strength in the score type that it
  /// is asked for. Fails, with nothing changed, if the ops that the context or
  /// the parents are computed by cannot be moved before the gradient.
  FailureOr<InjectedSite>
  inject(const Site &site, ContextPair context, bool reweight,
         ArrayRef<Value> parents,
         llvm::function_ref<Value(FloatType)> getStrength);

  /// Moves the op that defines `value`, and what it needs, before `anchor`,
  /// which stands in the same block.
  LogicalResult makeAvailable(Value value, Operation *anchor);

private:
  /// Position of an op in its block as the frontend wrote it, kept up to date
  /// by hand: asking the block would renumber it after every move.
  unsigned positionOf(Operation *op);
  /// Whether `a` stands before `b` in their block. What was written or moved to
  /// a place shares the position of the op that was there.
  bool isBefore(Operation *a, Operation *b);
  /// Moves `op`, and what it needs, before `anchor` if it stands behind it.
  LogicalResult moveBefore(Operation *op, Operation *anchor);
  /// The last op of the block that defines one of the values; null if none.
  Operation *lastDefinition(ArrayRef<Value> values, Block *block);

  /// `factors` are the operands of the gradient or, where it stays as it is,
  /// views of them; `entangled` is the weighted one with the given number.
  void replaceGradient(const Site &site, bool reweight, ArrayRef<Value> factors,
                       Value entangled, unsigned operandNumber,
                       InjectedSite &injected);

  const InjectEntanglementPassOptions &options;
  WeighedOperand weighedOperand;
  DenseMap<Operation *, unsigned> positions;
  DenseSet<Block *> numberedBlocks;
  /// What stands for an input gradient once it is re-weighted: it may itself be
  /// the cotangent of an earlier layer.
  DenseMap<Value, Value> reweightedFlow;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_SITEREWRITER_H
