//===- Parts.cpp - Slices, concatenation, padding -------------------------===//

#include "Patterns.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static SmallVector<OpFoldResult> getIndexAttrs(Builder &b,
                                               ArrayRef<int64_t> values) {
  return getAsIndexOpFoldResult(b.getContext(), values);
}

/// The sizes of a tensor, constants where they are known.
static SmallVector<OpFoldResult> getSizes(ImplicitLocOpBuilder &b,
                                          Value tensor) {
  return tensor::getMixedSizes(b, b.getLoc(), tensor);
}

/// A part without elements may begin where its whole ends, which ops on tensors
/// take for a place outside.
static bool isOfNothing(RankedTensorType type) {
  return type.hasStaticShape() && type.getNumElements() == 0;
}

namespace {
struct SlicePattern : public HloPattern<stablehlo::SliceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::SliceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    if (isOfNothing(type)) {
      rewriter.replaceOp(op, createEmpty(b, type));
      return success();
    }
    SmallVector<int64_t> sizes;
    for (auto [start, limit, stride] : llvm::zip_equal(
             op.getStartIndices(), op.getLimitIndices(), op.getStrides()))
      sizes.push_back(llvm::divideCeil(limit - start, stride));
    Value slice = tensor::ExtractSliceOp::create(
        b, adaptor.getOperand(), getIndexAttrs(b, op.getStartIndices()),
        getIndexAttrs(b, sizes), getIndexAttrs(b, op.getStrides()));
    rewriter.replaceOp(op, castTo(b, type, slice));
    return success();
  }
};

/// Each input is written into its part of the result.
struct ConcatenatePattern : public HloPattern<stablehlo::ConcatenateOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ConcatenateOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    if (adaptor.getInputs().size() == 1) {
      rewriter.replaceOp(op, castTo(b, type, adaptor.getInputs()[0]));
      return success();
    }
    int64_t dimension = op.getDimension();
    SmallVector<SmallVector<OpFoldResult>> sizes;
    for (Value input : adaptor.getInputs())
      sizes.push_back(getSizes(b, input));
    auto add = [&](OpFoldResult x, OpFoldResult y) -> OpFoldResult {
      std::optional<int64_t> left = getConstantIntValue(x);
      std::optional<int64_t> right = getConstantIntValue(y);
      if (left && right)
        return b.getIndexAttr(*left + *right);
      return arith::AddIOp::create(
                 b, getValueOrCreateConstantIndexOp(b, b.getLoc(), x),
                 getValueOrCreateConstantIndexOp(b, b.getLoc(), y))
          .getResult();
    };
    OpFoldResult total = b.getIndexAttr(0);
    SmallVector<OpFoldResult> starts;
    for (ArrayRef<OpFoldResult> inputSizes : sizes) {
      starts.push_back(total);
      total = add(total, inputSizes[dimension]);
    }
    SmallVector<OpFoldResult> resultSizes = sizes[0];
    resultSizes[dimension] = total;
    Value result =
        tensor::EmptyOp::create(b, resultSizes, type.getElementType());
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    for (auto [input, start, inputSizes] :
         llvm::zip_equal(adaptor.getInputs(), starts, sizes)) {
      offsets[dimension] = start;
      result = tensor::InsertSliceOp::create(b, input, result, offsets,
                                             inputSizes, strides);
    }
    rewriter.replaceOp(op, castTo(b, type, result));
    return success();
  }
};

struct PadPattern : public HloPattern<stablehlo::PadOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::PadOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value padded = createPad(b, adaptor.getOperand(),
                             getScalar(b, adaptor.getPaddingValue()),
                             op.getEdgePaddingLow(), op.getEdgePaddingHigh(),
                             op.getInteriorPadding());
    rewriter.replaceOp(op, castTo(b, getType(op.getResult()), padded));
    return success();
  }
};

//===----------------------------------------------------------------------===//
// Parts whose start is computed
//===----------------------------------------------------------------------===//

/// Starts as indices, moved so that the part lies inside `operand`. `indices`
/// are the start indices before the conversion.
static SmallVector<OpFoldResult> getStarts(ImplicitLocOpBuilder &b,
                                           Value operand, ValueRange indices,
                                           ValueRange converted,
                                           ArrayRef<OpFoldResult> sizes) {
  SmallVector<OpFoldResult> starts;
  for (auto [dim, value] : llvm::enumerate(converted)) {
    OpFoldResult whole = tensor::getMixedSize(b, b.getLoc(), operand, dim);
    if (isEqualConstantIntOrValue(whole, sizes[dim])) {
      starts.push_back(b.getIndexAttr(0));
      continue;
    }
    auto toValue = [&](OpFoldResult size) {
      return getValueOrCreateConstantIndexOp(b, b.getLoc(), size);
    };
    Value limit =
        b.createOrFold<arith::SubIOp>(toValue(whole), toValue(sizes[dim]));
    bool isUnsigned = getElementTypeOrSelf(indices[dim]).isUnsignedInteger();
    Value start = createIndex(b, getScalar(b, value), isUnsigned);
    starts.push_back(getAsOpFoldResult(clampIndex(b, start, limit)));
  }
  return starts;
}

struct DynamicSlicePattern : public HloPattern<stablehlo::DynamicSliceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicSliceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    if (isOfNothing(getType(op.getResult()))) {
      rewriter.replaceOp(op, createEmpty(b, getType(op.getResult())));
      return success();
    }
    SmallVector<OpFoldResult> sizes = getIndexAttrs(b, op.getSliceSizes());
    SmallVector<OpFoldResult> starts =
        getStarts(b, adaptor.getOperand(), op.getStartIndices(),
                  adaptor.getStartIndices(), sizes);
    SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
    Value slice = tensor::ExtractSliceOp::create(b, adaptor.getOperand(),
                                                 starts, sizes, strides);
    rewriter.replaceOp(op, castTo(b, getType(op.getResult()), slice));
    return success();
  }
};

struct DynamicUpdateSlicePattern
    : public HloPattern<stablehlo::DynamicUpdateSliceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DynamicUpdateSliceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    if (isOfNothing(getType(op.getUpdate()))) {
      rewriter.replaceOp(op, adaptor.getOperand());
      return success();
    }
    SmallVector<OpFoldResult> sizes = getSizes(b, adaptor.getUpdate());
    SmallVector<OpFoldResult> starts =
        getStarts(b, adaptor.getOperand(), op.getStartIndices(),
                  adaptor.getStartIndices(), sizes);
    SmallVector<OpFoldResult> strides(sizes.size(), b.getIndexAttr(1));
    Value updated = tensor::InsertSliceOp::create(
        b, adaptor.getUpdate(), adaptor.getOperand(), starts, sizes, strides);
    rewriter.replaceOp(op, castTo(b, getType(op.getResult()), updated));
    return success();
  }
};
} // namespace

void from_stablehlo::populatePartPatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<ConcatenatePattern, DynamicSlicePattern,
               DynamicUpdateSlicePattern, PadPattern, SlicePattern>(
      converter, patterns.getContext());
}
