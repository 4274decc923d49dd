//===- TilingModels.h - How ops of tokens are cut into tiles --------------===//

#ifndef CEGM_DIALECT_CEGM_TRANSFORMS_TILINGMODELS_H
#define CEGM_DIALECT_CEGM_TRANSFORMS_TILINGMODELS_H

namespace mlir {
class DialectRegistry;

namespace cegm {

/// Lets `cegm.score`, `cegm.couple`, `cegm.weigh` and `cegm.scale` implement
/// `TilingInterface`, with one loop a token dimension (and one a feature
/// dimension for `cegm.scale`), and `ReifyRankedShapedTypeOpInterface`. A tile
/// that would change the value of an op is refused: scores of a kernel that is
/// normalised over all tokens, sequences cut inside of a window, means over all
/// tokens.
void registerTilingModels(DialectRegistry &registry);

} // namespace cegm
} // namespace mlir

#endif // CEGM_DIALECT_CEGM_TRANSFORMS_TILINGMODELS_H
