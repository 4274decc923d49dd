//===- SdyDialect.h - The Shardy dialect ----------------------------------===//

#ifndef CEGM_DIALECT_SHARDY_IR_SDYDIALECT_H
#define CEGM_DIALECT_SHARDY_IR_SDYDIALECT_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h"

#include "cegm/Dialect/Shardy/IR/SdyDialect.h.inc"
#include "cegm/Dialect/Shardy/IR/SdyEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/Shardy/IR/SdyAttrs.h.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/Shardy/IR/SdyOps.h.inc"

#endif // CEGM_DIALECT_SHARDY_IR_SDYDIALECT_H
