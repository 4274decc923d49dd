//===- ConvolutionFormat.cpp - How convolutions are written ---------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::stablehlo;

//===----------------------------------------------------------------------===//
// Dimension numbers
//===----------------------------------------------------------------------===//

/// One of the three lists: the place of two lettered dimensions (batch and
/// feature, say) and of the spatial ones.
struct DimensionList {
  char letters[2];
  int64_t lettered[2];
  SmallVector<int64_t> spatial;
};

static void print(AsmPrinter &printer, const DimensionList &list) {
  // `?` stands where no dimension says what it is.
  SmallVector<std::string> names(list.spatial.size() + 2, "?");
  auto set = [&](int64_t place, std::string name) {
    if (place < 0)
      return;
    if (place >= static_cast<int64_t>(names.size()))
      names.resize(place + 1, "?");
    names[place] = std::move(name);
  };
  for (int i : {0, 1})
    set(list.lettered[i], std::string(1, list.letters[i]));
  for (auto [number, place] : llvm::enumerate(list.spatial))
    set(place, std::to_string(number));
  printer << '[';
  llvm::interleaveComma(names, printer);
  printer << ']';
}

void stablehlo::printConvolutionDimensions(AsmPrinter &printer,
                                           ConvDimensionNumbersAttr dims) {
  print(printer,
        {{'b', 'f'},
         {dims.getInputBatchDimension(), dims.getInputFeatureDimension()},
         llvm::to_vector(dims.getInputSpatialDimensions())});
  printer << 'x';
  print(printer, {{'i', 'o'},
                  {dims.getKernelInputFeatureDimension(),
                   dims.getKernelOutputFeatureDimension()},
                  llvm::to_vector(dims.getKernelSpatialDimensions())});
  printer << "->";
  print(printer,
        {{'b', 'f'},
         {dims.getOutputBatchDimension(), dims.getOutputFeatureDimension()},
         llvm::to_vector(dims.getOutputSpatialDimensions())});
}

/// Parses one element of a list, at `place`.
static ParseResult parseDimension(AsmParser &parser, DimensionList &list,
                                  int64_t place) {
  if (succeeded(parser.parseOptionalQuestion()))
    return success();
  SMLoc loc = parser.getCurrentLocation();
  int64_t number;
  OptionalParseResult digit = parser.parseOptionalInteger(number);
  if (digit.has_value()) {
    if (failed(*digit))
      return failure();
    if (number < 0)
      return parser.emitError(loc)
             << "expected a spatial dimension of 0 or more, but got " << number;
    // A number far beyond the list leaves others undefined, which is an error
    // in the end; it must not allocate them first.
    constexpr int64_t maxRank = 1024;
    if (number >= maxRank)
      return parser.emitError(loc)
             << "spatial dimension " << number << " is out of range";
    if (number >= static_cast<int64_t>(list.spatial.size()))
      list.spatial.resize(number + 1, -1);
    if (list.spatial[number] != -1)
      return parser.emitError(loc)
             << "spatial dimension " << number << " occurs twice";
    list.spatial[number] = place;
    return success();
  }
  StringRef keyword;
  if (parser.parseKeyword(&keyword))
    return failure();
  for (int i : {0, 1}) {
    if (keyword != StringRef(&list.letters[i], 1))
      continue;
    if (list.lettered[i] != -1)
      return parser.emitError(loc)
             << "dimension " << keyword << " occurs twice";
    list.lettered[i] = place;
    return success();
  }
  return parser.emitError(loc)
         << "expected " << StringRef(&list.letters[0], 1) << ", "
         << StringRef(&list.letters[1], 1)
         << ", ? or the number of a spatial dimension, but got " << keyword;
}

static ParseResult parse(AsmParser &parser, DimensionList &list) {
  SMLoc loc = parser.getCurrentLocation();
  int64_t place = 0;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
        return parseDimension(parser, list, place++);
      }))
    return failure();
  for (int i : {0, 1})
    if (list.lettered[i] == -1)
      return parser.emitError(loc)
             << "dimension " << StringRef(&list.letters[i], 1) << " is missing";
  for (auto [number, spatial] : llvm::enumerate(list.spatial))
    if (spatial == -1)
      return parser.emitError(loc)
             << "spatial dimension " << number << " is missing";
  return success();
}

ParseResult
stablehlo::parseConvolutionDimensions(AsmParser &parser,
                                      ConvDimensionNumbersAttr &dims) {
  DimensionList input{{'b', 'f'}, {-1, -1}, {}};
  DimensionList kernel{{'i', 'o'}, {-1, -1}, {}};
  DimensionList output{{'b', 'f'}, {-1, -1}, {}};
  if (parse(parser, input) || parser.parseKeyword("x") ||
      parse(parser, kernel) || parser.parseArrow() || parse(parser, output))
    return failure();
  dims = ConvDimensionNumbersAttr::get(
      parser.getContext(), input.lettered[0], input.lettered[1], input.spatial,
      kernel.lettered[0], kernel.lettered[1], kernel.spatial,
      output.lettered[0], output.lettered[1], output.spatial);
  return success();
}

//===----------------------------------------------------------------------===//
// Window
//===----------------------------------------------------------------------===//

void stablehlo::printWindowAttributes(OpAsmPrinter &printer, Operation *,
                                      DenseI64ArrayAttr strides,
                                      DenseIntElementsAttr padding,
                                      DenseI64ArrayAttr lhsDilation,
                                      DenseI64ArrayAttr rhsDilation,
                                      DenseBoolArrayAttr reversal) {
  StringRef separator = "";
  auto printName = [&](StringRef name) {
    printer << separator << name << " = ";
    separator = ", ";
  };
  auto printArray = [&](StringRef name, DenseI64ArrayAttr array) {
    if (!array)
      return;
    printName(name);
    printDims(printer, array);
  };
  printArray("stride", strides);
  if (padding) {
    printName("pad");
    SmallVector<int64_t> values(padding.getValues<int64_t>());
    printer << '[';
    for (size_t i = 0; i + 1 < values.size(); i += 2) {
      printer << (i ? ", " : "");
      printDims(printer, {values[i], values[i + 1]});
    }
    printer << ']';
  }
  printArray("lhs_dilate", lhsDilation);
  printArray("rhs_dilate", rhsDilation);
  if (reversal) {
    printName("reverse");
    printer << '[';
    llvm::interleaveComma(reversal.asArrayRef(), printer, [&](bool reversed) {
      printer << (reversed ? "true" : "false");
    });
    printer << ']';
  }
}

static ParseResult parsePadding(OpAsmParser &parser,
                                DenseIntElementsAttr &padding) {
  SmallVector<int64_t> values;
  auto parseEdge = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    FailureOr<SmallVector<int64_t>> edge = parseDims(parser);
    if (failed(edge))
      return failure();
    if (edge->size() != 2)
      return parser.emitError(loc)
             << "expected low and high padding of a dimension, but got "
             << edge->size() << " values";
    llvm::append_range(values, *edge);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseEdge))
    return failure();
  if (values.empty())
    return success();
  padding = DenseIntElementsAttr::get(
      RankedTensorType::get({static_cast<int64_t>(values.size() / 2), 2},
                            parser.getBuilder().getI64Type()),
      values);
  return success();
}

static ParseResult parseReversal(OpAsmParser &parser,
                                 DenseBoolArrayAttr &reversal) {
  SmallVector<bool> values;
  auto parseValue = [&]() -> ParseResult {
    if (succeeded(parser.parseOptionalKeyword("true"))) {
      values.push_back(true);
      return success();
    }
    if (succeeded(parser.parseOptionalKeyword("false"))) {
      values.push_back(false);
      return success();
    }
    int64_t value;
    if (parser.parseInteger(value))
      return failure();
    values.push_back(value != 0);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseValue))
    return failure();
  if (!values.empty())
    reversal = DenseBoolArrayAttr::get(parser.getContext(), values);
  return success();
}

ParseResult stablehlo::parseWindowAttributes(OpAsmParser &parser,
                                             DenseI64ArrayAttr &strides,
                                             DenseIntElementsAttr &padding,
                                             DenseI64ArrayAttr &lhsDilation,
                                             DenseI64ArrayAttr &rhsDilation,
                                             DenseBoolArrayAttr &reversal) {
  // An empty window: the closing brace is the format's. An empty list stands
  // for the defaults, as no list does.
  auto parseArray = [&](DenseI64ArrayAttr &array) -> ParseResult {
    FailureOr<SmallVector<int64_t>> values = parseDims(parser);
    if (failed(values))
      return failure();
    if (!values->empty())
      array = parser.getBuilder().getDenseI64ArrayAttr(*values);
    return success();
  };
  StringRef keyword;
  SMLoc loc = parser.getCurrentLocation();
  if (failed(parser.parseOptionalKeyword(&keyword)))
    return success();
  while (true) {
    bool repeated = false;
    auto is = [&](StringRef name, Attribute current) {
      if (keyword != name)
        return false;
      repeated = static_cast<bool>(current);
      return true;
    };
    auto fail = [&]() -> ParseResult {
      return parser.emitError(loc) << keyword << " occurs twice";
    };
    if (parser.parseEqual())
      return failure();
    if (is("stride", strides)) {
      if (repeated ? fail() : parseArray(strides))
        return failure();
    } else if (is("pad", padding)) {
      if (repeated ? fail() : parsePadding(parser, padding))
        return failure();
    } else if (is("lhs_dilate", lhsDilation)) {
      if (repeated ? fail() : parseArray(lhsDilation))
        return failure();
    } else if (is("rhs_dilate", rhsDilation)) {
      if (repeated ? fail() : parseArray(rhsDilation))
        return failure();
    } else if (is("reverse", reversal)) {
      if (repeated ? fail() : parseReversal(parser, reversal))
        return failure();
    } else {
      return parser.emitError(loc)
             << "expected stride, pad, lhs_dilate, rhs_dilate or reverse, but "
                "got "
             << keyword;
    }
    if (failed(parser.parseOptionalComma()))
      return success();
    loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&keyword))
      return failure();
  }
}
