//===- FuseElementwise.cpp - Elementwise ops into their users -------------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_FUSEELEMENTWISEPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// Ops that take much longer than it takes to load their operands.
static bool isExpensive(Operation &op) {
  return isa<arith::DivFOp, arith::RemFOp>(op) ||
         (isa<math::MathDialect>(op.getDialect()) &&
          !isa<math::AbsFOp, math::FmaOp>(op));
}

/// A broadcast, a transposition or a conversion: cheaper to repeat than to
/// store and load.
static bool isTrivial(linalg::GenericOp op) {
  return llvm::all_of(op.getBody()->without_terminator(), [](Operation &inner) {
    return isa<CastOpInterface>(inner) ||
           inner.hasTrait<OpTrait::ConstantLike>();
  });
}

/// Whether the op that computes `operand` should be computed by its user
/// instead, element by element.
static bool shouldFuse(OpOperand *operand) {
  auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
  auto consumer = dyn_cast<linalg::GenericOp>(operand->getOwner());
  if (!producer || !consumer)
    return false;
  // A product reads each element of its operands many times.
  if (linalg::isaContractionOpInterface(consumer))
    return false;
  if (!producer->hasOneUse() && !isTrivial(producer))
    return false;
  bool repeats = !consumer.getMatchingIndexingMap(operand).isPermutation() ||
                 !producer->hasOneUse();
  return !repeats ||
         !llvm::any_of(producer.getBody()->without_terminator(), isExpensive);
}

namespace {
struct FuseElementwise : cegm::impl::FuseElementwisePassBase<FuseElementwise> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, shouldFuse);
    linalg::populateEraseUnusedOperandsAndResultsPatterns(patterns);
    linalg::GenericOp::getCanonicalizationPatterns(patterns, &getContext());
    // Top down, so that a chain ends up in its last user at once.
    if (failed(applyPatternsGreedily(
            getOperation(), std::move(patterns),
            GreedyRewriteConfig().setUseTopDownTraversal())))
      signalPassFailure();
  }
};
} // namespace
