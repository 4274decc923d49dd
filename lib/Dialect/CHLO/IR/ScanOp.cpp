//===- ScanOp.cpp - How scan is written -----------------------------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

using namespace mlir;
using namespace mlir::chlo;

void ScanOp::getAsmBlockArgumentNames(Region &region,
                                      OpAsmSetValueNameFn setName) {
  for (BlockArgument argument : region.getArguments())
    setName(argument,
            argument.getArgNumber() < getInputs().size() ? "input" : "carry");
}

void ScanOp::print(OpAsmPrinter &printer) {
  printer << '(' << getInputs() << ") inits (" << getInits()
          << ") dimension=" << getDimension() << ' ';
  // What the operands and results show already is not repeated.
  StringRef elided[] = {getDimensionAttrName(), "operandSegmentSizes",
                        "resultSegmentSizes"};
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), elided);
  printer << ' ';
  printer.printRegion(getBody());
  printer << " : ";
  printer.printFunctionalType(*this);
}

ParseResult ScanOp::parse(OpAsmParser &parser, OperationState &state) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<OpAsmParser::UnresolvedOperand> operands, inits;
  int64_t dimension;
  FunctionType type;
  if (parser.parseOperandList(operands, OpAsmParser::Delimiter::Paren) ||
      parser.parseKeyword("inits") ||
      parser.parseOperandList(inits, OpAsmParser::Delimiter::Paren) ||
      parser.parseKeyword("dimension") || parser.parseEqual() ||
      parser.parseInteger(dimension) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes) ||
      parser.parseRegion(*state.addRegion()) || parser.parseColonType(type))
    return failure();
  int32_t numInputs = operands.size(), numCarries = inits.size();
  if (type.getNumResults() < inits.size())
    return parser.emitError(loc)
           << "has " << numCarries << " inits, expected as many results at "
           << "least, but got " << type.getNumResults();
  int32_t numOutputs = type.getNumResults() - numCarries;
  llvm::append_range(operands, inits);
  if (parser.resolveOperands(operands, type.getInputs(), loc, state.operands))
    return failure();
  state.addTypes(type.getResults());
  auto &properties = state.getOrAddProperties<Properties>();
  properties.dimension = parser.getBuilder().getI64IntegerAttr(dimension);
  properties.operandSegmentSizes = {numInputs, numCarries};
  properties.resultSegmentSizes = {numOutputs, numCarries};
  return success();
}
