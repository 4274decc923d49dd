//===- Exponentials.h - Exponential functions on the device ---------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_EXPONENTIALS_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_EXPONENTIALS_H

#include "Body.h"

namespace mlir::cegm::to_gpu {

/// Of f64 numbers, within a few units of the last place. They are written out
/// since the device has no mathematical library, and MLIR's approximations are
/// for f32; one number a token costs nothing. NaNs are not provided for.
Value emitExp(Body &body, Value value);
Value emitExpm1(Body &body, Value value);
Value emitTanh(Body &body, Value value);

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_EXPONENTIALS_H
