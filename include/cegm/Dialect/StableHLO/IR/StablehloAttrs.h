//===- StablehloAttrs.h - Dialect, types and attributes -------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_STABLEHLOATTRS_H
#define CEGM_DIALECT_STABLEHLO_IR_STABLEHLOATTRS_H

#include "mlir/Dialect/Quant/IR/Quant.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/IR/TensorEncoding.h"
#include "llvm/ADT/APFloat.h"

#include "cegm/Dialect/StableHLO/IR/StablehloDialect.h.inc"
#include "cegm/Dialect/StableHLO/IR/StablehloEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "cegm/Dialect/StableHLO/IR/StablehloTypes.h.inc"

#endif // CEGM_DIALECT_STABLEHLO_IR_STABLEHLOATTRS_H
