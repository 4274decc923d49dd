//===- Folders.cpp - Folding and canonicalisation -------------------------===//

#include "Verification.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::cegm;

static bool isConstant(Attribute attribute, double value) {
  std::optional<double> constant = getConstantValue(attribute);
  return constant && *constant == value;
}

/// One 1 a token, where the number of tokens is known.
static DenseElementsAttr getOnes(RankedTensorType type) {
  if (!type.hasStaticShape())
    return {};
  return DenseElementsAttr::get(
      type,
      Builder(type.getContext()).getFloatAttr(type.getElementType(), 1.0));
}

OpFoldResult CoupleOp::fold(FoldAdaptor adaptor) {
  if (getParents().empty() || getCoupling().isZero())
    return getScores();
  return {};
}

OpFoldResult WeighOp::fold(FoldAdaptor adaptor) {
  if (isConstant(adaptor.getStrength(), 0))
    return getOnes(getType());
  return {};
}

OpFoldResult ScaleOp::fold(FoldAdaptor adaptor) {
  if (isConstant(adaptor.getWeights(), 1))
    return getInput();
  return {};
}

OpFoldResult RemoveRadialOp::fold(FoldAdaptor adaptor) {
  if (getEntangled() == getPlain())
    return getEntangled();
  return {};
}

namespace {
/// Writes windows as the levels that they stand for: the whole sequence as 0,
/// and each level once.
template <typename Op> struct CanonicalWindows : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    RankedTensorType scores = op.getScores().getType();
    SmallVector<int64_t> levels =
        getWindowLevels(op.getWindows(), scores.getShape().back());
    if (ArrayRef<int64_t>(levels) == op.getWindows())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.setWindows(levels); });
    return success();
  }
};

/// The tokens of a device that is alone in its group are those at hand.
template <typename Op> struct DropLoneDevices : OpRewritePattern<Op> {
  using OpRewritePattern<Op>::OpRewritePattern;

  LogicalResult matchAndRewrite(Op op,
                                PatternRewriter &rewriter) const override {
    if (!op.getDeviceGroupsAttr() || spansDevices(op.getDeviceGroupsAttr()))
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.removeDeviceGroupsAttr(); });
    return success();
  }
};

/// Coupling 0 means that parents have no say.
struct DropParents : OpRewritePattern<EntangleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EntangleOp op,
                                PatternRewriter &rewriter) const override {
    if (op.getParents().empty() || !op.getCoupling().isZero())
      return failure();
    rewriter.modifyOpInPlace(op, [&] { op.getParentsMutable().clear(); });
    return success();
  }
};

/// Strength 0 leaves the input as it is, with weights of 1. A pattern rather
/// than a folder, because the scores stay.
struct DropZeroStrength : OpRewritePattern<EntangleOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(EntangleOp op,
                                PatternRewriter &rewriter) const override {
    Attribute strength;
    if (!matchPattern(op.getStrength(), m_Constant(&strength)) ||
        !isConstant(strength, 0))
      return failure();
    DenseElementsAttr ones = getOnes(op.getWeights().getType());
    bool foldsWeights = ones && !op.getWeights().use_empty();
    if (op.getEntangled().use_empty() && !foldsWeights)
      return failure();
    rewriter.replaceAllUsesWith(op.getEntangled(), op.getInput());
    if (foldsWeights)
      rewriter.replaceAllUsesWith(
          op.getWeights(),
          arith::ConstantOp::create(rewriter, op.getLoc(), ones));
    return success();
  }
};
} // namespace

void ScoreOp::getCanonicalizationPatterns(RewritePatternSet &results,
                                          MLIRContext *context) {
  results.add<CanonicalWindows<ScoreOp>, DropLoneDevices<ScoreOp>>(context);
}

void WeighOp::getCanonicalizationPatterns(RewritePatternSet &results,
                                          MLIRContext *context) {
  results.add<DropLoneDevices<WeighOp>>(context);
}

void AuditOp::getCanonicalizationPatterns(RewritePatternSet &results,
                                          MLIRContext *context) {
  results.add<DropLoneDevices<AuditOp>>(context);
}

void EntangleOp::getCanonicalizationPatterns(RewritePatternSet &results,
                                             MLIRContext *context) {
  results.add<CanonicalWindows<EntangleOp>, DropLoneDevices<EntangleOp>,
              DropParents, DropZeroStrength>(context);
}
