//===- ShapeOps.cpp - Constants and operations that move elements ---------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ShapeOps.cpp.inc"

void StablehloDialect::registerShapeOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/ShapeOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

void ConstantOp::build(OpBuilder &builder, OperationState &state,
                       Attribute value) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements) {
    auto typed = cast<TypedAttr>(value);
    elements = DenseElementsAttr::get(
        RankedTensorType::get({}, typed.getType()), value);
  }
  build(builder, state, elements.getType(), elements);
}

LogicalResult ConstantOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  // constant_c1: the result has the type of the value.
  Adaptor adaptor(operands, attributes, properties, regions);
  results.push_back(adaptor.getValue().getType());
  return success();
}

OpFoldResult ConstantOp::fold(FoldAdaptor) {
  // A quantized result has a value of storage type, which a constant that is
  // made from the folded value alone could not tell.
  if (getValue().getType() != getType())
    return {};
  return getValue();
}

void ConstantOp::getAsmResultNames(OpAsmSetValueNameFn setName) {
  bool isInteger = getType().getElementType().isSignlessInteger() ||
                   getType().getElementType().isUnsignedInteger();
  setName(getResult(), isInteger ? "c" : "cst");
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printConstantOp(printer, *this, getValue());
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &state) {
  return parseConstantOp(parser, state);
}

//===----------------------------------------------------------------------===//
// IotaOp
//===----------------------------------------------------------------------===//

LogicalResult IotaOp::verify() {
  // iota_c1: the dimension is one of the result.
  return checkDim(*this, "iota_dimension", getIotaDimension(),
                  getType().getRank(), "the result");
}

//===----------------------------------------------------------------------===//
// BroadcastInDimOp and BroadcastOp
//===----------------------------------------------------------------------===//

LogicalResult BroadcastInDimOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // Nothing tells the size of a dynamic dimension but for its bound.
  if (!result.hasStaticShape() && !result.getEncoding())
    return emitOpError() << "result has type " << result
                         << ", expected a static shape; "
                            "dynamic_broadcast_in_dim takes others";
  // broadcast_in_dim_c1: the element types agree.
  if (failed(checkElementType(*this, "result", result, operand)))
    return failure();
  // broadcast_in_dim_c2 to broadcast_in_dim_c5: dimensions of the operand are
  // different ones of the result, or have size 1.
  return checkBroadcast(*this, operand, result, getBroadcastDimensions());
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType operand = getOperand().getType();
  // The specification leaves this operation out. Its sizes are those of the
  // dimensions in front of the operand's.
  if (failed(checkAtLeast(*this, "broadcast_sizes", getBroadcastSizes(), 0)))
    return failure();
  SmallVector<int64_t> shape(getBroadcastSizes());
  llvm::append_range(shape, operand.getShape());
  return checkType(*this, "result", getType(), operand.clone(shape));
}

//===----------------------------------------------------------------------===//
// BitcastConvertOp
//===----------------------------------------------------------------------===//

/// The bits of an element; 0 for one that is quantized.
static int64_t getWidth(Type element) {
  if (auto complex = dyn_cast<ComplexType>(element))
    return 2 * complex.getElementType().getIntOrFloatBitWidth();
  return element.isIntOrFloat() ? element.getIntOrFloatBitWidth() : 0;
}

LogicalResult BitcastConvertOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  Type from = operand.getElementType(), to = result.getElementType();
  if (isQuantizedElement(from) || isQuantizedElement(to))
    return success();
  // bitcast_convert_c2: both are complex or none is.
  if (isa<ComplexType>(from) != isa<ComplexType>(to))
    return emitOpError() << "operand has element type " << from
                         << " and result " << to
                         << ", expected both to be complex or none";
  // bitcast_convert_c1: narrower elements have one more dimension, those of one
  // wider element.
  int64_t fromWidth = getWidth(from), toWidth = getWidth(to);
  bool splits = fromWidth > toWidth;
  ArrayRef<int64_t> narrow = (splits ? result : operand).getShape();
  ArrayRef<int64_t> wide = (splits ? operand : result).getShape();
  bool fits = true;
  if (fromWidth != toWidth) {
    fits = narrow.size() == wide.size() + 1;
    if (fits && !ShapedType::isDynamic(narrow.back()))
      fits = narrow.back() * std::min(fromWidth, toWidth) ==
             std::max(fromWidth, toWidth);
    narrow = fits ? narrow.drop_back() : narrow;
  }
  if (!fits || failed(verifyCompatibleShape(narrow, wide)))
    return emitOpError()
           << "operand has type " << operand << " and result " << result
           << ", expected one shape, but for a last dimension of the narrower "
              "elements in a wider one";
  return success();
}

//===----------------------------------------------------------------------===//
// ReshapeOp and ReverseOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // reshape_c1: the element types agree.
  if (failed(checkElementType(*this, "result", result, operand)))
    return failure();
  // reshape_c2: the numbers of elements agree.
  if (operand.hasStaticShape() && result.hasStaticShape() &&
      operand.getNumElements() != result.getNumElements())
    return emitOpError() << "operand has " << operand.getNumElements()
                         << " elements, result has " << result.getNumElements();
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  return getOperand().getType() == getType() && getType().hasStaticShape()
             ? getOperand()
             : Value();
}

LogicalResult ReverseOp::verify() {
  RankedTensorType type = getOperand().getType();
  // reverse_c2 and reverse_c3: dimensions are different ones of the operand.
  if (failed(checkDims(*this, "dimensions", getDimensions(), type.getRank(),
                       "the operand")))
    return failure();
  // reverse_c1: the result has the type of the operand.
  return checkType(*this, "result", getType(), type);
}

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

LogicalResult TransposeOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  Adaptor adaptor(operands, attributes, properties, regions);
  auto type = cast<RankedTensorType>(adaptor.getOperand().getType());
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  // transpose_c2: the permutation permutes the dimensions of the operand.
  if (static_cast<int64_t>(permutation.size()) != type.getRank() ||
      !isPermutationVector(permutation))
    return emitOptionalError(
        location, "'", getOperationName(), "' op permutation [", permutation,
        "] is not one of the ", type.getRank(), " dimensions of the operand");
  // transpose_c3: dimension i of the result is dimension permutation[i].
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation)
    shape.push_back(type.getDimSize(dim));
  Attribute encoding = type.getEncoding();
  if (auto bounds = dyn_cast_or_null<TypeExtensionsAttr>(encoding)) {
    SmallVector<int64_t> permuted;
    for (int64_t dim : permutation)
      permuted.push_back(bounds.getBounds()[dim]);
    encoding = TypeExtensionsAttr::get(context, permuted);
  }
  results.push_back(
      RankedTensorType::get(shape, type.getElementType(), encoding));
  return success();
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  for (auto [index, dim] : llvm::enumerate(getPermutation()))
    if (static_cast<int64_t>(index) != dim)
      return {};
  return getOperand().getType() == getType() ? getOperand() : Value();
}
