//===- PartOps.cpp - Results of concatenate, pad and the slices -----------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// Fails unless `values` has one entry for each dimension of an operand.
static LogicalResult checkEntries(std::optional<Location> location,
                                  StringRef opName, StringRef name,
                                  ArrayRef<int64_t> values, int64_t rank) {
  if (static_cast<int64_t>(values.size()) == rank)
    return success();
  return emitOptionalError(location, "'", opName, "' op ", name, " has ",
                           values.size(), " entries, expected one for each of ",
                           "the ", rank, " dimensions of the operand");
}

LogicalResult ConcatenateOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor adaptor(operands, attributes, properties, regions);
  // concatenate_c3: there is an input.
  if (operands.empty())
    return emitOptionalError(location, "'", getOperationName(),
                             "' op has no inputs, expected one at least");
  auto first = cast<RankedTensorType>(operands.front().getType());
  int64_t dim = adaptor.getDimension();
  // concatenate_c4: the dimension is one of the inputs.
  if (dim < 0 || dim >= first.getRank())
    return emitOptionalError(
        location, "'", getOperationName(), "' op dimension is ", dim,
        ", expected one of the inputs of rank ", first.getRank());
  SmallVector<int64_t> shape(first.getShape());
  for (auto [index, operand] : llvm::enumerate(operands.drop_front())) {
    auto type = cast<RankedTensorType>(operand.getType());
    SmallVector<int64_t> expected(shape);
    if (type.getRank() == first.getRank())
      expected[dim] = type.getDimSize(dim);
    // concatenate_c1 and concatenate_c2: the inputs have one element type, and
    // one shape but for the dimension.
    if (type.getElementType() != first.getElementType() ||
        failed(verifyCompatibleShape(expected, type.getShape())))
      return emitOptionalError(location, "'", getOperationName(), "' op input ",
                               index + 1, " has type ", type,
                               ", which does not agree with input 0 of type ",
                               first, " outside dimension ", dim);
    // concatenate_c6: the sizes along the dimension add up.
    for (int64_t i = 0; i < first.getRank(); ++i)
      if (i == dim)
        shape[i] = ShapedType::isDynamic(shape[i]) || type.isDynamicDim(i)
                       ? ShapedType::kDynamic
                       : shape[i] + type.getDimSize(i);
      else if (ShapedType::isDynamic(shape[i]))
        shape[i] = type.getDimSize(i);
  }
  results.push_back(RankedTensorType::get(
      shape, first.getElementType(),
      operands.size() == 1 ? first.getEncoding() : Attribute()));
  return success();
}

LogicalResult
PadOp::inferReturnTypes(MLIRContext *context, std::optional<Location> location,
                        ValueRange operands, DictionaryAttr attributes,
                        OpaqueProperties properties, RegionRange regions,
                        SmallVectorImpl<Type> &results) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(adaptor.getOperand().getType());
  auto value = cast<RankedTensorType>(adaptor.getPaddingValue().getType());
  // pad_c1: the value has the element type of the operand.
  if (!areCompatibleTypes(value, type.clone(ArrayRef<int64_t>{})))
    return emitOptionalError(
        location, "'", getOperationName(), "' op padding_value has type ",
        value, ", expected a scalar of type ", type.getElementType());
  ArrayRef<int64_t> low = adaptor.getEdgePaddingLow();
  ArrayRef<int64_t> high = adaptor.getEdgePaddingHigh();
  ArrayRef<int64_t> interior = adaptor.getInteriorPadding();
  // pad_c2: there is one amount for each dimension.
  for (auto [name, amounts] : {std::pair("edge_padding_low", low),
                               std::pair("edge_padding_high", high),
                               std::pair("interior_padding", interior)})
    if (failed(checkEntries(location, getOperationName(), name, amounts,
                            type.getRank())))
      return failure();
  SmallVector<int64_t> shape(type.getShape());
  for (auto [dim, size] : llvm::enumerate(shape)) {
    // pad_c3: the interior padding is not negative.
    if (interior[dim] < 0)
      return emitOptionalError(location, "'", getOperationName(),
                               "' op interior_padding[", dim, "] is ",
                               interior[dim], ", expected 0 or more");
    if (ShapedType::isDynamic(size))
      continue;
    // pad_c4: the size that results.
    int64_t padded = size + low[dim] + high[dim] +
                     std::max<int64_t>(size - 1, 0) * interior[dim];
    if (padded < 0)
      return emitOptionalError(location, "'", getOperationName(),
                               "' op padding leaves ", padded,
                               " elements in dimension ", dim);
    size = padded;
  }
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

LogicalResult SliceOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(adaptor.getOperand().getType());
  ArrayRef<int64_t> starts = adaptor.getStartIndices();
  ArrayRef<int64_t> limits = adaptor.getLimitIndices();
  ArrayRef<int64_t> strides = adaptor.getStrides();
  // slice_c2: there is one range for each dimension.
  for (auto [name, values] :
       {std::pair("start_indices", starts), std::pair("limit_indices", limits),
        std::pair("strides", strides)})
    if (failed(checkEntries(location, getOperationName(), name, values,
                            type.getRank())))
      return failure();
  SmallVector<int64_t> shape;
  for (int64_t dim = 0; dim < type.getRank(); ++dim) {
    int64_t size = type.getDimSize(dim);
    // slice_c3: 0 <= start <= limit <= size.
    if (starts[dim] < 0 || starts[dim] > limits[dim] ||
        (!ShapedType::isDynamic(size) && limits[dim] > size))
      return emitOptionalError(
          location, "'", getOperationName(), "' op range ", starts[dim], ":",
          limits[dim], " is not one of dimension ", dim, " of type ", type);
    // slice_c4: the stride is positive.
    if (strides[dim] <= 0)
      return emitOptionalError(location, "'", getOperationName(),
                               "' op strides[", dim, "] is ", strides[dim],
                               ", expected 1 or more");
    // slice_c5: the size that results.
    shape.push_back(llvm::divideCeil(limits[dim] - starts[dim], strides[dim]));
  }
  results.push_back(RankedTensorType::get(shape, type.getElementType()));
  return success();
}

/// Fails unless there is one start index for each dimension, all of one type.
static LogicalResult checkStarts(std::optional<Location> location,
                                 StringRef opName, ValueRange starts,
                                 int64_t rank) {
  if (static_cast<int64_t>(starts.size()) != rank)
    return emitOptionalError(location, "'", opName, "' op has ", starts.size(),
                             " start_indices, expected one for each of the ",
                             rank, " dimensions of the operand");
  for (Value start : starts)
    if (start.getType() != starts.front().getType())
      return emitOptionalError(location, "'", opName,
                               "' op start_indices have types ",
                               starts.front().getType(), " and ",
                               start.getType(), ", expected one type");
  return success();
}

LogicalResult DynamicSliceOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(adaptor.getOperand().getType());
  ArrayRef<int64_t> sizes = adaptor.getSliceSizes();
  // dynamic_slice_c2 and dynamic_slice_c3: one start and size a dimension, and
  // one type of the starts.
  if (failed(checkStarts(location, getOperationName(),
                         adaptor.getStartIndices(), type.getRank())) ||
      failed(checkEntries(location, getOperationName(), "slice_sizes", sizes,
                          type.getRank())))
    return failure();
  // dynamic_slice_c4: the slice fits into the operand.
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (sizes[dim] < 0 ||
        (!type.isDynamicDim(dim) && sizes[dim] > type.getDimSize(dim)))
      return emitOptionalError(location, "'", getOperationName(),
                               "' op slice_sizes[", dim, "] is ", sizes[dim],
                               ", expected 0 to ", type.getDimSize(dim),
                               ", the size of the operand");
  // dynamic_slice_c5: the result has the shape of the slice.
  results.push_back(RankedTensorType::get(sizes, type.getElementType()));
  return success();
}

LogicalResult DynamicUpdateSliceOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  // dynamic_update_slice_c1: the result has the type of the operand.
  results.push_back(operands.front().getType());
  return success();
}

LogicalResult DynamicUpdateSliceOp::verify() {
  RankedTensorType type = getOperand().getType();
  RankedTensorType update = getUpdate().getType();
  // dynamic_update_slice_c2: the element types agree.
  if (!areCompatibleTypes(type.clone(ArrayRef<int64_t>{}),
                          update.clone(ArrayRef<int64_t>{})))
    return emitOpError() << "update has element type "
                         << update.getElementType() << ", expected "
                         << type.getElementType();
  // dynamic_update_slice_c3 and dynamic_update_slice_c6: the update has the
  // rank of the operand and fits into it.
  bool fits = update.getRank() == type.getRank();
  for (int64_t dim = 0; fits && dim < type.getRank(); ++dim)
    fits = type.isDynamicDim(dim) || update.isDynamicDim(dim) ||
           update.getDimSize(dim) <= type.getDimSize(dim);
  if (!fits)
    return emitOpError() << "update of type " << update
                         << " does not fit into the operand of type " << type;
  // dynamic_update_slice_c4 and dynamic_update_slice_c5: one start a dimension,
  // all of one type.
  return checkStarts(getLoc(), getOperationName(), getStartIndices(),
                     type.getRank());
}
