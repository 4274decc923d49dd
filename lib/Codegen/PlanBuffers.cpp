//===- PlanBuffers.cpp - One allocation for all temporaries ---------------===//
//
// Each temporary lives from its allocation to its deallocation, two operations
// of one block. Temporaries that are not alive at the same time may have the
// same memory: the largest ones are placed first, each as low as it fits. What
// a nested block needs lives while the operation around it runs.
//
//===----------------------------------------------------------------------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_PLANBUFFERSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// A line of the cache, and as much as the widest vectors want.
static constexpr int64_t alignment = 64;

namespace {
/// A temporary, or all that a nested block needs.
struct Buffer {
  int64_t bytes;
  /// The positions in the block where it begins and ends to live.
  unsigned first, last;
  /// Null for a nested block.
  memref::AllocOp alloc;
  Block *nested = nullptr;
  int64_t offset = 0;
};

/// The buffers of a block, and of the blocks in it.
struct Plan {
  SmallVector<Buffer> buffers;
  int64_t bytes = 0;
};
} // namespace

/// The bytes of a temporary whose size and place are free to plan.
static std::optional<int64_t> countBytes(memref::AllocOp alloc) {
  MemRefType type = alloc.getType();
  Type element = type.getElementType();
  int64_t elementBytes = 0;
  if (auto complex = dyn_cast<ComplexType>(element)) {
    element = complex.getElementType();
    elementBytes = 2 * llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  } else if (element.isIntOrFloat()) {
    elementBytes = llvm::divideCeil(element.getIntOrFloatBitWidth(), 8);
  } else if (element.isIndex()) {
    elementBytes = 8;
  }
  if (elementBytes == 0 || !type.hasStaticShape() ||
      !type.getLayout().isIdentity() || type.getMemorySpace() ||
      alloc.getAlignment().value_or(1) > alignment)
    return std::nullopt;
  return llvm::alignTo(type.getNumElements() * elementBytes, alignment);
}

/// The only deallocation, in the same block.
static memref::DeallocOp findDealloc(memref::AllocOp alloc) {
  memref::DeallocOp found;
  for (Operation *user : alloc->getUsers()) {
    auto dealloc = dyn_cast<memref::DeallocOp>(user);
    if (!dealloc)
      continue;
    if (found || dealloc->getBlock() != alloc->getBlock())
      return nullptr;
    found = dealloc;
  }
  return found;
}

/// Gives each buffer of a block its place.
static void place(Plan &plan) {
  SmallVector<Buffer *> order;
  for (Buffer &buffer : plan.buffers)
    order.push_back(&buffer);
  llvm::sort(order, [](Buffer *a, Buffer *b) {
    return std::tuple(-a->bytes, a->first) < std::tuple(-b->bytes, b->first);
  });
  SmallVector<Buffer *> placed;
  for (Buffer *buffer : order) {
    // `placed` is in the order of offsets.
    for (Buffer *other : placed) {
      if (other->last < buffer->first || buffer->last < other->first)
        continue;
      if (buffer->offset + buffer->bytes <= other->offset)
        break;
      buffer->offset = std::max(buffer->offset, other->offset + other->bytes);
    }
    plan.bytes = std::max(plan.bytes, buffer->offset + buffer->bytes);
    placed.insert(llvm::upper_bound(placed, buffer,
                                    [](Buffer *a, Buffer *b) {
                                      return a->offset < b->offset;
                                    }),
                  buffer);
  }
}

namespace {
struct PlanBuffers : cegm::impl::PlanBuffersPassBase<PlanBuffers> {
  void runOnOperation() override {
    if (getOperation().isDeclaration() ||
        !llvm::hasSingleElement(getOperation().getBody()))
      return;
    Block &body = getOperation().getBody().front();
    int64_t bytes = makePlan(body);
    if (bytes == 0)
      return;
    IRRewriter rewriter(&getContext());
    rewriter.setInsertionPointToStart(&body);
    Location loc = getOperation().getLoc();
    auto arena = memref::AllocOp::create(
        rewriter, loc, MemRefType::get(bytes, rewriter.getI8Type()),
        rewriter.getI64IntegerAttr(alignment));
    replace(rewriter, body, arena, 0);
    rewriter.setInsertionPoint(body.getTerminator());
    memref::DeallocOp::create(rewriter, loc, arena);
  }

private:
  /// Plans `block` and what is in it; returns the bytes that it needs.
  int64_t makePlan(Block &block) {
    llvm::DenseMap<Operation *, unsigned> positions;
    for (auto [position, op] : llvm::enumerate(block))
      positions[&op] = position;
    Plan plan;
    for (Operation &op : block) {
      unsigned position = positions[&op];
      if (auto alloc = dyn_cast<memref::AllocOp>(op)) {
        std::optional<int64_t> bytes = countBytes(alloc);
        memref::DeallocOp dealloc = findDealloc(alloc);
        if (bytes && dealloc)
          plan.buffers.push_back({*bytes, position, positions[dealloc], alloc});
        continue;
      }
      // Iterations that run at the same time need memory of their own.
      if (op.hasTrait<OpTrait::HasParallelRegion>())
        continue;
      for (Region &region : op.getRegions())
        for (Block &nested : region)
          if (int64_t bytes = makePlan(nested))
            plan.buffers.push_back({bytes, position, position, {}, &nested});
    }
    place(plan);
    int64_t bytes = plan.bytes;
    plans[&block] = std::move(plan);
    return bytes;
  }

  /// Replaces the allocations of `block` by parts of `arena` from `offset` on.
  void replace(IRRewriter &rewriter, Block &block, Value arena,
               int64_t offset) {
    for (Buffer &buffer : plans[&block].buffers) {
      int64_t place = offset + buffer.offset;
      if (buffer.nested) {
        replace(rewriter, *buffer.nested, arena, place);
        continue;
      }
      rewriter.eraseOp(findDealloc(buffer.alloc));
      rewriter.setInsertionPoint(buffer.alloc);
      Value shift = arith::ConstantIndexOp::create(
          rewriter, buffer.alloc.getLoc(), place);
      rewriter.replaceOpWithNewOp<memref::ViewOp>(
          buffer.alloc, buffer.alloc.getType(), arena, shift, ValueRange());
    }
  }

  llvm::DenseMap<Block *, Plan> plans;
};
} // namespace
