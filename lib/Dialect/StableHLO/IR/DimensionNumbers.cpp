//===- DimensionNumbers.cpp - How dimension numbers are written -----------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/FieldFormat.h"

using namespace mlir;
using namespace mlir::stablehlo;

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

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

ParseResult stablehlo::parseFields(AsmParser &parser,
                                   MutableArrayRef<Field> fields,
                                   AsmParser::Delimiter delimiter) {
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
  if (delimiter != AsmParser::Delimiter::LessGreater)
    return parser.parseCommaSeparatedList(delimiter, parseOne);
  // Unlike a list of MLIR, that of the fields may end in a comma.
  if (parser.parseLess())
    return failure();
  while (failed(parser.parseOptionalGreater())) {
    if (parseOne())
      return failure();
    if (failed(parser.parseOptionalComma()))
      return parser.parseGreater();
  }
  return success();
}

void stablehlo::printFields(
    AsmPrinter &printer,
    ArrayRef<std::pair<StringRef, ArrayRef<int64_t>>> lists,
    int64_t indexVectorDim) {
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

//===----------------------------------------------------------------------===//
// Dimension numbers
//===----------------------------------------------------------------------===//

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
