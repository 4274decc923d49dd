//===- DynamicShapeOps.cpp - Operations with shapes known at run time -----===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/DynamicShapeOps.cpp.inc"

void StablehloDialect::registerDynamicShapeOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/DynamicShapeOps.cpp.inc"
      >();
}

/// Whether an operand that is a shape has the rank of the result, and its sizes
/// where both are known.
static LogicalResult checkShapeOperand(Operation *op, StringRef name,
                                       Value shape, RankedTensorType result) {
  int64_t size = cast<RankedTensorType>(shape.getType()).getDimSize(0);
  if (size != result.getRank())
    return op->emitOpError()
           << name << " has " << size << " elements, expected one for each of "
           << "the " << result.getRank() << " dimensions of the result";
  auto sizes = getConstantInts(shape);
  if (!sizes || succeeded(verifyCompatibleShape(*sizes, result.getShape())))
    return success();
  return op->emitOpError() << name << " is [" << *sizes
                           << "], expected the shape of the result of type "
                           << result;
}

/// Whether an operand has a number for each dimension of the operand.
static LogicalResult checkAmounts(Operation *op, StringRef name, Value amounts,
                                  RankedTensorType operand) {
  int64_t size = cast<RankedTensorType>(amounts.getType()).getDimSize(0);
  if (size == operand.getRank())
    return success();
  return op->emitOpError() << name << " has " << size
                           << " elements, expected one for each of the "
                           << operand.getRank() << " dimensions of the operand";
}

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

LogicalResult DynamicBroadcastInDimOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // dynamic_broadcast_in_dim_c1: the element types agree.
  // dynamic_broadcast_in_dim_c2 to dynamic_broadcast_in_dim_c5: dimensions of
  // the operand are those of the result, or have size 1.
  // dynamic_broadcast_in_dim_c7: the shape is that of the result.
  if (failed(checkElementType(*this, "result", result, operand)) ||
      failed(
          checkBroadcast(*this, operand, result, getBroadcastDimensions())) ||
      failed(checkShapeOperand(*this, "output_dimensions",
                               getOutputDimensions(), result)))
    return failure();
  if (auto sizes = getConstantInts(getOutputDimensions()))
    for (auto [index, dim] : llvm::enumerate(getBroadcastDimensions())) {
      int64_t from = operand.getDimSize(index), to = (*sizes)[dim];
      if (from != 1 && !areCompatibleSizes(from, to))
        return emitOpError()
               << "operand has size " << from << " in dimension " << index
               << ", output_dimensions has " << to << " in dimension " << dim;
    }
  // dynamic_broadcast_in_dim_c8 to dynamic_broadcast_in_dim_c10: the hints name
  // different dimensions of the operand.
  auto expanding = getKnownExpandingDimensions().value_or(ArrayRef<int64_t>());
  auto nonexpanding =
      getKnownNonexpandingDimensions().value_or(ArrayRef<int64_t>());
  if (failed(checkDims(*this, "known_expanding_dimensions", expanding,
                       operand.getRank(), "the operand")) ||
      failed(checkDims(*this, "known_nonexpanding_dimensions", nonexpanding,
                       operand.getRank(), "the operand")))
    return failure();
  return checkDisjoint(*this, "known_expanding_dimensions", expanding,
                       "known_nonexpanding_dimensions", nonexpanding);
}

LogicalResult DynamicIotaOp::verify() {
  // dynamic_iota_c1: iota_dimension is one of the shape.
  // dynamic_iota_c2: the shape is that of the result.
  if (failed(checkDim(*this, "iota_dimension", getIotaDimension(),
                      getType().getRank(), "the result")))
    return failure();
  return checkShapeOperand(*this, "output_shape", getOutputShape(), getType());
}

LogicalResult DynamicReshapeOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // dynamic_reshape_c1: the element types agree.
  // dynamic_reshape_c4: the shape is that of the result.
  if (failed(checkElementType(*this, "result", result, operand)) ||
      failed(
          checkShapeOperand(*this, "output_shape", getOutputShape(), result)))
    return failure();
  if (!operand.hasStaticShape())
    return success();
  // dynamic_reshape_c2: the numbers of elements agree.
  if (result.hasStaticShape() &&
      result.getNumElements() != operand.getNumElements())
    return emitOpError() << "operand has " << operand.getNumElements()
                         << " elements, result has " << result.getNumElements();
  if (auto sizes = getConstantInts(getOutputShape()))
    if (int64_t count = ShapedType::getNumElements(*sizes);
        count != operand.getNumElements())
      return emitOpError() << "operand has " << operand.getNumElements()
                           << " elements, output_shape has " << count;
  return success();
}

LogicalResult GetDimensionSizeOp::verify() {
  // get_dimension_size_c1: the dimension is one of the operand.
  return checkDim(*this, "dimension", getDimension(),
                  getOperand().getType().getRank(), "the operand");
}

LogicalResult SetDimensionSizeOp::verify() {
  RankedTensorType operand = getOperand().getType();
  // The specification leaves this operation out; its dimension is one of the
  // operand, and what is not that dimension stays.
  if (failed(checkDim(*this, "dimension", getDimension(), operand.getRank(),
                      "the operand")) ||
      failed(checkElementType(*this, "result", getType(), operand)))
    return failure();
  SmallVector<int64_t> shape(operand.getShape());
  shape[getDimension()] = ShapedType::kDynamic;
  return checkShape(*this, "result", getType(), shape);
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

LogicalResult DynamicPadOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // dynamic_pad_c1: the element types agree.
  // dynamic_pad_c2: there is an amount for each dimension.
  if (failed(checkElementType(*this, "padding_value",
                              getPaddingValue().getType(), operand)) ||
      failed(checkElementType(*this, "result", result, operand)) ||
      failed(checkAmounts(*this, "edge_padding_low", getEdgePaddingLow(),
                          operand)) ||
      failed(checkAmounts(*this, "edge_padding_high", getEdgePaddingHigh(),
                          operand)) ||
      failed(checkAmounts(*this, "interior_padding", getInteriorPadding(),
                          operand)))
    return failure();
  // dynamic_pad_c3: the interior padding is not negative.
  auto interior = getConstantInts(getInteriorPadding());
  if (interior && failed(checkAtLeast(*this, "interior_padding", *interior, 0)))
    return failure();
  // dynamic_pad_c4: the shape that results.
  auto low = getConstantInts(getEdgePaddingLow());
  auto high = getConstantInts(getEdgePaddingHigh());
  SmallVector<int64_t> shape(operand.getShape());
  for (auto [dim, size] : llvm::enumerate(shape)) {
    bool isKnown = interior && low && high && !ShapedType::isDynamic(size);
    size = isKnown ? (*low)[dim] + size + (*high)[dim] +
                         std::max<int64_t>(size - 1, 0) * (*interior)[dim]
                   : ShapedType::kDynamic;
  }
  return checkShape(*this, "result", result, shape);
}

LogicalResult RealDynamicSliceOp::verify() {
  RankedTensorType operand = getOperand().getType();
  // The specification leaves this operation out; its constraints are those of
  // slice. slice_c1: the element types agree. slice_c2: there is one range for
  // each dimension.
  if (failed(checkElementType(*this, "result", getType(), operand)) ||
      failed(
          checkAmounts(*this, "start_indices", getStartIndices(), operand)) ||
      failed(
          checkAmounts(*this, "limit_indices", getLimitIndices(), operand)) ||
      failed(checkAmounts(*this, "strides", getStrides(), operand)))
    return failure();
  return checkShape(
      *this, "result", getType(),
      SmallVector<int64_t>(operand.getRank(), ShapedType::kDynamic));
}
