//===- SdyOps.td - The operations of Shardy -------------------------------===//

#ifndef CEGM_DIALECT_SHARDY_IR_SDYOPS_TD
#define CEGM_DIALECT_SHARDY_IR_SDYOPS_TD

include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "cegm/Dialect/Shardy/IR/SdyAttrs.td"

/// Shardings are checked with the symbols: they name a mesh.
def Sdy_MeshUser : DeclareOpInterfaceMethods<SymbolUserOpInterface>;

class Sdy_Op<string mnemonic, list<Trait> traits = []>
    : Op<Sdy_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// Meshes and constraints
//===----------------------------------------------------------------------===//

def Sdy_MeshOp : Sdy_Op<"mesh", [Symbol, HasParent<"::mlir::ModuleOp">]> {
  let summary = "A named mesh";
  let arguments = (ins SymbolNameAttr:$sym_name, Sdy_Mesh:$mesh);
  let assemblyFormat = "$sym_name `=` $mesh attr-dict";
}

// Without uses, a constraint still says how its operand is to be cut, so it is
// not pure.
def Sdy_ShardingConstraintOp : Sdy_Op<"sharding_constraint", [
    Elementwise, SameOperandsAndResultType, Sdy_MeshUser]> {
  let summary = "Its operand, which is to be cut as the sharding says";
  let arguments = (ins AnyType:$input, Sdy_TensorSharding:$sharding);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$input $sharding attr-dict `:` type($result)";
}

def Sdy_ReshardOp : Sdy_Op<"reshard", [
    Pure, Elementwise, SameOperandsAndResultType, Sdy_MeshUser]> {
  let summary = "Its operand, cut in another way";
  let arguments = (ins AnyType:$input, Sdy_TensorSharding:$sharding);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$input $sharding attr-dict `:` type($result)";
}

def Sdy_ShardingGroupOp : Sdy_Op<"sharding_group"> {
  let summary = "Puts its operand into a group that is cut in one way";
  let arguments = (ins AnyRankedTensor:$input, I64Attr:$group_id);
  let assemblyFormat = [{
    $input `group_id` `` `=` `` $group_id attr-dict `:` type($input)
  }];
}

def Sdy_PropagationBarrierOp : Sdy_Op<"propagation_barrier", [
    Pure, Elementwise, SameOperandsAndResultType]> {
  let summary = "Its operand; shardings spread in one direction only";
  let arguments = (ins AnyRankedTensor:$input,
                       Sdy_PropagationDirection:$allowed_direction);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $input `allowed_direction` `` `=` `` $allowed_direction attr-dict
      `:` type($input)
  }];
  let hasVerifier = 1;
}

def Sdy_DataFlowEdgeOp : Sdy_Op<"data_flow_edge", [
    SameOperandsAndResultType, Sdy_MeshUser]> {
  let summary = "Its operand, the target of an edge between regions";
  let arguments = (ins AnyShaped:$input,
                       OptionalAttr<Sdy_TensorSharding>:$sharding);
  let results = (outs AnyShaped:$result);
  let assemblyFormat = [{
    $input (`sharding` `` `=` `` $sharding^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Sdy_FuncDataFlowEdgeOp
    : Sdy_Op<"func_data_flow_edge", [SameOperandsAndResultType]> {
  let summary = "Its operand, an argument or a result of a function";
  let arguments = (ins AnyShaped:$operand);
  let results = (outs AnyShaped:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Regions and constants
//===----------------------------------------------------------------------===//

def Sdy_ManualComputationOp : Sdy_Op<"manual_computation", [
    IsolatedFromAbove, RecursiveMemoryEffects, Sdy_MeshUser,
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "Code of one device, along the manual axes";
  let arguments = (ins Variadic<AnyType>:$tensors,
                       Sdy_TensorShardingPerValue:$in_shardings,
                       Sdy_TensorShardingPerValue:$out_shardings,
                       Sdy_ManualAxes:$manual_axes);
  let results = (outs Variadic<AnyType>:$results);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` operands `)`
    `in_shardings` `` `=` ``
      custom<StrippedTensorShardingPerValueAttr>($in_shardings)
    `out_shardings` `` `=` ``
      custom<StrippedTensorShardingPerValueAttr>($out_shardings)
    `manual_axes` `` `=` `` $manual_axes
    custom<SingleBlockRegionNoBlockId>($body)
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def Sdy_NamedComputationOp : Sdy_Op<"named_computation", [
    IsolatedFromAbove, RecursiveMemoryEffects, RecursivelySpeculatable,
    Sdy_MeshUser,
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "Code with a name";
  let arguments = (ins StrAttr:$name, Variadic<AnyType>:$operands,
                       OptionalAttr<Sdy_TensorShardingPerValue>:$in_shardings,
                       OptionalAttr<Sdy_TensorShardingPerValue>:$out_shardings);
  let results = (outs Variadic<AnyType>);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `` `<` $name `>` `` `(` $operands `)`
    (`in_shardings` `` `=` ``
      custom<StrippedTensorShardingPerValueAttr>($in_shardings)^)?
    (`out_shardings` `` `=` ``
      custom<StrippedTensorShardingPerValueAttr>($out_shardings)^)?
    custom<SingleBlockRegionNoBlockId>($body)
    attr-dict `:` functional-type($operands, results)
  }];
  let hasVerifier = 1;
}

def Sdy_ReturnOp : Sdy_Op<"return", [Pure, Terminator]> {
  let summary = "Ends a region and gives its results";
  let arguments = (ins Variadic<AnyType>:$results);
  let assemblyFormat = "attr-dict ($results^ `:` type($results))?";
  let builders = [OpBuilder<(ins), [{
    build($_builder, $_state, ::mlir::ValueRange());
  }]>];
}

// Neither ConstantLike nor folded: each use may be cut in its own way.
def Sdy_ConstantOp : Sdy_Op<"constant", [Pure]> {
  let summary = "Constant tensor";
  let arguments = (ins ElementsAttr:$value);
  let results = (outs AnyTensor:$output);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Collectives
//===----------------------------------------------------------------------===//

class Sdy_CollectiveOp<string mnemonic, string axes, Attr axesAttr,
                       dag reduction = (ins), string format = "">
    : Sdy_Op<mnemonic, [SameOperandsAndResultType, Sdy_MeshUser]> {
  let arguments = !con(
      (ins AnyShaped:$tensor), !dag(ins, [axesAttr], [axes]), reduction,
      (ins Sdy_TensorSharding:$out_sharding));
  let results = (outs AnyShaped:$result);
  let assemblyFormat = format # "$" # axes # [{
    $tensor `out_sharding` `` `=` `` $out_sharding attr-dict
      `:` type($result)
  }];
}

/// One that reduces; a sum unless it says `max` or `min`. A sum has no
/// attribute, for releases of Shardy that know sums alone to read it.
class Sdy_ReducingCollectiveOp<string mnemonic, string axes, Attr axesAttr>
    : Sdy_CollectiveOp<
          mnemonic, axes, axesAttr,
          (ins OptionalAttr<Sdy_ReductionOp>:$reduction_op),
          "custom<Reduction>($reduction_op) `` ">;

def Sdy_AllGatherOp : Sdy_CollectiveOp<
    "all_gather", "gathering_axes", Sdy_ListOfAxisRefLists> {
  let summary = "Joins what axes have cut";
}
def Sdy_AllSliceOp : Sdy_CollectiveOp<
    "all_slice", "slicing_axes", Sdy_ListOfAxisRefLists> {
  let summary = "Cuts along axes";
}
def Sdy_AllToAllOp
    : Sdy_CollectiveOp<"all_to_all", "params", Sdy_AllToAllParamList> {
  let summary = "Moves axes from one dimension to another";
}
def Sdy_AllReduceOp : Sdy_ReducingCollectiveOp<
    "all_reduce", "reduction_axes", Sdy_AxisRefList> {
  let summary = "Sums along axes, or takes the largest or smallest part";
}
def Sdy_ReduceScatterOp : Sdy_ReducingCollectiveOp<
    "reduce_scatter", "reduce_scatter_axes", Sdy_ListOfAxisRefLists> {
  let summary = "Reduces along axes, and cuts along them";
}
def Sdy_ReplicatedToUnreducedOp
    : Sdy_CollectiveOp<"replicated_to_unreduced", "axes", Sdy_AxisRefList> {
  let summary = "Makes replicated axes unreduced";
}
def Sdy_ShardedToUnreducedOp : Sdy_CollectiveOp<
    "sharded_to_unreduced", "axes", Sdy_ListOfAxisRefLists> {
  let summary = "Makes axes that cut a dimension unreduced";
}
def Sdy_CollectivePermuteOp
    : Sdy_Op<"collective_permute", [SameOperandsAndResultType, Sdy_MeshUser]> {
  let summary = "Exchanges the axes of dimensions";
  let arguments = (ins AnyShaped:$tensor, Sdy_TensorSharding:$out_sharding);
  let results = (outs AnyShaped:$result);
  let assemblyFormat = [{
    $tensor `out_sharding` `` `=` `` $out_sharding attr-dict `:` type($result)
  }];
}

#endif // CEGM_DIALECT_SHARDY_IR_SDYOPS_TD
