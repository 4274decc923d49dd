//===- IndexingOps.td - Gather, scatter and random numbers ----------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_INDEXINGOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_INDEXINGOPS_TD

include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

def StableHLO_GatherOp : StableHLO_PureOp<"gather"> {
  let summary = "Slices of a tensor, at computed places";
  let description = [{
    Start indices are moved so that each slice lies inside the operand.
  }];
  let arguments = (ins HLO_Tensor:$operand, HLO_IntTensor:$start_indices,
      StableHLO_GatherDimensionNumbers:$dimension_numbers,
      DenseI64ArrayAttr:$slice_sizes,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$indices_are_sorted);
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
}

def StableHLO_ScatterOp : StableHLO_RegionOp<"scatter", [
    SameVariadicOperandSize]> {
  let summary = "Tensors with updates applied at computed places";
  let description = [{
    The region takes the current elements, then the updates, and returns the new
    elements. Updates outside the operand are left out.
  }];
  let arguments = (ins Variadic<HLO_Tensor>:$inputs,
      HLO_IntTensor:$scatter_indices, Variadic<HLO_Tensor>:$updates,
      StableHLO_ScatterDimensionNumbers:$scatter_dimension_numbers,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$indices_are_sorted,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$unique_indices);
  let results = (outs Variadic<HLO_Tensor>);
  let regions = (region SizedRegion<1>:$update_computation);
  let hasVerifier = 1;
}

def StableHLO_TorchIndexSelectOp : StableHLO_PureOp<"torch_index_select"> {
  let summary = "Entries of a dimension by index (deprecated)";
  let arguments = (ins HLO_Tensor:$operand, HLO_IntTensor:$index, I64Attr:$dim,
                       I64Attr:$batch_dims);
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Random numbers
//===----------------------------------------------------------------------===//

def StableHLO_RngOp : StableHLO_Op<"rng", [
    MemoryEffects<[MemRead, MemWrite]>]> {
  let summary = "Random numbers from a state of the machine";
  let arguments = (ins HLO_ScalarRealTensor:$a, HLO_ScalarRealTensor:$b,
                       HLO_DimensionTensor:$shape,
                       StableHLO_RngDistributionAttr:$rng_distribution);
  let results = (outs HLO_RealTensor:$result);
  let assemblyFormat = [{
    $a `,` $b `,` $shape `,` `distribution` `=` `` $rng_distribution attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_RngBitGeneratorOp : StableHLO_PureOp<"rng_bit_generator"> {
  let summary = "Random bits from an explicit state";
  let arguments = (ins StableHLO_RngAlgorithmAttr:$rng_algorithm,
                       HLO_IntTensor:$initial_state);
  let results = (outs HLO_IntTensor:$output_state, HLO_Tensor:$output);
  let assemblyFormat = [{
    $initial_state `,` `algorithm` `=` `` $rng_algorithm attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

#endif // CEGM_DIALECT_STABLEHLO_IR_INDEXINGOPS_TD
