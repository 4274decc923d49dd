//===- ControlFlowOps.td - Control flow, calls, tokens, tuples ------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_CONTROLFLOWOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_CONTROLFLOWOPS_TD

include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

class StableHLO_BranchOp<string mnemonic> : StableHLO_RegionOp<mnemonic, [
    DeclareOpInterfaceMethods<RegionBranchOpInterface, ["areTypesCompatible"]>,
    NoRegionArguments]>;

def StableHLO_IfOp : StableHLO_BranchOp<"if"> {
  let summary = "One of two regions";
  let arguments = (ins HLO_ScalarPredTensor:$pred);
  let results = (outs Variadic<HLO_TensorOrToken>);
  let regions = (region SizedRegion<1>:$true_branch,
                        SizedRegion<1>:$false_branch);
  let hasVerifier = 1;
}

def StableHLO_CaseOp : StableHLO_BranchOp<"case"> {
  let summary = "The region of an index, or the last one";
  let arguments = (ins HLO_SI32ScalarTensor:$index);
  let results = (outs Variadic<HLO_TensorOrToken>);
  let regions = (region VariadicRegion<SizedRegion<1>>:$branches);
  let hasVerifier = 1;
}

def StableHLO_WhileOp : StableHLO_RegionOp<"while", [
    DeclareOpInterfaceMethods<RegionBranchOpInterface,
                              ["areTypesCompatible",
                               "getEntrySuccessorOperands"]>,
    DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmBlockArgumentNames"]>]> {
  let summary = "Repeats `body` as long as `cond` holds";
  let description = [{
    ```mlir
    %0:2 = stablehlo.while(%iterArg = %a, %iterArg_0 = %b)
        : tensor<i32>, tensor<4xf32>
    cond {
      %1 = stablehlo.compare LT, %iterArg, %n
          : (tensor<i32>, tensor<i32>) -> tensor<i1>
      stablehlo.return %1 : tensor<i1>
    } do {
      ...
      stablehlo.return %2, %3 : tensor<i32>, tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<HLO_TensorOrTokenOrTuple>:$operand);
  let results = (outs Variadic<HLO_TensorOrTokenOrTuple>);
  let regions = (region SizedRegion<1>:$cond, SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def StableHLO_ReturnOp : StableHLO_PureOp<"return", [
    Terminator,
    DeclareOpInterfaceMethods<RegionBranchTerminatorOpInterface>]> {
  let summary = "Ends a region and gives its results";
  let arguments = (ins Variadic<HLO_TensorOrTokenOrTuple>:$results);
  let assemblyFormat = "$results attr-dict (`:` type($results)^)?";
  let builders = [OpBuilder<(ins), [{
    build($_builder, $_state, ::mlir::ValueRange());
  }]>];
}

def StableHLO_OptimizationBarrierOp
    : StableHLO_PureOp<"optimization_barrier"> {
  let summary = "Its operands; code does not move across";
  let arguments = (ins Variadic<HLO_TensorOrToken>:$operand);
  let results = (outs Variadic<HLO_TensorOrToken>:$result);
  let assemblyFormat = [{
    attr-dict ($operand^ `:` custom<PairwiseOpType>(type($operand),
                                                    type($result))):(`(` `)`)?
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

def StableHLO_CompositeOp : StableHLO_Op<"composite", [
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A named operation that a function defines";
  let arguments = (ins Variadic<HLO_TensorOrTokenOrTuple>:$inputs,
      StrAttr:$name,
      DefaultValuedOptionalAttr<DictionaryAttr, "{}">:$composite_attributes,
      FlatSymbolRefAttr:$decomposition,
      DefaultValuedOptionalAttr<I32Attr, "0">:$version);
  let results = (outs Variadic<HLO_TensorOrTokenOrTuple>);
  let regions = (region VariadicRegion<AnyRegion>:$composite_regions);
  let assemblyFormat = [{
    $name $inputs (`(` $composite_regions^ `)`)? attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_CustomCallOp : StableHLO_Op<"custom_call", [
    DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "A call of code outside the module";
  let arguments = (ins Variadic<HLO_CustomCallValue>:$inputs,
      StrAttr:$call_target_name,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$has_side_effect,
      OptionalAttr<AnyAttrOf<[StrAttr, DictionaryAttr]>>:$backend_config,
      DefaultValuedOptionalAttr<StableHLO_CustomCallApiVersionAttr,
          "::mlir::stablehlo::CustomCallApiVersion::API_VERSION_ORIGINAL">
          :$api_version,
      DefaultValuedOptionalAttr<StableHLO_FlatSymbolRefArrayAttr, "{}">
          :$called_computations,
      OptionalAttr<StableHLO_ArrayOfLayoutAttr>:$operand_layouts,
      OptionalAttr<StableHLO_ArrayOfLayoutAttr>:$result_layouts,
      DefaultValuedOptionalAttr<StableHLO_OutputOperandAliases, "{}">
          :$output_operand_aliases,
      OptionalAttr<ArrayAttr>:$result_tilings);
  let results = (outs Variadic<HLO_CustomCallValue>);
  let assemblyFormat = [{
    custom<CustomCallTarget>($call_target_name) `(` $inputs `)` attr-dict
      `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Tokens and tuples
//===----------------------------------------------------------------------===//

def StableHLO_AfterAllOp : StableHLO_PureOp<"after_all"> {
  let summary = "A token that follows all operands";
  let arguments = (ins Variadic<StableHLO_Token>:$inputs);
  let results = (outs StableHLO_Token:$result);
  let assemblyFormat = [{
    $inputs attr-dict `:` custom<VariadicSameOperandsAndResultType>(
        ref($inputs), type($inputs), type($result))
  }];
}

def StableHLO_CreateTokenOp : StableHLO_PureOp<"create_token"> {
  let summary = "A token that follows nothing (deprecated)";
  let results = (outs StableHLO_Token:$output);
  let assemblyFormat = "attr-dict `:` type(results)";
}

def StableHLO_GetTupleElementOp : StableHLO_PureOp<"get_tuple_element"> {
  let summary = "An element of a tuple";
  let arguments = (ins HLO_Tuple:$operand,
                       ConfinedAttr<I32Attr, [IntNonNegative]>:$index);
  let results = (outs HLO_TensorOrTokenOrTuple:$result);
  let assemblyFormat = [{
    $operand `[` $index `]` attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def StableHLO_TupleOp : StableHLO_PureOp<"tuple"> {
  let summary = "A tuple of values";
  let arguments = (ins Variadic<HLO_TensorOrTokenOrTuple>:$val);
  let results = (outs HLO_Tuple:$result);
  let assemblyFormat = [{
    $val attr-dict `:` custom<TupleOpType>(type($val), type($result))
  }];
  let hasVerifier = 1;
}

#endif // CEGM_DIALECT_STABLEHLO_IR_CONTROLFLOWOPS_TD
