//===- BufferRoots.h - Which buffers share memory ---------------*- C++ -*-===//

#ifndef CEGM_LIB_CODEGEN_BUFFERROOTS_H
#define CEGM_LIB_CODEGEN_BUFFERROOTS_H

#include "mlir/IR/Value.h"

namespace mlir::cegm {

/// The buffer that `memref` is a view of, through any number of views.
Value findRoot(Value memref);

/// Whether two memrefs may share memory. Arguments of a function that is an
/// entry or has `llvm.noalias` on one of the two do not.
bool mayShareMemory(Value a, Value b);

} // namespace mlir::cegm

#endif // CEGM_LIB_CODEGEN_BUFFERROOTS_H
