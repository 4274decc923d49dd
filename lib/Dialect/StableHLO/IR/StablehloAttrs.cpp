//===- StablehloAttrs.cpp - Types and attributes of StableHLO -------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::stablehlo;

#include "cegm/Dialect/StableHLO/IR/StablehloEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "cegm/Dialect/StableHLO/IR/StablehloTypes.cpp.inc"

void StablehloDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.cpp.inc"
      >();
}

void StablehloDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "cegm/Dialect/StableHLO/IR/StablehloTypes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Unknown attributes and types
//===----------------------------------------------------------------------===//

// What the generated parsers do not know is kept as text, so that a module with
// newer attributes than this project's still goes through.

Attribute StablehloDialect::parseAttribute(DialectAsmParser &parser,
                                           Type type) const {
  StringRef mnemonic;
  Attribute attr;
  OptionalParseResult parsed =
      generatedAttributeParser(parser, &mnemonic, type, attr);
  if (parsed.has_value())
    return attr;
  return OpaqueAttr::get(StringAttr::get(getContext(), getNamespace()),
                         parser.getFullSymbolSpec(),
                         type ? type : NoneType::get(getContext()));
}

void StablehloDialect::printAttribute(Attribute attr,
                                      DialectAsmPrinter &printer) const {
  (void)generatedAttributePrinter(attr, printer);
}

Type StablehloDialect::parseType(DialectAsmParser &parser) const {
  StringRef mnemonic;
  Type type;
  OptionalParseResult parsed = generatedTypeParser(parser, &mnemonic, type);
  if (parsed.has_value())
    return type;
  return OpaqueType::get(StringAttr::get(getContext(), getNamespace()),
                         parser.getFullSymbolSpec());
}

void StablehloDialect::printType(Type type, DialectAsmPrinter &printer) const {
  (void)generatedTypePrinter(type, printer);
}

//===----------------------------------------------------------------------===//
// Accuracy and bounds
//===----------------------------------------------------------------------===//

void ResultAccuracyAttr::print(AsmPrinter &printer) const {
  printer << '<';
  if (!getAtol().isZero())
    printer << "atol = " << getAtol() << ", ";
  if (!getRtol().isZero())
    printer << "rtol = " << getRtol() << ", ";
  if (getUlps() != 0)
    printer << "ulps = " << getUlps() << ", ";
  printer << "mode = ";
  printer.printAttribute(getMode());
  printer << '>';
}

Attribute ResultAccuracyAttr::parse(AsmParser &parser, Type) {
  double atol = 0.0, rtol = 0.0;
  int64_t ulps = 0;
  ResultAccuracyModeAttr mode;
  auto parseOne = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parser.parseKeyword(&name) || parser.parseEqual())
      return failure();
    if (name == "atol")
      return parser.parseFloat(atol);
    if (name == "rtol")
      return parser.parseFloat(rtol);
    if (name == "ulps")
      return parser.parseInteger(ulps);
    if (name == "mode")
      return parser.parseCustomAttributeWithFallback(mode);
    return parser.emitError(loc)
           << "unknown field " << name << "; expected atol, rtol, ulps, mode";
  };
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseOne))
    return {};
  if (!mode) {
    parser.emitError(loc, "field mode is missing");
    return {};
  }
  return parser.getChecked<ResultAccuracyAttr>(
      loc, parser.getContext(), APFloat(atol), APFloat(rtol), ulps, mode);
}

LogicalResult
ResultAccuracyAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                           APFloat atol, APFloat rtol, int64_t ulps,
                           ResultAccuracyModeAttr mode) {
  // Only the mode TOLERANCE has tolerances.
  bool isGiven = !atol.isZero() || !rtol.isZero() || ulps != 0;
  if (mode.getValue() != ResultAccuracyMode::TOLERANCE && isGiven)
    return emitError() << "result_accuracy has mode "
                       << stringifyResultAccuracyMode(mode.getValue())
                       << " and atol " << atol.convertToDouble() << ", rtol "
                       << rtol.convertToDouble() << ", ulps " << ulps
                       << ", expected tolerances of 0";
  // No error is negative.
  if (atol.isNegative() || rtol.isNegative() || ulps < 0)
    return emitError() << "result_accuracy has atol " << atol.convertToDouble()
                       << ", rtol " << rtol.convertToDouble() << ", ulps "
                       << ulps << ", expected 0 or more";
  return success();
}

void TypeExtensionsAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getBounds(), printer, [&](int64_t bound) {
    if (ShapedType::isDynamic(bound))
      printer << '?';
    else
      printer << bound;
  });
  printer << '>';
}

Attribute TypeExtensionsAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> bounds;
  auto parseBound = [&]() -> ParseResult {
    if (failed(parser.parseOptionalQuestion()))
      return parser.parseInteger(bounds.emplace_back());
    bounds.push_back(ShapedType::kDynamic);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseBound))
    return {};
  return get(parser.getContext(), bounds);
}

LogicalResult TypeExtensionsAttr::verifyEncoding(
    ArrayRef<int64_t> shape, Type elementType,
    function_ref<InFlightDiagnostic()> emitError) const {
  if (getBounds().size() != shape.size())
    return emitError() << "bounds name " << getBounds().size()
                       << " dimensions, the tensor has " << shape.size();
  for (auto [dim, pair] : llvm::enumerate(llvm::zip_equal(getBounds(), shape)))
    if (auto [bound, size] = pair;
        !ShapedType::isDynamic(bound) && !ShapedType::isDynamic(size))
      return emitError() << "dimension " << dim << " of size " << size
                         << " cannot have a bound, it is static";
  return success();
}
