//===- ParameterNames.cpp - Names of parameters as users write them -------===//

#include "ParameterNames.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"

using llvm::StringRef;

std::string mlir::cegm::normalizeParameterName(StringRef text) {
  std::string result;
  for (char c : text) {
    switch (c) {
    case '\'':
    case '"':
      break;
    case '[':
    case ']':
    case '.':
    case '/':
      if (!StringRef(result).ends_with("/"))
        result.push_back('/');
      break;
    default:
      result.push_back(c);
    }
  }
  return result;
}

bool mlir::cegm::matchesParameterName(StringRef name, StringRef pattern) {
  // The first and the last key have ends, too.
  std::string keys = normalizeParameterName((llvm::Twine(".") + name + ".").str());
  std::string wanted = normalizeParameterName(pattern);
  llvm::SmallVector<StringRef> parts;
  StringRef(wanted).split(parts, '*');
  StringRef rest = keys;
  for (StringRef part : parts) {
    size_t at = rest.find(part);
    if (at == StringRef::npos)
      return false;
    // In `['a']*['b']`, the end of one key may be the beginning of the next.
    size_t used = part.ends_with("/") ? part.size() - 1 : part.size();
    rest = rest.drop_front(at + used);
  }
  return true;
}
