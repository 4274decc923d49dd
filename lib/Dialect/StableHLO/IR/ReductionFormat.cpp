//===- ReductionFormat.cpp - How reduce is written ------------------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// The operation of a region that the compact form can express: a commutative
/// one of the two block arguments, in order, whose result is returned. Null if
/// the region is another.
static Operation *getCompactReducer(ReduceOp op) {
  if (op.getInputs().empty() || !op.getBody().hasOneBlock())
    return nullptr;
  Block &block = op.getBody().front();
  if (!llvm::hasNItems(block, 2))
    return nullptr;
  Operation &inner = block.front();
  auto type = dyn_cast<RankedTensorType>(op.getInputs().front().getType());
  if (!type || !inner.hasTrait<hlo::OpTrait::IsCommutative>() ||
      inner.getNumOperands() != 2 || inner.getNumResults() != 1 ||
      inner.getNumRegions() != 0)
    return nullptr;
  // What the compact form does not write must have the value that it implies.
  auto scalar = RankedTensorType::get({}, type.getElementType());
  if (inner.getResult(0).getType() != scalar ||
      llvm::any_of(inner.getOperandTypes(),
                   [&](Type operand) { return operand != scalar; }) ||
      !llvm::equal(block.getArguments(), inner.getOperands()) ||
      !llvm::equal(block.back().getOperands(), inner.getResults()))
    return nullptr;
  return &inner;
}

void ReduceOp::print(OpAsmPrinter &printer) {
  printer << '(';
  llvm::interleave(
      llvm::zip(getInputs(), getInitValues()),
      [&](auto pair) {
        printer << std::get<0>(pair) << " init: " << std::get<1>(pair) << ')';
      },
      [&] { printer << ", ("; });
  Operation *inner = getCompactReducer(*this);
  if (inner)
    printer << " applies " << inner->getName();
  printer << " across dimensions = ";
  printDims(printer, getDimensions());
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                /*elidedAttrs=*/{"dimensions"});
  printer << " : ";
  printer.printFunctionalType(*this);
  if (inner)
    return;
  printer.printNewline();
  printer << " reducer";
  unsigned numInputs = getInputs().size();
  for (unsigned i = 0; i < numInputs; ++i) {
    printer << '(';
    printer.printRegionArgument(getBody().getArgument(i));
    printer << ", ";
    printer.printRegionArgument(getBody().getArgument(numInputs + i));
    printer << ") ";
  }
  printer << ' ';
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

/// Parses `(%input init: %value), (%input init: %value)`.
static ParseResult
parseInputs(OpAsmParser &parser,
            SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands) {
  SmallVector<OpAsmParser::UnresolvedOperand> inits;
  do {
    if (parser.parseLParen() || parser.parseOperand(operands.emplace_back()) ||
        parser.parseKeyword("init") || parser.parseColon() ||
        parser.parseOperand(inits.emplace_back()) || parser.parseRParen())
      return failure();
  } while (succeeded(parser.parseOptionalComma()));
  llvm::append_range(operands, inits);
  return success();
}

/// Parses `(%lhs: type, %rhs: type)` for each of `numInputs` inputs, then the
/// region.
static ParseResult parseReducer(OpAsmParser &parser, unsigned numInputs,
                                Region &body) {
  SmallVector<OpAsmParser::Argument> arguments(2 * numInputs);
  if (parser.parseKeyword("reducer"))
    return failure();
  for (unsigned i = 0; i < numInputs; ++i)
    if (parser.parseLParen() ||
        parser.parseArgument(arguments[i], /*allowType=*/true) ||
        parser.parseComma() ||
        parser.parseArgument(arguments[numInputs + i], /*allowType=*/true) ||
        parser.parseRParen())
      return failure();
  return parser.parseRegion(body, arguments);
}

/// Builds the region that `applies name` stands for.
static ParseResult buildReducer(OpAsmParser &parser, SMLoc nameLoc,
                                OperationName name, Location loc,
                                FunctionType type, Region &body) {
  auto input = type.getNumInputs() == 2
                   ? dyn_cast<RankedTensorType>(type.getInput(0))
                   : RankedTensorType();
  if (!input)
    return parser.emitError(nameLoc)
           << "the compact form reduces one tensor, but the types are " << type;
  if (!name.hasTrait<hlo::OpTrait::IsCommutative>())
    return parser.emitError(nameLoc)
           << "expected a commutative operation, but got " << name;
  auto scalar = RankedTensorType::get({}, input.getElementType());
  OpBuilder builder(parser.getContext());
  Block *block = builder.createBlock(&body, {}, {scalar, scalar}, {loc, loc});
  Operation *inner =
      builder.create(loc, name.getIdentifier(), block->getArguments(), scalar);
  ReturnOp::create(builder, loc, inner->getResults());
  return success();
}

ParseResult ReduceOp::parse(OpAsmParser &parser, OperationState &state) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  if (parseInputs(parser, operands))
    return failure();

  std::optional<OperationName> compact;
  SMLoc nameLoc;
  if (succeeded(parser.parseOptionalKeyword("applies"))) {
    nameLoc = parser.getCurrentLocation();
    FailureOr<OperationName> name = parser.parseCustomOperationName();
    if (failed(name))
      return failure();
    compact = *name;
  }

  FunctionType type;
  if (parser.parseKeyword("across") || parser.parseKeyword("dimensions") ||
      parser.parseEqual())
    return failure();
  FailureOr<SmallVector<int64_t>> dims = parseDims(parser);
  if (failed(dims) || parser.parseOptionalAttrDict(state.attributes) ||
      parser.parseColonType(type) ||
      parser.resolveOperands(operands, type.getInputs(), loc, state.operands))
    return failure();
  state.addTypes(type.getResults());
  state.getOrAddProperties<Properties>().dimensions =
      parser.getBuilder().getDenseI64ArrayAttr(*dims);

  Region &body = *state.addRegion();
  if (!compact)
    return parseReducer(parser, operands.size() / 2, body);
  // The operation that is not written has the location of the one that is.
  std::optional<Location> explicitLoc;
  if (parser.parseOptionalLocationSpecifier(explicitLoc))
    return failure();
  if (explicitLoc)
    state.location = *explicitLoc;
  return buildReducer(parser, nameLoc, *compact, state.location, type, body);
}
