//===- InputFormat.h - What a file is that is no MLIR -----------*- C++ -*-===//

#ifndef CEGM_SUPPORT_INPUTFORMAT_H
#define CEGM_SUPPORT_INPUTFORMAT_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace llvm {
class MemoryBuffer;
} // namespace llvm

namespace mlir::cegm {

/// Why the contents of a file are neither MLIR text nor bytecode of a dialect
/// that is read here, and what to do about it, as the rest of a sentence that
/// begins with the file's name. Nothing is said of other contents, which a
/// parser judges.
std::optional<std::string> describeForeignInput(StringRef contents);

/// The buffer without the mark that some editors write in front of UTF-8.
std::unique_ptr<llvm::MemoryBuffer>
dropByteOrderMark(std::unique_ptr<llvm::MemoryBuffer> buffer);

} // namespace mlir::cegm

#endif // CEGM_SUPPORT_INPUTFORMAT_H
