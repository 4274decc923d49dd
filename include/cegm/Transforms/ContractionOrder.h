//===- ContractionOrder.h - Which operand of a contraction is first -*- C++
//-*-//

#ifndef CEGM_TRANSFORMS_CONTRACTIONORDER_H
#define CEGM_TRANSFORMS_CONTRACTIONORDER_H

#include "mlir/IR/Operation.h"

namespace mlir::cegm {

/// The transpose that is the only use of a contraction's result and that
/// exchanging the contraction's operands would make superfluous; null if there
/// is none.
Operation *findExchangingTranspose(Operation *contraction);

} // namespace mlir::cegm

#endif // CEGM_TRANSFORMS_CONTRACTIONORDER_H
