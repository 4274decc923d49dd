//===- CegmReportOps.td - Around the gradient of a parameter --------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS
#define CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS

include "cegm/Dialect/Cegm/IR/CegmOpBase.td"

def Cegm_AuditOp : Cegm_Op<"audit", [AttrSizedOperandSegments]> {
  let summary = "metrics of the scores and weights of a site";
  let description = [{
    Reduces the scores and weights of one site to a row of ten numbers, over its
    active tokens unless said otherwise, and, if the parameter gradients are
    given, these to four more:

    | index | name | value | with no active token |
    | --- | --- | --- | --- |
    | 0 | `energy` | `strength` times the mean score | 0 |
    | 1 | `mean` | mean score | 0 |
    | 2 | `deviation` | standard deviation of the score (of the population) | 0 |
    | 3 | `minimum` | smallest score | 0 |
    | 4 | `maximum` | largest score | 0 |
    | 5 | `weight_minimum` | smallest weight | 1 |
    | 6 | `weight_maximum` | largest weight | 1 |
    | 7 | `positive_share` | share of the tokens with a score above 0 | 0 |
    | 8 | `active` | number of active tokens | 0 |
    | 9 | `non_finite` | number of tokens with score NaN, active or not | |
    | 10 | `gradient_norm` | norm of the gradient `dW` without entanglement | |
    | 11 | `entangled_norm` | norm of the gradient `dW^` with it | |
    | 12 | `gradient_cosine` | cosine of the two; 0 if one is zero | |
    | 13 | `radial_part` | `<W, dW^ - dW> / <W, W>`: how much the entanglement acts as weight decay; NaN if `W` is not given or zero | |

    *Shapes.* `scores`, `weights` and `active` have the same shape; `strength`
    has rank 0; `plain`, `entangled` and `parameter` have the same shape. The
    result is a tensor of ten elements, or of fourteen.

    *Element types.* One score type for all but `active`, of i1, and the
    gradients and the parameter, which are one of f16, bf16, f32 and f64. The
    inner products are made in f64.

    With `device_groups` tokens are those of all devices of a group, and a
    gradient is the sum of theirs, each of which sums over its own tokens.

    *Errors.* Shapes or element types that differ; only one of the gradients; a
    parameter without gradients; device groups that are no matrix of different
    numbers.

    Example:

    ```mlir
    %row = cegm.audit %scores, %weights, %active, %strength
        : (tensor<8x128xf32>, tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>)
        -> tensor<10xf32>
    %long = cegm.audit %scores, %weights, %active, %strength
        gradients(%dw, %entangled) parameter(%w)
        : (tensor<8x128xf32>, tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>,
           tensor<32x64xf32>, tensor<32x64xf32>, tensor<32x64xf32>)
        -> tensor<14xf32>
    ```
  }];
  let arguments = (ins
    Cegm_TokenTensor:$scores,
    Cegm_TokenTensor:$weights,
    Cegm_FlagTensor:$active,
    Cegm_Scalar:$strength,
    Variadic<Cegm_Tensor>:$gradients,
    Optional<Cegm_Tensor>:$parameter,
    Cegm_DeviceGroups:$device_groups
  );
  let results = (outs Cegm_TokenTensor:$metrics);
  let assemblyFormat = [{
    $scores `,` $weights `,` $active `,` $strength
    (`gradients` `(` $gradients^ `)`)? (`parameter` `(` $parameter^ `)`)?
    (`device_groups` `=` $device_groups^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasCanonicalizer = 1;
}

def Cegm_RemoveRadialOp : Cegm_Op<"remove_radial"> {
  let summary = "take the part along the parameter out of a gradient's change";
  let description = [{
    `entangled - (<P, entangled - plain> / <P, P>) P` for the parameter `P`, with
    inner products over all elements: what entanglement changed in the gradient
    `plain` becomes orthogonal to the parameter, so that it does not act as
    weight decay. The result is `entangled` where `P` is zero.

    *Shapes and element types.* `entangled`, `plain` and the result have one type.
    `P` has their shape; its element type may be another one. The computation is
    in f32 (f64 for f64 gradients) and rounded once.

    *Errors.* Gradients whose types differ, a parameter of another shape.

    Example:

    ```mlir
    %dw = cegm.remove_radial %entangled, %plain, %w
        : (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>)
        -> tensor<256x512xf32>
    ```
  }];
  let arguments = (ins
    Cegm_Tensor:$entangled,
    Cegm_Tensor:$plain,
    Cegm_Tensor:$parameter
  );
  let results = (outs Cegm_Tensor:$result);
  let assemblyFormat = [{
    $entangled `,` $plain `,` $parameter
    attr-dict `:` functional-type(operands, results)
  }];
  let hasFolder = 1;
}

def Cegm_RecordOp : Cegm_Op<"record"> {
  let summary = "the metrics of one iteration put into a table";
  let description = [{
    The `table` with its slice `index` along the first dimension replaced by
    `row`. A loop over layers or micro-batches carries such a table, in which
    every iteration fills in one slice. An index outside of the table is moved
    to the nearest slice.

    *Shapes.* A row of the shape `S...` goes into a table of `N x S...`; the
    index has rank 0.

    *Element types.* One score type for table and row; any integer type for the
    index.

    *Errors.* A table whose shape, without its first dimension, is not the
    row's; element types that differ.

    Example:

    ```mlir
    %filled = cegm.record %row into %table[%layer]
        : tensor<10xf32>, tensor<12x10xf32>, tensor<i32>
    ```
  }];
  let arguments = (ins
    Cegm_TokenTensor:$row,
    Cegm_TokenTensor:$table,
    Cegm_Index:$index
  );
  let results = (outs Cegm_TokenTensor:$result);
  let assemblyFormat = [{
    $row `into` $table `[` $index `]` attr-dict
    `:` type($row) `,` type($table) `,` type($index)
  }];
}

def Cegm_CollectOp : Cegm_Op<"collect"> {
  let summary = "the audit rows of a step as one table";
  let description = [{
    Stacks the rows of `cegm.audit`, and the tables of rows of `cegm.record`, of
    all sites of a step, in the order of the operands; a table's rows in the
    order of its elements.

    *Shapes.* Operands of `... x M` elements, with `N` rows of `M` elements in
    all, `N` at least 1, give a tensor of `N x M`.

    *Element types.* One score type for all.

    *Errors.* No operand; an operand of rank 0 or with a dynamic dimension;
    operands whose last dimensions or element types differ.

    Example:

    ```mlir
    %table = cegm.collect %row0, %layers
        : (tensor<10xf32>, tensor<3x10xf32>) -> tensor<4x10xf32>
    ```
  }];
  let arguments = (ins Variadic<Cegm_TokenTensor>:$rows);
  let results = (outs Cegm_TokenTensor:$table);
  let assemblyFormat = [{
    $rows attr-dict `:` functional-type(operands, results)
  }];
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS
