//===- ParallelizeKernels.cpp - The loops of linalg ops over threads ------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_PARALLELIZEKERNELSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
struct ParallelizeKernels
    : cegm::impl::ParallelizeKernelsPassBase<ParallelizeKernels> {
  using ParallelizeKernelsPassBase::ParallelizeKernelsPassBase;

  void runOnOperation() override {
    if (threads <= 1)
      return;
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      // What a parallel loop surrounds is spread already.
      if (isa<scf::ForallOp, scf::ParallelOp>(op))
        return WalkResult::skip();
      if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
          linalgOp && linalgOp.hasPureBufferSemantics())
        ops.push_back(linalgOp);
      return WalkResult::advance();
    });
    IRRewriter rewriter(&getContext());
    for (linalg::LinalgOp op : ops)
      parallelize(rewriter, op);
  }

private:
  void parallelize(IRRewriter &rewriter, linalg::LinalgOp op) {
    SmallVector<int64_t> sizes = op.getStaticLoopRanges();
    int64_t iterations = 1;
    std::optional<unsigned> chosen;
    for (auto [loop, iterator] : llvm::enumerate(op.getIteratorTypesArray())) {
      if (ShapedType::isDynamic(sizes[loop]))
        return;
      iterations *= sizes[loop];
      if (!chosen && iterator == utils::IteratorType::parallel &&
          sizes[loop] >= threads)
        chosen = loop;
    }
    auto tileable = dyn_cast<TilingInterface>(op.getOperation());
    if (!chosen || !tileable || iterations < minSize)
      return;
    SmallVector<OpFoldResult> tiles(sizes.size(), rewriter.getIndexAttr(0));
    tiles[*chosen] =
        rewriter.getIndexAttr(llvm::divideCeil(sizes[*chosen], threads));
    scf::SCFTilingOptions options;
    options.setTileSizes(tiles);
    options.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
    rewriter.setInsertionPoint(op);
    if (succeeded(scf::tileUsingSCF(rewriter, tileable, options)))
      rewriter.eraseOp(op);
  }
};
} // namespace
