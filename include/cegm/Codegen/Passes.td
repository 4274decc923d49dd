//===- Passes.td - Passes on the way to machine code -------*- tablegen -*-===//

#ifndef CEGM_CODEGEN_PASSES
#define CEGM_CODEGEN_PASSES

include "mlir/Pass/PassBase.td"

def BindEntryResultsPass : Pass<"bind-entry-results", "::mlir::ModuleOp"> {
  let summary = "give each result of the entry function a buffer of its caller";
  let description = [{
    Appends to the entry function an argument for each of its results of static
    shape and materializes the result in it, so that no call allocates what it
    returns. A result whose shape is known at run time only stays a result.

    An argument that is donated (`tf.aliasing_output` names its result;
    `jax.buffer_donor` goes with the first result of its type that is still
    free) is the destination of that result itself, and the step updates it in
    place. All other arguments are marked as not writable. The attribute
    `cegm.result` of an argument names the result that it receives.

    The other functions become private, and the entry function gets the C
    interface `_mlir_ciface_<name>`.

    Before:

    ```mlir
    func.func @main(%x: tensor<4xf32>, %p: tensor<4xf32> {tf.aliasing_output = 1 : i32})
        -> (tensor<f32>, tensor<4xf32>) {
      ...
      return %loss, %new : tensor<f32>, tensor<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: tensor<4xf32> {bufferization.writable = false},
                    %p: tensor<4xf32> {cegm.result = 1 : i64},
                    %r: tensor<f32> {cegm.result = 0 : i64})
        -> (tensor<f32>, tensor<4xf32>) attributes {llvm.emit_c_interface} {
      ...
      %0 = bufferization.materialize_in_destination %loss in %r
          : (tensor<f32>, tensor<f32>) -> tensor<f32>
      %1 = bufferization.materialize_in_destination %new in %p
          : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %0, %1 : tensor<f32>, tensor<4xf32>
    }
    ```

    *Errors.* No entry function, or one that is called; an argument or a result
    that is neither a ranked tensor nor a number; an argument that is donated to
    a result of another type.
  }];
  let options = [
    Option<"donate", "donate", "bool", "true",
           "Update donated arguments in place; if false, none is">,
    ListOption<"donateArguments", "donate-arguments", "int64_t",
               "Arguments that are donated as by jax.buffer_donor, beside those "
               "that are marked">
  ];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::LLVM::LLVMDialect"];
}

def DropBoundResultsPass : Pass<"drop-bound-results", "::mlir::ModuleOp"> {
  let summary = "remove the results that arguments receive";
  let description = [{
    After bufferization, removes from the functions with `cegm.result` arguments
    each result that an argument receives.

    Before:

    ```mlir
    func.func @main(%x: memref<4xf32>, %r: memref<4xf32> {cegm.result = 0 : i64})
        -> memref<4xf32> {
      ...
      return %r : memref<4xf32>
    }
    ```

    After:

    ```mlir
    func.func @main(%x: memref<4xf32>, %r: memref<4xf32> {cegm.result = 0 : i64}) {
      ...
      return
    }
    ```
  }];
}

#endif // CEGM_CODEGEN_PASSES
