//===- Convolutions.cpp - Convolutions ------------------------------------===//

#include "Convolutions.h"

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
struct ConvolutionPattern : public HloPattern<stablehlo::ConvolutionOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ConvolutionOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    auto inputType = cast<RankedTensorType>(adaptor.getLhs().getType());
    auto kernelType = cast<RankedTensorType>(adaptor.getRhs().getType());
    // A dimension that groups divide is split in two of known sizes.
    stablehlo::ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
    int64_t inFeatures = numbers.getInputFeatureDimension();
    int64_t outFeatures = numbers.getKernelOutputFeatureDimension();
    if (op.getBatchGroupCount() != 1 &&
        inputType.isDynamicDim(numbers.getInputBatchDimension()))
      return this->reject(op, "the batch of its groups is dynamic");
    if ((op.getFeatureGroupCount() != 1 &&
         inputType.isDynamicDim(inFeatures)) ||
        (op.getFeatureGroupCount() * op.getBatchGroupCount() != 1 &&
         kernelType.isDynamicDim(outFeatures)))
      return this->reject(op, "the features of its groups are dynamic");
    if (!(getElementKind(type.getElementType()) & (Ints | Floats)))
      return this->reject(op, "its element type is not handled");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value input = padInput(b, op, adaptor.getLhs());
    Value kernel = adaptor.getRhs();
    if (auto reversal = op.getWindowReversal()) {
      SmallVector<int64_t> dims;
      for (auto [dim, isReversed] :
           llvm::zip_equal(numbers.getKernelSpatialDimensions(), *reversal))
        if (isReversed)
          dims.push_back(dim);
      if (!dims.empty())
        kernel = createReverse(b, kernel, dims);
    }

    Type sumType = getSumType(type.getElementType());
    SmallVector<Value> sizes = getResultSizes(b, op, input, kernel);
    Value result = createNamed(b, op, input, kernel, sumType, sizes);
    if (!result)
      result = createConvolutionLoops(b, op, input, kernel, sumType, sizes);
    rewriter.replaceOp(op, createRounded(b, type, sizes, result));
    return success();
  }

private:
  /// The input with zeros around it and between its elements.
  static Value padInput(ImplicitLocOpBuilder &b, stablehlo::ConvolutionOp op,
                        Value input) {
    auto type = cast<RankedTensorType>(input.getType());
    ArrayRef<int64_t> spatial =
        op.getDimensionNumbers().getInputSpatialDimensions();
    SmallVector<int64_t> low(type.getRank(), 0), high = low, interior = low;
    SmallVector<int64_t> dilation =
        getOrOnes(op.getLhsDilation(), spatial.size());
    for (auto [index, dim] : llvm::enumerate(spatial)) {
      interior[dim] = dilation[index] - 1;
      if (DenseIntElementsAttr padding = op.getPaddingAttr()) {
        low[dim] = padding.getValues<int64_t>()[2 * index];
        high[dim] = padding.getValues<int64_t>()[2 * index + 1];
      }
    }
    Value zero = createNumber(b, type.getElementType(), 0.0);
    return createPad(b, input, zero, low, high, interior);
  }

  /// The sizes of the result that are not known, from those of the padded input
  /// and the kernel.
  static SmallVector<Value> getResultSizes(ImplicitLocOpBuilder &b,
                                           stablehlo::ConvolutionOp op,
                                           Value input, Value kernel) {
    stablehlo::ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
    auto type = cast<RankedTensorType>(op.getType());
    auto number = [&](int64_t value) { return createIndex(b, value); };
    auto sizeOf = [&](Value tensor, int64_t dim) {
      return b.createOrFold<tensor::DimOp>(tensor, dim);
    };
    size_t count = numbers.getInputSpatialDimensions().size();
    SmallVector<Value> sizes(type.getRank());
    int64_t batch = numbers.getOutputBatchDimension();
    int64_t features = numbers.getOutputFeatureDimension();
    if (type.isDynamicDim(batch))
      sizes[batch] = b.createOrFold<arith::DivSIOp>(
          sizeOf(input, numbers.getInputBatchDimension()),
          number(op.getBatchGroupCount()));
    if (type.isDynamicDim(features))
      sizes[features] =
          sizeOf(kernel, numbers.getKernelOutputFeatureDimension());
    SmallVector<int64_t> strides = getOrOnes(op.getWindowStrides(), count);
    SmallVector<int64_t> dilations = getOrOnes(op.getRhsDilation(), count);
    for (size_t i = 0; i < count; ++i) {
      int64_t dim = numbers.getOutputSpatialDimensions()[i];
      if (!type.isDynamicDim(dim))
        continue;
      // Windows span (taps - 1) * dilation + 1 elements.
      Value steps = b.createOrFold<arith::SubIOp>(
          sizeOf(kernel, numbers.getKernelSpatialDimensions()[i]), number(1));
      Value span = b.createOrFold<arith::MulIOp>(steps, number(dilations[i]));
      Value room = b.createOrFold<arith::SubIOp>(
          sizeOf(input, numbers.getInputSpatialDimensions()[i]), span);
      sizes[dim] = b.createOrFold<arith::CeilDivSIOp>(
          b.createOrFold<arith::MaxSIOp>(room, number(0)), number(strides[i]));
    }
    llvm::erase(sizes, Value());
    return sizes;
  }

  /// A named op of linalg, where one has this layout and there are no groups.
  static Value createNamed(ImplicitLocOpBuilder &b, stablehlo::ConvolutionOp op,
                           Value input, Value kernel, Type sumType,
                           ValueRange sizes) {
    if (op.getFeatureGroupCount() != 1 || op.getBatchGroupCount() != 1 ||
        isUnsignedElement(getElementTypeOrSelf(op.getLhs())))
      return {};
    stablehlo::ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
    int64_t count = numbers.getInputSpatialDimensions().size();
    auto areDims = [](ArrayRef<int64_t> dims, int64_t first) {
      return llvm::equal(dims, llvm::seq<int64_t>(first, first + dims.size()));
    };
    bool isChannelsLast = numbers.getInputBatchDimension() == 0 &&
                          areDims(numbers.getInputSpatialDimensions(), 1) &&
                          areDims(numbers.getKernelSpatialDimensions(), 0) &&
                          numbers.getKernelInputFeatureDimension() == count &&
                          numbers.getOutputBatchDimension() == 0 &&
                          areDims(numbers.getOutputSpatialDimensions(), 1);
    bool isChannelsFirst = numbers.getInputBatchDimension() == 0 &&
                           numbers.getInputFeatureDimension() == 1 &&
                           areDims(numbers.getInputSpatialDimensions(), 2) &&
                           numbers.getKernelOutputFeatureDimension() == 0 &&
                           numbers.getKernelInputFeatureDimension() == 1 &&
                           areDims(numbers.getKernelSpatialDimensions(), 2) &&
                           numbers.getOutputBatchDimension() == 0 &&
                           numbers.getOutputFeatureDimension() == 1;
    RankedTensorType type = cast<RankedTensorType>(op.getType()).clone(sumType);
    auto create = [&](auto tag) -> Value {
      using OpTy = decltype(tag);
      Value init = createFilled(b, type, createNumber(b, sumType, 0.0), sizes);
      auto toAttr = [&](std::optional<ArrayRef<int64_t>> values) {
        return b.getI64VectorAttr(getOrOnes(values, count));
      };
      return OpTy::create(b, type, ValueRange{input, kernel}, ValueRange(init),
                          toAttr(op.getWindowStrides()),
                          toAttr(op.getRhsDilation()))
          .getResult(0);
    };
    if (isChannelsLast && count == 1)
      return create(linalg::Conv1DNwcWcfOp());
    if (isChannelsLast && count == 2)
      return create(linalg::Conv2DNhwcHwcfOp());
    if (isChannelsLast && count == 3)
      return create(linalg::Conv3DNdhwcDhwcfOp());
    if (isChannelsFirst && count == 1)
      return create(linalg::Conv1DNcwFcwOp());
    if (isChannelsFirst && count == 2)
      return create(linalg::Conv2DNchwFchwOp());
    if (isChannelsFirst && count == 3)
      return create(linalg::Conv3DNcdhwFcdhwOp());
    return {};
  }
};
} // namespace

void from_stablehlo::populateConvolutionPatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<ConvolutionPattern>(converter, patterns.getContext());
}
