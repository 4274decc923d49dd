//===- SdyShardings.cpp - How shardings are written -----------------------===//

#include "AttributeLists.h"

using namespace mlir;
using namespace mlir::sdy;

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
