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
// Dimension numbers
//===----------------------------------------------------------------------===//

namespace {

/// A field of an attribute that prints as `name = value`: a list, or a number.
struct Field {
  Field(StringRef name, SmallVector<int64_t> &list) : name(name), list(&list) {}
  Field(StringRef name, int64_t &number) : name(name), number(&number) {}

  StringRef name;
  SmallVector<int64_t> *list = nullptr;
  int64_t *number = nullptr;
  bool seen = false;
};

} // namespace

static ParseResult parseField(AsmParser &parser, Field &field) {
  if (parser.parseEqual())
    return failure();
  if (field.number)
    return parser.parseInteger(*field.number);
  FailureOr<SmallVector<int64_t>> dims = parseDims(parser);
  if (failed(dims))
    return failure();
  *field.list = std::move(*dims);
  return success();
}

/// Parses `name = value, name = value` in any order.
static ParseResult parseFields(
    AsmParser &parser, MutableArrayRef<Field> fields,
    AsmParser::Delimiter delimiter = AsmParser::Delimiter::LessGreater) {
  auto parseOne = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    StringRef name;
    if (parser.parseKeyword(&name))
      return failure();
    auto *field = llvm::find_if(
        fields, [&](const Field &field) { return field.name == name; });
    if (field == fields.end()) {
      InFlightDiagnostic diag = parser.emitError(loc)
                                << "unknown field " << name << "; expected ";
      llvm::interleaveComma(fields, diag,
                            [&](const Field &field) { diag << field.name; });
      return diag;
    }
    if (std::exchange(field->seen, true))
      return parser.emitError(loc) << "field " << name << " occurs twice";
    return parseField(parser, *field);
  };
  return parser.parseCommaSeparatedList(delimiter, parseOne);
}

/// Prints the fields that are neither empty nor zero.
static void printFields(AsmPrinter &printer,
                        ArrayRef<std::pair<StringRef, ArrayRef<int64_t>>> lists,
                        int64_t indexVectorDim = 0) {
  StringRef separator = "";
  printer << '<';
  for (auto [name, dims] : lists) {
    if (dims.empty())
      continue;
    printer << std::exchange(separator, ", ") << name << " = ";
    printDims(printer, dims);
  }
  if (indexVectorDim != 0)
    printer << separator << "index_vector_dim = " << indexVectorDim;
  printer << '>';
}

void DotDimensionNumbersAttr::print(AsmPrinter &printer) const {
  printFields(printer,
              {{"lhs_batching_dimensions", getLhsBatchingDimensions()},
               {"rhs_batching_dimensions", getRhsBatchingDimensions()},
               {"lhs_contracting_dimensions", getLhsContractingDimensions()},
               {"rhs_contracting_dimensions", getRhsContractingDimensions()}});
}

Attribute DotDimensionNumbersAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> lhsBatching, rhsBatching, lhsContracting, rhsContracting;
  Field fields[] = {{"lhs_batching_dimensions", lhsBatching},
                    {"rhs_batching_dimensions", rhsBatching},
                    {"lhs_contracting_dimensions", lhsContracting},
                    {"rhs_contracting_dimensions", rhsContracting}};
  if (parseFields(parser, fields))
    return {};
  return get(parser.getContext(), lhsBatching, rhsBatching, lhsContracting,
             rhsContracting);
}

void GatherDimensionNumbersAttr::print(AsmPrinter &printer) const {
  printFields(printer,
              {{"offset_dims", getOffsetDims()},
               {"collapsed_slice_dims", getCollapsedSliceDims()},
               {"operand_batching_dims", getOperandBatchingDims()},
               {"start_indices_batching_dims", getStartIndicesBatchingDims()},
               {"start_index_map", getStartIndexMap()}},
              getIndexVectorDim());
}

Attribute GatherDimensionNumbersAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> offset, collapsed, operandBatching, indexBatching, map;
  int64_t indexVectorDim = 0;
  Field fields[] = {{"offset_dims", offset},
                    {"collapsed_slice_dims", collapsed},
                    {"operand_batching_dims", operandBatching},
                    {"start_indices_batching_dims", indexBatching},
                    {"start_index_map", map},
                    {"index_vector_dim", indexVectorDim}};
  if (parseFields(parser, fields))
    return {};
  return get(parser.getContext(), offset, collapsed, operandBatching,
             indexBatching, map, indexVectorDim);
}

void ScatterDimensionNumbersAttr::print(AsmPrinter &printer) const {
  printFields(
      printer,
      {{"update_window_dims", getUpdateWindowDims()},
       {"inserted_window_dims", getInsertedWindowDims()},
       {"input_batching_dims", getInputBatchingDims()},
       {"scatter_indices_batching_dims", getScatterIndicesBatchingDims()},
       {"scatter_dims_to_operand_dims", getScatterDimsToOperandDims()}},
      getIndexVectorDim());
}

Attribute ScatterDimensionNumbersAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> window, inserted, inputBatching, indexBatching, map;
  int64_t indexVectorDim = 0;
  Field fields[] = {{"update_window_dims", window},
                    {"inserted_window_dims", inserted},
                    {"input_batching_dims", inputBatching},
                    {"scatter_indices_batching_dims", indexBatching},
                    {"scatter_dims_to_operand_dims", map},
                    {"index_vector_dim", indexVectorDim}};
  if (parseFields(parser, fields))
    return {};
  return get(parser.getContext(), window, inserted, inputBatching,
             indexBatching, map, indexVectorDim);
}

void ConvDimensionNumbersAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printConvolutionDimensions(printer, *this);
  printer << '>';
}

Attribute ConvDimensionNumbersAttr::parse(AsmParser &parser, Type) {
  ConvDimensionNumbersAttr dims;
  if (parser.parseLess())
    return {};
  if (failed(parser.parseOptionalKeyword("raw"))) {
    if (parseConvolutionDimensions(parser, dims) || parser.parseGreater())
      return {};
    return dims;
  }
  SmallVector<int64_t> inputSpatial, kernelSpatial, outputSpatial;
  int64_t inputBatch = 0, inputFeature = 0, kernelInput = 0, kernelOutput = 0,
          outputBatch = 0, outputFeature = 0;
  Field fields[] = {{"input_batch_dimension", inputBatch},
                    {"input_feature_dimension", inputFeature},
                    {"input_spatial_dimensions", inputSpatial},
                    {"kernel_input_feature_dimension", kernelInput},
                    {"kernel_output_feature_dimension", kernelOutput},
                    {"kernel_spatial_dimensions", kernelSpatial},
                    {"output_batch_dimension", outputBatch},
                    {"output_feature_dimension", outputFeature},
                    {"output_spatial_dimensions", outputSpatial}};
  if (parseFields(parser, fields, AsmParser::Delimiter::None) ||
      parser.parseGreater())
    return {};
  return get(parser.getContext(), inputBatch, inputFeature, inputSpatial,
             kernelInput, kernelOutput, kernelSpatial, outputBatch,
             outputFeature, outputSpatial);
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
  return get(parser.getContext(), APFloat(atol), APFloat(rtol), ulps, mode);
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
