//===- Passes.h - Passes on the way to machine code -------------*- C++ -*-===//

#ifndef CEGM_CODEGEN_PASSES_H
#define CEGM_CODEGEN_PASSES_H

#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::cegm {

/// The number of the entry function's result that an argument receives, as an
/// attribute of that argument.
inline constexpr llvm::StringLiteral kResultAttrName = "cegm.result";

#define GEN_PASS_DECL
#include "cegm/Codegen/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cegm/Codegen/Passes.h.inc"

} // namespace mlir::cegm

#endif // CEGM_CODEGEN_PASSES_H
