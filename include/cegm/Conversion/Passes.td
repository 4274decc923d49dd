//===- Passes.td - Passes from cegm to other dialects ---------------------===//

#ifndef CEGM_CONVERSION_PASSES
#define CEGM_CONVERSION_PASSES

include "mlir/Pass/PassBase.td"

def ConvertCegmToLinalgPass : Pass<"convert-cegm-to-linalg"> {
  let summary = "expand every cegm op into linalg on tensors";
  let description = [{
    Replaces each op of the cegm dialect by `linalg.generic` and ops of the
    tensor, arith and math dialects, inline and in destination style. Token and
    feature dimensions may have any order, which the indexing maps absorb, and
    any size, static or dynamic. `cegm.entangle` is decomposed on the way.

    Sums are made in f64, where no square of an f32 number leaves the range, and
    additions whose order is free carry the flag `reassoc`, so that they can be
    vectorised.

    Before:

    ```mlir
    %r = cegm.scale %x by %w tokens = [0]
        : (tensor<8x4xbf16>, tensor<8xf32>) -> tensor<8x4xbf16>
    ```

    After:

    ```mlir
    #all = affine_map<(d0, d1) -> (d0, d1)>
    #tokens = affine_map<(d0, d1) -> (d0)>
    %0 = tensor.empty() : tensor<8x4xbf16>
    %r = linalg.generic {indexing_maps = [#all, #tokens, #all],
                         iterator_types = ["parallel", "parallel"]}
        ins(%x, %w : tensor<8x4xbf16>, tensor<8xf32>)
        outs(%0 : tensor<8x4xbf16>) {
    ^bb0(%in: bf16, %weight: f32, %out: bf16):
      %1 = arith.extf %in : bf16 to f32
      %2 = arith.mulf %1, %weight : f32
      %3 = arith.truncf %2 : f32 to bf16
      linalg.yield %3 : bf16
    } -> tensor<8x4xbf16>
    ```
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
}

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
