//===- PlaceBuffers.cpp - Buffers of host code move to the device ---------===//

#include "cegm/Conversion/Passes.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
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

/// A copy on the device of a constant of the host.
static Value copyGlobal(IRRewriter &rewriter, memref::GetGlobalOp op) {
  rewriter.setInsertionPointAfter(op);
  auto copy = allocate(rewriter, op.getLoc(), op.getType(), {});
  rewriter.replaceAllUsesExcept(op, copy.getMemref(), copy);
  gpu::MemcpyOp::create(rewriter, op.getLoc(), /*asyncToken=*/Type(),
                        /*asyncDependencies=*/ValueRange(), copy.getMemref(),
                        op);
  return copy.getMemref();
}

/// Frees a buffer after its last use, unless the function returns it. (MLIR's
/// passes that free buffers do not know what a launch does with them.)
static void freeAfterLastUse(IRRewriter &rewriter, Value buffer) {
  Operation *last = buffer.getDefiningOp();
  Block *block = last->getBlock();
  for (Value alias :
       BufferViewFlowAnalysis(block->getParentOp()).resolve(buffer))
    for (Operation *user : alias.getUsers()) {
      Operation *inBlock = block->findAncestorOpInBlock(*user);
      if (inBlock && last->isBeforeInBlock(inBlock))
        last = inBlock;
    }
  if (last->hasTrait<OpTrait::IsTerminator>())
    return;
  rewriter.setInsertionPointAfter(last);
  gpu::DeallocOp::create(rewriter, buffer.getLoc(), /*asyncToken=*/Type(),
                         /*asyncDependencies=*/ValueRange(), buffer);
}

/// Whether an op of the host touches what buffers hold. An op with a region that
/// has no effects of its own, like a loop, does not; linalg's have them.
static bool accessesBuffers(Operation *op) {
  if (isa<gpu::GPUDialect>(op->getDialect()))
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
    SmallVector<Value> allocated;
    WalkResult result = getOperation()->walk([&](Operation *op) {
      rewriter.setInsertionPoint(op);
      if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
        auto onDevice = allocate(rewriter, op->getLoc(), alloc.getType(),
                                 alloc.getDynamicSizes());
        rewriter.replaceOp(op, onDevice.getMemref());
        allocated.push_back(onDevice.getMemref());
      } else if (auto copy = dyn_cast<memref::CopyOp>(op)) {
        rewriter.replaceOpWithNewOp<gpu::MemcpyOp>(
            op, TypeRange(), ValueRange{copy.getTarget(), copy.getSource()});
      } else if (auto global = dyn_cast<memref::GetGlobalOp>(op)) {
        allocated.push_back(copyGlobal(rewriter, global));
      } else if (accessesBuffers(op)) {
        op->emitOpError(
            "reads or writes a buffer on the host, but buffers are on the GPU");
        return WalkResult::interrupt();
      }
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    for (Value buffer : allocated)
      freeAfterLastUse(rewriter, buffer);
  }
};
} // namespace
