//===- AssemblyFormat.cpp - How operand and result types are written ------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"

#include "cegm/Dialect/StableHLO/IR/TypeInference.h"
#include "cegm/Support/BooleanConstants.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// Gives the operands and the result the types of a function type.
static ParseResult assign(OpAsmParser &parser, SMLoc loc, FunctionType type,
                          ArrayRef<Type *> operands, Type &result) {
  if (type.getNumInputs() != operands.size())
    return parser.emitError(loc)
           << "expected " << operands.size() << " operand types, but got "
           << type.getNumInputs();
  if (type.getNumResults() != 1)
    return parser.emitError(loc)
           << "expected 1 result type, but got " << type.getNumResults();
  for (auto [operand, input] : llvm::zip_equal(operands, type.getInputs()))
    *operand = input;
  result = type.getResult(0);
  return success();
}

//===----------------------------------------------------------------------===//
// One type for all
//===----------------------------------------------------------------------===//

void stablehlo::printSameTypes(OpAsmPrinter &printer, Operation *op,
                               TypeRange operands, Type result) {
  if (llvm::all_of(operands, [&](Type type) { return type == result; }))
    printer.printType(result);
  else
    printer.printFunctionalType(op);
}

ParseResult stablehlo::parseSameTypes(OpAsmParser &parser,
                                      ArrayRef<Type *> operands, Type &result) {
  SMLoc loc = parser.getCurrentLocation();
  Type type;
  if (parser.parseType(type))
    return failure();
  if (auto function = dyn_cast<FunctionType>(type))
    return assign(parser, loc, function, operands, result);
  for (Type *operand : operands)
    *operand = type;
  result = type;
  return success();
}

void stablehlo::printVariadicSameOperandsAndResultType(OpAsmPrinter &printer,
                                                       Operation *op,
                                                       OperandRange,
                                                       TypeRange types,
                                                       Type result) {
  printSameTypes(printer, op, types, result);
}

ParseResult stablehlo::parseVariadicSameOperandsAndResultType(
    OpAsmParser &parser, ArrayRef<OpAsmParser::UnresolvedOperand> operands,
    SmallVectorImpl<Type> &types, Type &result) {
  types.resize(operands.size());
  SmallVector<Type *> pointers;
  for (Type &type : types)
    pointers.push_back(&type);
  return parseSameTypes(parser, pointers, result);
}

//===----------------------------------------------------------------------===//
// Types that follow from one another
//===----------------------------------------------------------------------===//

/// The type of the real parts of a complex tensor, null if it is none.
static Type getRealType(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor || !isa<ComplexType>(tensor.getElementType()))
    return nullptr;
  return tensor.clone(realElement(tensor.getElementType()));
}

void stablehlo::printComplexOpType(OpAsmPrinter &printer, Operation *op,
                                   Type lhs, Type rhs, Type result) {
  Type real = getRealType(result);
  if (lhs == real && rhs == real)
    printer.printType(result);
  else
    printer.printFunctionalType(op);
}

ParseResult stablehlo::parseComplexOpType(OpAsmParser &parser, Type &lhs,
                                          Type &rhs, Type &result) {
  SMLoc loc = parser.getCurrentLocation();
  Type type;
  if (parser.parseType(type))
    return failure();
  if (auto function = dyn_cast<FunctionType>(type))
    return assign(parser, loc, function, {&lhs, &rhs}, result);
  lhs = rhs = getRealType(type);
  if (!lhs)
    return parser.emitError(loc)
           << "expected a tensor of complex numbers, but got " << type;
  result = type;
  return success();
}

void stablehlo::printSelectOpType(OpAsmPrinter &printer, Operation *op,
                                  Type pred, Type onTrue, Type onFalse,
                                  Type result) {
  if (onTrue == result && onFalse == result)
    printer << pred << ", " << result;
  else
    printer.printFunctionalType(op);
}

ParseResult stablehlo::parseSelectOpType(OpAsmParser &parser, Type &pred,
                                         Type &onTrue, Type &onFalse,
                                         Type &result) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<Type, 2> types;
  if (parser.parseTypeList(types))
    return failure();
  if (types.size() == 2) {
    pred = types[0];
    onTrue = onFalse = result = types[1];
    return success();
  }
  auto function = dyn_cast<FunctionType>(types.front());
  if (types.size() != 1 || !function)
    return parser.emitError(loc,
                            "expected two types, those of the predicate and of "
                            "the result, or one function type");
  return assign(parser, loc, function, {&pred, &onTrue, &onFalse}, result);
}

void stablehlo::printPairwiseOpType(OpAsmPrinter &printer, Operation *,
                                    TypeRange operands, TypeRange) {
  llvm::interleaveComma(operands, printer);
}

ParseResult stablehlo::parsePairwiseOpType(OpAsmParser &parser,
                                           SmallVectorImpl<Type> &operands,
                                           SmallVectorImpl<Type> &results) {
  if (parser.parseTypeList(operands))
    return failure();
  results.assign(operands.begin(), operands.end());
  return success();
}

void stablehlo::printTupleOpType(OpAsmPrinter &printer, Operation *, TypeRange,
                                 Type result) {
  printer.printType(result);
}

ParseResult stablehlo::parseTupleOpType(OpAsmParser &parser,
                                        SmallVectorImpl<Type> &operands,
                                        Type &result) {
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseType(result))
    return failure();
  auto tuple = dyn_cast<TupleType>(result);
  if (!tuple)
    return parser.emitError(loc) << "expected a tuple type, but got " << result;
  llvm::append_range(operands, tuple.getTypes());
  return success();
}

//===----------------------------------------------------------------------===//
// Operands, targets and constants
//===----------------------------------------------------------------------===//

void stablehlo::printVariadicOperandWithAttribute(OpAsmPrinter &printer,
                                                  Operation *,
                                                  OperandRange operands) {
  // Without operands the comma before them already separates the keyword.
  if (operands.empty())
    return;
  llvm::interleaveComma(operands, printer);
  printer << ",";
}

ParseResult stablehlo::parseVariadicOperandWithAttribute(
    OpAsmParser &parser,
    SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands) {
  while (true) {
    OpAsmParser::UnresolvedOperand operand;
    OptionalParseResult parsed = parser.parseOptionalOperand(operand);
    if (!parsed.has_value())
      return success();
    if (failed(*parsed) || parser.parseComma())
      return failure();
    operands.push_back(operand);
  }
}

void stablehlo::printCustomCallTarget(OpAsmPrinter &printer, Operation *,
                                      StringAttr target) {
  printer.printSymbolName(target.getValue());
}

ParseResult stablehlo::parseCustomCallTarget(OpAsmParser &parser,
                                             StringAttr &target) {
  return parser.parseSymbolName(target);
}

void stablehlo::printConstantOp(OpAsmPrinter &printer, Operation *op,
                                ElementsAttr value) {
  // The pretty form has room for one type only.
  if (op->getResult(0).getType() != value.getType()) {
    printer.printGenericOp(op, /*printOpName=*/false);
    return;
  }
  printer.printOptionalAttrDict(op->getAttrs(), /*elidedAttrs=*/{"value"});
  printer << ' ';
  printer.printAttribute(value);
}

/// Parses `dense<"0x..."> : type`. MLIR's own parser does not read booleans of a
/// byte each, as frontends print them.
static ParseResult parseHexElements(OpAsmParser &parser, ElementsAttr &value) {
  SMLoc loc = parser.getCurrentLocation();
  std::string hex;
  Type type;
  if (parser.parseKeyword("dense") || parser.parseLess() ||
      parser.parseString(&hex) || parser.parseGreater() ||
      parser.parseColonType(type))
    return failure();
  auto shaped = dyn_cast<ShapedType>(type);
  std::string bytes;
  if (!shaped || !shaped.hasStaticShape() ||
      !llvm::tryGetFromHex(StringRef(hex).drop_front(2), bytes))
    return parser.emitError(loc)
           << "expected hexadecimal digits and a type of static shape, got "
           << type;
  ArrayRef<char> data(bytes.data(), bytes.size());
  std::optional<std::vector<char>> packed;
  if (shaped.getElementType().isInteger(1))
    packed = cegm::packBooleans(data, shaped.getNumElements());
  if (packed)
    data = *packed;
  bool isSplat = false;
  if (!DenseElementsAttr::isValidRawBuffer(shaped, data, isSplat))
    return parser.emitError(loc) << "constant in hexadecimal has " << data.size()
                                 << " bytes, which does not fit its type "
                                 << type;
  value = DenseElementsAttr::getFromRawBuffer(shaped, data);
  return success();
}

ParseResult stablehlo::parseConstantOp(OpAsmParser &parser,
                                       OperationState &state) {
  if (succeeded(parser.parseOptionalLParen()))
    return failure(parser.parseRParen() ||
                   parser.parseGenericOperationAfterOpName(
                       state, ArrayRef<OpAsmParser::UnresolvedOperand>()));
  SMLoc loc = parser.getCurrentLocation();
  ElementsAttr value;
  if (parser.parseOptionalAttrDict(state.attributes))
    return failure();
  if (StringRef(parser.getCurrentLocation().getPointer())
          .starts_with("dense<\"0x")) {
    if (parseHexElements(parser, value))
      return failure();
    state.addAttribute("value", value);
  } else if (parser.parseAttribute(value, "value", state.attributes)) {
    return failure();
  }
  // Names the attribute that the user has to change rather than the parser's
  // expectation.
  if (!value)
    return parser.emitError(loc, "expected elements, such as dense<0.0>");
  state.addTypes(value.getType());
  return success();
}
