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

namespace {
/// What padding does along one dimension. Element i of the operand lies at
/// low + i * stride of the result; those that lie inside are kept.
struct PaddedDim {
  PaddedDim(int64_t low, int64_t high, int64_t interior)
      : low(low), high(high), stride(interior + 1),
        first(low < 0 ? llvm::divideCeil(-low, stride) : 0),
        start(low + first * stride) {}

  void setSizes(int64_t size) {
    int64_t last = size > 0 ? (size - 1) * stride + 1 : 0;
    staticResult = std::max<int64_t>(0, low + last + high);
    int64_t room = std::max<int64_t>(0, staticResult - start);
    staticKept = std::min<int64_t>(llvm::divideCeil(room, stride),
                                   std::max<int64_t>(0, size - first));
  }

  /// The same at run time.
  void setSizes(ImplicitLocOpBuilder &b, Value size) {
    auto number = [&](int64_t value) { return createIndex(b, value); };
    auto add = [&](Value value, int64_t term) {
      return b.createOrFold<arith::AddIOp>(value, number(term));
    };
    auto notNegative = [&](Value value) {
      return b.createOrFold<arith::MaxSIOp>(value, number(0));
    };
    Value spread =
        add(b.createOrFold<arith::MulIOp>(add(size, -1), number(stride)), 1);
    result = notNegative(add(notNegative(spread), low + high));
    Value room = notNegative(add(result, -start));
    kept = b.createOrFold<arith::MinSIOp>(
        b.createOrFold<arith::CeilDivSIOp>(room, number(stride)),
        notNegative(add(size, -first)));
  }

  int64_t low, high, stride;
  /// The first element that is kept, and where.
  int64_t first, start;
  /// The size of the result and the number of elements kept: values where they
  /// are not known.
  int64_t staticResult = ShapedType::kDynamic, staticKept = -1;
  Value result, kept;
};
} // namespace

Value from_stablehlo::createPad(ImplicitLocOpBuilder &b, Value operand,
                                Value scalar, ArrayRef<int64_t> low,
                                ArrayRef<int64_t> high,
                                ArrayRef<int64_t> interior) {
  auto source = cast<RankedTensorType>(operand.getType());
  auto isZero = [](int64_t amount) { return amount == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero) &&
      llvm::all_of(interior, isZero))
    return operand;
  // What is kept is written into a tensor of the padding value.
  SmallVector<int64_t> shape, firsts, starts, strides;
  SmallVector<Value> dynamicSizes;
  SmallVector<OpFoldResult> kept;
  bool keepsNone = false;
  for (auto [dim, size] : llvm::enumerate(source.getShape())) {
    PaddedDim padded(low[dim], high[dim], interior[dim]);
    if (ShapedType::isDynamic(size)) {
      padded.setSizes(b, b.createOrFold<tensor::DimOp>(operand, dim));
      dynamicSizes.push_back(padded.result);
      kept.push_back(padded.kept);
    } else {
      padded.setSizes(size);
      kept.push_back(b.getIndexAttr(padded.staticKept));
      keepsNone |= padded.staticKept == 0;
    }
    shape.push_back(padded.staticResult);
    firsts.push_back(padded.first);
    starts.push_back(padded.start);
    strides.push_back(padded.stride);
  }
  Value filled = createFilled(b, source.clone(shape), scalar, dynamicSizes);
  if (keepsNone)
    return filled;
  if (kept != getSizes(b, operand)) {
    SmallVector<OpFoldResult> ones(source.getRank(), b.getIndexAttr(1));
    operand = tensor::ExtractSliceOp::create(
        b, operand, getIndexAttrs(b, firsts), kept, ones);
  }
  return tensor::InsertSliceOp::create(b, operand, filled,
                                       getIndexAttrs(b, starts), kept,
                                       getIndexAttrs(b, strides));
}

namespace {
struct SlicePattern : public HloPattern<stablehlo::SliceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::SliceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<int64_t> sizes;
    for (auto [start, limit, stride] : llvm::zip_equal(
             op.getStartIndices(), op.getLimitIndices(), op.getStrides()))
      sizes.push_back(llvm::divideCeil(limit - start, stride));
    Value slice = tensor::ExtractSliceOp::create(
        b, adaptor.getOperand(), getIndexAttrs(b, op.getStartIndices()),
        getIndexAttrs(b, sizes), getIndexAttrs(b, op.getStrides()));
    rewriter.replaceOp(op, castTo(b, getType(op.getResult()), slice));
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
