//===- StablehloBase.td - Dialect, types and op classes -------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_STABLEHLOBASE_TD
#define CEGM_DIALECT_STABLEHLO_IR_STABLEHLOBASE_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Stablehlo_Dialect : Dialect {
  let name = "stablehlo";
  let cppNamespace = "::mlir::stablehlo";
  let summary = "The operations of machine-learning graphs, as JAX, PyTorch and XLA exchange them";
  let description = [{
    A subset of the StableHLO dialect that is compatible with the official one:
    the same names, the same text, the same C++ classes and accessors. It is
    written from the specification, so that this project needs no StableHLO
    library to be installed. Operations, attributes and types of this namespace
    that it does not know are kept as they are.
  }];
  let dependentDialects = ["::mlir::quant::QuantDialect"];
  let useDefaultAttributePrinterParser = 0;
  let useDefaultTypePrinterParser = 0;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    Attribute parseAttribute(DialectAsmParser &parser,
                             Type type) const override;
    void printAttribute(Attribute attr,
                        DialectAsmPrinter &printer) const override;
    Type parseType(DialectAsmParser &parser) const override;
    void printType(Type type, DialectAsmPrinter &printer) const override;

  private:
    void registerAttributes();
    void registerTypes();
    void registerElementwiseOps();
    void registerShapeOps();
    void registerDynamicShapeOps();
    void registerContractionOps();
    void registerReductionOps();
    void registerIndexingOps();
    void registerControlFlowOps();
    void registerCollectiveOps();
  }];
}

//===----------------------------------------------------------------------===//
// Types of the dialect
//===----------------------------------------------------------------------===//

class StableHLO_TypeDef<string cppName, string keyword>
    : TypeDef<Stablehlo_Dialect, cppName> {
  let mnemonic = keyword;
}

def StableHLO_Token : StableHLO_TypeDef<"Token", "token"> {
  let summary = "Orders operations that have side effects";
}

def StableHLO_Future : StableHLO_TypeDef<"Future", "future"> {
  let summary = "The results of an operation that is still running";
  let parameters = (ins ArrayRefParameter<"::mlir::Type">:$types);
  let assemblyFormat = "`<` $types `>`";
  let genVerifyDecl = 1;
}

//===----------------------------------------------------------------------===//
// Type constraints
//===----------------------------------------------------------------------===//

// Element types. `i1` is StableHLO's boolean and no integer there, yet most
// integer operations take it as well.
def HLO_Pred : TypeAlias<I1, "pred (AKA boolean or 1-bit integer)">;
def HLO_PredOrInt : Type<CPred<"::mlir::stablehlo::isIntegerElement($_self)">,
    "pred or 2/4/8/16/32/64-bit integer">;
def HLO_Int : Type<And<[HLO_PredOrInt.predicate, Neg<I1.predicate>]>,
    "2/4/8/16/32/64-bit integer">;
def HLO_Float : Type<CPred<"::llvm::isa<::mlir::FloatType>($_self)">,
    "floating-point number">;
def HLO_Complex : Type<CPred<"::mlir::stablehlo::isComplexElement($_self)">,
    "complex type with 32-bit float or 64-bit float elements">;
def HLO_Quantized : Type<CPred<"::mlir::stablehlo::isQuantizedElement($_self)">,
    "quantized type">;
def HLO_Float32Or64 : AnyTypeOf<[F32, F64]>;

// Tensors of them.
def HLO_Tensor : RankedTensorOf<
    [HLO_PredOrInt, HLO_Float, HLO_Complex, HLO_Quantized]>;
def HLO_PredTensor : RankedTensorOf<[HLO_Pred]>;
def HLO_IntTensor : RankedTensorOf<[HLO_PredOrInt]>;
def HLO_QuantizedIntTensor : RankedTensorOf<[HLO_PredOrInt, HLO_Quantized]>;
def HLO_FpTensor : RankedTensorOf<[HLO_Float, HLO_Quantized]>;
def HLO_PlainFpTensor : RankedTensorOf<[HLO_Float]>;
def HLO_Fp32Or64Tensor : RankedTensorOf<[HLO_Float32Or64]>;
def HLO_ComplexTensor : RankedTensorOf<[HLO_Complex]>;
def HLO_FpOrComplexTensor : RankedTensorOf<
    [HLO_Float, HLO_Complex, HLO_Quantized]>;
def HLO_QuantizedTensor : RankedTensorOf<[HLO_Quantized]>;
// A shape, or an amount for each dimension.
def HLO_DimensionTensor : RankedTensorOf<[Index, HLO_PredOrInt],
    [HasAnyRankOfPred<[1]>, HasStaticShapePred],
    "statically shaped 1-dimensional tensor">;
def HLO_RealTensor : RankedTensorOf<[HLO_PredOrInt, HLO_Float]>;
def HLO_Tuple : NestedTupleOf<[HLO_Tensor, StableHLO_Token]>;
def HLO_TensorOrToken : AnyTypeOf<[HLO_Tensor, StableHLO_Token]>;
def HLO_TensorOrTokenOrTuple
    : AnyTypeOf<[HLO_Tensor, StableHLO_Token, HLO_Tuple]>;
def HLO_CustomCallValue : AnyTypeOf<
    [AnyTensor, StableHLO_Token, HLO_Tuple, StableHLO_Future, AnyMemRef]>;

class HLO_ScalarTensorOf<list<Type> elements>
    : RankedTensorOf<elements, [HasAnyRankOfPred<[0]>], "0D tensor">;
def HLO_ScalarTensor : HLO_ScalarTensorOf<
    [HLO_PredOrInt, HLO_Float, HLO_Complex, HLO_Quantized]>;
def HLO_ScalarRealTensor : HLO_ScalarTensorOf<[HLO_PredOrInt, HLO_Float]>;
def HLO_ScalarIntTensor : HLO_ScalarTensorOf<[HLO_PredOrInt]>;
def HLO_ScalarPredTensor : HLO_ScalarTensorOf<[HLO_Pred]>;
def HLO_UI32ScalarTensor : HLO_ScalarTensorOf<[UI32]>;
def HLO_SI32ScalarTensor : HLO_ScalarTensorOf<[I32]>;

//===----------------------------------------------------------------------===//
// Op classes
//===----------------------------------------------------------------------===//

class StableHLO_Op<string mnemonic, list<Trait> traits = []>
    : Op<Stablehlo_Dialect, mnemonic, traits>;

/// An operation without side effects, one that may be moved or removed.
class StableHLO_PureOp<string mnemonic, list<Trait> traits = []>
    : StableHLO_Op<mnemonic, !listconcat([Pure], traits)>;

/// An operation whose region is applied to elements. Its effects are those of
/// the region.
class StableHLO_RegionOp<string mnemonic, list<Trait> traits = []>
    : StableHLO_Op<mnemonic, !listconcat([
        RecursiveMemoryEffects, RecursivelySpeculatable,
        SingleBlockImplicitTerminator<"ReturnOp">], traits)>;

/// An operation that may stand as the only one in the body of a compact reduce.
/// Unlike MLIR's own trait it does not let canonicalisation swap the operands.
def HLO_Commutative : NativeOpTrait<"IsCommutative"> {
  let cppNamespace = "::mlir::hlo::OpTrait";
}

/// The result types follow from the operands, up to what is only known at run
/// time; `build` needs none.
def HLO_InferTypes
    : DeclareOpInterfaceMethods<InferTypeOpInterface, ["inferReturnTypes"]>;
defvar HLO_CompatibleTypes = [{
    static bool isCompatibleReturnTypes(::mlir::TypeRange lhs,
                                        ::mlir::TypeRange rhs);
  }];

/// A pure operation that defines `inferReturnTypes` in C++.
class StableHLO_InferredOp<string mnemonic, list<Trait> traits = []>
    : StableHLO_PureOp<mnemonic, !listconcat([HLO_InferTypes], traits)> {
  let extraClassDeclaration = HLO_CompatibleTypes;
  let extraClassDefinition = [{
    bool $cppClass::isCompatibleReturnTypes(::mlir::TypeRange lhs,
                                            ::mlir::TypeRange rhs) {
      return ::mlir::stablehlo::areCompatibleTypes(lhs, rhs);
    }
  }];
}

#endif // CEGM_DIALECT_STABLEHLO_IR_STABLEHLOBASE_TD
