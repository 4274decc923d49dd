//===- Convolutions.h - Convolutions as loop nests --------------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CONVOLUTIONS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CONVOLUTIONS_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::from_stablehlo {

/// The strides or dilations of `count` dimensions, which are 1 if none are
/// given.
inline SmallVector<int64_t> getOrOnes(std::optional<ArrayRef<int64_t>> values,
                                      size_t count) {
  return values ? SmallVector<int64_t>(*values)
                : SmallVector<int64_t>(count, 1);
}

/// A convolution of any layout and any groups, of an input with its padding, as
/// a linalg.generic. Products are summed in `sumType`; `sizes` are those of the
/// result that are not known.
Value createConvolutionLoops(ImplicitLocOpBuilder &builder,
                             stablehlo::ConvolutionOp op, Value input,
                             Value kernel, Type sumType, ValueRange sizes);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_CONVOLUTIONS_H
