//===- SeparateResults.cpp - No tensor for several results ----------------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_SEPARATERESULTSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
struct SeparateResults : cegm::impl::SeparateResultsPassBase<SeparateResults> {
  void runOnOperation() override {
    getOperation()->walk([](func::ReturnOp op) {
      llvm::SmallDenseSet<Value> seen;
      OpBuilder builder(op);
      for (OpOperand &result : op->getOpOperands()) {
        auto type = dyn_cast<RankedTensorType>(result.get().getType());
        if (!type)
          continue;
        // What holds nothing is also what others are written to.
        if (auto empty = result.get().getDefiningOp<tensor::EmptyOp>())
          result.set(builder.clone(*empty)->getResult(0));
        else if (!seen.insert(result.get()).second)
          result.set(bufferization::AllocTensorOp::create(
              builder, op.getLoc(), type, /*dynamicSizes=*/ValueRange(),
              /*copy=*/result.get()));
      }
    });
  }
};
} // namespace
