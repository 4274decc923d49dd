//===- SdyAttrs.td - The Shardy dialect and its attributes ----------------===//

#ifndef CEGM_DIALECT_SHARDY_IR_SDYATTRS_TD
#define CEGM_DIALECT_SHARDY_IR_SDYATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Sdy_Dialect : Dialect {
  let name = "sdy";
  let cppNamespace = "::mlir::sdy";
  let summary = "How tensors are laid out over a mesh of devices";
  let description = [{
    A subset of the Shardy dialect that is compatible with the official one, as
    the StableHLO dialect of this project is.
  }];
  let dependentDialects = ["::mlir::stablehlo::StablehloDialect"];
  let useDefaultAttributePrinterParser = 0;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let extraClassDeclaration = [{
    Attribute parseAttribute(DialectAsmParser &parser,
                             Type type) const override;
    void printAttribute(Attribute attr,
                        DialectAsmPrinter &printer) const override;

  private:
    void registerAttributes();
    void registerOps();
  }];
}

def Sdy_PropagationDirection : I32EnumAttr<"PropagationDirection",
    "in which direction shardings may spread", [
  I32EnumAttrCase<"NONE", 0>, I32EnumAttrCase<"FORWARD", 1>,
  I32EnumAttrCase<"BACKWARD", 2>, I32EnumAttrCase<"BOTH", 3>]> {
  let cppNamespace = "::mlir::sdy";
}

def Sdy_ReductionOp : I32EnumAttr<"ReductionOp", "how parts are reduced", [
  I32EnumAttrCase<"SUM", 0, "sum">, I32EnumAttrCase<"MAX", 1, "max">,
  I32EnumAttrCase<"MIN", 2, "min">]> {
  let cppNamespace = "::mlir::sdy";
}

def Sdy_EdgeNodeType : I32EnumAttr<"EdgeNodeType",
    "what end of an operation a sharding came through", [
  I32EnumAttrCase<"OPERAND", 0, "operand">,
  I32EnumAttrCase<"RESULT", 1, "result">]> {
  let cppNamespace = "::mlir::sdy";
}

/// All of them define their text in C++, for they print without spaces where
/// the declarative format has them.
class Sdy_Attr<string cppName, string keyword>
    : AttrDef<Sdy_Dialect, cppName> {
  let mnemonic = keyword;
  let hasCustomAssemblyFormat = 1;
}

/// A list that is an attribute: `getValue()` and the usual container methods.
class Sdy_ListAttr<string cppName, string keyword, string element>
    : Sdy_Attr<cppName, keyword> {
  let parameters = (ins OptionalArrayRefParameter<element>:$value);
  let extraClassDeclaration = [{
    auto begin() const { return getValue().begin(); }
    auto end() const { return getValue().end(); }
    size_t size() const { return getValue().size(); }
    bool empty() const { return getValue().empty(); }
  }];
}

//===----------------------------------------------------------------------===//
// Meshes
//===----------------------------------------------------------------------===//

def Sdy_MeshAxis : Sdy_Attr<"MeshAxis", "mesh_axis"> {
  let summary = "A named axis, `\"x\"=2`";
  let parameters = (ins StringRefParameter<>:$name, "int64_t":$size);
  let genVerifyDecl = 1;
}

def Sdy_Mesh : Sdy_Attr<"Mesh", "mesh"> {
  let summary = "Devices along named axes, `<[\"x\"=2, \"y\"=4]>`";
  let parameters = (ins OptionalArrayRefParameter<"MeshAxisAttr">:$axes,
                        OptionalArrayRefParameter<"int64_t">:$device_ids);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// One device that holds whole tensors.
    bool isMaximal() const {
      return getAxes().empty() && getDeviceIds().size() == 1;
    }
  }];
}

def Sdy_SubAxisInfo : Sdy_Attr<"SubAxisInfo", "sub_axis_info"> {
  let summary = "Which part of an axis, `(size to the left)size`";
  let parameters = (ins "int64_t":$pre_size, "int64_t":$size);
}

def Sdy_AxisRef : Sdy_Attr<"AxisRef", "axis_ref"> {
  let summary = "An axis or a part of one, `\"x\":(1)2`";
  let parameters = (ins StringRefParameter<>:$name,
                        OptionalParameter<"SubAxisInfoAttr">:$sub_axis_info);
}

def Sdy_AxisRefList
    : Sdy_ListAttr<"AxisRefList", "axis_ref_list", "AxisRefAttr"> {
  let summary = "Axes, `{\"x\", \"y\"}`";
}

def Sdy_ListOfAxisRefLists : Sdy_ListAttr<
    "ListOfAxisRefLists", "list_of_axis_ref_lists", "AxisRefListAttr"> {
  let summary = "Axes of each dimension, `[{\"x\"}, {}]`";
}

def Sdy_ManualAxes
    : Sdy_ListAttr<"ManualAxes", "manual_axes", "::mlir::StringAttr"> {
  let summary = "The axes that a manual computation handles itself";
}

//===----------------------------------------------------------------------===//
// Shardings
//===----------------------------------------------------------------------===//

def Sdy_DimensionSharding
    : Sdy_Attr<"DimensionSharding", "dimension_sharding"> {
  let summary = "The axes along which a dimension is cut, `{\"x\", ?}p1`";
  let description = [{
    An open dimension, marked `?`, may be cut further. The priority orders
    propagation.
  }];
  let parameters = (ins
    OptionalArrayRefParameter<"AxisRefAttr">:$axes, "bool":$is_closed,
    OptionalParameter<"std::optional<int64_t>">:$priority);
}

def Sdy_TensorSharding : Sdy_Attr<"TensorSharding", "sharding"> {
  let summary = "How a tensor is cut, `<@mesh, [{\"x\"}, {}]>`";
  let description = [{
    Along unreduced axes each device holds a part of a sum; `unreduced=max{"x"}`
    says of what else.
  }];
  let parameters = (ins
    "::mlir::Attribute":$mesh_or_ref,
    OptionalArrayRefParameter<"DimensionShardingAttr">:$dim_shardings,
    OptionalArrayRefParameter<"AxisRefAttr">:$replicated_axes,
    OptionalArrayRefParameter<"AxisRefAttr">:$unreduced_axes,
    "ReductionOp":$reduction_op);
  let builders = [AttrBuilder<(ins
      "::mlir::Attribute":$mesh_or_ref,
      "::llvm::ArrayRef<DimensionShardingAttr>":$dim_shardings,
      "::llvm::ArrayRef<AxisRefAttr>":$replicated_axes,
      "::llvm::ArrayRef<AxisRefAttr>":$unreduced_axes), [{
    return $_get($_ctxt, mesh_or_ref, dim_shardings, replicated_axes,
                 unreduced_axes, ReductionOp::SUM);
  }]>];
  let extraClassDeclaration = [{
    int64_t getRank() const { return getDimShardings().size(); }
  }];
}

def Sdy_TensorShardingPerValue
    : Sdy_Attr<"TensorShardingPerValue", "sharding_per_value"> {
  let summary = "The shardings of several values";
  let parameters = (ins
    OptionalArrayRefParameter<"TensorShardingAttr">:$shardings);
  let extraClassDeclaration = [{
    size_t size() const { return getShardings().size(); }
    bool empty() const { return getShardings().empty(); }
    TensorShardingAttr getSharding(int64_t index) const {
      return getShardings()[index];
    }
  }];
}

//===----------------------------------------------------------------------===//
// Rules and parameters
//===----------------------------------------------------------------------===//

def Sdy_DimMapping : Sdy_Attr<"DimMapping", "dim_mapping"> {
  let summary = "The factors of a dimension, `ij`";
  let parameters = (ins OptionalArrayRefParameter<"int64_t">:$factor_indices);
}

def Sdy_TensorMapping : Sdy_Attr<"TensorMapping", "tensor_mapping"> {
  let summary = "The factors of each dimension of a tensor, `[i, jk]`";
  let parameters = (ins
    OptionalArrayRefParameter<"DimMappingAttr">:$dim_mappings);
}

def Sdy_OpShardingRule : Sdy_Attr<"OpShardingRule", "op_sharding_rule"> {
  let summary = "How an operation may be partitioned";
  let description = [{
    ```
    <([i, k], [k, j])->([i, j]) {i=8, j=16, k=8} reduction={k}>
    ```
  }];
  let parameters = (ins
    OptionalArrayRefParameter<"int64_t">:$factor_sizes,
    OptionalArrayRefParameter<"TensorMappingAttr">:$operand_mappings,
    OptionalArrayRefParameter<"TensorMappingAttr">:$result_mappings,
    OptionalArrayRefParameter<"int64_t">:$reduction_factors,
    OptionalArrayRefParameter<"int64_t">:$need_replication_factors,
    OptionalArrayRefParameter<"int64_t">:$permutation_factors,
    OptionalArrayRefParameter<"int64_t">:$blocked_propagation_factors,
    "bool":$is_custom_rule);
}

def Sdy_AllToAllParam : Sdy_Attr<"AllToAllParam", "all_to_all_param"> {
  let summary = "Axes that move from one dimension to another, `{\"x\"}: 0->1`";
  let parameters = (ins OptionalArrayRefParameter<"AxisRefAttr">:$axes,
                        "int64_t":$src_dim, "int64_t":$tgt_dim);
}

def Sdy_AllToAllParamList : Sdy_ListAttr<
    "AllToAllParamList", "all_to_all_param_list", "AllToAllParamAttr"> {
  let summary = "All axes that move";
}

//===----------------------------------------------------------------------===//
// The history of a propagation
//===----------------------------------------------------------------------===//

def Sdy_EdgeValueRef : Sdy_Attr<"EdgeValueRef", "edge_value_ref"> {
  let summary = "An operand or a result of the operation, `operand-1`";
  let parameters = (ins "EdgeNodeType":$type, "int64_t":$index);
}

def Sdy_AxisToPropagationDetails
    : Sdy_Attr<"AxisToPropagationDetails", "axis_to_propagation_details"> {
  let summary = "From where to where an axis went, `{\"x\" = operand-0 -> [result-0]}`";
  let parameters = (ins "AxisRefAttr":$axis_name, "EdgeValueRefAttr":$source,
                        OptionalArrayRefParameter<"EdgeValueRefAttr">:$targets);
}

def Sdy_PropagationOneStep
    : Sdy_Attr<"PropagationOneStep", "propagation_one_step"> {
  let summary = "All axes that went in one step, `{step-1 = [..]}`";
  let parameters = (ins "int64_t":$step_index,
    OptionalArrayRefParameter<"AxisToPropagationDetailsAttr">:$axis_entries);
}

def Sdy_PropagationEdges : Sdy_ListAttr<
    "PropagationEdges", "propagation_edges", "PropagationOneStepAttr"> {
  let summary = "All steps, `<[{step-1 = [..]}]>`";
  let genVerifyDecl = 1;
}

#endif // CEGM_DIALECT_SHARDY_IR_SDYATTRS_TD
