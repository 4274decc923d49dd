//===- Tokens.h - Which tokens count, and how each agrees alone -----------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_TOKENS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_TOKENS_H

#include "Kernels.h"

namespace mlir::cegm::to_stablehlo {

/// Token-shaped facts about the tokens of a site.
struct Tokens {
  /// See KernelEmitter.
  Value agreement;
  /// Whether both rows are free of NaN and infinity.
  Value finite;
  /// Whether the gradient is not zero, besides.
  Value active;
  /// The norm of the gradient, not meaningful where the token is not finite.
  Value gradientNorm;
};

/// Computes them from the rows of a context and a gradient in the score type.
Tokens emitTokens(Emitter &emit, const KernelEmitter &kernel, Value context,
                  Value gradient);

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_TOKENS_H
