//===- SdyDialect.cpp - The Shardy dialect --------------------------------===//

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

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
// Verifiers
//===----------------------------------------------------------------------===//

/// Fails unless `sharding` has an entry for each dimension of `type`.
static LogicalResult
checkRank(TensorShardingAttr sharding, Type type, const Twine &name,
          llvm::function_ref<InFlightDiagnostic()> emitError) {
  int64_t rank = 0;
  if (auto shaped = dyn_cast<ShapedType>(type)) {
    if (!shaped.hasRank())
      return success();
    rank = shaped.getRank();
  }
  // A mesh of one explicit device holds whole tensors.
  if (sharding.getRank() == 0 && sharding.getReplicatedAxes().empty())
    return success();
  if (sharding.getRank() != rank)
    return emitError() << "sharding of " << name << " has "
                       << sharding.getRank() << " dimensions, expected " << rank
                       << " as in " << type;
  return success();
}

/// Checks the sharding that `attr` gives to one value.
static LogicalResult
checkValueAttr(NamedAttribute attr, Type type, const Twine &name,
               llvm::function_ref<InFlightDiagnostic()> emitError) {
  if (attr.getName() != "sdy.sharding")
    return success();
  auto sharding = dyn_cast<TensorShardingAttr>(attr.getValue());
  if (!sharding)
    return emitError() << "attribute sdy.sharding of " << name
                       << " must be a #sdy.sharding, but is "
                       << attr.getValue();
  return checkRank(sharding, type, name, emitError);
}

LogicalResult SdyDialect::verifyRegionArgAttribute(Operation *op,
                                                   unsigned regionIndex,
                                                   unsigned argIndex,
                                                   NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return success();
  return checkValueAttr(attr, function.getArgumentTypes()[argIndex],
                        "argument " + Twine(argIndex),
                        [&] { return op->emitOpError(); });
}

LogicalResult SdyDialect::verifyRegionResultAttribute(Operation *op,
                                                      unsigned regionIndex,
                                                      unsigned resultIndex,
                                                      NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return success();
  return checkValueAttr(attr, function.getResultTypes()[resultIndex],
                        "result " + Twine(resultIndex),
                        [&] { return op->emitOpError(); });
}

LogicalResult SdyDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attr) {
  if (attr.getName() != "sdy.sharding")
    return success();
  auto perValue = dyn_cast<TensorShardingPerValueAttr>(attr.getValue());
  if (!perValue)
    return success();
  // An operation without results may still say where it runs.
  if (op->getNumResults() == 0 || op->getNumResults() != perValue.size())
    return success();
  for (auto [index, pair] : llvm::enumerate(
           llvm::zip_equal(perValue.getShardings(), op->getResultTypes())))
    if (failed(checkRank(std::get<0>(pair), std::get<1>(pair),
                         "result " + Twine(index),
                         [&] { return op->emitOpError(); })))
      return failure();
  return success();
}

LogicalResult ShardingConstraintOp::verify() {
  return checkRank(getSharding(), getType(), "the result",
                   [&] { return emitOpError(); });
}

LogicalResult ReshardOp::verify() {
  return checkRank(getSharding(), getType(), "the result",
                   [&] { return emitOpError(); });
}

LogicalResult ManualComputationOp::verify() {
  for (auto [name, shardings, types] :
       {std::tuple("in_shardings", getInShardings(),
                   TypeRange(getOperandTypes())),
        std::tuple("out_shardings", getOutShardings(),
                   TypeRange(getResultTypes()))}) {
    if (shardings.size() != types.size())
      return emitOpError() << name << " has " << shardings.size()
                           << " entries, expected " << types.size();
    for (auto [index, pair] :
         llvm::enumerate(llvm::zip_equal(shardings.getShardings(), types)))
      if (failed(checkRank(std::get<0>(pair), std::get<1>(pair),
                           name + (" entry " + Twine(index)),
                           [&] { return emitOpError(); })))
        return failure();
  }
  return success();
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
