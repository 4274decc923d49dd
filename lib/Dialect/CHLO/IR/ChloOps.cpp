//===- ChloOps.cpp - The CHLO dialect -------------------------------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::chlo;

#include "cegm/Dialect/CHLO/IR/ChloDialect.cpp.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloOps.cpp.inc"

void ChloDialect::initialize() {
  registerAttributes();
  registerOps();
  registerBroadcastOps();
  allowUnknownOperations();
  addInterfaces<cegm::FreelyInlined>();
}

void ChloDialect::registerOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/CHLO/IR/ChloOps.cpp.inc"
      >();
}

Operation *ChloDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  auto elements = dyn_cast<ElementsAttr>(value);
  if (!elements || elements.getType() != type)
    return nullptr;
  return stablehlo::ConstantOp::create(builder, loc, elements);
}

OpFoldResult ConstantOp::fold(FoldAdaptor) {
  return getValue().getType() == getType() ? getValue() : OpFoldResult();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  stablehlo::printConstantOp(printer, *this, getValue());
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &state) {
  return stablehlo::parseConstantOp(parser, state);
}

LogicalResult ConstantLikeOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  if (Type type = cast<TypedAttr>(getValue()).getType();
      type != result.getElementType())
    return emitOpError() << "value has type " << type << ", expected "
                         << result.getElementType()
                         << ", the element type of the result";
  return stablehlo::checkShape(*this, "result", result, operand.getShape());
}

LogicalResult TopKOp::verify() {
  RankedTensorType operand = getOperand().getType();
  int64_t k = getK();
  if (operand.getRank() == 0)
    return emitOpError() << "operand has type " << operand
                         << ", expected a rank of 1 or more";
  int64_t last = operand.getShape().back();
  if (k < 0 || (!ShapedType::isDynamic(last) && k > last))
    return emitOpError() << "k is " << k << ", expected 0 to " << last
                         << ", the size of the last dimension";
  SmallVector<int64_t> shape(operand.getShape());
  shape.back() = k;
  if (failed(stablehlo::checkType(*this, "values", getValues().getType(),
                                  operand.clone(shape))))
    return failure();
  return stablehlo::checkType(
      *this, "indices", getIndices().getType(),
      RankedTensorType::get(shape, IntegerType::get(getContext(), 32)));
}
