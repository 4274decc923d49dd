//===- SdyAttrs.cpp - How meshes and shardings are written ----------------===//

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "mlir/IR/DialectImplementation.h"
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

/// Prints `open`, the attributes without their mnemonics, `close`.
template <typename Attr>
static void printList(AsmPrinter &printer, char open, ArrayRef<Attr> attrs,
                      char close) {
  printer << open;
  llvm::interleaveComma(attrs, printer,
                        [&](Attr attr) { attr.print(printer); });
  printer << close;
}

/// Parses what `printList` prints.
template <typename Attr>
static FailureOr<SmallVector<Attr>> parseList(AsmParser &parser,
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

static FailureOr<SmallVector<AxisRefAttr>> parseAxes(AsmParser &parser) {
  return parseList<AxisRefAttr>(parser, AsmParser::Delimiter::Braces);
}

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
  if (parser.parseString(&name) || parser.parseEqual() ||
      parser.parseInteger(size))
    return {};
  return get(parser.getContext(), name, size);
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
  return get(parser.getContext(), *axes, ids);
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

//===----------------------------------------------------------------------===//
// Shardings
//===----------------------------------------------------------------------===//

void DimensionShardingAttr::print(AsmPrinter &printer) const {
  printer << '{';
  llvm::interleaveComma(getAxes(), printer,
                        [&](AxisRefAttr axis) { axis.print(printer); });
  if (!getIsClosed())
    printer << (getAxes().empty() ? "?" : ", ?");
  printer << '}';
  if (getPriority())
    printer << 'p' << *getPriority();
}

Attribute DimensionShardingAttr::parse(AsmParser &parser, Type) {
  SmallVector<AxisRefAttr> axes;
  bool isClosed = true;
  auto parseAxis = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    if (!isClosed)
      return parser.emitError(loc, "expected no axis after ?");
    if (succeeded(parser.parseOptionalQuestion())) {
      isClosed = false;
      return success();
    }
    auto axis =
        dyn_cast_or_null<AxisRefAttr>(AxisRefAttr::parse(parser, Type()));
    if (!axis)
      return failure();
    axes.push_back(axis);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseAxis))
    return {};
  std::optional<int64_t> priority;
  SMLoc loc = parser.getCurrentLocation();
  StringRef keyword;
  if (succeeded(parser.parseOptionalKeyword(&keyword))) {
    int64_t number;
    if (!keyword.consume_front("p") || keyword.getAsInteger(10, number)) {
      parser.emitError(loc, "expected a priority such as p0");
      return {};
    }
    priority = number;
  }
  return get(parser.getContext(), axes, isClosed, priority);
}

void TensorShardingAttr::print(AsmPrinter &printer) const {
  printer << '<';
  if (auto mesh = dyn_cast<MeshAttr>(getMeshOrRef())) {
    printer << "mesh";
    mesh.print(printer);
  } else {
    printer << getMeshOrRef();
  }
  printer << ", ";
  printList(printer, '[', getDimShardings(), ']');
  for (auto [name, axes] : {std::pair("replicated", getReplicatedAxes()),
                            std::pair("unreduced", getUnreducedAxes())}) {
    if (axes.empty())
      continue;
    printer << ", " << name << '=';
    printList(printer, '{', axes, '}');
  }
  printer << '>';
}

Attribute TensorShardingAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  Attribute mesh;
  if (succeeded(parser.parseOptionalKeyword("mesh"))) {
    mesh = MeshAttr::parse(parser, Type());
  } else {
    FlatSymbolRefAttr symbol;
    if (parser.parseAttribute(symbol))
      return {};
    mesh = symbol;
  }
  if (!mesh || parser.parseComma())
    return {};
  auto dims =
      parseList<DimensionShardingAttr>(parser, AsmParser::Delimiter::Square);
  if (failed(dims))
    return {};
  SmallVector<AxisRefAttr> replicated, unreduced;
  while (succeeded(parser.parseOptionalComma())) {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parser.parseKeyword(&name) || parser.parseEqual())
      return {};
    auto axes = parseAxes(parser);
    if (failed(axes))
      return {};
    if (name == "replicated" && replicated.empty() && unreduced.empty()) {
      replicated = std::move(*axes);
    } else if (name == "unreduced" && unreduced.empty()) {
      unreduced = std::move(*axes);
    } else {
      parser.emitError(loc) << "expected replicated, then unreduced axes, but "
                               "got "
                            << name;
      return {};
    }
  }
  if (parser.parseGreater())
    return {};
  return get(parser.getContext(), mesh, *dims, replicated, unreduced);
}

void TensorShardingPerValueAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printList(printer, '[', getShardings(), ']');
  printer << '>';
}

Attribute TensorShardingPerValueAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  auto shardings =
      parseList<TensorShardingAttr>(parser, AsmParser::Delimiter::Square);
  if (failed(shardings) || parser.parseGreater())
    return {};
  return get(parser.getContext(), *shardings);
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
