//===- PromoteAccumulators.cpp - Accumulate in registers ------------------===//

#include "BufferRoots.h"

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_PROMOTEACCUMULATORSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
/// The load and the store of an accumulated element, in the body of a loop.
struct Accumulator {
  memref::LoadOp load;
  memref::StoreOp store;
};
} // namespace

/// Whether nothing in `loop` but the load and the store of `found` touches the
/// memory of that buffer.
static bool isExclusive(scf::ForOp loop, Accumulator found) {
  Value buffer = found.store.getMemRef();
  auto result = loop.getBody()->walk([&](Operation *op) {
    if (op == found.load || op == found.store || isMemoryEffectFree(op) ||
        op->hasTrait<OpTrait::HasRecursiveMemoryEffects>())
      return WalkResult::advance();
    Value other;
    if (auto load = dyn_cast<memref::LoadOp>(op))
      other = load.getMemRef();
    else if (auto store = dyn_cast<memref::StoreOp>(op))
      other = store.getMemRef();
    if (!other || cegm::mayShareMemory(other, buffer))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return !result.wasInterrupted();
}

static std::optional<Accumulator> findAccumulator(scf::ForOp loop) {
  for (auto store : loop.getBody()->getOps<memref::StoreOp>()) {
    auto isInvariant = [&](Value value) {
      return loop.isDefinedOutsideOfLoop(value);
    };
    if (!isInvariant(store.getMemRef()) ||
        !llvm::all_of(store.getIndices(), isInvariant))
      continue;
    for (auto load : loop.getBody()->getOps<memref::LoadOp>()) {
      Accumulator found{load, store};
      if (load.getMemRef() == store.getMemRef() &&
          load.getIndices() == store.getIndices() &&
          load->isBeforeInBlock(store) && isExclusive(loop, found))
        return found;
    }
  }
  return std::nullopt;
}

/// Lets the sum or product that `carried` is accumulated in be computed in any
/// order.
static void allowReordering(Value carried, Value next) {
  Operation *op = next.getDefiningOp();
  if (!isa_and_nonnull<arith::AddFOp, arith::MulFOp>(op) ||
      !llvm::is_contained(op->getOperands(), carried))
    return;
  auto math = cast<arith::ArithFastMathInterface>(op);
  auto flags = arith::FastMathFlags::reassoc | arith::FastMathFlags::contract;
  if (auto old = math.getFastMathFlagsAttr())
    flags = flags | old.getValue();
  op->setAttr(math.getFastMathAttrName(),
              arith::FastMathFlagsAttr::get(op->getContext(), flags));
}

static scf::ForOp promote(IRRewriter &rewriter, scf::ForOp loop,
                          Accumulator found) {
  rewriter.setInsertionPoint(loop);
  auto before =
      memref::LoadOp::create(rewriter, found.load.getLoc(),
                             found.load.getMemRef(), found.load.getIndices());
  Value next = found.store.getValueToStore();
  auto promoted = cast<scf::ForOp>(*loop.replaceWithAdditionalYields(
      rewriter, before.getResult(),
      /*replaceInitOperandUsesInLoop=*/false,
      [&](OpBuilder &, Location, ArrayRef<BlockArgument>) {
        return SmallVector<Value>{next};
      }));
  BlockArgument carried = promoted.getRegionIterArgs().back();
  rewriter.replaceOp(found.load, carried);
  allowReordering(carried,
                  promoted.getBody()->getTerminator()->getOperands().back());
  rewriter.setInsertionPointAfter(promoted);
  memref::StoreOp::create(rewriter, found.store.getLoc(),
                          promoted.getResults().back(), found.store.getMemRef(),
                          found.store.getIndices());
  rewriter.eraseOp(found.store);
  return promoted;
}

namespace {
struct PromoteAccumulators
    : cegm::impl::PromoteAccumulatorsPassBase<PromoteAccumulators> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    // Inner loops first: what they carry is then an accumulator of the loop
    // around them.
    SmallVector<scf::ForOp> loops;
    getOperation().walk([&](scf::ForOp loop) { loops.push_back(loop); });
    for (scf::ForOp loop : loops)
      while (std::optional<Accumulator> found = findAccumulator(loop))
        loop = promote(rewriter, loop, *found);
  }
};
} // namespace
