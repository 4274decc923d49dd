//===- DecomposeEntangle.cpp - cegm.entangle to the small ops -------------===//

#include "cegm/Dialect/Cegm/Transforms/Passes.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CEGMDECOMPOSEENTANGLEPASS
#include "cegm/Dialect/Cegm/Transforms/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;

namespace {
struct CegmDecomposeEntanglePass
    : cegm::impl::CegmDecomposeEntanglePassBase<CegmDecomposeEntanglePass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation()->walk([&](EntangleOp op) {
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> values = op.decomposeOperation(rewriter);
      if (failed(values))
        return WalkResult::interrupt();
      rewriter.replaceOp(op, *values);
      ++decomposed;
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
