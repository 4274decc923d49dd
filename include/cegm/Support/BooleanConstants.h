//===- BooleanConstants.h - Boolean constants in hexadecimal ----*- C++ -*-===//
//
// MLIR prints constants of many elements as a string of hexadecimal digits. For
// booleans, MLIR 22 packs eight elements into a byte, and later releases, which
// frontends are built with, give each a byte of its own. Neither reads the other.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_SUPPORT_BOOLEANCONSTANTS_H
#define CEGM_SUPPORT_BOOLEANCONSTANTS_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

namespace mlir::cegm {

/// `text` with its boolean constants packed as MLIR 22 expects them. Every other
/// character stays where it is. None if there is nothing to pack.
std::optional<std::string> packBooleanConstants(StringRef text);

/// The same for a file that was read; bytecode stays as it is.
std::unique_ptr<llvm::MemoryBuffer>
packBooleanConstants(std::unique_ptr<llvm::MemoryBuffer> buffer);

/// The elements of a boolean constant in which each has a byte, packed; none if
/// `bytes` is not such a constant of `count` elements.
std::optional<std::vector<char>> packBooleans(ArrayRef<char> bytes,
                                              int64_t count);

/// Passes on what is printed, with packed boolean constants in another form.
class BooleanConstantsStream : public llvm::raw_ostream {
public:
  enum class Form {
    /// A byte for each element, as later releases of MLIR have it.
    Bytes,
    /// `true` and `false`, which all releases read.
    Words,
  };

  BooleanConstantsStream(llvm::raw_ostream &os, Form form)
      : os(os), form(form) {}
  ~BooleanConstantsStream() override;

private:
  void write_impl(const char *data, size_t size) override;
  uint64_t current_pos() const override { return position; }
  void writeLine(StringRef line);

  llvm::raw_ostream &os;
  Form form;
  /// The last line, as long as its end is missing: a constant is on one line with
  /// its type.
  std::string line;
  uint64_t position = 0;
};

} // namespace mlir::cegm

#endif // CEGM_SUPPORT_BOOLEANCONSTANTS_H
