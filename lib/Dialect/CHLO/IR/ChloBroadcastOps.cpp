//===- ChloBroadcastOps.cpp - Operations with implicit broadcasting -------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

using namespace mlir;
using namespace mlir::chlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloBroadcastOps.cpp.inc"

void ChloDialect::registerBroadcastOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/CHLO/IR/ChloBroadcastOps.cpp.inc"
      >();
}
