//===- ApproximateMath.cpp - Elementary functions as arithmetic -----------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "llvm/ADT/StringSet.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_APPROXIMATEMATHPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// A number in each element of the type.
static Value createSplat(ImplicitLocOpBuilder &b, Type type, double value) {
  TypedAttr attr = b.getFloatAttr(getElementTypeOrSelf(type), value);
  if (auto shaped = dyn_cast<ShapedType>(type))
    attr = DenseElementsAttr::get(shaped, attr);
  return arith::ConstantOp::create(b, attr);
}

static Value createIsEqual(ImplicitLocOpBuilder &b, Value x, Value y) {
  return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, x, y);
}

// Both in f64, where the conversion to LLVM would take log(1 + x) and exp(x) - 1 as
// they stand: nothing of a small x is left in them. W. Kahan's way (N. J. Higham,
// "Accuracy and Stability of Numerical Algorithms", 1.14.1) scales by what the
// rounding of the sum did to x.

static Value createLog1p(ImplicitLocOpBuilder &b, Value x, Value one) {
  Value sum = arith::AddFOp::create(b, one, x);
  Value log = math::LogOp::create(b, sum);
  Value scaled = arith::MulFOp::create(
      b, log, arith::DivFOp::create(b, x, arith::SubFOp::create(b, sum, one)));
  // Nothing is left of x, or there is nothing beside it.
  Value result =
      arith::SelectOp::create(b, createIsEqual(b, sum, one), x, scaled);
  return arith::SelectOp::create(b, createIsEqual(b, sum, x), log, result);
}

static Value createExpm1(ImplicitLocOpBuilder &b, Value x, Value one) {
  Value power = math::ExpOp::create(b, x);
  Value rest = arith::SubFOp::create(b, power, one);
  Value scaled = arith::MulFOp::create(
      b, rest, arith::DivFOp::create(b, x, math::LogOp::create(b, power)));
  Value result =
      arith::SelectOp::create(b, createIsEqual(b, power, one), x, scaled);
  // Far from 0 there is nothing to scale, and the power is 0 or infinite.
  Value isLarge = arith::CmpFOp::create(b, arith::CmpFPredicate::OGT,
                                        math::AbsFOp::create(b, x),
                                        createSplat(b, x.getType(), 40.0));
  return arith::SelectOp::create(b, isLarge, rest, result);
}

namespace {
/// Replaces an op on f64 by what `create` makes of its operand and of 1.
template <typename Op,
          Value (*create)(ImplicitLocOpBuilder &b, Value x, Value one)>
struct CompensateF64 : public OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    Type type = op.getType();
    if (!getElementTypeOrSelf(type).isF64())
      return failure();
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op, create(b, op.getOperand(), createSplat(b, type, 1.0)));
    return success();
  }
};

struct ApproximateMath : cegm::impl::ApproximateMathPassBase<ApproximateMath> {
  void runOnOperation() override {
    static const llvm::StringSet<> names = {
        math::ExpOp::getOperationName(),  math::ExpM1Op::getOperationName(),
        math::LogOp::getOperationName(),  math::Log1pOp::getOperationName(),
        math::Log2Op::getOperationName(), math::TanhOp::getOperationName(),
        math::ErfOp::getOperationName(),  math::ErfcOp::getOperationName()};
    RewritePatternSet patterns(&getContext());
    populateMathPolynomialApproximationPatterns(
        patterns, [](StringRef name) { return names.contains(name); });
    patterns.add<CompensateF64<math::ExpM1Op, createExpm1>,
                 CompensateF64<math::Log1pOp, createLog1p>>(&getContext());
    math::populateExpansionPatterns(patterns, {"rsqrt"});
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace
