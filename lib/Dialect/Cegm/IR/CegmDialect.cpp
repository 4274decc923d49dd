//===- CegmDialect.cpp - The cegm dialect ---------------------------------===//

#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cegm;

#include "cegm/Dialect/Cegm/IR/CegmDialect.cpp.inc"

#include "cegm/Dialect/Cegm/IR/CegmEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/Cegm/IR/CegmAttributes.cpp.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/Cegm/IR/CegmOps.cpp.inc"

void CegmDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/Cegm/IR/CegmOps.cpp.inc"
      >();
}

void CegmDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cegm/Dialect/Cegm/IR/CegmAttributes.cpp.inc"
      >();
}

Operation *CegmDialect::materializeConstant(OpBuilder &builder, Attribute value,
                                            Type type, Location loc) {
  return arith::ConstantOp::materialize(builder, value, type, loc);
}
