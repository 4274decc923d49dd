//===- CegmReportOps.td - Around the gradient of a parameter --------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS
#define CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS

include "cegm/Dialect/Cegm/IR/CegmOpBase.td"

def Cegm_AuditOp : Cegm_Op<"audit"> {
  let summary = "metrics of the scores and weights of a site";
  let description = [{
    Reduces the scores and weights of one site to a row of ten numbers, over its
    active tokens unless said otherwise:

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

    *Shapes.* `scores`, `weights` and `active` have the same shape; `strength`
    has rank 0; the result is a tensor of ten elements.

    *Element types.* One score type for all but `active`, of i1.

    *Errors.* Shapes or element types that differ.

    Example:

    ```mlir
    %row = cegm.audit %scores, %weights, %active, %strength
        : (tensor<8x128xf32>, tensor<8x128xf32>, tensor<8x128xi1>, tensor<f32>)
        -> tensor<10xf32>
    ```
  }];
  let arguments = (ins
    Cegm_TokenTensor:$scores,
    Cegm_TokenTensor:$weights,
    Cegm_FlagTensor:$active,
    Cegm_Scalar:$strength
  );
  let results = (outs Cegm_TokenTensor:$metrics);
  let assemblyFormat = [{
    $scores `,` $weights `,` $active `,` $strength
    attr-dict `:` functional-type(operands, results)
  }];
}

def Cegm_RemoveRadialOp : Cegm_Op<"remove_radial"> {
  let summary = "take the part along the parameter out of a gradient's change";
  let description = [{
    `entangled - (<P, entangled - plain> / <P, P>) P` for the parameter `P`, with
    inner products over all elements: what entanglement changed in the gradient
    `plain` becomes orthogonal to the parameter, so that it does not act as
    weight decay. The result is `entangled` where `P` is zero.

    *Shapes and element types.* All operands and the result have one type. The
    computation is in f32 (f64 for f64) and rounded once.

    *Errors.* Operands whose types differ.

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

def Cegm_CollectOp : Cegm_Op<"collect"> {
  let summary = "the audit rows of a step as one table";
  let description = [{
    Stacks the rows that `cegm.audit` gives for each site of a step: row `i` of
    the result is operand `i`.

    *Shapes.* `N` operands of `M` elements each, `N` at least 1, give a tensor
    of `N x M`.

    *Element types.* One score type for all.

    *Errors.* No operand; operands whose types differ.

    Example:

    ```mlir
    %table = cegm.collect %row0, %row1
        : (tensor<10xf32>, tensor<10xf32>) -> tensor<2x10xf32>
    ```
  }];
  let arguments = (ins Variadic<Cegm_TokenTensor>:$rows);
  let results = (outs Cegm_TokenTensor:$table);
  let assemblyFormat = [{
    $rows attr-dict `:` functional-type(operands, results)
  }];
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMREPORTOPS
