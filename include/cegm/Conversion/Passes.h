//===- Passes.h - Passes from cegm to other dialects ----------------------===//

#ifndef CEGM_CONVERSION_PASSES_H
#define CEGM_CONVERSION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace mlir::cegm {

#define GEN_PASS_DECL
#include "cegm/Conversion/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cegm/Conversion/Passes.h.inc"

} // namespace mlir::cegm

#endif // CEGM_CONVERSION_PASSES_H
