//===- ChloBase.td - Dialect, attributes and op classes -------------------===//

#ifndef CEGM_DIALECT_CHLO_IR_CHLOBASE_TD
#define CEGM_DIALECT_CHLO_IR_CHLOBASE_TD

include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/EnumAttr.td"
include "cegm/Dialect/StableHLO/IR/StablehloBase.td"

def Chlo_Dialect : Dialect {
  let name = "chlo";
  let cppNamespace = "::mlir::chlo";
  let summary = "Client operations that StableHLO leaves out";
  let description = [{
    A subset of the CHLO dialect that is compatible with the official one, as
    the StableHLO dialect of this project is.
  }];
  let dependentDialects = ["::mlir::stablehlo::StablehloDialect"];
  let useDefaultAttributePrinterParser = 0;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    Attribute parseAttribute(DialectAsmParser &parser,
                             Type type) const override;
    void printAttribute(Attribute attr,
                        DialectAsmPrinter &printer) const override;

  private:
    void registerAttributes();
    void registerOps();
    void registerBroadcastOps();
  }];
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

class CHLO_I32Enum<string name, string summary, list<I32EnumAttrCase> cases>
    : I32EnumAttr<name, summary, cases> {
  let genSpecializedAttr = 0;
  let cppNamespace = "::mlir::chlo";
}

def CHLO_ComparisonDirection : CHLO_I32Enum<"ComparisonDirection",
    "which comparison to perform", [
  I32EnumAttrCase<"EQ", 0>, I32EnumAttrCase<"NE", 1>,
  I32EnumAttrCase<"GE", 2>, I32EnumAttrCase<"GT", 3>,
  I32EnumAttrCase<"LE", 4>, I32EnumAttrCase<"LT", 5>]>;
def CHLO_ComparisonDirectionAttr : EnumAttr<
    Chlo_Dialect, CHLO_ComparisonDirection, "comparison_direction">;

def CHLO_ComparisonType : CHLO_I32Enum<"ComparisonType",
    "how to understand the values that are compared", [
  I32EnumAttrCase<"NOTYPE", 0>, I32EnumAttrCase<"FLOAT", 1>,
  I32EnumAttrCase<"TOTALORDER", 2>, I32EnumAttrCase<"SIGNED", 3>,
  I32EnumAttrCase<"UNSIGNED", 4>]>;
def CHLO_ComparisonTypeAttr
    : EnumAttr<Chlo_Dialect, CHLO_ComparisonType, "comparison_type">;

def CHLO_Precision : CHLO_I32Enum<"Precision",
    "how exact a contraction has to be", [
  I32EnumAttrCase<"DEFAULT", 0>, I32EnumAttrCase<"HIGH", 1>,
  I32EnumAttrCase<"HIGHEST", 2>]>;
def CHLO_PrecisionAttr : EnumAttr<Chlo_Dialect, CHLO_Precision, "precision">;
def CHLO_PrecisionConfigAttr
    : TypedArrayAttrBase<CHLO_PrecisionAttr, "Precision Config attribute">;

def CHLO_Dims : ArrayRefParameter<"int64_t", "dimensions"> {
  let parser = "::mlir::stablehlo::parseDims($_parser)";
  let printer = "::mlir::stablehlo::printDims($_printer, $_self)";
}

def CHLO_RaggedDotDimensionNumbers
    : AttrDef<Chlo_Dialect, "RaggedDotDimensionNumbers"> {
  let mnemonic = "ragged_dot";
  let summary = "Which dimensions a ragged_dot pairs, contracts and groups";
  let parameters = (ins
    CHLO_Dims:$lhsBatchingDimensions,
    CHLO_Dims:$rhsBatchingDimensions,
    CHLO_Dims:$lhsContractingDimensions,
    CHLO_Dims:$rhsContractingDimensions,
    CHLO_Dims:$lhsRaggedDimensions,
    CHLO_Dims:$rhsGroupDimensions);
  let hasCustomAssemblyFormat = 1;
}

//===----------------------------------------------------------------------===//
// Op classes
//===----------------------------------------------------------------------===//

class CHLO_Op<string mnemonic, list<Trait> traits = []>
    : Op<Chlo_Dialect, mnemonic, traits>;

class CHLO_PureOp<string mnemonic, list<Trait> traits = []>
    : CHLO_Op<mnemonic, !listconcat([Pure], traits)>;

/// See StableHLO_ElementwiseOp.
class CHLO_ElementwiseOp<string mnemonic, string inferElement>
    : CHLO_PureOp<mnemonic, [Elementwise, HLO_InferTypes]> {
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

#endif // CEGM_DIALECT_CHLO_IR_CHLOBASE_TD
