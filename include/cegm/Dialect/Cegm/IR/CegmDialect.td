//===- CegmDialect.td - The cegm dialect ----------------------------------===//

#ifndef CEGM_DIALECT_CEGM_IR_CEGMDIALECT
#define CEGM_DIALECT_CEGM_IR_CEGMDIALECT

include "mlir/IR/OpBase.td"

def Cegm_Dialect : Dialect {
  let name = "cegm";
  let cppNamespace = "::mlir::cegm";
  let summary = "Contextually entangled gradient mapping";
  let description = [{
    Re-weights the tokens of a parameter gradient by how well the gradient that
    each token carries agrees with the context that it stands in.

    A *site* is one contraction `Y = X . W` of an activation with a trained
    parameter. Its gradient `dW = sum_t x_t (x) dy_t` is a sum over tokens; the
    entangled gradient is `sum_t alpha_t x_t (x) dy_t`, and this dialect
    computes the weights `alpha_t`:

    | op | meaning |
    | --- | --- |
    | `cegm.score` | how much the gradient of each token agrees with its context, over a hierarchy of windows along the sequence |
    | `cegm.couple` | blends the scores of a site with those of deeper sites |
    | `cegm.weigh` | turns scores into positive weights of mean 1 |
    | `cegm.scale` | multiplies the rows of a tensor by token weights |
    | `cegm.entangle` | all of the above for one site |
    | `cegm.remove_radial` | takes the part along the parameter out of the change of a gradient |
    | `cegm.audit` | summarises scores and weights in a row of metrics |
    | `cegm.record` | puts the row of one iteration of a loop into a table |
    | `cegm.collect` | stacks the rows of all sites of a step |

    *Tokens and features.* An op that reads a tensor of tokens names the
    dimensions that are tokens and those that are features. Token dimension `i`
    of one operand pairs with token dimension `i` of the other, and so do the
    features, whatever the order of dimensions. The last token dimension is the
    sequence; the others are batch. No rank is fixed, and any dimension may be
    dynamic.

    *Score type.* Scores, weights and their reductions are f32, or f64 where the
    context or the gradient is f64, whatever the element type of the tensors.

    *Active tokens.* A token is active when its gradient row is not zero and
    both of its rows are finite. Masked and padded positions are not active:
    they keep weight 1 and do not count in any mean over tokens.

    *Non-finite tokens.* A token with a NaN or an infinity in its context or its
    gradient gets the score NaN, which marks it, and weight 1. Its rows enter
    the window averages as zeros, so it does not spoil its neighbours.

    Every op is free of memory effects.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let extraClassDeclaration = [{
    /// Adds the enum attributes; defined where their storage is complete.
    void registerAttributes();
  }];
}

#endif // CEGM_DIALECT_CEGM_IR_CEGMDIALECT
