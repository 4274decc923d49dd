//===- AssemblyFormat.h - The pieces of the textual format ----------------===//
//
// The custom directives of the assembly formats. StableHLO, CHLO and Shardy
// share them.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_ASSEMBLYFORMAT_H
#define CEGM_DIALECT_STABLEHLO_IR_ASSEMBLYFORMAT_H

#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h"
#include "mlir/IR/OpImplementation.h"

namespace mlir::stablehlo {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

void printSameTypes(OpAsmPrinter &printer, Operation *op, TypeRange operands,
                    Type result);
ParseResult parseSameTypes(OpAsmParser &parser, ArrayRef<Type *> operands,
                           Type &result);

/// `type` if all operands and the result have it, else a function type. The
/// last of `types` is the result.
template <typename... Types>
void printSameOperandsAndResultType(OpAsmPrinter &printer, Operation *op,
                                    Types... types) {
  SmallVector<Type, 4> all{types...};
  Type result = all.pop_back_val();
  printSameTypes(printer, op, all, result);
}
template <typename... Types>
ParseResult parseSameOperandsAndResultType(OpAsmParser &parser,
                                           Types &...types) {
  SmallVector<Type *, 4> all{&types...};
  Type *result = all.pop_back_val();
  return parseSameTypes(parser, all, *result);
}

void printVariadicSameOperandsAndResultType(OpAsmPrinter &printer,
                                            Operation *op,
                                            OperandRange operands,
                                            TypeRange types, Type result);
ParseResult parseVariadicSameOperandsAndResultType(
    OpAsmParser &parser, ArrayRef<OpAsmParser::UnresolvedOperand> operands,
    SmallVectorImpl<Type> &types, Type &result);

/// `complex type` if both operands have its real type, else a function type.
void printComplexOpType(OpAsmPrinter &printer, Operation *op, Type lhs,
                        Type rhs, Type result);
ParseResult parseComplexOpType(OpAsmParser &parser, Type &lhs, Type &rhs,
                               Type &result);

/// `pred type, type` if both branches and the result agree, else a function
/// type.
void printSelectOpType(OpAsmPrinter &printer, Operation *op, Type pred,
                       Type onTrue, Type onFalse, Type result);
ParseResult parseSelectOpType(OpAsmParser &parser, Type &pred, Type &onTrue,
                              Type &onFalse, Type &result);

/// The types of operands that the results repeat.
void printPairwiseOpType(OpAsmPrinter &printer, Operation *op,
                         TypeRange operands, TypeRange results);
ParseResult parsePairwiseOpType(OpAsmParser &parser,
                                SmallVectorImpl<Type> &operands,
                                SmallVectorImpl<Type> &results);

/// The tuple type, whose elements are the operand types.
void printTupleOpType(OpAsmPrinter &printer, Operation *op, TypeRange operands,
                      Type result);
ParseResult parseTupleOpType(OpAsmParser &parser,
                             SmallVectorImpl<Type> &operands, Type &result);

//===----------------------------------------------------------------------===//
// Operands and attributes
//===----------------------------------------------------------------------===//

/// `%a, %b,` with a comma after the last one, before a keyword.
void printVariadicOperandWithAttribute(OpAsmPrinter &printer, Operation *op,
                                       OperandRange operands);
ParseResult parseVariadicOperandWithAttribute(
    OpAsmParser &parser,
    SmallVectorImpl<OpAsmParser::UnresolvedOperand> &operands);

/// `[0, 1]`.
void printDims(AsmPrinter &printer, ArrayRef<int64_t> dims);
FailureOr<SmallVector<int64_t>> parseDims(AsmParser &parser);

/// `e8m7`.
void printExponentMantissa(OpAsmPrinter &printer, Operation *op,
                           IntegerAttr exponent, IntegerAttr mantissa);
ParseResult parseExponentMantissa(OpAsmParser &parser, IntegerAttr &exponent,
                                  IntegerAttr &mantissa);

/// `[start:limit, start:limit:stride]`.
void printSliceRanges(OpAsmPrinter &printer, Operation *op,
                      DenseI64ArrayAttr starts, DenseI64ArrayAttr limits,
                      DenseI64ArrayAttr strides);
ParseResult parseSliceRanges(OpAsmParser &parser, DenseI64ArrayAttr &starts,
                             DenseI64ArrayAttr &limits,
                             DenseI64ArrayAttr &strides);

/// `batching_dims = [0] x [0], contracting_dims = [2] x [1]`.
void printDotDimensionNumbers(OpAsmPrinter &printer, Operation *op,
                              DotDimensionNumbersAttr dims);
ParseResult parseDotDimensionNumbers(OpAsmParser &parser,
                                     DotDimensionNumbersAttr &dims);

/// `, precision = [DEFAULT, HIGH]`, or nothing.
void printPrecisionConfig(OpAsmPrinter &printer, Operation *op,
                          ArrayAttr precision);
ParseResult parsePrecisionConfig(OpAsmParser &parser, ArrayAttr &precision);

/// The same and `, algorithm = <...>`, each of them optional.
void printPrecisionConfigAndAlgorithm(OpAsmPrinter &printer, Operation *op,
                                      ArrayAttr precision,
                                      DotAlgorithmAttr algorithm);
ParseResult parsePrecisionConfigAndAlgorithm(OpAsmParser &parser,
                                             ArrayAttr &precision,
                                             DotAlgorithmAttr &algorithm);

/// `[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]`.
void printConvolutionDimensions(AsmPrinter &printer,
                                ConvDimensionNumbersAttr dims);
inline void printConvolutionDimensions(OpAsmPrinter &printer, Operation *,
                                       ConvDimensionNumbersAttr dims) {
  printConvolutionDimensions(static_cast<AsmPrinter &>(printer), dims);
}
ParseResult parseConvolutionDimensions(AsmParser &parser,
                                       ConvDimensionNumbersAttr &dims);

/// `stride = [1, 1], pad = [[0, 0], [0, 0]], lhs_dilate = ..`, each optional.
void printWindowAttributes(OpAsmPrinter &printer, Operation *op,
                           DenseI64ArrayAttr strides,
                           DenseIntElementsAttr padding,
                           DenseI64ArrayAttr lhsDilation,
                           DenseI64ArrayAttr rhsDilation,
                           DenseBoolArrayAttr reversal);
ParseResult parseWindowAttributes(OpAsmParser &parser,
                                  DenseI64ArrayAttr &strides,
                                  DenseIntElementsAttr &padding,
                                  DenseI64ArrayAttr &lhsDilation,
                                  DenseI64ArrayAttr &rhsDilation,
                                  DenseBoolArrayAttr &reversal);

/// `@name`.
void printCustomCallTarget(OpAsmPrinter &printer, Operation *op,
                           StringAttr target);
ParseResult parseCustomCallTarget(OpAsmParser &parser, StringAttr &target);

/// The constant operations of the three dialects: `{attributes} value`.
void printConstantOp(OpAsmPrinter &printer, Operation *op, ElementsAttr value);
ParseResult parseConstantOp(OpAsmParser &parser, OperationState &state);

} // namespace mlir::stablehlo

#endif // CEGM_DIALECT_STABLEHLO_IR_ASSEMBLYFORMAT_H
