//===- ElementwiseOps.td - Elementwise operations -------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_ELEMENTWISEOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_ELEMENTWISEOPS_TD

include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

//===----------------------------------------------------------------------===//
// Classes
//===----------------------------------------------------------------------===//

/// `inferElement` names the function that gives the element type of the result
/// from that of the operands.
class StableHLO_ElementwiseOp<string mnemonic, list<Trait> traits,
                              string inferElement = "sameElement">
    : StableHLO_PureOp<mnemonic,
                       !listconcat([Elementwise, HLO_InferTypes], traits)> {
  let extraClassDeclaration = HLO_CompatibleTypes;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::inferReturnTypes(
        ::mlir::MLIRContext *context, std::optional<::mlir::Location> location,
        ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
        ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions,
        ::llvm::SmallVectorImpl<::mlir::Type> &results) {
      return ::mlir::stablehlo::inferElementwise(getOperationName(), location,
          operands, ::mlir::stablehlo::}] # inferElement # [{, results);
    }
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange lhs,
                                            ::mlir::TypeRange rhs) {
      return ::mlir::stablehlo::areCompatibleTypes(lhs, rhs);
    }
  }];
}

class StableHLO_UnaryOp<string mnemonic, Type operandType,
                        Type resultType = operandType,
                        string inferElement = "sameElement">
    : StableHLO_ElementwiseOp<mnemonic, [], inferElement> {
  let arguments = (ins operandType:$operand);
  let results = (outs resultType:$result);
  let assemblyFormat = [{
    $operand attr-dict
      `:` custom<SameOperandsAndResultType>(type($operand), type($result))
  }];
}

/// A function that several algorithms compute with different errors.
class StableHLO_AccurateUnaryOp<string mnemonic>
    : StableHLO_UnaryOp<mnemonic, HLO_FpOrComplexTensor> {
  let arguments = (ins
    HLO_FpOrComplexTensor:$operand,
    DefaultValuedOptionalAttr<StableHLO_ResultAccuracyAttr,
        "::mlir::stablehlo::ResultAccuracyMode::DEFAULT">:$result_accuracy);
}

class StableHLO_BinaryOp<string mnemonic, Type operandType,
                         list<Trait> traits = [],
                         Type resultType = operandType,
                         string inferElement = "sameElement">
    : StableHLO_ElementwiseOp<mnemonic, traits, inferElement> {
  let arguments = (ins operandType:$lhs, operandType:$rhs);
  let results = (outs resultType:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict
      `:` custom<SameOperandsAndResultType>(type($lhs), type($rhs),
                                            type($result))
  }];
}

//===----------------------------------------------------------------------===//
// One operand
//===----------------------------------------------------------------------===//

def StableHLO_AbsOp
    : StableHLO_UnaryOp<"abs", HLO_Tensor, HLO_Tensor, "realElement"> {
  let summary = "Absolute value; of a complex number, a real number";
}
def StableHLO_CbrtOp : StableHLO_AccurateUnaryOp<"cbrt"> {
  let summary = "Cubic root";
}
def StableHLO_CeilOp : StableHLO_UnaryOp<"ceil", HLO_FpTensor> {
  let summary = "Smallest integral value not below";
}
def StableHLO_ConvertOp : StableHLO_PureOp<"convert", [
    Elementwise, SameOperandsAndResultShape]> {
  let summary = "Conversion to another element type";
  let arguments = (ins HLO_Tensor:$operand);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = StableHLO_AbsOp.assemblyFormat;
  let builders = [OpBuilder<
      (ins "::mlir::Value":$operand, "::mlir::Type":$elementType), [{
    auto type = ::llvm::cast<::mlir::RankedTensorType>(operand.getType());
    build($_builder, $_state,
          ::llvm::isa<::mlir::ShapedType>(elementType)
              ? elementType : type.clone(elementType), operand);
  }]>];
  let hasFolder = 1;
}
def StableHLO_ClzOp : StableHLO_UnaryOp<"count_leading_zeros", HLO_IntTensor> {
  let summary = "Number of leading zero bits";
}
def StableHLO_CosineOp : StableHLO_AccurateUnaryOp<"cosine"> {
  let summary = "Cosine";
}
def StableHLO_ExpOp : StableHLO_AccurateUnaryOp<"exponential"> {
  let summary = "Natural exponential";
}
def StableHLO_Expm1Op : StableHLO_AccurateUnaryOp<"exponential_minus_one"> {
  let summary = "exp(x) - 1, exact near 0";
}
def StableHLO_FloorOp : StableHLO_UnaryOp<"floor", HLO_FpTensor> {
  let summary = "Largest integral value not above";
}
def StableHLO_ImagOp : StableHLO_UnaryOp<"imag", HLO_FpOrComplexTensor,
                                         HLO_FpTensor, "realElement"> {
  let summary = "Imaginary part";
}
def StableHLO_IsFiniteOp
    : StableHLO_ElementwiseOp<"is_finite", [], "predElement"> {
  let summary = "Whether a number is neither infinite nor NaN";
  let arguments = (ins HLO_FpTensor:$x);
  let results = (outs HLO_PredTensor:$y);
  let assemblyFormat = [{
    $x attr-dict `:` functional-type(operands, results)
  }];
}
def StableHLO_LogOp : StableHLO_AccurateUnaryOp<"log"> {
  let summary = "Natural logarithm";
}
def StableHLO_Log1pOp : StableHLO_AccurateUnaryOp<"log_plus_one"> {
  let summary = "log(1 + x), exact near 0";
}
def StableHLO_LogisticOp : StableHLO_AccurateUnaryOp<"logistic"> {
  let summary = "Logistic function, 1 / (1 + exp(-x))";
}
def StableHLO_NotOp : StableHLO_UnaryOp<"not", HLO_IntTensor> {
  let summary = "Negation: logical of i1, bitwise of integers";
}
def StableHLO_NegOp : StableHLO_UnaryOp<"negate", HLO_Tensor> {
  let summary = "Change of sign";
}
def StableHLO_PopulationCountOp : StableHLO_UnaryOp<"popcnt", HLO_IntTensor> {
  let summary = "Number of one bits";
}
def StableHLO_RealOp : StableHLO_UnaryOp<"real", HLO_FpOrComplexTensor,
                                         HLO_FpTensor, "realElement"> {
  let summary = "Real part";
}
def StableHLO_ReducePrecisionOp
    : StableHLO_ElementwiseOp<"reduce_precision", []> {
  let summary = "Rounding to a format with fewer bits, and back";
  let arguments = (ins HLO_FpTensor:$operand, I32Attr:$exponent_bits,
                       I32Attr:$mantissa_bits);
  let results = (outs HLO_FpTensor:$output);
  let assemblyFormat = [{
    $operand `,` `format` `=`
      custom<ExponentMantissa>($exponent_bits, $mantissa_bits) attr-dict
      `:` custom<SameOperandsAndResultType>(type($operand), type($output))
  }];
  let hasVerifier = 1;
}
def StableHLO_RoundOp : StableHLO_UnaryOp<"round_nearest_afz", HLO_FpTensor> {
  let summary = "Rounding to an integral value, ties away from zero";
}
def StableHLO_RoundNearestEvenOp
    : StableHLO_UnaryOp<"round_nearest_even", HLO_FpTensor> {
  let summary = "Rounding to an integral value, ties to even";
}
def StableHLO_RsqrtOp : StableHLO_AccurateUnaryOp<"rsqrt"> {
  let summary = "Reciprocal square root";
}
def StableHLO_SignOp : StableHLO_UnaryOp<"sign", HLO_Tensor> {
  let summary = "Sign: -1, 0 or 1; of a complex number, its direction";
}
def StableHLO_SineOp : StableHLO_AccurateUnaryOp<"sine"> {
  let summary = "Sine";
}
def StableHLO_SqrtOp : StableHLO_AccurateUnaryOp<"sqrt"> {
  let summary = "Square root";
}
def StableHLO_TanOp : StableHLO_AccurateUnaryOp<"tan"> {
  let summary = "Tangent";
}
def StableHLO_TanhOp : StableHLO_AccurateUnaryOp<"tanh"> {
  let summary = "Hyperbolic tangent";
}
def StableHLO_UniformQuantizeOp : StableHLO_PureOp<"uniform_quantize", [
    Elementwise, SameOperandsAndResultShape]> {
  let summary = "Conversion to a quantized type";
  let arguments = (ins HLO_FpTensor:$operand);
  let results = (outs HLO_QuantizedTensor:$result);
  let assemblyFormat = StableHLO_AbsOp.assemblyFormat;
}
def StableHLO_UniformDequantizeOp : StableHLO_PureOp<"uniform_dequantize", [
    Elementwise, SameOperandsAndResultShape]> {
  let summary = "Conversion from a quantized type";
  let arguments = (ins HLO_QuantizedTensor:$operand);
  let results = (outs HLO_PlainFpTensor:$result);
  let assemblyFormat = StableHLO_AbsOp.assemblyFormat;
}

//===----------------------------------------------------------------------===//
// Two operands and more
//===----------------------------------------------------------------------===//

def StableHLO_AddOp : StableHLO_BinaryOp<"add", HLO_Tensor, [HLO_Commutative]> {
  let summary = "Sum; logical or of i1";
}
def StableHLO_AndOp
    : StableHLO_BinaryOp<"and", HLO_IntTensor, [HLO_Commutative]> {
  let summary = "And: logical of i1, bitwise of integers";
}
def StableHLO_Atan2Op : StableHLO_BinaryOp<"atan2", HLO_FpOrComplexTensor> {
  let summary = "Angle of the point (rhs, lhs)";
}
def StableHLO_ClampOp : StableHLO_PureOp<"clamp", []> {
  let summary = "Value limited to [min, max], which may be scalars";
  let arguments = (ins HLO_Tensor:$min, HLO_Tensor:$operand, HLO_Tensor:$max);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $min `,` $operand `,` $max attr-dict
      `:` custom<SameOperandsAndResultType>(type($min), type($operand),
                                            type($max), type($result))
  }];
  let builders = [OpBuilder<(ins "::mlir::Value":$min, "::mlir::Value":$operand,
                                 "::mlir::Value":$max), [{
    build($_builder, $_state, operand.getType(), min, operand, max);
  }]>];
  let hasVerifier = 1;
}
def StableHLO_CompareOp
    : StableHLO_ElementwiseOp<"compare", [], "predElement"> {
  let summary = "Comparison";
  let arguments = (ins
    HLO_Tensor:$lhs, HLO_Tensor:$rhs,
    StableHLO_ComparisonDirectionAttr:$comparison_direction,
    OptionalAttr<StableHLO_ComparisonTypeAttr>:$compare_type);
  let results = (outs HLO_PredTensor:$result);
  let assemblyFormat = [{
    `` $comparison_direction `,` $lhs `,` $rhs (`,` `` $compare_type^)? attr-dict
      `:` functional-type(operands, results)
  }];
  let builders = [OpBuilder<(ins
      "::mlir::Value":$lhs, "::mlir::Value":$rhs,
      "::mlir::stablehlo::ComparisonDirection":$direction,
      CArg<"::mlir::stablehlo::ComparisonType",
           "::mlir::stablehlo::ComparisonType::NOTYPE">:$type), [{
    ComparisonTypeAttr typeAttr;
    if (type != ComparisonType::NOTYPE)
      typeAttr = ComparisonTypeAttr::get($_builder.getContext(), type);
    build($_builder, $_state, lhs, rhs,
          ComparisonDirectionAttr::get($_builder.getContext(), direction),
          typeAttr);
  }]>];
  let hasVerifier = 1;
}
def StableHLO_ComplexOp : StableHLO_BinaryOp<
    "complex", HLO_Fp32Or64Tensor, [], HLO_ComplexTensor, "complexElement"> {
  let summary = "Complex number from its real and imaginary part";
  let assemblyFormat = [{
    operands attr-dict
      `:` custom<ComplexOpType>(type($lhs), type($rhs), type($result))
  }];
}
def StableHLO_DivOp : StableHLO_BinaryOp<"divide", HLO_Tensor> {
  let summary = "Quotient; of integers, rounded to zero";
}
def StableHLO_MaxOp
    : StableHLO_BinaryOp<"maximum", HLO_Tensor, [HLO_Commutative]> {
  let summary = "Maximum; NaN if either is NaN";
}
def StableHLO_MinOp
    : StableHLO_BinaryOp<"minimum", HLO_Tensor, [HLO_Commutative]> {
  let summary = "Minimum; NaN if either is NaN";
}
def StableHLO_MulOp
    : StableHLO_BinaryOp<"multiply", HLO_Tensor, [HLO_Commutative]> {
  let summary = "Product; logical and of i1";
}
def StableHLO_OrOp
    : StableHLO_BinaryOp<"or", HLO_IntTensor, [HLO_Commutative]> {
  let summary = "Or: logical of i1, bitwise of integers";
}
def StableHLO_PowOp : StableHLO_BinaryOp<"power", HLO_Tensor> {
  let summary = "Power";
}
def StableHLO_RemOp : StableHLO_BinaryOp<"remainder", HLO_Tensor> {
  let summary = "Remainder, with the sign of the dividend";
}
def StableHLO_SelectOp : StableHLO_InferredOp<"select"> {
  let summary = "Elements of on_true where pred holds, else of on_false";
  let arguments = (ins HLO_PredTensor:$pred, HLO_Tensor:$on_true,
                       HLO_Tensor:$on_false);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    operands attr-dict `:` custom<SelectOpType>(
        type($pred), type($on_true), type($on_false), type($result))
  }];
  let hasVerifier = 1;
}
def StableHLO_ShiftLeftOp : StableHLO_BinaryOp<"shift_left", HLO_IntTensor> {
  let summary = "Bits shifted to the left";
}
def StableHLO_ShiftRightArithmeticOp
    : StableHLO_BinaryOp<"shift_right_arithmetic", HLO_IntTensor> {
  let summary = "Bits shifted to the right, filled with the sign";
}
def StableHLO_ShiftRightLogicalOp
    : StableHLO_BinaryOp<"shift_right_logical", HLO_IntTensor> {
  let summary = "Bits shifted to the right, filled with zero";
}
def StableHLO_SubtractOp : StableHLO_BinaryOp<"subtract", HLO_Tensor> {
  let summary = "Difference";
}
def StableHLO_XorOp
    : StableHLO_BinaryOp<"xor", HLO_IntTensor, [HLO_Commutative]> {
  let summary = "Exclusive or: logical of i1, bitwise of integers";
}

#endif // CEGM_DIALECT_STABLEHLO_IR_ELEMENTWISEOPS_TD
