//===- ChloOps.td - The CHLO dialect --------------------------------------===//
//
// Functions of a client that StableHLO leaves out: special functions, implicit
// broadcasting, and a few compound operations.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_DIALECT_CHLO_IR_CHLOOPS_TD
#define CEGM_DIALECT_CHLO_IR_CHLOOPS_TD

include "mlir/IR/OpAsmInterface.td"
include "cegm/Dialect/CHLO/IR/ChloBase.td"

//===----------------------------------------------------------------------===//
// Elementwise functions
//===----------------------------------------------------------------------===//

class CHLO_UnaryOp<string mnemonic, Type operandType = HLO_FpOrComplexTensor,
                   Type resultType = operandType,
                   string inferElement = "sameElement">
    : CHLO_ElementwiseOp<mnemonic, inferElement> {
  let arguments = (ins operandType:$operand);
  let results = (outs resultType:$result);
  let assemblyFormat = [{
    $operand attr-dict `:` type($operand) `->` type($result)
  }];
}

def CHLO_AsinAcosKernelOp : CHLO_UnaryOp<"_asin_acos_kernel"> {
  let summary = "The common part of complex asin and acos";
}
def CHLO_AcosOp : CHLO_UnaryOp<"acos"> { let summary = "Inverse cosine"; }
def CHLO_AcoshOp : CHLO_UnaryOp<"acosh"> {
  let summary = "Inverse hyperbolic cosine";
}
def CHLO_AsinOp : CHLO_UnaryOp<"asin"> { let summary = "Inverse sine"; }
def CHLO_AsinhOp : CHLO_UnaryOp<"asinh"> {
  let summary = "Inverse hyperbolic sine";
}
def CHLO_AtanOp : CHLO_UnaryOp<"atan"> { let summary = "Inverse tangent"; }
def CHLO_AtanhOp : CHLO_UnaryOp<"atanh"> {
  let summary = "Inverse hyperbolic tangent";
}
def CHLO_BesselI1eOp : CHLO_UnaryOp<"bessel_i1e"> {
  let summary = "Exponentially scaled modified Bessel function of order 1";
}
def CHLO_ConjOp : CHLO_UnaryOp<"conj"> { let summary = "Complex conjugate"; }
def CHLO_CoshOp : CHLO_UnaryOp<"cosh"> { let summary = "Hyperbolic cosine"; }
def CHLO_DigammaOp : CHLO_UnaryOp<"digamma"> {
  let summary = "Derivative of the logarithm of the gamma function";
}
def CHLO_ErfOp : CHLO_UnaryOp<"erf"> { let summary = "Error function"; }
def CHLO_ErfInvOp : CHLO_UnaryOp<"erf_inv"> {
  let summary = "Inverse error function";
}
def CHLO_ErfcOp : CHLO_UnaryOp<"erfc"> {
  let summary = "Complementary error function, 1 - erf(x)";
}
def CHLO_IsInfOp
    : CHLO_UnaryOp<"is_inf", HLO_FpTensor, HLO_PredTensor, "predElement"> {
  let summary = "Whether a number is infinite";
}
def CHLO_IsNegInfOp
    : CHLO_UnaryOp<"is_neg_inf", HLO_FpTensor, HLO_PredTensor, "predElement"> {
  let summary = "Whether a number is minus infinity";
}
def CHLO_IsPosInfOp
    : CHLO_UnaryOp<"is_pos_inf", HLO_FpTensor, HLO_PredTensor, "predElement"> {
  let summary = "Whether a number is plus infinity";
}
def CHLO_LgammaOp : CHLO_UnaryOp<"lgamma"> {
  let summary = "Logarithm of the gamma function";
}
def CHLO_SinhOp : CHLO_UnaryOp<"sinh"> { let summary = "Hyperbolic sine"; }
def CHLO_SquareOp : CHLO_UnaryOp<"square", HLO_Tensor> {
  let summary = "Square";
}
def CHLO_TanOp : CHLO_UnaryOp<"tan"> { let summary = "Tangent"; }

class CHLO_BinaryOp<string mnemonic, string lhs, string rhs,
                    Type operandType = HLO_FpOrComplexTensor>
    : CHLO_ElementwiseOp<mnemonic, "sameElement"> {
  let arguments = !dag(ins, [operandType, operandType], [lhs, rhs]);
  let results = (outs operandType:$result);
  let assemblyFormat = "$" # lhs # " `,` $" # rhs # " attr-dict `:` type($" #
      lhs # ") `,` type($" # rhs # ") `->` type($result)";
}

def CHLO_MulhiOp : CHLO_BinaryOp<"mulhi", "lhs", "rhs",
                                 RankedTensorOf<[HLO_Int]>> {
  let summary = "The upper half of an integer product";
}
def CHLO_NextAfterOp : CHLO_BinaryOp<"next_after", "x", "y"> {
  let summary = "The next number after x in the direction of y";
}
def CHLO_PolygammaOp : CHLO_BinaryOp<"polygamma", "n", "x"> {
  let summary = "n-th derivative of digamma";
}
def CHLO_ZetaOp : CHLO_BinaryOp<"zeta", "x", "q"> {
  let summary = "Hurwitz zeta function";
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

def CHLO_ConstantOp : CHLO_PureOp<"constant", [ConstantLike]> {
  let summary = "Constant tensor";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs HLO_Tensor:$output);
  let hasCustomAssemblyFormat = 1;
  let hasFolder = 1;
}

def CHLO_ConstantLikeOp : CHLO_PureOp<"constant_like"> {
  let summary = "A number repeated in the shape of the operand";
  let arguments = (ins HLO_Tensor:$operand, TypedAttrInterface:$value);
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Compound operations
//===----------------------------------------------------------------------===//

def CHLO_RaggedDotOp : CHLO_PureOp<"ragged_dot"> {
  let summary = "Product of groups of rows with a matrix each";
  let arguments = (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs,
      HLO_IntTensor:$group_sizes,
      CHLO_RaggedDotDimensionNumbers:$ragged_dot_dimension_numbers,
      OptionalAttr<CHLO_PrecisionConfigAttr>:$precision_config);
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
}

def CHLO_TopKOp : CHLO_PureOp<"top_k"> {
  let summary = "The k largest elements of the last dimension, and where";
  let arguments = (ins HLO_Tensor:$operand, I64Attr:$k,
                       DefaultValuedOptionalAttr<BoolAttr, "true">:$is_stable);
  let results = (outs HLO_Tensor:$values, HLO_Tensor:$indices);
  let assemblyFormat = [{
    `(` $operand `,` `k` `=` $k (`,` `is_stable` `=` $is_stable^)? `)` attr-dict
      `:` type($operand) `->` `(` type($values) `,` type($indices) `)`
  }];
  let hasVerifier = 1;
}

def CHLO_ScanOp : CHLO_Op<"scan", [
    AttrSizedOperandSegments, AttrSizedResultSegments, RecursiveMemoryEffects,
    SingleBlock,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "Folds the slices of a dimension, and keeps every step";
  let arguments = (ins Variadic<HLO_Tensor>:$inputs, Variadic<HLO_Tensor>:$inits,
      I64Attr:$dimension,
      OptionalAttr<I64Attr>:$scan_dim_size,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$is_reverse,
      OptionalAttr<BoolAttr>:$is_associative);
  let results = (outs Variadic<HLO_Tensor>:$outputs,
                      Variadic<HLO_Tensor>:$carries);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

#endif // CEGM_DIALECT_CHLO_IR_CHLOOPS_TD
