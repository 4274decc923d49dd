//===- CegmEntangleOp.td - The composite of one site ----------------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMENTANGLEOP
#define CEGM_DIALECT_CEGM_IR_CEGMENTANGLEOP

include "cegm/Dialect/Cegm/IR/CegmOpBase.td"
include "mlir/Dialect/Linalg/IR/LinalgInterfaces.td"

def Cegm_EntangleOp : Cegm_Op<"entangle", [
    AttrSizedOperandSegments,
    DeclareOpInterfaceMethods<AggregatedOpInterface, ["decomposeOperation"]>
  ]> {
  let summary = "entangle the gradient of one site with its context";
  let description = [{
    The composite of

    1. `cegm.score` of `contexts` and `gradients`, with `kernel`, `windows`,
       `decay` and `metric`;
    2. `cegm.couple` with `parents` and `coupling`, if there are parents;
    3. `cegm.weigh` with `strength`, `weighting`, `temperature`, `sign` and
       `normalization`, both over the tokens of `device_groups`;
    4. `cegm.scale` of `input` by the weights, over `input_tokens`.

    `input` is the tensor whose rows are re-weighted on the way into the
    contraction that makes the parameter gradient: the activation or the
    cotangent of the site, whichever is narrower. The results are the re-weighted
    tensor and, for the audit and for other sites, the scores, the active flags
    and the weights. The op decomposes into the four (`decomposeOperation` of
    `linalg::AggregatedOpInterface`, and `--cegm-decompose-entangle`).

    *Shapes, element types and errors* are those of the four ops; `strength` and
    `parents` are of the score type of `contexts` and `gradients`. With the
    constant strength 0, `entangled` folds to `input`.

    Example:

    ```mlir
    %entangled, %scores, %active, %weights =
        cegm.entangle %dy, %x, %dx, %strength
        tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2]
        weighting = softmax
        : (tensor<8x128x64xf32>, tensor<8x128x256xf32>, tensor<8x128x256xf32>,
           tensor<f32>)
        -> (tensor<8x128x64xf32>, tensor<8x128xf32>, tensor<8x128xi1>,
            tensor<8x128xf32>)
    ```
  }];
  let arguments = (ins
    Cegm_Tensor:$input,
    Cegm_Tensor:$contexts,
    Cegm_Tensor:$gradients,
    Cegm_Scalar:$strength,
    Optional<Cegm_Tensor>:$metric,
    Variadic<Cegm_TokenTensor>:$parents,
    DenseI64ArrayAttr:$input_tokens,
    DenseI64ArrayAttr:$context_tokens,
    DenseI64ArrayAttr:$gradient_tokens,
    DenseI64ArrayAttr:$context_features,
    DenseI64ArrayAttr:$gradient_features,
    DefaultValuedAttr<Cegm_KernelAttr, "::mlir::cegm::Kernel::Cosine">:$kernel,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 16, 128}">:$windows,
    DefaultValuedAttr<F64Attr, "1.0">:$decay,
    DefaultValuedAttr<F64Attr, "0.0">:$coupling,
    DefaultValuedAttr<Cegm_WeightingAttr,
                      "::mlir::cegm::Weighting::Tanh">:$weighting,
    DefaultValuedAttr<F64Attr, "0.1">:$temperature,
    DefaultValuedAttr<Cegm_SignAttr, "::mlir::cegm::Sign::Positive">:$sign,
    DefaultValuedAttr<Cegm_NormalizationAttr,
                      "::mlir::cegm::Normalization::Mean">:$normalization,
    Cegm_DeviceGroups:$device_groups
  );
  let results = (outs
    Cegm_Tensor:$entangled,
    Cegm_TokenTensor:$scores,
    Cegm_FlagTensor:$active,
    Cegm_TokenTensor:$weights
  );
  let assemblyFormat = [{
    $input `,` $contexts `,` $gradients `,` $strength
    (`metric` `(` $metric^ `)`)? (`parents` `(` $parents^ `)`)?
    `tokens` `=` $input_tokens `x` $context_tokens `x` $gradient_tokens
    `features` `=` $context_features `x` $gradient_features
    (`kernel` `=` `` $kernel^)? (`windows` `=` $windows^)? (`decay` `=` $decay^)?
    (`coupling` `=` $coupling^)? (`weighting` `=` `` $weighting^)?
    (`temperature` `=` $temperature^)? (`sign` `=` `` $sign^)?
    (`normalization` `=` `` $normalization^)?
    (`device_groups` `=` $device_groups^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasCanonicalizer = 1;
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMENTANGLEOP
