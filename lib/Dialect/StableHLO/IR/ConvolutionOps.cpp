//===- ConvolutionOps.cpp - Convolutions ----------------------------------===//

#include "Windows.h"

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

// The two convolutions have the same constraints, by the same numbers.

namespace {

/// A dimension of the numbers, by the name of its attribute.
using NamedDim = std::pair<StringRef, int64_t>;

} // namespace

/// Whether the spatial dimensions and the two others are the dimensions of a
/// tensor of `rank`.
static LogicalResult checkNumbers(Operation *op, StringRef of, StringRef name,
                                  ArrayRef<int64_t> spatial,
                                  ArrayRef<NamedDim> others, int64_t rank) {
  if (static_cast<int64_t>(spatial.size()) + 2 != rank)
    return op->emitOpError()
           << name << " has " << spatial.size() << " entries, expected "
           << rank - 2 << ", for " << of << " has rank " << rank;
  if (failed(checkDims(op, name, spatial, rank, of)))
    return failure();
  for (auto [index, other] : llvm::enumerate(others)) {
    if (failed(checkDim(op, other.first, other.second, rank, of)) ||
        failed(checkDisjoint(op, other.first, other.second, name, spatial)))
      return failure();
    for (NamedDim before : others.take_front(index))
      if (failed(checkDisjoint(op, other.first, other.second, before.first,
                               before.second)))
        return failure();
  }
  return success();
}

/// Whether `size` is a multiple of the number of groups.
static LogicalResult checkGroups(Operation *op, StringRef of, NamedDim dim,
                                 RankedTensorType type, StringRef countName,
                                 int64_t count) {
  int64_t size = type.getDimSize(dim.second);
  if (ShapedType::isDynamic(size) || size % count == 0)
    return success();
  return op->emitOpError() << of << " has size " << size << " in " << dim.first
                           << " " << dim.second << ", expected a multiple of "
                           << countName << " " << count;
}

static int64_t divide(int64_t size, int64_t count) {
  return ShapedType::isDynamic(size) ? size : size / count;
}

/// What remains once the numbers and groups are checked: the windows.
template <typename Op>
static LogicalResult checkWindows(Op op, DenseIntElementsAttr padding,
                                  bool isPadded) {
  RankedTensorType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
  ArrayRef<int64_t> spatial = numbers.getInputSpatialDimensions();
  SmallVector<int64_t> lhsSizes, rhsSizes;
  for (auto [left, right] :
       llvm::zip_equal(spatial, numbers.getKernelSpatialDimensions())) {
    lhsSizes.push_back(lhs.getDimSize(left));
    rhsSizes.push_back(rhs.getDimSize(right));
    // A window of size 0 fits nowhere; no constraint of the specification says
    // so, but no frontend means it.
    if (rhsSizes.back() == 0)
      return op.emitOpError() << "rhs has size 0 in spatial dimension " << right
                              << ", expected 1 or more";
  }
  // convolution_c2 to convolution_c8: strides, padding and dilations have an
  // entry for each spatial dimension.
  Windows windows{
      rhsSizes, op.getWindowStrides(), op.getLhsDilation(), op.getRhsDilation(),
      padding,  "lhs_dilation",        "rhs_dilation"};
  if (failed(windows.verify(op, "the windows")))
    return failure();
  // convolution_c9: so has the reversal.
  if (auto reversal = op.getWindowReversal();
      reversal && failed(checkEntries(op, "window_reversal", reversal->size(),
                                      spatial.size(), "the windows")))
    return failure();
  // convolution_c25 and convolution_c26: the result has a batch, features, and
  // an element for each place of the window.
  SmallVector<int64_t> shape(lhs.getRank());
  shape[numbers.getOutputBatchDimension()] =
      divide(lhs.getDimSize(numbers.getInputBatchDimension()),
             op.getBatchGroupCount());
  shape[numbers.getOutputFeatureDimension()] =
      rhs.getDimSize(numbers.getKernelOutputFeatureDimension());
  SmallVector<int64_t> counts =
      isPadded ? windows.count(lhsSizes)
               : SmallVector<int64_t>(spatial.size(), ShapedType::kDynamic);
  for (auto [dim, count] :
       llvm::zip_equal(numbers.getOutputSpatialDimensions(), counts))
    shape[dim] = count;
  return checkShape(op, "result", op.getType(), shape);
}

template <typename Op>
static LogicalResult checkConvolution(Op op, DenseIntElementsAttr padding,
                                      bool isPadded) {
  RankedTensorType lhs = op.getLhs().getType(), rhs = op.getRhs().getType();
  int64_t rank = lhs.getRank();
  // convolution_c1: both operands have one rank, for a batch and features.
  if (rank < 2 || rank != rhs.getRank())
    return op.emitOpError() << "lhs has type " << lhs << " and rhs " << rhs
                            << ", expected one rank of 2 or more";
  // convolution_c27: the element types agree. That of the result may be wider.
  if (failed(checkElementType(op, "rhs", rhs, lhs)) ||
      failed(checkProductTypes(op, op.getType(), lhs, rhs)))
    return failure();
  ConvDimensionNumbersAttr numbers = op.getDimensionNumbers();
  NamedDim batch("input_batch_dimension", numbers.getInputBatchDimension());
  NamedDim feature("input_feature_dimension",
                   numbers.getInputFeatureDimension());
  NamedDim kernelIn("kernel_input_feature_dimension",
                    numbers.getKernelInputFeatureDimension());
  NamedDim kernelOut("kernel_output_feature_dimension",
                     numbers.getKernelOutputFeatureDimension());
  // convolution_c12, convolution_c13, convolution_c17 to convolution_c20: each
  // dimension of operands and result has one meaning.
  if (failed(checkNumbers(op, "lhs", "input_spatial_dimensions",
                          numbers.getInputSpatialDimensions(), {batch, feature},
                          rank)) ||
      failed(checkNumbers(op, "rhs", "kernel_spatial_dimensions",
                          numbers.getKernelSpatialDimensions(),
                          {kernelIn, kernelOut}, rank)) ||
      failed(checkNumbers(
          op, "the result", "output_spatial_dimensions",
          numbers.getOutputSpatialDimensions(),
          {{"output_batch_dimension", numbers.getOutputBatchDimension()},
           {"output_feature_dimension", numbers.getOutputFeatureDimension()}},
          rank)))
    return failure();
  int64_t features = op.getFeatureGroupCount(),
          batches = op.getBatchGroupCount();
  // convolution_c23: groups are those of features or of the batch.
  if (features > 1 && batches > 1)
    return op.emitOpError() << "has feature_group_count " << features
                            << " and batch_group_count " << batches
                            << ", expected one of them to be 1";
  // convolution_c10, convolution_c11, convolution_c15 and convolution_c16: the
  // groups have one size.
  if (failed(
          checkGroups(op, "lhs", batch, lhs, "batch_group_count", batches)) ||
      failed(checkGroups(op, "lhs", feature, lhs, "feature_group_count",
                         features)) ||
      failed(checkGroups(op, "rhs", kernelOut, rhs, "batch_group_count",
                         batches)) ||
      failed(checkGroups(op, "rhs", kernelOut, rhs, "feature_group_count",
                         features)))
    return failure();
  // convolution_c14: the kernel takes the features of one group.
  int64_t expected = divide(lhs.getDimSize(feature.second), features);
  if (int64_t size = rhs.getDimSize(kernelIn.second);
      !areCompatibleSizes(size, expected))
    return op.emitOpError()
           << "rhs has size " << size << " in " << kernelIn.first << " "
           << kernelIn.second << ", expected " << expected
           << ", the features of lhs in a group";
  // convolution_c24: one precision for each operand.
  if (failed(checkPrecision(op, op.getPrecisionConfigAttr())))
    return failure();
  return checkWindows(op, padding, isPadded);
}

// convolution_c21 and convolution_c22 are constraints of the attributes.

LogicalResult ConvolutionOp::verify() {
  return checkConvolution(*this, getPaddingAttr(), /*isPadded=*/true);
}

LogicalResult DynamicConvOp::verify() {
  int64_t spatial = getLhs().getType().getRank() - 2;
  // dynamic_conv_c4: the padding has two numbers for each spatial dimension.
  RankedTensorType type = getPadding().getType();
  if (spatial >= 0 &&
      failed(verifyCompatibleShape(type.getShape(), {spatial, 2})))
    return emitOpError() << "padding has type " << type << ", expected "
                         << RankedTensorType::get({spatial, 2},
                                                  type.getElementType());
  return checkConvolution(*this, /*padding=*/nullptr, /*isPadded=*/false);
}
