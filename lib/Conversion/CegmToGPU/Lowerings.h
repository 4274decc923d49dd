//===- Lowerings.h - One function an op -----------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_LOWERINGS_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_LOWERINGS_H

#include "Launcher.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm::to_gpu {

/// Each writes the kernels of one op whose shapes are static and returns what
/// replaces its results.
SmallVector<Value> lowerScore(Launcher &launcher, ScoreOp op);
Value lowerCouple(Launcher &launcher, CoupleOp op);
Value lowerWeigh(Launcher &launcher, WeighOp op);
Value lowerScale(Launcher &launcher, ScaleOp op);

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_LOWERINGS_H
