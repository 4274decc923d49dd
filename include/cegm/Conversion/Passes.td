//===- Passes.td - Passes from cegm to other dialects ---------------------===//

#ifndef CEGM_CONVERSION_PASSES
#define CEGM_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertCegmToStableHLOPass : Pass<"convert-cegm-to-stablehlo"> {
  let summary = "expand every cegm op into StableHLO";
  let description = [{
    Replaces each op of the cegm dialect by StableHLO ops, inline, and
    `arith.constant`s of tensor type by `stablehlo.constant`, so that a StableHLO
    module with cegm ops becomes a StableHLO module that JAX, XLA and IREE read.
    `cegm.entangle` is decomposed on the way.

    What depends on the context alone (the largest magnitudes of its rows and
    their squares) is written the same way for each op, so that CSE shares it
    between sites that read one activation.

    Before:

    ```mlir
    %r = cegm.scale %x by %w tokens = [0]
        : (tensor<8x4xbf16>, tensor<8xf32>) -> tensor<8x4xbf16>
    ```

    After:

    ```mlir
    %0 = stablehlo.convert %x : (tensor<8x4xbf16>) -> tensor<8x4xf32>
    %1 = stablehlo.broadcast_in_dim %w, dims = [0] : (tensor<8xf32>) -> tensor<8x4xf32>
    %2 = stablehlo.multiply %0, %1 : tensor<8x4xf32>
    %r = stablehlo.convert %2 : (tensor<8x4xf32>) -> tensor<8x4xbf16>
    ```

    *Errors.* A dynamic dimension of an operand of a cegm op.
  }];
  let dependentDialects = ["::mlir::stablehlo::StablehloDialect"];
}

#endif // CEGM_CONVERSION_PASSES
