//===- ChloBroadcastOps.td - Operations with implicit broadcasting --------===//

#ifndef CEGM_DIALECT_CHLO_IR_CHLOBROADCASTOPS_TD
#define CEGM_DIALECT_CHLO_IR_CHLOBROADCASTOPS_TD

include "cegm/Dialect/CHLO/IR/ChloBase.td"

/// `inferElement` is that of StableHLO_ElementwiseOp.
class CHLO_BroadcastOp<string mnemonic, Type operandType = HLO_Tensor,
                       Type resultType = operandType,
                       string inferElement = "sameElement">
    : CHLO_PureOp<mnemonic> {
  let summary = !subst("broadcast_", "", mnemonic) #
                " of operands that are broadcast to one shape first";
  let arguments = (ins operandType:$lhs, operandType:$rhs,
      OptionalAttr<DenseI64ArrayAttr>:$broadcast_dimensions);
  let results = (outs resultType:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict
      `:` `(` type($lhs) `,` type($rhs) `)` `->` type(results)
  }];
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::verify() {
      return ::mlir::chlo::checkBroadcast(*this, {getLhs(), getRhs()},
          getBroadcastDimensions(), ::mlir::stablehlo::}] # inferElement # [{);
    }
  }];
}

def CHLO_BroadcastAddOp : CHLO_BroadcastOp<"broadcast_add">;
def CHLO_BroadcastAndOp : CHLO_BroadcastOp<"broadcast_and", HLO_IntTensor>;
def CHLO_BroadcastAtan2Op : CHLO_BroadcastOp<"broadcast_atan2">;
def CHLO_BroadcastComplexOp : CHLO_BroadcastOp<
    "broadcast_complex", HLO_FpTensor, HLO_ComplexTensor, "complexElement">;
def CHLO_BroadcastDivOp : CHLO_BroadcastOp<"broadcast_divide">;
def CHLO_BroadcastMaxOp : CHLO_BroadcastOp<"broadcast_maximum">;
def CHLO_BroadcastMinOp : CHLO_BroadcastOp<"broadcast_minimum">;
def CHLO_BroadcastMulOp : CHLO_BroadcastOp<"broadcast_multiply">;
def CHLO_BroadcastNextAfterOp
    : CHLO_BroadcastOp<"broadcast_next_after", HLO_FpTensor>;
def CHLO_BroadcastOrOp : CHLO_BroadcastOp<"broadcast_or", HLO_IntTensor>;
def CHLO_BroadcastPolygammaOp
    : CHLO_BroadcastOp<"broadcast_polygamma", HLO_FpOrComplexTensor>;
def CHLO_BroadcastPowOp : CHLO_BroadcastOp<"broadcast_power">;
def CHLO_BroadcastRemOp : CHLO_BroadcastOp<"broadcast_remainder">;
def CHLO_BroadcastShiftLeftOp
    : CHLO_BroadcastOp<"broadcast_shift_left">;
def CHLO_BroadcastShiftRightArithmeticOp
    : CHLO_BroadcastOp<"broadcast_shift_right_arithmetic">;
def CHLO_BroadcastShiftRightLogicalOp
    : CHLO_BroadcastOp<"broadcast_shift_right_logical">;
def CHLO_BroadcastSubOp : CHLO_BroadcastOp<"broadcast_subtract">;
def CHLO_BroadcastXorOp : CHLO_BroadcastOp<"broadcast_xor", HLO_IntTensor>;
def CHLO_BroadcastZetaOp
    : CHLO_BroadcastOp<"broadcast_zeta", HLO_FpOrComplexTensor>;

def CHLO_BroadcastCompareOp
    : CHLO_BroadcastOp<"broadcast_compare", HLO_Tensor, HLO_PredTensor,
                       "predElement"> {
  let arguments = (ins HLO_Tensor:$lhs, HLO_Tensor:$rhs,
      OptionalAttr<DenseI64ArrayAttr>:$broadcast_dimensions,
      CHLO_ComparisonDirectionAttr:$comparison_direction,
      OptionalAttr<CHLO_ComparisonTypeAttr>:$compare_type);
}

def CHLO_BroadcastSelectOp : CHLO_PureOp<"broadcast_select"> {
  let summary = "select of operands that are broadcast to one shape first";
  let arguments = (ins HLO_PredTensor:$pred, HLO_Tensor:$on_true,
                       HLO_Tensor:$on_false);
  let results = (outs HLO_Tensor:$result);
  let assemblyFormat = [{
    $pred `,` $on_true `,` $on_false attr-dict
      `:` `(` type($pred) `,` type($on_true) `,` type($on_false) `)`
      `->` type(results)
  }];
  let hasVerifier = 1;
}

#endif // CEGM_DIALECT_CHLO_IR_CHLOBROADCASTOPS_TD
