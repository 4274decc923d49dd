//===- AttributeLists.h - Lists of attributes without mnemonics -*- C++ -*-===//

#ifndef CEGM_LIB_DIALECT_SHARDY_IR_ATTRIBUTELISTS_H
#define CEGM_LIB_DIALECT_SHARDY_IR_ATTRIBUTELISTS_H

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "mlir/IR/DialectImplementation.h"

namespace mlir::sdy {

/// Prints `open`, the attributes without their mnemonics, `close`.
template <typename Attr>
void printList(AsmPrinter &printer, char open, ArrayRef<Attr> attrs,
               char close) {
  printer << open;
  llvm::interleaveComma(attrs, printer,
                        [&](Attr attr) { attr.print(printer); });
  printer << close;
}

/// Parses what `printList` prints.
template <typename Attr>
FailureOr<SmallVector<Attr>> parseList(AsmParser &parser,
                                       AsmParser::Delimiter delimiter) {
  SmallVector<Attr> attrs;
  auto parseOne = [&]() -> ParseResult {
    auto attr = dyn_cast_or_null<Attr>(Attr::parse(parser, Type()));
    if (!attr)
      return failure();
    attrs.push_back(attr);
    return success();
  };
  if (parser.parseCommaSeparatedList(delimiter, parseOne))
    return failure();
  return attrs;
}

/// Axes in braces.
inline FailureOr<SmallVector<AxisRefAttr>> parseAxes(AsmParser &parser) {
  return parseList<AxisRefAttr>(parser, AsmParser::Delimiter::Braces);
}

} // namespace mlir::sdy

#endif // CEGM_LIB_DIALECT_SHARDY_IR_ATTRIBUTELISTS_H
