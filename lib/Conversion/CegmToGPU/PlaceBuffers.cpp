//===- PlaceBuffers.cpp - Buffers of host code move to the device ---------===//

#include "cegm/Conversion/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_PLACEBUFFERSONGPUPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

static gpu::AllocOp allocate(IRRewriter &rewriter, Location loc,
                             MemRefType type, ValueRange sizes) {
  return gpu::AllocOp::create(rewriter, loc, type, /*asyncToken=*/Type(),
                              /*asyncDependencies=*/ValueRange(), sizes,
                              /*symbolOperands=*/ValueRange());
}

/// A copy on the device of a constant of the host, for as long as the function
/// runs.
static void copyGlobal(IRRewriter &rewriter, memref::GetGlobalOp op) {
  rewriter.setInsertionPointAfter(op);
  auto copy = allocate(rewriter, op.getLoc(), op.getType(), {});
  rewriter.replaceAllUsesExcept(op, copy.getMemref(), copy);
  gpu::MemcpyOp::create(rewriter, op.getLoc(), /*asyncToken=*/Type(),
                        /*asyncDependencies=*/ValueRange(), copy.getMemref(),
                        op);
  rewriter.setInsertionPoint(op->getBlock()->getTerminator());
  gpu::DeallocOp::create(rewriter, op.getLoc(), /*asyncToken=*/Type(),
                         /*asyncDependencies=*/ValueRange(), copy.getMemref());
}

/// Whether an op of the host touches what buffers hold.
static bool accessesBuffers(Operation *op) {
  if (op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() ||
      isa<gpu::GPUDialect>(op->getDialect()))
    return false;
  auto effects = dyn_cast<MemoryEffectOpInterface>(op);
  auto isBuffer = [](Type type) { return isa<BaseMemRefType>(type); };
  return effects && !effects.hasNoEffect() &&
         llvm::any_of(op->getOperandTypes(), isBuffer);
}

namespace {
struct PlaceBuffersOnGPUPass
    : cegm::impl::PlaceBuffersOnGPUPassBase<PlaceBuffersOnGPUPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation()->walk([&](Operation *op) {
      rewriter.setInsertionPoint(op);
      if (auto alloc = dyn_cast<memref::AllocOp>(op))
        rewriter.replaceOp(op, allocate(rewriter, op->getLoc(), alloc.getType(),
                                        alloc.getDynamicSizes())
                                   .getMemref());
      else if (auto dealloc = dyn_cast<memref::DeallocOp>(op))
        rewriter.replaceOpWithNewOp<gpu::DeallocOp>(
            op, TypeRange(), ValueRange{dealloc.getMemref()});
      else if (auto copy = dyn_cast<memref::CopyOp>(op))
        rewriter.replaceOpWithNewOp<gpu::MemcpyOp>(
            op, TypeRange(), ValueRange{copy.getTarget(), copy.getSource()});
      else if (auto global = dyn_cast<memref::GetGlobalOp>(op))
        copyGlobal(rewriter, global);
      else if (accessesBuffers(op)) {
        op->emitOpError(
            "reads or writes a buffer on the host, but buffers are on the GPU");
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
