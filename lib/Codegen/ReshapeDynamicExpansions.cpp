//===- ReshapeDynamicExpansions.cpp - Several dynamic sizes of one --------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_RESHAPEDYNAMICEXPANSIONSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// Whether a dimension is divided into several dynamic ones.
static bool isAmbiguous(tensor::ExpandShapeOp op) {
  RankedTensorType type = op.getResultType();
  return llvm::any_of(op.getReassociationIndices(),
                      [&](const ReassociationIndices &group) {
                        return llvm::count_if(group, [&](int64_t dim) {
                                 return type.isDynamicDim(dim);
                               }) > 1;
                      });
}

namespace {
struct ReshapeDynamicExpansions
    : cegm::impl::ReshapeDynamicExpansionsPassBase<ReshapeDynamicExpansions> {
  void runOnOperation() override {
    getOperation()->walk([](tensor::ExpandShapeOp op) {
      if (!isAmbiguous(op))
        return;
      OpBuilder builder(op);
      ImplicitLocOpBuilder b(op.getLoc(), builder);
      SmallVector<Value> sizes = getValueOrCreateConstantIndexOp(
          b, b.getLoc(), op.getMixedOutputShape());
      op.replaceAllUsesWith(
          tensor::ReshapeOp::create(b, op.getResultType(), op.getSrc(),
                                    tensor::FromElementsOp::create(b, sizes))
              .getResult());
      op.erase();
    });
  }
};
} // namespace
