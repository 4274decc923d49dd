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

using NamedOperands = SmallVector<std::pair<std::string, Value>>;

static NamedOperands getNamedOperands(Operation *op) {
  auto withParents = [](NamedOperands operands, ValueRange parents) {
    for (auto [index, parent] : llvm::enumerate(parents))
      operands.emplace_back(("parent " + Twine(index)).str(), parent);
    return operands;
  };
  return TypeSwitch<Operation *, NamedOperands>(op)
      .Case([](ScoreOp op) -> NamedOperands {
        return {{"context", op.getContexts()},
                {"gradient", op.getGradients()},
                {"metric", op.getMetric()}};
      })
      .Case([&](CoupleOp op) {
        return withParents({{"scores", op.getScores()}}, op.getParents());
      })
      .Case([](WeighOp op) -> NamedOperands {
        return {{"scores", op.getScores()}, {"active", op.getActive()}};
      })
      .Case([](ScaleOp op) -> NamedOperands {
        return {{"input", op.getInput()}, {"weights", op.getWeights()}};
      })
      .Case([](AuditOp op) -> NamedOperands {
        NamedOperands operands = {{"scores", op.getScores()},
                                  {"weights", op.getWeights()},
                                  {"active", op.getActive()},
                                  {"parameter", op.getParameter()}};
        for (Value gradient : op.getGradients())
          operands.emplace_back("gradient", gradient);
        return operands;
      })
      .Case([](RecordOp op) -> NamedOperands {
        return {{"row", op.getRow()}, {"table", op.getTable()}};
      })
      .Case([](CollectOp op) -> NamedOperands {
        NamedOperands operands;
        for (auto [index, row] : llvm::enumerate(op.getRows()))
          operands.emplace_back(("row " + Twine(index)).str(), row);
        return operands;
      })
      .Case([](RemoveRadialOp op) -> NamedOperands {
        return {{"entangled", op.getEntangled()},
                {"plain", op.getPlain()},
                {"parameter", op.getParameter()}};
      })
      .Case([&](EntangleOp op) {
        return withParents({{"input", op.getInput()},
                            {"context", op.getContexts()},
                            {"gradient", op.getGradients()},
                            {"metric", op.getMetric()}},
                           op.getParents());
      });
}

/// Verifies that every operand of a cegm op has a static shape.
static LogicalResult verifyStatic(Operation *op) {
  for (auto &[name, value] : getNamedOperands(op)) {
    if (!value)
      continue;
    auto type = cast<RankedTensorType>(value.getType());
    for (auto [dim, size] : llvm::enumerate(type.getShape()))
      if (ShapedType::isDynamic(size))
        return op->emitOpError()
               << name << " has a dynamic dimension " << dim << " (" << type
               << "), expected a static shape to convert to StableHLO";
  }
  return success();
}

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
    WalkResult checked = getOperation()->walk([&](Operation *op) {
      return isCegm(op) && failed(verifyStatic(op)) ? WalkResult::interrupt()
                                                    : WalkResult::advance();
    });
    if (checked.wasInterrupted())
      return signalPassFailure();

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
      rewriter.replaceOp(op, lower(emit, op));
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
