//===- CegmWeightOps.td - From scores to weighted rows --------------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMWEIGHTOPS
#define CEGM_DIALECT_CEGM_IR_CEGMWEIGHTOPS

include "cegm/Dialect/Cegm/IR/CegmOpBase.td"

def Cegm_WeighOp : Cegm_Op<"weigh"> {
  let summary = "turn scores into token weights";
  let description = [{
    Maps scores to weights that are positive for a strength in [0, 1).

    1. `u_t = s_t / temperature`, `-s_t / temperature` or `|s_t| / temperature`
       for the signs `positive`, `negative` and `magnitude`.
    2. With strength `lambda`, `1 + delta_t` is

       | weighting | `delta_t` |
       | --- | --- |
       | `tanh` | `lambda tanh(u_t)` |
       | `linear` | `lambda clamp(u_t, -1, 1)` |
       | `exp` | `exp(lambda clamp(u_t, -1, 1)) - 1` |
       | `softmax` | `lambda (A softmax(u)_t - 1)`, over the `A` active tokens of the sequence, which is the last dimension |

    3. Normalisation `mean` divides `1 + delta_t` by one plus the mean of
       `delta` over all active tokens, those of all devices of the group with
       `device_groups`; `none` leaves it. (`softmax` stays within a sequence.)
    4. Tokens that are not active, and those whose score is NaN, get weight 1.

    A strength of 0 gives exactly 1 everywhere, at compile time (the op folds)
    and at run time. A strength that is no constant and lies outside of [0, 1), or
    is NaN, gives weight NaN to all active tokens whose score is a number.

    *Shapes.* `scores`, `active` and the result have the same shape, of rank 1
    or more; `strength` has rank 0.

    *Element types.* `scores`, `strength` and the result are of one score type.

    *Errors.* Shapes or element types that differ; a temperature that is not
    positive; device groups that are no matrix of different numbers. The range of a constant strength is the caller's to keep.

    Example:

    ```mlir
    %weights = cegm.weigh tanh %scores, %active, %strength temperature = 0.1
        : (tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>)
        -> tensor<8x128xf32>
    ```
  }];
  let arguments = (ins
    Cegm_TokenTensor:$scores,
    Cegm_FlagTensor:$active,
    Cegm_Scalar:$strength,
    DefaultValuedAttr<Cegm_WeightingAttr,
                      "::mlir::cegm::Weighting::Tanh">:$weighting,
    DefaultValuedAttr<F64Attr, "0.1">:$temperature,
    DefaultValuedAttr<Cegm_SignAttr, "::mlir::cegm::Sign::Positive">:$sign,
    DefaultValuedAttr<Cegm_NormalizationAttr,
                      "::mlir::cegm::Normalization::Mean">:$normalization,
    Cegm_DeviceGroups:$device_groups
  );
  let results = (outs Cegm_TokenTensor:$weights);
  let assemblyFormat = [{
    `` $weighting $scores `,` $active `,` $strength
    (`temperature` `=` $temperature^)? (`sign` `=` `` $sign^)?
    (`normalization` `=` `` $normalization^)?
    (`device_groups` `=` $device_groups^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
  let hasCanonicalizer = 1;
}

def Cegm_ScaleOp : Cegm_Op<"scale"> {
  let summary = "multiply the rows of a tensor by token weights";
  let description = [{
    `result[t, k] = input[t, k] * weights[t]`, where `tokens` lists the
    dimensions of `input` that `weights` runs over, in the order of the
    dimensions of `weights`. The product is computed in the wider of the two
    element types and rounded once to that of `input`.

    *Shapes.* `input` of any rank; `weights` has the sizes of the dimensions in
    `tokens`; the result has the type of `input`. Weights that are all the
    constant 1 fold to `input`.

    *Errors.* Dimensions out of range or named twice; weights whose shape
    differs from the token dimensions of `input`.

    Example:

    ```mlir
    %scaled = cegm.scale %dy by %weights tokens = [0, 1]
        : (tensor<8x128x512xbf16>, tensor<8x128xf32>) -> tensor<8x128x512xbf16>
    ```
  }];
  let arguments = (ins
    Cegm_Tensor:$input,
    Cegm_TokenTensor:$weights,
    DenseI64ArrayAttr:$tokens
  );
  let results = (outs Cegm_Tensor:$result);
  let assemblyFormat = [{
    $input `by` $weights `tokens` `=` $tokens
    attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMWEIGHTOPS
