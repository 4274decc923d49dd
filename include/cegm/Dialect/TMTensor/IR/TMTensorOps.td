//===- TMTensorOps.td - Tensor ops that linalg lacks -------*- tablegen -*-===//

#ifndef CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_TD
#define CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def TMTensor_Dialect : Dialect {
  let name = "tm_tensor";
  let cppNamespace = "::mlir::tm_tensor";
  let summary = "Tensor operations that linalg lacks";
  let description = [{
    A subset of torch-mlir's TMTensor dialect, on tensors, that reads and prints
    the same text: what torch-mlir needs beside linalg to express a PyTorch
    program.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::linalg::LinalgDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

class TMTensor_Op<string mnemonic, list<Trait> traits = []>
    : Op<TMTensor_Dialect, mnemonic, traits>;

/// An op that computes its results from `inputs`, starting from `outputs`: one
/// result for each output.
class TMTensor_DestinationOp<string mnemonic, list<Trait> traits = []>
    : TMTensor_Op<mnemonic, !listconcat([
        AttrSizedOperandSegments, DestinationStyleOpInterface,
        RecursiveMemoryEffects, RecursivelySpeculatable], traits)> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getOutputsMutable();
    }
  }];
}

def TMTensor_YieldOp : TMTensor_Op<"yield", [
    Pure, ReturnLike, Terminator,
    ParentOneOf<["ScatterOp", "ScanOp", "SortOp", "TopkOp"]>]> {
  let summary = "Ends the body of an operation of this dialect";
  let arguments = (ins Variadic<AnyType>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
}

def TMTensor_ScatterOp : TMTensor_DestinationOp<"scatter", [
    SingleBlock]> {
  let summary = "Updates slices of a tensor at places that are data";
  let description = [{
    The inputs are `n` updates, along their first dimension, and for each a row
    of indices. Column `i` of the indices is a place along the dimension
    `dimension_map[i]` of the output; along the other dimensions, and those that
    the update has from this place on, the update is written as it stands. The
    body joins an element of the update, its first argument, with the one that
    is there, its second.

    Updates of one place follow one another in any order, unless
    `unique_indices` promises that there are none.

    ```mlir
    %sum = tm_tensor.scatter {dimension_map = array<i64: 0>} unique_indices(false)
        ins(%rows, %ids : tensor<39x1x32xf32>, tensor<39x1xi64>)
        outs(%zero : tensor<61x32xf32>) {
    ^bb0(%row: f32, %current: f32):
      %next = arith.addf %current, %row : f32
      tm_tensor.yield %next : f32
    } -> tensor<61x32xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$outputs,
                       DenseI64ArrayAttr:$dimension_map,
                       DefaultValuedAttr<BoolAttr, "true">:$unique_indices);
  let regions = (region SizedRegion<1>:$region);
  let assemblyFormat = [{
    attr-dict `unique_indices` `(` $unique_indices `)`
      `ins` `(` $inputs `:` type($inputs) `)`
      `outs` `(` $outputs `:` type($outputs) `)`
      $region (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getOutputsMutable();
    }

    ::mlir::Value getUpdates() { return getInputs()[0]; }
    ::mlir::Value getIndices() { return getInputs()[1]; }
    ::mlir::Value getOriginal() { return getOutputs()[0]; }
    /// The dimension of the output that the first dimension of an update's
    /// window stands for; the window goes on to the last dimension.
    int64_t getFirstWindowDim();
  }];
}

def TMTensor_ScanOp : TMTensor_DestinationOp<"scan", [
    SingleBlock]> {
  let summary = "Joins each element of a dimension with all those before it";
  let description = [{
    The outputs are the running results and the accumulator, which lacks the
    dimension. An `inclusive` scan counts the element itself with those before
    it.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$outputs,
                       I64Attr:$dimension,
                       DefaultValuedAttr<BoolAttr, "true">:$inclusive);
  let regions = (region SizedRegion<1>:$region);
  let assemblyFormat = [{
    attr-dict `dimension` `(` $dimension `)` `inclusive` `(` $inclusive `)`
      `ins` `(` $inputs `:` type($inputs) `)`
      `outs` `(` $outputs `:` type($outputs) `)`
      $region (`->` type($results)^)?
  }];
}

def TMTensor_SortOp : TMTensor_DestinationOp<"sort", [
    SingleBlock]> {
  let summary = "Sorts tensors along a dimension, all by the same order";
  let description = [{
    The outputs hold what is sorted. The body gets two elements of each and says
    whether the first ones stay before the second ones.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$outputs,
                       I64Attr:$dimension);
  let regions = (region SizedRegion<1>:$region);
  let assemblyFormat = [{
    attr-dict `dimension` `(` $dimension `)`
      (`ins` `(` $inputs^ `:` type($inputs) `)`)?
      `outs` `(` $outputs `:` type($outputs) `)`
      $region (`->` type($results)^)?
  }];
}

def TMTensor_TopkOp : TMTensor_DestinationOp<"topk", [
    SingleBlock]> {
  let summary = "The first k elements of a dimension in an order, and where";
  let description = [{
    The inputs are the elements and, as an option, their numbers; the outputs
    are the k elements and their numbers. The body says whether its first
    argument comes before its second.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$outputs,
                       I64Attr:$dimension);
  let regions = (region SizedRegion<1>:$region);
  let assemblyFormat = [{
    attr-dict `dimension` `(` $dimension `)`
      `ins` `(` $inputs `:` type($inputs) `)`
      `outs` `(` $outputs `:` type($outputs) `)`
      $region (`->` type($results)^)?
  }];
}

def TMTensor_AttentionOp : TMTensor_DestinationOp<"attention"> {
  let summary = "Scaled dot-product attention";
  let description = [{
    The inputs are query, key, value and, as an option, a mask that is added to
    the scores: batch dimensions first, then tokens and features.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$outputs);
  let assemblyFormat = [{
    attr-dict `ins` `(` $inputs `:` type($inputs) `)`
      `outs` `(` $outputs `:` type($outputs) `)` (`->` type($results)^)?
  }];
}

#endif // CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_TD
