//===- Passes.td - Passes from cegm to cegm -------------------------------===//

#ifndef CEGM_DIALECT_CEGM_TRANSFORMS_PASSES
#define CEGM_DIALECT_CEGM_TRANSFORMS_PASSES

include "mlir/Pass/PassBase.td"

def CegmDecomposeEntanglePass : Pass<"cegm-decompose-entangle"> {
  let summary = "replace each cegm.entangle by the small ops that it stands for";
  let description = [{
    Replaces every `cegm.entangle` by `cegm.score`, `cegm.couple` (if it has
    parents), `cegm.weigh` and `cegm.scale`, so that what follows meets only the
    small ops.

    Before:

    ```mlir
    %e, %s, %a, %w = cegm.entangle %dy, %x, %dx, %strength
        tokens = [0] x [0] x [0] features = [1] x [1] : ...
    ```

    After:

    ```mlir
    %s, %a = cegm.score cosine %x, %dx tokens = [0] x [0] features = [1] x [1] : ...
    %w = cegm.weigh tanh %s, %a, %strength : ...
    %e = cegm.scale %dy by %w tokens = [0] : ...
    ```
  }];
  let statistics = [
    Statistic<"decomposed", "decomposed", "Number of composite ops replaced">
  ];
}

#endif // CEGM_DIALECT_CEGM_TRANSFORMS_PASSES
