//===- Cegm.h - The cegm dialect ------------------------------------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGM_H
#define CEGM_DIALECT_CEGM_IR_CEGM_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/Dialect/Linalg/IR/LinalgInterfaces.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "cegm/Dialect/Cegm/IR/CegmDialect.h.inc"

#include "cegm/Dialect/Cegm/IR/CegmEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/Cegm/IR/CegmAttributes.h.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/Cegm/IR/CegmOps.h.inc"

namespace mlir::cegm {

/// The element type of scores and weights: f64 if that of the context or of the
/// gradient is, f32 otherwise.
FloatType getScoreType(Type context, Type gradient);

/// The levels that `windows` stands for along a sequence of `length` positions
/// (which may be dynamic): a window of the whole sequence is 0, and a level
/// counts once.
SmallVector<int64_t> getWindowLevels(ArrayRef<int64_t> windows, int64_t length);

/// Whether a group of devices has more than one, so that they have to
/// communicate; null for an op without groups.
inline bool spansDevices(DenseIntElementsAttr groups) {
  return groups && groups.getType().getDimSize(1) > 1;
}

/// Verifies, for a lowering to the code of one device, that the op needs no
/// other; `target` is what it is lowered to.
LogicalResult verifyOneDevice(Operation *op, StringRef target);

/// The names of the elements of the row that `cegm.audit` returns, in order,
/// without or with those about the parameter gradients.
ArrayRef<StringRef> getAuditMetricNames(bool withGradients);

} // namespace mlir::cegm

#endif // CEGM_DIALECT_CEGM_IR_CEGM_H
