//===- SeparateDestinations.cpp - No tensor for several destinations ------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_SEPARATEDESTINATIONSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// Gives each use of `op` that `isSeparate` a copy of it, right before its
/// user.
static void separate(Operation *op,
                     function_ref<bool(OpOperand &)> isSeparate) {
  if (op->hasOneUse())
    return;
  for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
    if (!isSeparate(use))
      continue;
    OpBuilder builder(use.getOwner());
    use.set(builder.clone(*op)->getResult(0));
  }
  if (op->use_empty())
    op->erase();
}

namespace {
struct SeparateDestinations
    : cegm::impl::SeparateDestinationsPassBase<SeparateDestinations> {
  void runOnOperation() override {
    SmallVector<Operation *> fills, empties;
    getOperation()->walk([&](linalg::FillOp op) {
      if (op.hasPureTensorSemantics() &&
          op.getOutputs().front().getDefiningOp<tensor::EmptyOp>())
        fills.push_back(op);
    });
    for (Operation *op : fills)
      separate(op, [](OpOperand &use) {
        auto user = dyn_cast<DestinationStyleOpInterface>(use.getOwner());
        return !user || user.isDpsInit(&use);
      });
    getOperation()->walk([&](tensor::EmptyOp op) { empties.push_back(op); });
    for (Operation *op : empties)
      separate(op, [](OpOperand &) { return true; });
  }
};
} // namespace
