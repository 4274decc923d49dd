//===- SdyDialect.cpp - The Shardy dialect --------------------------------===//

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"

using namespace mlir;
using namespace mlir::sdy;

#include "cegm/Dialect/Shardy/IR/SdyDialect.cpp.inc"

//===----------------------------------------------------------------------===//
// Custom directives
//===----------------------------------------------------------------------===//

/// `[<@mesh, [..]>, ..]`: the shardings without the name of the attribute.
static void
printStrippedTensorShardingPerValueAttr(OpAsmPrinter &printer, Operation *,
                                        TensorShardingPerValueAttr attr) {
  printer << '[';
  llvm::interleaveComma(
      attr.getShardings(), printer,
      [&](TensorShardingAttr sharding) { sharding.print(printer); });
  printer << ']';
}

static ParseResult
parseStrippedTensorShardingPerValueAttr(OpAsmParser &parser,
                                        TensorShardingPerValueAttr &attr) {
  SmallVector<TensorShardingAttr> shardings;
  auto parseSharding = [&]() -> ParseResult {
    auto sharding = dyn_cast_or_null<TensorShardingAttr>(
        TensorShardingAttr::parse(parser, Type()));
    if (!sharding)
      return failure();
    shardings.push_back(sharding);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square,
                                     parseSharding))
    return failure();
  attr = TensorShardingPerValueAttr::get(parser.getContext(), shardings);
  return success();
}

/// `(%arg: type, ..) { .. }`: a region without the name of its block.
static void printSingleBlockRegionNoBlockId(OpAsmPrinter &printer, Operation *,
                                            Region &region) {
  printer << '(';
  llvm::interleaveComma(
      region.getArguments(), printer,
      [&](BlockArgument argument) { printer.printRegionArgument(argument); });
  printer << ") ";
  printer.printRegion(region, /*printEntryBlockArgs=*/false);
}

static ParseResult parseSingleBlockRegionNoBlockId(OpAsmParser &parser,
                                                   Region &region) {
  SmallVector<OpAsmParser::Argument> arguments;
  return failure(parser.parseArgumentList(arguments,
                                          OpAsmParser::Delimiter::Paren,
                                          /*allowType=*/true,
                                          /*allowAttrs=*/true) ||
                 parser.parseRegion(region, arguments));
}

/// `max` or `min`, nothing for a sum.
static void printReduction(OpAsmPrinter &printer, Operation *,
                           ReductionOpAttr reduction) {
  if (reduction && reduction.getValue() != ReductionOp::SUM)
    printer << stringifyReductionOp(reduction.getValue()) << ' ';
}

static ParseResult parseReduction(OpAsmParser &parser,
                                  ReductionOpAttr &reduction) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (failed(parser.parseOptionalKeyword(&name)))
    return success();
  auto found = symbolizeReductionOp(name);
  if (!found)
    return parser.emitError(loc)
           << "expected sum, max or min, but got " << name;
  if (*found != ReductionOp::SUM)
    reduction = ReductionOpAttr::get(parser.getContext(), *found);
  return success();
}

#define GET_OP_CLASSES
#include "cegm/Dialect/Shardy/IR/SdyOps.cpp.inc"

void SdyDialect::initialize() {
  registerAttributes();
  registerOps();
  allowUnknownOperations();
  addInterfaces<cegm::FreelyInlined>();
}

void SdyDialect::registerOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/Shardy/IR/SdyOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// ConstantOp
//===----------------------------------------------------------------------===//

void ConstantOp::print(OpAsmPrinter &printer) {
  stablehlo::printConstantOp(printer, *this, getValue());
}

ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &state) {
  return stablehlo::parseConstantOp(parser, state);
}
