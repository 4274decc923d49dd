//===- CegmToStableHLO.cpp - Expand every cegm op into StableHLO ----------===//

#include "cegm/Conversion/Passes.h"

#include "Lowerings.h"

#include "cegm/Dialect/Partitioning.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CONVERTCEGMTOSTABLEHLOPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

static SmallVector<Value> lower(Emitter &emit, Operation *op) {
  return TypeSwitch<Operation *, SmallVector<Value>>(op)
      .Case([&](ScoreOp op) { return lowerScore(emit, op); })
      .Case([&](CoupleOp op) -> SmallVector<Value> {
        return {lowerCouple(emit, op)};
      })
      .Case([&](WeighOp op) -> SmallVector<Value> {
        return {lowerWeigh(emit, op)};
      })
      .Case([&](ScaleOp op) -> SmallVector<Value> {
        return {lowerScale(emit, op)};
      })
      .Case([&](AuditOp op) -> SmallVector<Value> {
        return {lowerAudit(emit, op)};
      })
      .Case([&](RecordOp op) -> SmallVector<Value> {
        return {lowerRecord(emit, op)};
      })
      .Case([&](CollectOp op) -> SmallVector<Value> {
        return {lowerCollect(emit, op)};
      })
      .Case([&](RemoveRadialOp op) -> SmallVector<Value> {
        return {lowerRemoveRadial(emit, op)};
      });
}

namespace {
struct ConvertCegmToStableHLOPass
    : cegm::impl::ConvertCegmToStableHLOPassBase<ConvertCegmToStableHLOPass> {
  void runOnOperation() override {
    auto isCegm = [](Operation *op) {
      return isa_and_nonnull<CegmDialect>(op->getDialect());
    };
    auto module = dyn_cast<ModuleOp>(getOperation());
    if (!module)
      module = getOperation()->getParentOfType<ModuleOp>();
    bool isSharded = isPartitioned(module);

    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](EntangleOp op) {
      rewriter.setInsertionPoint(op);
      rewriter.replaceOp(op, *op.decomposeOperation(rewriter));
    });
    getOperation()->walk([&](Operation *op) {
      if (!isCegm(op))
        return;
      rewriter.setInsertionPoint(op);
      Emitter emit(rewriter, op->getLoc(), isSharded);
      SmallVector<Value> results = lower(emit, op);
      for (auto [result, type] : llvm::zip_equal(results, op->getResultTypes()))
        result = emit.cast(result, cast<RankedTensorType>(type));
      rewriter.replaceOp(op, results);
    });
    convertConstants(rewriter);
  }

  /// Tensor constants that arith holds, such as those that folding left, become
  /// StableHLO's.
  void convertConstants(IRRewriter &rewriter) {
    getOperation()->walk([&](arith::ConstantOp op) {
      auto value = dyn_cast<DenseElementsAttr>(op.getValue());
      if (!value)
        return;
      rewriter.setInsertionPoint(op);
      rewriter.replaceOpWithNewOp<stablehlo::ConstantOp>(op, value);
    });
  }
};
} // namespace
