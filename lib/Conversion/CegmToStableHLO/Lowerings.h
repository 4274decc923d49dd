//===- Lowerings.h - One function an op -----------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_LOWERINGS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_LOWERINGS_H

#include "Emitter.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm::to_stablehlo {

/// Each writes the StableHLO of one op and returns what replaces its results.
SmallVector<Value> lowerScore(Emitter &emit, ScoreOp op);
Value lowerCouple(Emitter &emit, CoupleOp op);
Value lowerWeigh(Emitter &emit, WeighOp op);
Value lowerScale(Emitter &emit, ScaleOp op);
Value lowerAudit(Emitter &emit, AuditOp op);
Value lowerRecord(Emitter &emit, RecordOp op);
Value lowerCollect(Emitter &emit, CollectOp op);
Value lowerRemoveRadial(Emitter &emit, RemoveRadialOp op);

/// A strength that was computed or passed in, NaN where it is out of [0, 1).
Value checkStrength(Emitter &emit, Value strength);

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_LOWERINGS_H
