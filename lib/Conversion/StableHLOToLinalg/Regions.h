//===- Regions.h - Regions that compute with single elements --------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_REGIONS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_REGIONS_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::from_stablehlo {

/// Replaces the calls in such a region by what the functions do.
void inlineCallsOfRegion(Region &region);

/// Gives such a region constants of its own for those from outside that it
/// uses.
void copyConstantsIntoRegion(Region &region);

/// Looks for what keeps a region (that of a reduction, a scatter, a sort) from
/// being scalar code: an op that is not elementwise or a value from outside.
/// Succeeds if there is none, and else says what it is.
LogicalResult checkScalarRegion(Region &region, std::string &problem);

/// Writes the code of a checked region for scalars, and returns its results.
SmallVector<Value> inlineScalarRegion(ImplicitLocOpBuilder &builder,
                                      Region &region, ValueRange args);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_REGIONS_H
