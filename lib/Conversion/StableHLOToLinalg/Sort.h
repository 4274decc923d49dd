//===- Sort.h - Sorting tensors -------------------------------------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SORT_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SORT_H

#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::from_stablehlo {

/// Writes whether the elements `lhs`, one of each tensor, have to stand before
/// the elements `rhs`.
using ComesBefore = function_ref<Value(ImplicitLocOpBuilder &builder,
                                       ValueRange lhs, ValueRange rhs)>;

/// Sorts tensors of one shape together along a dimension; elements of which
/// neither comes before the other keep their order.
SmallVector<Value> createSort(ImplicitLocOpBuilder &builder, ValueRange tensors,
                              int64_t dimension, ComesBefore comesBefore);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SORT_H
