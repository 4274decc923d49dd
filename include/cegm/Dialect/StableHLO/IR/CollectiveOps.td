//===- CollectiveOps.td - Communication between devices -------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_COLLECTIVEOPS_TD
#define CEGM_DIALECT_STABLEHLO_IR_COLLECTIVEOPS_TD

include "mlir/IR/SymbolInterfaces.td"
include "cegm/Dialect/StableHLO/IR/StablehloAttrs.td"

// Every process has to meet at these, so none of them counts as pure: their
// effects are unknown to MLIR, which therefore keeps them and their order.

//===----------------------------------------------------------------------===//
// Collectives
//===----------------------------------------------------------------------===//

/// A collective of groups of processes, which may be axes of a mesh symbol.
class StableHLO_GroupOp<string mnemonic, list<Trait> traits = []>
    : StableHLO_Op<mnemonic, !listconcat([
        DeclareOpInterfaceMethods<SymbolUserOpInterface>], traits)> {
  let hasVerifier = 1;
  let extraClassDefinition = [{
    ::llvm::LogicalResult $cppClass::verifySymbolUses(
        ::mlir::SymbolTableCollection &symbolTable) {
      return ::mlir::stablehlo::checkMeshSymbol(*this, getReplicaGroups(),
                                                symbolTable);
    }
  }];
}

def StableHLO_AllGatherOp : StableHLO_GroupOp<"all_gather"> {
  let summary = "The tensors of all processes of a group, concatenated";
  let arguments = (ins Variadic<HLO_Tensor>:$operands, I64Attr:$all_gather_dim,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle,
                       UnitAttr:$use_global_device_ids);
  let results = (outs Variadic<HLO_Tensor>);
}

def StableHLO_AllReduceOp : StableHLO_GroupOp<"all_reduce", [
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "The tensors of all processes of a group, reduced";
  let arguments = (ins Variadic<HLO_Tensor>:$operands,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle,
                       UnitAttr:$use_global_device_ids);
  let results = (outs Variadic<HLO_Tensor>);
  let regions = (region SizedRegion<1>:$computation);
}

def StableHLO_AllToAllOp : StableHLO_GroupOp<"all_to_all"> {
  let summary = "Parts of tensors, exchanged in a group";
  let arguments = (ins Variadic<HLO_Tensor>:$operands, I64Attr:$split_dimension,
                       I64Attr:$concat_dimension, I64Attr:$split_count,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle);
  let results = (outs Variadic<HLO_Tensor>);
}

def StableHLO_CollectiveBroadcastOp : StableHLO_GroupOp<"collective_broadcast"> {
  let summary = "The tensor of the first process of a group";
  let arguments = (ins Variadic<HLO_Tensor>:$operands,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle,
                       UnitAttr:$has_dynamic_root);
  let results = (outs Variadic<HLO_Tensor>);
}

def StableHLO_CollectivePermuteOp : StableHLO_Op<"collective_permute"> {
  let summary = "The tensor of another process";
  let arguments = (ins HLO_Tensor:$operand,
                       I64ElementsAttr:$source_target_pairs,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle);
  let results = (outs HLO_Tensor:$result);
  let hasVerifier = 1;
}

def StableHLO_CollectiveReduceOp : StableHLO_GroupOp<"collective_reduce", [
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "The tensors of a group, reduced into one process";
  let arguments = (ins Variadic<HLO_Tensor>:$operands,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle,
                       UnitAttr:$use_global_device_ids,
                       UnitAttr:$has_dynamic_root);
  let results = (outs Variadic<HLO_Tensor>);
  let regions = (region SizedRegion<1>:$computation);
}

def StableHLO_CrossReplicaSumOp : StableHLO_Op<"cross-replica-sum"> {
  let summary = "The sum over a group (deprecated)";
  let arguments = (ins HLO_Tensor:$operand, I64ElementsAttr:$replica_groups);
  let results = (outs HLO_Tensor:$result);
}

def StableHLO_ReduceScatterOp : StableHLO_GroupOp<"reduce_scatter", [
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "The tensors of a group, reduced, one part to each process";
  let arguments = (ins HLO_Tensor:$operand, I64Attr:$scatter_dimension,
                       StableHLO_ReplicaGroups:$replica_groups,
                       OptionalAttr<StableHLO_ChannelHandle>:$channel_handle,
                       UnitAttr:$use_global_device_ids);
  let results = (outs HLO_Tensor:$result);
  let regions = (region SizedRegion<1>:$computation);
}

//===----------------------------------------------------------------------===//
// Transfers with the host and other programs
//===----------------------------------------------------------------------===//

def StableHLO_InfeedOp : StableHLO_Op<"infeed"> {
  let summary = "Reads tensors from the host";
  let arguments = (ins StableHLO_Token:$token,
                       DefaultValuedOptionalAttr<StrAttr, "\"\"">:$infeed_config,
                       OptionalAttr<ArrayAttr>:$layout);
  let results = (outs Variadic<HLO_TensorOrToken>);
  let hasVerifier = 1;
}

def StableHLO_OutfeedOp : StableHLO_Op<"outfeed"> {
  let summary = "Writes tensors to the host";
  let arguments = (ins Variadic<HLO_Tensor>:$inputs, StableHLO_Token:$token,
                       DefaultValuedOptionalAttr<StrAttr, "\"\"">:$outfeed_config);
  let results = (outs StableHLO_Token:$result);
}

def StableHLO_SendOp : StableHLO_Op<"send"> {
  let summary = "Sends tensors on a channel";
  let arguments = (ins Variadic<HLO_Tensor>:$inputs, StableHLO_Token:$token,
      StableHLO_ChannelHandle:$channel_handle,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$is_host_transfer,
      OptionalAttr<I64ElementsAttr>:$source_target_pairs);
  let results = (outs StableHLO_Token:$result);
  let hasVerifier = 1;
}

def StableHLO_RecvOp : StableHLO_Op<"recv"> {
  let summary = "Receives tensors on a channel";
  let arguments = (ins StableHLO_Token:$token,
      StableHLO_ChannelHandle:$channel_handle,
      DefaultValuedOptionalAttr<BoolAttr, "false">:$is_host_transfer,
      OptionalAttr<I64ElementsAttr>:$source_target_pairs);
  let results = (outs Variadic<HLO_TensorOrToken>);
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Asynchronous operations and process ids
//===----------------------------------------------------------------------===//

def StableHLO_AsyncStartOp : StableHLO_Op<"async_start", [
    SingleBlockImplicitTerminator<"ReturnOp">]> {
  let summary = "Starts the collective of its region";
  let arguments = (ins Variadic<HLO_Tensor>:$operands);
  let results = (outs StableHLO_Future:$result);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}

def StableHLO_AsyncDoneOp : StableHLO_Op<"async_done"> {
  let summary = "Waits for what async_start has started";
  let arguments = (ins StableHLO_Future:$operand);
  let results = (outs Variadic<HLO_TensorOrToken>);
  let hasVerifier = 1;
}

class StableHLO_ProcessIdOp<string mnemonic> : StableHLO_PureOp<mnemonic> {
  let results = (outs HLO_UI32ScalarTensor:$result);
  let assemblyFormat = "attr-dict `:` type(results)";
}
def StableHLO_PartitionIdOp : StableHLO_ProcessIdOp<"partition_id"> {
  let summary = "The partition of this process";
}
def StableHLO_ReplicaIdOp : StableHLO_ProcessIdOp<"replica_id"> {
  let summary = "The replica of this process";
}

#endif // CEGM_DIALECT_STABLEHLO_IR_COLLECTIVEOPS_TD
