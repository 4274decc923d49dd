//===- Constants.h - Constants in the dialect of a step ---------*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_CONSTANTS_H
#define CEGM_LIB_TRANSFORMS_CONSTANTS_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace mlir::cegm {

/// A constant as the dialect of `op` writes it, or `arith.constant` where the
/// dialect has none of its own (linalg, scf).
Value createConstantLike(OpBuilder &builder, Location loc, Operation *op,
                         TypedAttr value);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_CONSTANTS_H
