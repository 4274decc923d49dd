//===- LongLines.cpp - Errors in lines that are too long to show ----------===//

#include "LongLines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

static constexpr size_t kLongLine = 10000;

namespace {
/// Lengths of the long lines of a file, by their numbers from 1.
struct LongLines {
  std::string file;
  DenseMap<unsigned, size_t> lengths;

  explicit LongLines(const llvm::MemoryBuffer &input)
      : file(input.getBufferIdentifier()) {
    StringRef rest = input.getBuffer();
    for (unsigned number = 1; !rest.empty(); ++number) {
      size_t length = std::min(rest.find('\n'), rest.size());
      if (length > kLongLine)
        lengths[number] = length;
      rest = rest.drop_front(std::min(length + 1, rest.size()));
    }
  }

  /// Prints what is reported at a long line, and only that.
  LogicalResult handle(Diagnostic &diagnostic) const {
    auto place = diagnostic.getLocation()->findInstanceOf<FileLineColLoc>();
    auto line = place && place.getFilename() == file
                    ? lengths.find(place.getLine())
                    : lengths.end();
    if (line == lengths.end())
      return failure();
    print(diagnostic, place);
    llvm::errs() << "(the line has " << line->second
                 << " characters and is not shown)\n";
    for (Diagnostic &note : diagnostic.getNotes())
      print(note, note.getLocation()->findInstanceOf<FileLineColLoc>());
    return success();
  }

private:
  static void print(Diagnostic &diagnostic, FileLineColLoc place) {
    const char *const kinds[] = {"note", "warning", "error", "remark"};
    if (place)
      llvm::errs() << place.getFilename().getValue() << ":" << place.getLine()
                   << ":" << place.getColumn() << ": ";
    llvm::errs() << kinds[static_cast<int>(diagnostic.getSeverity())] << ": "
                 << diagnostic << "\n";
  }
};

/// Adds the handler. The last handler is asked first, and mlir-opt adds its own
/// between the creation of the context and the first dialect of the text.
struct LongLinesExtension
    : DialectExtension<LongLinesExtension, func::FuncDialect> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LongLinesExtension)

  explicit LongLinesExtension(std::shared_ptr<const LongLines> lines)
      : lines(std::move(lines)) {}

  void apply(MLIRContext *context, func::FuncDialect *) const final {
    context->getDiagEngine().registerHandler(
        [lines = lines](Diagnostic &diagnostic) {
          return lines->handle(diagnostic);
        });
  }

private:
  std::shared_ptr<const LongLines> lines;
};
} // namespace

void cegm::abbreviateLongLines(const llvm::MemoryBuffer &input,
                               DialectRegistry &registry) {
  auto lines = std::make_shared<const LongLines>(input);
  if (!lines->lengths.empty())
    registry.addExtension(TypeID::get<LongLinesExtension>(),
                          std::make_unique<LongLinesExtension>(lines));
}
