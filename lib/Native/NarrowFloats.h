//===- NarrowFloats.h - Roundings that the compiler's library may lack ----===//

#ifndef CEGM_LIB_NATIVE_NARROWFLOATS_H
#define CEGM_LIB_NATIVE_NARROWFLOATS_H

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace mlir::cegm {

/// Gives the code of `engine` the functions that LLVM calls to round to bf16
/// where the processor cannot. They came late to the compilers' own libraries:
/// that of GCC 12 has none of them.
void registerNarrowFloats(ExecutionEngine &engine);

} // namespace mlir::cegm

#endif // CEGM_LIB_NATIVE_NARROWFLOATS_H
