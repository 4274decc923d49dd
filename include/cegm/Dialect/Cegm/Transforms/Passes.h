//===- Passes.h - Passes from cegm to cegm --------------------------------===//

#ifndef CEGM_DIALECT_CEGM_TRANSFORMS_PASSES_H
#define CEGM_DIALECT_CEGM_TRANSFORMS_PASSES_H

#include "cegm/Dialect/Cegm/IR/Cegm.h"
#include "mlir/Pass/Pass.h"

namespace mlir::cegm {

#define GEN_PASS_DECL
#include "cegm/Dialect/Cegm/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cegm/Dialect/Cegm/Transforms/Passes.h.inc"

} // namespace mlir::cegm

#endif // CEGM_DIALECT_CEGM_TRANSFORMS_PASSES_H
