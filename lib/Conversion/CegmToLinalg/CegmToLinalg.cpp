//===- CegmToLinalg.cpp - Expand every cegm op into loops over tensors ----===//

#include "cegm/Conversion/Passes.h"

#include "Lowerings.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CONVERTCEGMTOLINALGPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

static SmallVector<Value> lower(Emitter &emit, Operation *op,
                                const ScoreOptions &options) {
  using Values = SmallVector<Value>;
  return TypeSwitch<Operation *, Values>(op)
      .Case([&](ScoreOp op) { return lowerScore(emit, op, options); })
      .Case([&](CoupleOp op) -> Values { return {lowerCouple(emit, op)}; })
      .Case([&](WeighOp op) -> Values { return {lowerWeigh(emit, op)}; })
      .Case([&](ScaleOp op) -> Values { return {lowerScale(emit, op)}; })
      .Case([&](AuditOp op) -> Values { return {lowerAudit(emit, op)}; })
      .Case([&](RecordOp op) -> Values { return {lowerRecord(emit, op)}; })
      .Case([&](CollectOp op) -> Values { return {lowerCollect(emit, op)}; })
      .Case([&](RemoveRadialOp op) -> Values {
        return {lowerRemoveRadial(emit, op)};
      });
}

namespace {
struct ConvertCegmToLinalgPass
    : cegm::impl::ConvertCegmToLinalgPassBase<ConvertCegmToLinalgPass> {
  using ConvertCegmToLinalgPassBase::ConvertCegmToLinalgPassBase;

  void runOnOperation() override {
    ScoreOptions options;
    options.singlePass = singlePass;
    options.vectorBits = vectorBits;
    WalkResult checked = getOperation()->walk([](Operation *op) {
      bool isCegm = isa_and_nonnull<CegmDialect>(op->getDialect());
      return isCegm && failed(verifyOneDevice(op, "linalg"))
                 ? WalkResult::interrupt()
                 : WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](EntangleOp op) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, *op.decomposeOperation(rewriter));
    });
    getOperation()->walk([&](Operation *op) {
      if (!isa_and_nonnull<CegmDialect>(op->getDialect()))
        return;
      rewriter.setInsertionPoint(op);
      Emitter emit(rewriter, op->getLoc());
      rewriter.replaceOp(op, lower(emit, op, options));
    });
  }
};
} // namespace
