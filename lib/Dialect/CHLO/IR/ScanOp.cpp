//===- ScanOp.cpp - How scan is written -----------------------------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::chlo;

void ScanOp::getAsmBlockArgumentNames(Region &region,
                                      OpAsmSetValueNameFn setName) {
  for (BlockArgument argument : region.getArguments())
    setName(argument,
            argument.getArgNumber() < getInputs().size() ? "input" : "carry");
}

/// The type of a slice, without the dimension of the scan.
static Type getSliceType(Type type, int64_t dimension) {
  auto tensor = cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape());
  shape.erase(shape.begin() + dimension);
  return tensor.clone(shape);
}

LogicalResult ScanOp::verify() {
  if (getInputs().empty() && getOutputs().empty())
    return emitOpError() << "has neither inputs nor outputs, expected one of "
                            "them";
  int64_t dimension = getDimension();
  int64_t size = ShapedType::kDynamic;
  if (std::optional<int64_t> given = getScanDimSize())
    size = *given;
  SmallVector<Type> taken, returned;
  for (auto [name, types, slices] :
       {std::tuple("input", TypeRange(getInputs().getTypes()), &taken),
        std::tuple("output", TypeRange(getOutputs().getTypes()), &returned)})
    for (auto [index, type] : llvm::enumerate(types)) {
      auto tensor = cast<RankedTensorType>(type);
      if (dimension < 0 || dimension >= tensor.getRank())
        return emitOpError()
               << "dimension is " << dimension << ", expected one of " << name
               << " " << index << " of type " << type;
      int64_t own = tensor.getDimSize(dimension);
      if (!stablehlo::areCompatibleSizes(size, own))
        return emitOpError()
               << name << " " << index << " has type " << type
               << ", expected size " << size << " in dimension " << dimension;
      size = ShapedType::isDynamic(size) ? own : size;
      slices->push_back(getSliceType(type, dimension));
    }
  llvm::append_range(taken, getInits().getTypes());
  llvm::append_range(returned, getCarries().getTypes());
  if (failed(stablehlo::checkArguments(*this, getBody(), "body", taken)))
    return failure();
  return stablehlo::checkReturned(*this, getBody(), "body", returned);
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
