//===- RoundBFloats.cpp - Rounding to bf16 as integer arithmetic ----------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_ROUNDBFLOATSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
/// To nearest, ties to even, by adding a bit less than half to the bits; a NaN
/// keeps its upper bits and becomes quiet. The choice between both is made
/// while they have 32 bits: no processor at hand chooses between vectors of
/// bf16.
struct RoundPattern : OpRewritePattern<arith::TruncFOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(arith::TruncFOp op,
                                PatternRewriter &rewriter) const override {
    Value value = op.getIn();
    if (!getElementTypeOrSelf(value).isF32() ||
        !getElementTypeOrSelf(op.getType()).isBF16() || op.getRoundingmode())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto typeLike = [&](Type element) -> Type {
      if (auto shaped = dyn_cast<ShapedType>(op.getType()))
        return shaped.clone(element);
      return element;
    };
    Type wide = typeLike(b.getI32Type());
    auto constant = [&](int32_t number) -> Value {
      TypedAttr attribute = b.getI32IntegerAttr(number);
      if (auto shaped = dyn_cast<ShapedType>(wide))
        attribute = DenseElementsAttr::get(shaped, Attribute(attribute));
      return arith::ConstantOp::create(b, attribute);
    };
    Value bits = arith::BitcastOp::create(b, wide, value);
    Value half = constant(16);
    Value isOdd = arith::AndIOp::create(
        b, arith::ShRUIOp::create(b, bits, half), constant(1));
    Value bias = arith::AddIOp::create(b, isOdd, constant(0x7fff));
    Value rounded = arith::AddIOp::create(b, bits, bias);
    Value quiet = arith::OrIOp::create(b, bits, constant(0x400000));
    Value isNaN =
        arith::CmpFOp::create(b, arith::CmpFPredicate::UNO, value, value);
    Value chosen = arith::SelectOp::create(b, isNaN, quiet, rounded);
    Value upper = arith::TruncIOp::create(
        b, typeLike(b.getI16Type()), arith::ShRUIOp::create(b, chosen, half));
    rewriter.replaceOpWithNewOp<arith::BitcastOp>(op, op.getType(), upper);
    return success();
  }
};

struct RoundBFloats : cegm::impl::RoundBFloatsPassBase<RoundBFloats> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<RoundPattern>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
