//===- ConvolutionLoops.cpp - Convolutions as loop nests ------------------===//

#include "Convolutions.h"

#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

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

  /// Which dimensions of the loop nest each dimension of the tensor is.
  SmallVector<ReassociationIndices> getGroups() const {
    SmallVector<ReassociationIndices> groups;
    int64_t next = 0;
    for (ArrayRef<std::pair<AffineExpr, int64_t>> loops : dims) {
      groups.emplace_back();
      for (size_t i = 0; i < loops.size(); ++i)
        groups.back().push_back(next++);
    }
    return groups;
  }

  /// The tensor with a dimension for each loop. The sizes of those that one
  /// dimension becomes are known.
  Value split(ImplicitLocOpBuilder &b, Value tensor) const {
    auto type = cast<RankedTensorType>(tensor.getType());
    SmallVector<OpFoldResult> sizes;
    for (auto [dim, loops] : llvm::enumerate(dims)) {
      if (loops.size() == 1)
        sizes.push_back(tensor::getMixedSize(b, b.getLoc(), tensor, dim));
      else
        for (auto [expr, size] : loops)
          sizes.push_back(b.getIndexAttr(size));
    }
    if (sizes.size() == dims.size())
      return tensor;
    return tensor::ExpandShapeOp::create(
        b, type.clone(decomposeMixedValues(sizes).first), tensor, getGroups(),
        sizes);
  }

  AffineMap getMap(int64_t loopCount, MLIRContext *context) const {
    SmallVector<AffineExpr> exprs;
    for (ArrayRef<std::pair<AffineExpr, int64_t>> loops : dims)
      for (auto [expr, size] : loops)
        exprs.push_back(expr);
    return AffineMap::get(loopCount, 0, exprs, context);
  }
};
} // namespace

/// A loop nest over batch, positions, group and output feature; the kernel's
/// positions and the input features reduce.
Value from_stablehlo::createConvolutionLoops(ImplicitLocOpBuilder &b,
                                             stablehlo::ConvolutionOp op,
                                             Value input, Value kernel,
                                             Type sumType, ValueRange sizes) {
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

  int64_t batch = batchGroups == 1
                      ? type.getDimSize(numbers.getOutputBatchDimension())
                      : inputType.getDimSize(numbers.getInputBatchDimension()) /
                            batchGroups;
  // A dimension that is divided knows its size, the other need not.
  int64_t inFeatures =
      featureGroups == 1
          ? kernelType.getDimSize(numbers.getKernelInputFeatureDimension())
          : inputType.getDimSize(numbers.getInputFeatureDimension()) /
                featureGroups;
  int64_t outFeatures =
      kernelType.getDimSize(numbers.getKernelOutputFeatureDimension());
  if (groups != 1)
    outFeatures /= groups;
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
  int64_t outBatch = numbers.getOutputBatchDimension();
  out.dims[outBatch] = {{batchLoop, type.getDimSize(outBatch)}};
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

  input = in.split(b, input);
  kernel = weights.split(b, kernel);
  auto outType = RankedTensorType::get(out.getShape(), sumType);
  Value init = createFilled(b, outType, createNumber(b, sumType, 0.0), sizes);
  AffineMap maps[] = {in.getMap(loops, b.getContext()),
                      weights.getMap(loops, b.getContext()),
                      out.getMap(loops, b.getContext())};
  SmallVector<utils::IteratorType> iterators(parallelLoops,
                                             utils::IteratorType::parallel);
  iterators.append(loops - parallelLoops, utils::IteratorType::reduction);
  bool isUnsigned = isUnsignedElement(getElementTypeOrSelf(op.getLhs()));
  auto generic = linalg::GenericOp::create(
      b, TypeRange(outType), ValueRange{input, kernel}, ValueRange(init), maps,
      iterators, [&](OpBuilder &nested, Location loc, ValueRange args) {
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
  return tensor::CollapseShapeOp::create(b, type.clone(sumType),
                                         generic.getResult(0), out.getGroups());
}
