//===- CegmScoreOps.td - From tensors to one score a token ----------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMSCOREOPS
#define CEGM_DIALECT_CEGM_IR_CEGMSCOREOPS

include "cegm/Dialect/Cegm/IR/CegmOpBase.td"

def Cegm_ScoreOp : Cegm_Op<"score"> {
  let summary = "agreement of each token's gradient with its context";
  let description = [{
    Scores every token by how well its gradient row agrees with its context row,
    at every level of a hierarchy of windows along the sequence.

    1. Level `h` of the hierarchy cuts the sequence into consecutive windows of
       `windows[h]` positions; the last one may be shorter. A window of 0, or of
       the length of the sequence or more, is the whole sequence; a level that
       occurs more than once counts once.
    2. Context and gradient are averaged as vectors inside each window, over all
       of its positions; rows of non-finite tokens count as zeros.
    3. `kappa_h(t)` is the kernel of the two averages of the window that holds
       token `t`. For `inner` and `bilinear` it is divided by its root mean
       square over the active tokens (0 if that is 0).
       With `device_groups` it runs over the tokens of all devices of a group.
    4. `s_t = sum_h beta_h kappa_h(t)`, with `beta_h` proportional to
       `decay^(h-1)` and of sum 1. Non-finite tokens score NaN.

    The value of `cosine` is that of exact arithmetic for rows of magnitude
    1e-30 to 1e30: squares must not underflow or overflow.

    *Shapes.* `contexts` and `gradients` pair by `context_tokens` with
    `gradient_tokens` and `context_features` with `gradient_features`; tokens
    and features together are all dimensions of each. `scores` and `active` have
    the sizes of the token dimensions, in the order in which they are listed.
    `metric`, which `bilinear` demands and the other kernels refuse, has the
    sizes of the feature dimensions.

    *Element types.* Any of f16, bf16, f32, f64, which may differ; `scores` is
    f32, or f64 if `contexts` or `gradients` is.

    *Errors.* Dimensions out of range or named twice; operands whose token or
    feature sizes differ; windows that are not strictly increasing positive
    numbers with an optional 0 at the end; a decay that is not positive; device
    groups that are no matrix of different numbers.

    Example:

    ```mlir
    %scores, %active = cegm.score cosine %x, %dx
        tokens = [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16]
        : (tensor<8x128x256xf32>, tensor<8x128x256xf32>)
        -> (tensor<8x128xf32>, tensor<8x128xi1>)
    ```
  }];
  let arguments = (ins
    Cegm_Tensor:$contexts,
    Cegm_Tensor:$gradients,
    Optional<Cegm_Tensor>:$metric,
    DenseI64ArrayAttr:$context_tokens,
    DenseI64ArrayAttr:$gradient_tokens,
    DenseI64ArrayAttr:$context_features,
    DenseI64ArrayAttr:$gradient_features,
    DefaultValuedAttr<Cegm_KernelAttr, "::mlir::cegm::Kernel::Cosine">:$kernel,
    DefaultValuedAttr<DenseI64ArrayAttr, "{1, 16, 128}">:$windows,
    DefaultValuedAttr<F64Attr, "1.0">:$decay,
    Cegm_DeviceGroups:$device_groups
  );
  let results = (outs Cegm_TokenTensor:$scores, Cegm_FlagTensor:$active);
  let assemblyFormat = [{
    `` $kernel $contexts `,` $gradients (`metric` `(` $metric^ `)`)?
    `tokens` `=` $context_tokens `x` $gradient_tokens
    `features` `=` $context_features `x` $gradient_features
    (`windows` `=` $windows^)? (`decay` `=` $decay^)?
    (`device_groups` `=` $device_groups^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasCanonicalizer = 1;
}

def Cegm_CoupleOp : Cegm_Op<"couple"> {
  let summary = "blend scores with those of deeper sites";
  let description = [{
    `(1 - coupling) s_t + coupling * mean over the parents of their s_t`.

    Parents are the scores of sites nearer to the loss, so that what a deep
    layer found reaches the layers below it. A parent that is NaN at a token is
    left out of the mean there; a token whose own score is NaN, or at which no
    parent has a number, keeps its own score.

    *Shapes.* All operands and the result have one type. Without parents, or
    with coupling 0, the op folds to `scores`.

    *Errors.* A parent whose type differs from that of `scores`; a coupling
    outside [0, 1).

    Example:

    ```mlir
    %coupled = cegm.couple %own with %above_0, %above_1 coupling = 0.25
        : (tensor<8x128xf32>, tensor<8x128xf32>, tensor<8x128xf32>)
        -> tensor<8x128xf32>
    ```
  }];
  let arguments = (ins
    Cegm_TokenTensor:$scores,
    Variadic<Cegm_TokenTensor>:$parents,
    F64Attr:$coupling
  );
  let results = (outs Cegm_TokenTensor:$result);
  let assemblyFormat = [{
    $scores (`with` $parents^)? `coupling` `=` $coupling
    attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMSCOREOPS
