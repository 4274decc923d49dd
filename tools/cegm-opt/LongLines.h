//===- LongLines.h - Errors in lines that are too long to show --*- C++ -*-===//

#ifndef CEGM_TOOLS_CEGM_OPT_LONGLINES_H
#define CEGM_TOOLS_CEGM_OPT_LONGLINES_H

#include "mlir/IR/DialectRegistry.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mlir::cegm {

/// A constant may be a line of gigabytes. Diagnostics at such a line show its
/// length instead of the line, once a dialect of `registry` is loaded.
void abbreviateLongLines(const llvm::MemoryBuffer &input,
                         DialectRegistry &registry);

} // namespace mlir::cegm

#endif // CEGM_TOOLS_CEGM_OPT_LONGLINES_H
