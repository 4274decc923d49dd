//===- ShapeOps.cpp - Constants and operations that move elements ---------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

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
  int64_t rank = cast<RankedTensorType>(getType()).getRank();
  int64_t dim = getIotaDimension();
  if (dim < 0 || dim >= rank)
    return emitOpError() << "iota_dimension is " << dim
                         << ", expected a dimension of the result of rank "
                         << rank;
  return success();
}

//===----------------------------------------------------------------------===//
// BroadcastInDimOp
//===----------------------------------------------------------------------===//

LogicalResult BroadcastInDimOp::verify() {
  RankedTensorType operand = getOperand().getType();
  RankedTensorType result = getType();
  ArrayRef<int64_t> dims = getBroadcastDimensions();
  // broadcast_in_dim_c1: the element types agree.
  if (!areCompatibleTypes(operand.clone(ArrayRef<int64_t>{}),
                          result.clone(ArrayRef<int64_t>{})))
    return emitOpError() << "result has element type "
                         << result.getElementType() << ", expected "
                         << operand.getElementType();
  // broadcast_in_dim_c2: there is one entry for each dimension of the operand.
  if (static_cast<int64_t>(dims.size()) != operand.getRank())
    return emitOpError() << "broadcast_dimensions has " << dims.size()
                         << " entries, expected one for each of the "
                         << operand.getRank() << " dimensions of the operand";
  llvm::SmallBitVector seen(result.getRank());
  for (auto [index, dim] : llvm::enumerate(dims)) {
    // broadcast_in_dim_c3: each is a dimension of the result.
    if (dim < 0 || dim >= result.getRank())
      return emitOpError() << "broadcast_dimensions[" << index << "] is " << dim
                           << ", expected a dimension of the result of rank "
                           << result.getRank();
    // broadcast_in_dim_c4: no dimension occurs twice.
    if (seen.test(dim))
      return emitOpError() << "broadcast_dimensions names dimension " << dim
                           << " of the result twice";
    seen.set(dim);
    // broadcast_in_dim_c5: a dimension has size 1 or keeps its size.
    int64_t from = operand.getDimSize(index), to = result.getDimSize(dim);
    if (from != 1 && !ShapedType::isDynamic(from) &&
        !ShapedType::isDynamic(to) && from != to)
      return emitOpError() << "operand has size " << from << " in dimension "
                           << index << ", result has " << to << " in dimension "
                           << dim;
  }
  return success();
}

//===----------------------------------------------------------------------===//
// ReshapeOp and ReverseOp
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  // reshape_c1: the element types agree.
  if (!areCompatibleTypes(operand.clone(ArrayRef<int64_t>{}),
                          result.clone(ArrayRef<int64_t>{})))
    return emitOpError() << "result has element type "
                         << result.getElementType() << ", expected "
                         << operand.getElementType();
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
  llvm::SmallBitVector seen(type.getRank());
  for (int64_t dim : getDimensions()) {
    // reverse_c3: each is a dimension of the operand.
    if (dim < 0 || dim >= type.getRank())
      return emitOpError() << "dimensions has " << dim
                           << ", expected a dimension of the operand of rank "
                           << type.getRank();
    // reverse_c2: no dimension occurs twice.
    if (seen.test(dim))
      return emitOpError() << "dimensions names dimension " << dim << " twice";
    seen.set(dim);
  }
  // reverse_c1: the result has the type of the operand.
  if (!areCompatibleTypes(type, getType()))
    return emitOpError() << "result has type " << getType() << ", expected "
                         << type;
  return success();
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
