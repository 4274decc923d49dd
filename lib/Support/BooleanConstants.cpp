//===- BooleanConstants.cpp - Boolean constants in hexadecimal ------------===//

#include "cegm/Support/BooleanConstants.h"

#include "mlir/Bytecode/BytecodeReader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {
/// A constant in hexadecimal, of booleans.
struct HexBooleans {
  /// Where the string stands in the text, with its quotes.
  size_t begin, end;
  StringRef digits;
  SmallVector<int64_t> shape;
  int64_t count = 1;

  SmallVector<char> bytes() const {
    SmallVector<char> bytes;
    for (size_t i = 0; i + 1 < digits.size(); i += 2)
      bytes.push_back(llvm::hexFromNibbles(digits[i], digits[i + 1]));
    return bytes;
  }
};
} // namespace

static constexpr StringLiteral kOpening = "dense<\"0x";

/// Reads `> : tensor<3x4xi1>`; fails if it is of other elements.
static LogicalResult readType(StringRef text, HexBooleans &constant) {
  text = text.ltrim();
  if (!text.consume_front(">"))
    return failure();
  text = text.ltrim();
  if (!text.consume_front(":"))
    return failure();
  text = text.ltrim();
  if (!text.consume_front("tensor<") && !text.consume_front("vector<"))
    return failure();
  int64_t size;
  while (!text.empty() && llvm::isDigit(text.front())) {
    if (text.consumeInteger(10, size) || !text.consume_front("x"))
      return failure();
    constant.shape.push_back(size);
    if (llvm::MulOverflow(constant.count, size, constant.count))
      return failure();
  }
  return success(text.starts_with("i1>") || text.starts_with("i1,"));
}

/// Calls `use` with each boolean constant in hexadecimal, in order.
static void forEachHexBooleans(StringRef text,
                               function_ref<void(const HexBooleans &)> use) {
  size_t at = 0;
  while ((at = text.find(kOpening, at)) != StringRef::npos) {
    size_t digits = at + kOpening.size();
    size_t close = text.find('"', digits);
    if (close == StringRef::npos)
      return;
    HexBooleans constant;
    constant.begin = at + StringRef("dense<").size();
    constant.end = close + 1;
    constant.digits = text.slice(digits, close);
    at = close;
    if (succeeded(readType(text.drop_front(constant.end), constant)) &&
        constant.digits.size() % 2 == 0 &&
        llvm::all_of(constant.digits, llvm::isHexDigit))
      use(constant);
  }
}

std::optional<std::vector<char>> cegm::packBooleans(ArrayRef<char> bytes,
                                                    int64_t count) {
  // A single element has a byte in either form.
  if (count < 2 || int64_t(bytes.size()) != count ||
      llvm::any_of(bytes, [](char byte) { return byte != 0 && byte != 1; }))
    return std::nullopt;
  std::vector<char> packed((count + 7) / 8);
  for (auto [place, byte] : llvm::enumerate(bytes))
    packed[place / 8] |= byte << (place % 8);
  return packed;
}

static void writeHex(ArrayRef<char> bytes, llvm::raw_ostream &os) {
  os << "\"0x";
  for (char byte : bytes)
    os << llvm::hexdigit((byte >> 4) & 15) << llvm::hexdigit(byte & 15);
  os << '"';
}

std::optional<std::string> cegm::packBooleanConstants(StringRef text) {
  std::optional<std::string> result;
  forEachHexBooleans(text, [&](const HexBooleans &constant) {
    auto packed = packBooleans(constant.bytes(), constant.count);
    if (!packed)
      return;
    if (!result)
      result = text.str();
    std::string hex;
    llvm::raw_string_ostream stream(hex);
    writeHex(*packed, stream);
    // Spaces keep the columns of what follows, for diagnostics.
    hex.resize(constant.end - constant.begin, ' ');
    result->replace(constant.begin, hex.size(), hex);
  });
  return result;
}

std::unique_ptr<llvm::MemoryBuffer>
cegm::packBooleanConstants(std::unique_ptr<llvm::MemoryBuffer> buffer) {
  if (isBytecode(buffer->getMemBufferRef()))
    return buffer;
  std::optional<std::string> packed = packBooleanConstants(buffer->getBuffer());
  if (!packed)
    return buffer;
  return llvm::MemoryBuffer::getMemBufferCopy(*packed,
                                              buffer->getBufferIdentifier());
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

BooleanConstantsStream::~BooleanConstantsStream() {
  flush();
  writeLine(line);
}

void BooleanConstantsStream::write_impl(const char *data, size_t size) {
  position += size;
  StringRef rest(data, size);
  while (!rest.empty()) {
    auto [first, others] = rest.split('\n');
    bool isWhole = first.size() < rest.size();
    line.append(first.begin(), first.end());
    if (isWhole) {
      line.push_back('\n');
      writeLine(line);
      line.clear();
    }
    rest = others;
  }
}

/// Writes elements in brackets, one pair for each dimension.
static void writeWords(ArrayRef<char> packed, ArrayRef<int64_t> shape,
                       int64_t &place, llvm::raw_ostream &os) {
  if (shape.empty()) {
    os << (((packed[place / 8] >> (place % 8)) & 1) ? "true" : "false");
    ++place;
    return;
  }
  os << '[';
  for (int64_t i = 0; i < shape.front(); ++i) {
    if (i)
      os << ", ";
    writeWords(packed, shape.drop_front(), place, os);
  }
  os << ']';
}

void BooleanConstantsStream::writeLine(StringRef line) {
  size_t written = 0;
  forEachHexBooleans(line, [&](const HexBooleans &constant) {
    SmallVector<char> packed = constant.bytes();
    // One byte may be all elements of a constant of one value.
    if (constant.count < 2 || packed.size() < 2 ||
        int64_t(packed.size()) != (constant.count + 7) / 8)
      return;
    os << line.slice(written, constant.begin);
    written = constant.end;
    if (form == Form::Words) {
      int64_t place = 0;
      writeWords(packed, constant.shape, place, os);
      return;
    }
    SmallVector<char> bytes(constant.count);
    for (auto [place, byte] : llvm::enumerate(bytes))
      byte = (packed[place / 8] >> (place % 8)) & 1;
    writeHex(bytes, os);
  });
  os << line.drop_front(written);
}
