//===- TrainingGraphOpInterface.td - What a frontend's op does -*- tablegen -*-//

#ifndef CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_TD
#define CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def TrainingGraphOpInterface : OpInterface<"TrainingGraphOpInterface"> {
  let cppNamespace = "::mlir::cegm";
  let description = [{
    Answers, for an op of an input dialect, the questions that the analysis of a
    training graph and the injection ask: does it contract two tensors, does it
    only show another tensor in a different shape or element type, does it read
    rows of a table or add rows into one, or a slice of a stack?

    Every input dialect implements it by external models, so that the analysis
    and the injection name no op of any dialect. An op without the interface
    does none of this.
  }];

  let methods = [
    InterfaceMethod<
      "How the op contracts its two operands; none if it is no contraction.",
      "::std::optional<::mlir::cegm::Contraction>", "getContraction", (ins), "",
      [{ return std::nullopt; }]>,
    InterfaceMethod<
      [{What the given result is a view of: the same elements, perhaps in
        another order, shape or precision, or repeated; none if it is no view.}],
      "::std::optional<::mlir::cegm::TensorView>", "getTensorView",
      (ins "unsigned":$result), "", [{ return std::nullopt; }]>,
    InterfaceMethod<
      "How the op reads rows of a table or adds to them; none if it does not.",
      "::std::optional<::mlir::cegm::TableAccess>", "getTableAccess", (ins), "",
      [{ return std::nullopt; }]>,
    InterfaceMethod<
      [{How the op reads one slice of a stack or replaces it; none if it does
        neither.}],
      "::std::optional<::mlir::cegm::StackAccess>", "getStackAccess", (ins), "",
      [{ return std::nullopt; }]>,
    InterfaceMethod<
      [{Whether the op adds to the given operand, scales, limits or keeps it,
        element by element: the result is a new state of that operand.}],
      "::mlir::cegm::Passing", "getPassing", (ins "unsigned":$operand), "",
      [{ return ::mlir::cegm::Passing::No; }]>,
    InterfaceMethod<
      [{The dimension along which the op puts its operands one behind the other;
        none if it does not.}],
      "::std::optional<int64_t>", "getConcatenatedDim", (ins), "",
      [{ return std::nullopt; }]>,
    InterfaceMethod<
      [{How the op cuts a part out of a tensor (the part is a result then), or puts
        one into a larger tensor (the part is an operand, the whole a result); none
        if it does neither.}],
      "::std::optional<::mlir::cegm::TensorPart>", "getTensorPart", (ins), "",
      [{ return ::std::nullopt; }]>,
    InterfaceMethod<
      [{Whether all elements of the result are equal if those of each operand are:
        the op repeats its operand, or reads nothing.}],
      "bool", "isBroadcast", (ins), "", [{ return false; }]>,
    InterfaceMethod<
      [{Whether the op runs its only block once, with its operands as arguments,
        and returns what the block returns; a device may see parts of the
        tensors there.}],
      "bool", "runsBodyOnce", (ins), "", [{ return false; }]>,
    InterfaceMethod<
      [{Where the op runs its body once for each device: the groups of devices
        that have different parts of the given operand there, a row a group;
        null if all have all of it.}],
      "::mlir::DenseIntElementsAttr", "getPartDevices",
      (ins "unsigned":$operand), "",
      [{ return ::mlir::DenseIntElementsAttr(); }]>,
    InterfaceMethod<
      [{Adds an operand, all of which each device sees, and returns the argument
        of the body that stands for it. Called only where `runsBodyOnce`.}],
      "::mlir::Value", "addOperand", (ins "::mlir::Value":$whole), "",
      [{ llvm_unreachable("the op has no body of its own"); }]>,
    InterfaceMethod<
      [{Replaces the op by one that also returns `values` of its body, of rank 1
        or more, and gives the results that stand for them: those of the devices
        one behind the other, along a new dimension before the last. Devices of
        one of the `groups`, if a value has some, have the same, which stands
        there once. Called only where `runsBodyOnce`.}],
      "::llvm::SmallVector<::mlir::Value>", "addResults",
      (ins "::mlir::ValueRange":$values,
           "::llvm::ArrayRef<::mlir::DenseIntElementsAttr>":$groups), "",
      [{ llvm_unreachable("the op has no body of its own"); }]>,
    InterfaceMethod<
      [{The groups of devices whose operands the op adds up, a row a group; null
        if it does not, or the graph does not list them.}],
      "::mlir::DenseIntElementsAttr", "getSummedDevices", (ins), "",
      [{ return ::mlir::DenseIntElementsAttr(); }]>,
    InterfaceMethod<
      "Whether the op slides one operand over the other.",
      "bool", "isConvolution", (ins), "", [{ return false; }]>,
    InterfaceMethod<
      "Whether the op contracts groups of unequal sizes.",
      "bool", "isRaggedContraction", (ins), "", [{ return false; }]>,
    InterfaceMethod<
      [{Makes the same contraction of other operands. With `swapped`, the free
        dimensions of the result's right operand come before those of the left:
        the two operands change places. Called only where `getContraction`
        gives a value.}],
      "::mlir::Value", "createContraction",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$lhs, "::mlir::Value":$rhs, "bool":$swapped), "",
      [{ llvm_unreachable("the op is no contraction"); }]>,
    InterfaceMethod<
      [{Makes a tensor whose dimension i is dimension `permutation[i]` of
        `source`, in the dialect of this op. Called only where `getContraction`
        or `getTableAccess` gives a value.}],
      "::mlir::Value", "createPermutation",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$source, "::llvm::ArrayRef<int64_t>":$permutation),
      "",
      [{ llvm_unreachable("the op is part of no site"); }]>,
    InterfaceMethod<
      [{Makes a tensor with the elements of `source`, in row-major order, and the
        static shape `shape`, in the dialect of this op. Called only where
        `getContraction` or `getTableAccess` gives a value.}],
      "::mlir::Value", "createReshape",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$source, "::llvm::ArrayRef<int64_t>":$shape),
      "",
      [{ llvm_unreachable("the op is part of no site"); }]>,
    InterfaceMethod<
      [{Makes a tensor with the elements and the shape of `source` that a compiler
        keeps apart from it: who reads the one does not change how the readers
        of the other are compiled. The value itself where no compiler that the
        dialect is meant for looks so far. Called only where `getContraction` or
        `getTableAccess` gives a value.}],
      "::mlir::Value", "createSeparateView",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::Value":$source),
      "", [{ return source; }]>
  ];
}

#endif // CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_TD
