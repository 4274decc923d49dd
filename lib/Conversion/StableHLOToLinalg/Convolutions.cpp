//===- Convolutions.cpp - Convolutions ------------------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// A tensor as the loop nest sees it: a dimension of features or of the batch
/// may be two, the group and what is in it.
struct ConvOperand {
  explicit ConvOperand(int64_t rank) : dims(rank) {}

  /// For each dimension, the loops that number it, with their extents.
  SmallVector<SmallVector<std::pair<AffineExpr, int64_t>>> dims;

  SmallVector<int64_t> getShape() const {
    SmallVector<int64_t> shape;
    for (ArrayRef<std::pair<AffineExpr, int64_t>> loops : dims)
      for (auto [expr, size] : loops)
        shape.push_back(size);
    return shape;
  }

  AffineMap getMap(int64_t loopCount, MLIRContext *context) const {
    SmallVector<AffineExpr> exprs;
    for (ArrayRef<std::pair<AffineExpr, int64_t>> loops : dims)
      for (auto [expr, size] : loops)
        exprs.push_back(expr);
    return AffineMap::get(loopCount, 0, exprs, context);
  }
};

struct ConvolutionPattern : public HloPattern<stablehlo::ConvolutionOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ConvolutionOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    auto inputType = cast<RankedTensorType>(adaptor.getLhs().getType());
    auto kernelType = cast<RankedTensorType>(adaptor.getRhs().getType());
    if (!type.hasStaticShape() || !inputType.hasStaticShape() ||
        !kernelType.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    if (!(getElementKind(type.getElementType()) & (Ints | Floats)))
      return this->reject(op, "its element type is not handled");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    stablehlo::ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
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

    Type sumType = type.getElementType();
    if (isa<FloatType>(sumType) && sumType.getIntOrFloatBitWidth() < 32)
      sumType = b.getF32Type();
    Value result = createNamed(b, op, input, kernel, sumType);
    if (!result)
      result = createGeneral(b, op, input, kernel, sumType);
    if (sumType != type.getElementType())
      result = createElementwise(b, type, {}, result,
                                 [&](ImplicitLocOpBuilder &nested,
                                     ValueRange args) -> SmallVector<Value> {
                                   return {arith::TruncFOp::create(
                                       nested, type.getElementType(), args[0])};
                                 });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static SmallVector<int64_t> getOrOnes(std::optional<ArrayRef<int64_t>> values,
                                        size_t count) {
    return values ? SmallVector<int64_t>(*values)
                  : SmallVector<int64_t>(count, 1);
  }

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

  /// A named op of linalg, where one has this layout and there are no groups.
  static Value createNamed(ImplicitLocOpBuilder &b, stablehlo::ConvolutionOp op,
                           Value input, Value kernel, Type sumType) {
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
      Value init = createFilled(b, type, createNumber(b, sumType, 0.0));
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

  /// A loop nest over batch, positions, group and output feature; the kernel's
  /// positions and the input features reduce.
  static Value createGeneral(ImplicitLocOpBuilder &b,
                             stablehlo::ConvolutionOp op, Value input,
                             Value kernel, Type sumType) {
    stablehlo::ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
    auto inputType = cast<RankedTensorType>(input.getType());
    auto kernelType = cast<RankedTensorType>(kernel.getType());
    auto type = cast<RankedTensorType>(op.getType());
    int64_t count = numbers.getInputSpatialDimensions().size();
    int64_t featureGroups = op.getFeatureGroupCount();
    int64_t batchGroups = op.getBatchGroupCount();
    int64_t groups = featureGroups * batchGroups;
    SmallVector<int64_t> strides = getOrOnes(op.getWindowStrides(), count);
    SmallVector<int64_t> dilations = getOrOnes(op.getRhsDilation(), count);

    int64_t batch = type.getDimSize(numbers.getOutputBatchDimension());
    int64_t inFeatures =
        kernelType.getDimSize(numbers.getKernelInputFeatureDimension());
    int64_t outFeatures =
        kernelType.getDimSize(numbers.getKernelOutputFeatureDimension()) /
        groups;
    int64_t loops = 0;
    auto addLoop = [&] { return b.getAffineDimExpr(loops++); };
    AffineExpr batchLoop = addLoop();
    SmallVector<AffineExpr> positions, taps;
    for (int64_t i = 0; i < count; ++i)
      positions.push_back(addLoop());
    AffineExpr groupLoop = addLoop(), outLoop = addLoop();
    int64_t parallelLoops = loops;
    for (int64_t i = 0; i < count; ++i)
      taps.push_back(addLoop());
    AffineExpr inLoop = addLoop();

    ConvOperand in(inputType.getRank()), weights(kernelType.getRank()),
        out(type.getRank());
    in.dims[numbers.getInputBatchDimension()] = {{groupLoop, batchGroups},
                                                 {batchLoop, batch}};
    in.dims[numbers.getInputFeatureDimension()] = {{groupLoop, featureGroups},
                                                   {inLoop, inFeatures}};
    weights.dims[numbers.getKernelInputFeatureDimension()] = {
        {inLoop, inFeatures}};
    weights.dims[numbers.getKernelOutputFeatureDimension()] = {
        {groupLoop, groups}, {outLoop, outFeatures}};
    out.dims[numbers.getOutputBatchDimension()] = {{batchLoop, batch}};
    out.dims[numbers.getOutputFeatureDimension()] = {{groupLoop, groups},
                                                     {outLoop, outFeatures}};
    // The operand that is not divided has one group, whose number is 0.
    if (batchGroups == 1)
      in.dims[numbers.getInputBatchDimension()].erase(
          in.dims[numbers.getInputBatchDimension()].begin());
    if (featureGroups == 1)
      in.dims[numbers.getInputFeatureDimension()].erase(
          in.dims[numbers.getInputFeatureDimension()].begin());
    for (int64_t i = 0; i < count; ++i) {
      int64_t inDim = numbers.getInputSpatialDimensions()[i];
      int64_t tapDim = numbers.getKernelSpatialDimensions()[i];
      int64_t outDim = numbers.getOutputSpatialDimensions()[i];
      in.dims[inDim] = {{positions[i] * strides[i] + taps[i] * dilations[i],
                         inputType.getDimSize(inDim)}};
      weights.dims[tapDim] = {{taps[i], kernelType.getDimSize(tapDim)}};
      out.dims[outDim] = {{positions[i], type.getDimSize(outDim)}};
    }

    input = createReshape(b, inputType.clone(in.getShape()), input);
    kernel = createReshape(b, kernelType.clone(weights.getShape()), kernel);
    auto outType = RankedTensorType::get(out.getShape(), sumType);
    Value init = createFilled(b, outType, createNumber(b, sumType, 0.0));
    AffineMap maps[] = {in.getMap(loops, b.getContext()),
                        weights.getMap(loops, b.getContext()),
                        out.getMap(loops, b.getContext())};
    SmallVector<utils::IteratorType> iterators(parallelLoops,
                                               utils::IteratorType::parallel);
    iterators.append(loops - parallelLoops, utils::IteratorType::reduction);
    bool isUnsigned = isUnsignedElement(getElementTypeOrSelf(op.getLhs()));
    auto generic = linalg::GenericOp::create(
        b, TypeRange(outType), ValueRange{input, kernel}, ValueRange(init),
        maps, iterators, [&](OpBuilder &nested, Location loc, ValueRange args) {
          ImplicitLocOpBuilder body(loc, nested);
          Value lhs =
              convertScalarToDtype(body, loc, args[0], sumType, isUnsigned);
          Value rhs =
              convertScalarToDtype(body, loc, args[1], sumType, isUnsigned);
          Value sum;
          if (isa<FloatType>(sumType))
            sum = arith::AddFOp::create(body, args[2],
                                        arith::MulFOp::create(body, lhs, rhs));
          else
            sum = arith::AddIOp::create(body, args[2],
                                        arith::MulIOp::create(body, lhs, rhs));
          linalg::YieldOp::create(body, sum);
        });
    return createReshape(b, type.clone(sumType), generic.getResult(0));
  }
};
} // namespace

void from_stablehlo::populateConvolutionPatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<ConvolutionPattern>(converter, patterns.getContext());
}
