//===- ChloOps.h - The CHLO dialect ---------------------------------------===//

#ifndef CEGM_DIALECT_CHLO_IR_CHLOOPS_H
#define CEGM_DIALECT_CHLO_IR_CHLOOPS_H

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "cegm/Dialect/CHLO/IR/ChloDialect.h.inc"
#include "cegm/Dialect/CHLO/IR/ChloEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloAttrs.h.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloBroadcastOps.h.inc"

#endif // CEGM_DIALECT_CHLO_IR_CHLOOPS_H
