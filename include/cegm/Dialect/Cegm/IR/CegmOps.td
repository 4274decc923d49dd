//===- CegmOps.td - All ops of the dialect --------------------------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMOPS
#define CEGM_DIALECT_CEGM_IR_CEGMOPS

include "cegm/Dialect/Cegm/IR/CegmScoreOps.td"
include "cegm/Dialect/Cegm/IR/CegmWeightOps.td"
include "cegm/Dialect/Cegm/IR/CegmReportOps.td"
include "cegm/Dialect/Cegm/IR/CegmEntangleOp.td"

#endif // CEGM_DIALECT_CEGM_IR_CEGMOPS
