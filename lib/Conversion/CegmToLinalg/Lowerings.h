//===- Lowerings.h - One function an op -----------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_LOWERINGS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_LOWERINGS_H

#include "Hierarchy.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm::to_linalg {

/// Each writes the loops of one op and returns what replaces its results.
SmallVector<Value> lowerScore(Emitter &emit, ScoreOp op,
                              const ScoreOptions &options);
Value lowerCouple(Emitter &emit, CoupleOp op);
Value lowerWeigh(Emitter &emit, WeighOp op);
Value lowerScale(Emitter &emit, ScaleOp op);
Value lowerAudit(Emitter &emit, AuditOp op);
Value lowerRecord(Emitter &emit, RecordOp op);
Value lowerCollect(Emitter &emit, CollectOp op);
Value lowerRemoveRadial(Emitter &emit, RemoveRadialOp op);

/// The number in a tensor of rank 0 that is a strength. One that was computed or
/// passed in is NaN where it is out of [0, 1).
Value extractStrength(Emitter &emit, Value strength);

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_LOWERINGS_H
