//===- CumulativeReductions.h - Sums of all elements so far -----*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CUMULATIVEREDUCTIONS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CUMULATIVEREDUCTIONS_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <optional>

namespace mlir::cegm::from_stablehlo {

/// A cumulative reduction along `dim`, from its end if it is in reverse.
struct Cumulative {
  int64_t dim;
  bool isReverse;
};

/// Whether `op`, which starts from `init`, is a cumulative reduction: of
/// windows as long as a dimension, each padded up to its element by what adds
/// nothing.
std::optional<Cumulative> matchCumulative(stablehlo::ReduceWindowOp op,
                                          Value init);

/// The loops of such a reduction of `input`, one step an element.
Value createCumulative(ImplicitLocOpBuilder &b, stablehlo::ReduceWindowOp op,
                       Cumulative cumulative, Value input, Value init,
                       RankedTensorType type);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CUMULATIVEREDUCTIONS_H
