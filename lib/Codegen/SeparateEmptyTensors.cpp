//===- SeparateEmptyTensors.cpp - One tensor.empty for each use -----------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_SEPARATEEMPTYTENSORSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
struct SeparateEmptyTensors
    : cegm::impl::SeparateEmptyTensorsPassBase<SeparateEmptyTensors> {
  void runOnOperation() override {
    SmallVector<tensor::EmptyOp> shared;
    getOperation()->walk([&](tensor::EmptyOp op) {
      if (!op->hasOneUse())
        shared.push_back(op);
    });
    for (tensor::EmptyOp op : shared) {
      for (OpOperand &use : llvm::make_early_inc_range(op->getUses())) {
        OpBuilder builder(use.getOwner());
        use.set(builder.clone(*op)->getResult(0));
      }
      op.erase();
    }
  }
};
} // namespace
