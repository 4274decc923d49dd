//===- Shapes.cpp - Broadcasts, reshapes, transposes ----------------------===//

#include "IdentityPattern.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// Copies elements of `input`, those that `map` finds, into a new tensor.
static Value createCopy(ImplicitLocOpBuilder &b, RankedTensorType type,
                        ValueRange dynamicSizes, Value input, AffineMap map) {
  return createParallel(
      b, type, dynamicSizes, input, map,
      [](ImplicitLocOpBuilder &, ValueRange args) -> SmallVector<Value> {
        return {args[0]};
      });
}

/// Elements are looked up by their index, for not all passes over linalg follow
/// a map with negative factors.
Value from_stablehlo::createReverse(ImplicitLocOpBuilder &b, Value operand,
                                    ArrayRef<int64_t> dims) {
  auto type = cast<RankedTensorType>(operand.getType());
  if (dims.empty())
    return operand;
  DenseMap<int64_t, Value> last;
  for (int64_t dim : dims) {
    Value size = b.createOrFold<tensor::DimOp>(operand, dim);
    last[dim] = b.createOrFold<arith::SubIOp>(size, createIndex(b, 1));
  }
  auto body = [&](ImplicitLocOpBuilder &nested,
                  ValueRange) -> SmallVector<Value> {
    SmallVector<Value> indices;
    for (int64_t dim = 0; dim < type.getRank(); ++dim) {
      Value index = linalg::IndexOp::create(nested, dim);
      if (Value end = last.lookup(dim))
        index = arith::SubIOp::create(nested, end, index);
      indices.push_back(index);
    }
    return {tensor::ExtractOp::create(nested, operand, indices)};
  };
  return createElementwise(b, type, getDynamicSizes(b, type, operand), {},
                           body);
}

namespace {
struct BroadcastInDimPattern : public HloPattern<stablehlo::BroadcastInDimOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::BroadcastInDimOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    Value operand = adaptor.getOperand();
    auto source = cast<RankedTensorType>(operand.getType());
    if (!type.hasStaticShape() || !source.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ArrayRef<int64_t> dims = op.getBroadcastDimensions();

    // One element is a fill; without new elements, the shape alone changes.
    if (source.getRank() == 0) {
      Value scalar = getScalar(b, operand);
      rewriter.replaceOp(op, type.getRank() == 0
                                 ? createScalarTensor(b, scalar)
                                 : createFilled(b, type, scalar));
      return success();
    }
    if (source.getNumElements() == type.getNumElements() &&
        llvm::is_sorted(dims)) {
      rewriter.replaceOp(op, createReshape(b, type, operand));
      return success();
    }
    SmallVector<AffineExpr> exprs;
    for (auto [dim, size] : llvm::zip_equal(dims, source.getShape()))
      exprs.push_back(size == 1 && type.getDimSize(dim) != 1
                          ? b.getAffineConstantExpr(0)
                          : b.getAffineDimExpr(dim));
    AffineMap map = AffineMap::get(type.getRank(), 0, exprs, b.getContext());
    rewriter.replaceOp(op, createCopy(b, type, {}, operand, map));
    return success();
  }
};

struct TransposePattern : public HloPattern<stablehlo::TransposeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::TransposeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    ArrayRef<int64_t> permutation = op.getPermutation();
    if (llvm::is_sorted(permutation)) {
      rewriter.replaceOp(op, castTo(b, type, adaptor.getOperand()));
      return success();
    }
    SmallVector<Value> sizes;
    for (auto [dim, size] : llvm::enumerate(type.getShape()))
      if (ShapedType::isDynamic(size))
        sizes.push_back(
            tensor::DimOp::create(b, adaptor.getOperand(), permutation[dim]));
    auto perm = llvm::map_to_vector(
        permutation, [](int64_t dim) { return static_cast<unsigned>(dim); });
    AffineMap map =
        inversePermutation(AffineMap::getPermutationMap(perm, b.getContext()));
    rewriter.replaceOp(op,
                       createCopy(b, type, sizes, adaptor.getOperand(), map));
    return success();
  }
};

struct ReshapePattern : public HloPattern<stablehlo::ReshapeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ReshapeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    auto source = cast<RankedTensorType>(adaptor.getOperand().getType());
    if (!type.hasStaticShape() || !source.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, createReshape(b, type, adaptor.getOperand()));
    return success();
  }
};

struct ReversePattern : public HloPattern<stablehlo::ReverseOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ReverseOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op, createReverse(b, adaptor.getOperand(), op.getDimensions()));
    return success();
  }
};

} // namespace

void from_stablehlo::populateShapePatterns(const TypeConverter &converter,
                                           RewritePatternSet &patterns) {
  patterns
      .add<BroadcastInDimPattern, TransposePattern, ReshapePattern,
           ReversePattern, IdentityPattern<stablehlo::OptimizationBarrierOp>>(
          converter, patterns.getContext());
}
