//===- DynamicShapeOps.td - Operations with shapes known at run time ------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_DYNAMICSHAPEOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_DYNAMICSHAPEOPS_TD

include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

class StableHLO_DynamicShapeOp<string mnemonic> : StableHLO_PureOp<mnemonic> {
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
  let assemblyFormat = [{
    operands attr-dict `:` functional-type(operands, results)
  }];
}

def StableHLO_DynamicBroadcastInDimOp
    : StableHLO_DynamicShapeOp<"dynamic_broadcast_in_dim"> {
  let summary = "broadcast_in_dim to a shape that is an operand";
  let arguments = (ins HLO_Tensor:$operand,
      HLO_DimensionTensor:$output_dimensions,
      DenseI64ArrayAttr:$broadcast_dimensions,
      OptionalAttr<DenseI64ArrayAttr>:$known_expanding_dimensions,
      OptionalAttr<DenseI64ArrayAttr>:$known_nonexpanding_dimensions);
  let assemblyFormat = [{
    $operand `,` $output_dimensions `,` `dims` `=` $broadcast_dimensions
      attr-dict `:` functional-type(operands, results)
  }];
}

def StableHLO_DynamicGatherOp : StableHLO_DynamicShapeOp<"dynamic_gather"> {
  let summary = "gather whose slice sizes are an operand";
  let arguments = (ins HLO_Tensor:$operand, HLO_IntTensor:$start_indices,
      HLO_IntTensor:$slice_sizes,
      StableHLO_GatherDimensionNumbers:$dimension_numbers,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$indices_are_sorted);
  let assemblyFormat = ?;
}

def StableHLO_DynamicIotaOp : StableHLO_DynamicShapeOp<"dynamic_iota"> {
  let summary = "iota of a shape that is an operand";
  let arguments = (ins HLO_DimensionTensor:$output_shape,
                       I64Attr:$iota_dimension);
  let assemblyFormat = [{
    $output_shape `,` `dim` `=` $iota_dimension attr-dict
      `:` functional-type(operands, results)
  }];
}

def StableHLO_DynamicPadOp : StableHLO_DynamicShapeOp<"dynamic_pad"> {
  let summary = "pad whose amounts are operands";
  let arguments = (ins HLO_Tensor:$operand, HLO_ScalarTensor:$padding_value,
                       HLO_DimensionTensor:$edge_padding_low,
                       HLO_DimensionTensor:$edge_padding_high,
                       HLO_DimensionTensor:$interior_padding);
}

def StableHLO_DynamicReshapeOp : StableHLO_DynamicShapeOp<"dynamic_reshape"> {
  let summary = "reshape to a shape that is an operand";
  let arguments = (ins HLO_Tensor:$operand, HLO_DimensionTensor:$output_shape);
}

def StableHLO_RealDynamicSliceOp
    : StableHLO_DynamicShapeOp<"real_dynamic_slice"> {
  let summary = "slice whose bounds are operands";
  let arguments = (ins HLO_Tensor:$operand, HLO_DimensionTensor:$start_indices,
                       HLO_DimensionTensor:$limit_indices,
                       HLO_DimensionTensor:$strides);
}

def StableHLO_GetDimensionSizeOp
    : StableHLO_DynamicShapeOp<"get_dimension_size"> {
  let summary = "The size of a dimension at run time";
  let arguments = (ins HLO_Tensor:$operand, I64Attr:$dimension);
  let results = (outs HLO_SI32ScalarTensor:$result);
  let assemblyFormat = [{
    $operand `,` `dim` `=` $dimension attr-dict
      `:` functional-type(operands, results)
  }];
}

def StableHLO_SetDimensionSizeOp
    : StableHLO_DynamicShapeOp<"set_dimension_size"> {
  let summary = "The operand with the size of a bounded dimension changed";
  let arguments = (ins HLO_Tensor:$operand, HLO_SI32ScalarTensor:$size,
                       I64Attr:$dimension);
  let assemblyFormat = [{
    $operand `,` $size `,` `dim` `=` $dimension attr-dict
      `:` functional-type(operands, results)
  }];
}

#endif // CEGM_DIALECT_STABLEHLO_IR_DYNAMICSHAPEOPS_TD
