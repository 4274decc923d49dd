//===- SdyAttrs.cpp - How meshes and axes are written ---------------------===//

#include "AttributeLists.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sdy;

#include "cegm/Dialect/Shardy/IR/SdyEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/Shardy/IR/SdyAttrs.cpp.inc"

void SdyDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cegm/Dialect/Shardy/IR/SdyAttrs.cpp.inc"
      >();
}

Attribute SdyDialect::parseAttribute(DialectAsmParser &parser,
                                     Type type) const {
  StringRef mnemonic;
  Attribute attr;
  if (generatedAttributeParser(parser, &mnemonic, type, attr).has_value())
    return attr;
  // As in StableHLO, what is not known is kept as text.
  return OpaqueAttr::get(StringAttr::get(getContext(), getNamespace()),
                         parser.getFullSymbolSpec(),
                         type ? type : NoneType::get(getContext()));
}

void SdyDialect::printAttribute(Attribute attr,
                                DialectAsmPrinter &printer) const {
  (void)generatedAttributePrinter(attr, printer);
}

//===----------------------------------------------------------------------===//
// Lists
//===----------------------------------------------------------------------===//

void AxisRefListAttr::print(AsmPrinter &printer) const {
  printList(printer, '{', getValue(), '}');
}

Attribute AxisRefListAttr::parse(AsmParser &parser, Type) {
  auto axes = parseAxes(parser);
  return succeeded(axes) ? get(parser.getContext(), *axes) : Attribute();
}

void ListOfAxisRefListsAttr::print(AsmPrinter &printer) const {
  printList(printer, '[', getValue(), ']');
}

Attribute ListOfAxisRefListsAttr::parse(AsmParser &parser, Type) {
  auto lists = parseList<AxisRefListAttr>(parser, AsmParser::Delimiter::Square);
  return succeeded(lists) ? get(parser.getContext(), *lists) : Attribute();
}

void AllToAllParamListAttr::print(AsmPrinter &printer) const {
  printList(printer, '[', getValue(), ']');
}

Attribute AllToAllParamListAttr::parse(AsmParser &parser, Type) {
  auto params =
      parseList<AllToAllParamAttr>(parser, AsmParser::Delimiter::Square);
  return succeeded(params) ? get(parser.getContext(), *params) : Attribute();
}

Attribute PropagationEdgesAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess())
    return {};
  auto steps =
      parseList<PropagationOneStepAttr>(parser, AsmParser::Delimiter::Square);
  if (failed(steps) || parser.parseGreater())
    return {};
  return parser.getChecked<PropagationEdgesAttr>(loc, parser.getContext(),
                                                 *steps);
}

void ManualAxesAttr::print(AsmPrinter &printer) const {
  printer << '{';
  llvm::interleaveComma(getValue(), printer, [&](StringAttr axis) {
    printer.printString(axis.getValue());
  });
  printer << '}';
}

Attribute ManualAxesAttr::parse(AsmParser &parser, Type) {
  SmallVector<StringAttr> axes;
  auto parseAxis = [&]() -> ParseResult {
    std::string axis;
    if (parser.parseString(&axis))
      return failure();
    axes.push_back(StringAttr::get(parser.getContext(), axis));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseAxis))
    return {};
  return get(parser.getContext(), axes);
}

//===----------------------------------------------------------------------===//
// Meshes and axes
//===----------------------------------------------------------------------===//

void MeshAxisAttr::print(AsmPrinter &printer) const {
  printer.printString(getName());
  printer << '=' << getSize();
}

Attribute MeshAxisAttr::parse(AsmParser &parser, Type) {
  std::string name;
  int64_t size;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseString(&name) || parser.parseEqual() ||
      parser.parseInteger(size))
    return {};
  return parser.getChecked<MeshAxisAttr>(loc, parser.getContext(), name, size);
}

void MeshAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printList(printer, '[', getAxes(), ']');
  if (!getDeviceIds().empty()) {
    printer << ", device_ids=[";
    llvm::interleaveComma(getDeviceIds(), printer);
    printer << ']';
  }
  printer << '>';
}

Attribute MeshAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess())
    return {};
  auto axes = parseList<MeshAxisAttr>(parser, AsmParser::Delimiter::Square);
  if (failed(axes))
    return {};
  SmallVector<int64_t> ids;
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("device_ids") || parser.parseEqual() ||
       parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
         return parser.parseInteger(ids.emplace_back());
       })))
    return {};
  if (parser.parseGreater())
    return {};
  // In order they say what their absence says, as in the official dialect.
  int64_t count = ids.size();
  if (!axes->empty() && llvm::equal(ids, llvm::seq<int64_t>(0, count))) {
    int64_t product = 1;
    for (MeshAxisAttr axis : *axes)
      product *= axis.getSize();
    if (product == count)
      ids.clear();
  }
  return parser.getChecked<MeshAttr>(loc, parser.getContext(), *axes, ids);
}

void SubAxisInfoAttr::print(AsmPrinter &printer) const {
  printer << '(' << getPreSize() << ')' << getSize();
}

Attribute SubAxisInfoAttr::parse(AsmParser &parser, Type) {
  int64_t preSize, size;
  if (parser.parseLParen() || parser.parseInteger(preSize) ||
      parser.parseRParen() || parser.parseInteger(size))
    return {};
  return get(parser.getContext(), preSize, size);
}

void AxisRefAttr::print(AsmPrinter &printer) const {
  printer.printString(getName());
  if (!getSubAxisInfo())
    return;
  printer << ':';
  getSubAxisInfo().print(printer);
}

Attribute AxisRefAttr::parse(AsmParser &parser, Type) {
  std::string name;
  if (parser.parseString(&name))
    return {};
  SubAxisInfoAttr part;
  // In a list of all_to_all parameters a colon also follows the brace, never
  // the name itself.
  if (succeeded(parser.parseOptionalColon())) {
    part = dyn_cast_or_null<SubAxisInfoAttr>(
        SubAxisInfoAttr::parse(parser, Type()));
    if (!part)
      return {};
  }
  return get(parser.getContext(), name, part);
}

void AllToAllParamAttr::print(AsmPrinter &printer) const {
  printList(printer, '{', getAxes(), '}');
  printer << ": " << getSrcDim() << "->" << getTgtDim();
}

Attribute AllToAllParamAttr::parse(AsmParser &parser, Type) {
  auto axes = parseAxes(parser);
  int64_t source, target;
  if (failed(axes) || parser.parseColon() || parser.parseInteger(source) ||
      parser.parseArrow() || parser.parseInteger(target))
    return {};
  return get(parser.getContext(), *axes, source, target);
}
