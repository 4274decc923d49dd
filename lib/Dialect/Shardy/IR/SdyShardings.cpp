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
    if (keyword.size() > 1 && keyword.front() == '0') {
      parser.emitError(loc) << "expected a priority without leading zeros, p"
                            << number << ", but got p" << keyword;
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
    if (name == StringRef("unreduced") && getReductionOp() != ReductionOp::SUM)
      printer << stringifyReductionOp(getReductionOp());
    printList(printer, '{', axes, '}');
  }
  printer << '>';
}

/// Parses what is reduced, before the axes; nothing for a sum.
static ParseResult parseReduction(AsmParser &parser, ReductionOp &reduction) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (failed(parser.parseOptionalKeyword(&name)))
    return success();
  auto found = symbolizeReductionOp(name);
  if (!found)
    return parser.emitError(loc)
           << "expected sum, max or min, but got " << name;
  reduction = *found;
  return success();
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
  std::optional<SmallVector<AxisRefAttr>> replicated, unreduced;
  ReductionOp reduction = ReductionOp::SUM;
  while (succeeded(parser.parseOptionalComma())) {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parser.parseKeyword(&name) || parser.parseEqual())
      return {};
    auto *list = name == "replicated"  ? &replicated
                 : name == "unreduced" ? &unreduced
                                       : nullptr;
    if (!list || *list) {
      parser.emitError(loc) << "expected replicated and unreduced axes, each "
                               "at most once, but got "
                            << name;
      return {};
    }
    if (list == &unreduced && failed(parseReduction(parser, reduction)))
      return {};
    auto axes = parseAxes(parser);
    if (failed(axes))
      return {};
    *list = std::move(*axes);
  }
  if (parser.parseGreater())
    return {};
  return get(parser.getContext(), mesh, *dims,
             replicated.value_or(SmallVector<AxisRefAttr>()),
             unreduced.value_or(SmallVector<AxisRefAttr>()), reduction);
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
