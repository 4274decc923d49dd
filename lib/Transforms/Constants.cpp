//===- Constants.cpp - Constants in the dialect of a step -----------------===//

#include "Constants.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

Value cegm::createConstantLike(OpBuilder &builder, Location loc, Operation *op,
                               TypedAttr value) {
  if (Operation *constant = op->getDialect()->materializeConstant(
          builder, value, value.getType(), loc))
    return constant->getResult(0);
  return arith::ConstantOp::create(builder, loc, value);
}
