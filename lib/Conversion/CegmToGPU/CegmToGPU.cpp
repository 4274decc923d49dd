//===- CegmToGPU.cpp - cegm ops to kernels and their launches -------------===//

#include "cegm/Conversion/Passes.h"

#include "Lowerings.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/PatternMatch.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CONVERTCEGMTOGPUPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// Verifies that an op has kernels: its kind, and the shapes of its operands.
static LogicalResult verify(Operation *op) {
  if (!isa<ScoreOp, CoupleOp, WeighOp, ScaleOp, EntangleOp>(op))
    return op->emitOpError("has no kernel for GPUs");
  if (failed(verifyOneDevice(op, "GPU kernels")))
    return failure();
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = cast<RankedTensorType>(operand.get().getType());
    for (auto [dim, size] : llvm::enumerate(type.getShape())) {
      if (ShapedType::isDynamic(size))
        return op->emitOpError()
               << "operand " << operand.getOperandNumber()
               << " has a dynamic dimension " << dim << " (" << type
               << "), expected a static shape to convert to GPU kernels";
      if (size == 0)
        return op->emitOpError()
               << "operand " << operand.getOperandNumber()
               << " has no elements (" << type
               << "), expected some to convert to GPU kernels";
    }
  }
  return success();
}

static SmallVector<Value> lower(Launcher &launcher, Operation *op) {
  return TypeSwitch<Operation *, SmallVector<Value>>(op)
      .Case([&](ScoreOp op) { return lowerScore(launcher, op); })
      .Case([&](CoupleOp op) -> SmallVector<Value> {
        return {lowerCouple(launcher, op)};
      })
      .Case([&](WeighOp op) -> SmallVector<Value> {
        return {lowerWeigh(launcher, op)};
      })
      .Case([&](ScaleOp op) -> SmallVector<Value> {
        return {lowerScale(launcher, op)};
      });
}

namespace {
struct ConvertCegmToGPUPass
    : cegm::impl::ConvertCegmToGPUPassBase<ConvertCegmToGPUPass> {
  using ConvertCegmToGPUPassBase::ConvertCegmToGPUPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    SmallVector<Operation *> ops;
    module.walk([&](Operation *op) {
      if (isa_and_nonnull<CegmDialect>(op->getDialect()))
        ops.push_back(op);
    });
    for (Operation *op : ops)
      if (failed(verify(op)))
        return signalPassFailure();
    if (ops.empty())
      return;

    IRRewriter rewriter(&getContext());
    for (Operation *op : ops)
      if (auto composite = dyn_cast<EntangleOp>(op)) {
        rewriter.setInsertionPoint(op);
        rewriter.replaceOp(op, *composite.decomposeOperation(rewriter));
      }
    module->setAttr(gpu::GPUDialect::getContainerModuleAttrName(),
                    rewriter.getUnitAttr());
    rewriter.setInsertionPointToStart(module.getBody());
    auto kernels =
        gpu::GPUModuleOp::create(rewriter, module.getLoc(), "cegm_kernels");
    module.walk([&](Operation *op) {
      if (!isa_and_nonnull<CegmDialect>(op->getDialect()))
        return;
      rewriter.setInsertionPoint(op);
      Launcher launcher(rewriter, op, kernels, KernelOptions{rowsInFlight});
      rewriter.replaceOp(op, lower(launcher, op));
    });
  }
};
} // namespace
