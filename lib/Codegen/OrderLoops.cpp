//===- OrderLoops.cpp - Innermost loops over adjacent elements ------------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_ORDERLOOPSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// How much it helps to have each loop innermost: the operands that it steps
/// through element by element.
static SmallVector<unsigned> countContiguous(linalg::GenericOp op) {
  SmallVector<unsigned> counts(op.getNumLoops());
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (map.getNumResults() == 0)
      continue;
    if (auto dim = dyn_cast<AffineDimExpr>(map.getResults().back()))
      counts[dim.getPosition()] += op.isDpsInit(&operand) ? 2 : 1;
  }
  return counts;
}

/// The loop to put innermost. The loops of reductions keep their order among
/// themselves, and so each output its order of accumulation.
static unsigned chooseInnermost(linalg::GenericOp op) {
  SmallVector<unsigned> counts = countContiguous(op);
  auto iterators = op.getIteratorTypesArray();
  std::optional<unsigned> lastReduction;
  for (auto [loop, iterator] : llvm::enumerate(iterators))
    if (linalg::isReductionIterator(iterator))
      lastReduction = loop;
  // What is innermost stays there unless another loop is better.
  unsigned best = iterators.size() - 1;
  for (auto [loop, iterator] : llvm::enumerate(iterators))
    if (counts[loop] > counts[best] &&
        (linalg::isParallelIterator(iterator) || lastReduction == loop))
      best = loop;
  return best;
}

namespace {
struct OrderLoops : cegm::impl::OrderLoopsPassBase<OrderLoops> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation().walk([&](linalg::GenericOp op) {
      if (!op.hasPureBufferSemantics() || op.getNumLoops() < 2)
        return;
      unsigned innermost = chooseInnermost(op);
      if (innermost + 1 == op.getNumLoops())
        return;
      SmallVector<unsigned> order;
      for (unsigned loop = 0, e = op.getNumLoops(); loop != e; ++loop)
        if (loop != innermost)
          order.push_back(loop);
      order.push_back(innermost);
      rewriter.setInsertionPoint(op);
      if (failed(linalg::interchangeGenericOp(rewriter, op, order))) {
        op.emitError("the loops cannot be put in another order");
        signalPassFailure();
      }
    });
  }
};
} // namespace
