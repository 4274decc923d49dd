//===- ChloOps.cpp - The CHLO dialect -------------------------------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"

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
