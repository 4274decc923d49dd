//===- DynamicShapeOps.cpp - Operations with shapes known at run time -----===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

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
