//===- SizeOperands.h - Sizes that are operands -----------------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SIZEOPERANDS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SIZEOPERANDS_H

#include "Tensors.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cegm::from_stablehlo {

/// Element `dim` of a vector of sizes, as an index.
inline Value getSize(ImplicitLocOpBuilder &b, Value sizes, int64_t dim) {
  Value place = createIndex(b, dim);
  Value size = b.createOrFold<tensor::ExtractOp>(sizes, place);
  return isa<IndexType>(size.getType()) ? size : createIndex(b, size);
}

/// The sizes of `type` that are not known, from a vector of all sizes.
inline SmallVector<Value> getUnknownSizes(ImplicitLocOpBuilder &b,
                                          RankedTensorType type, Value sizes) {
  SmallVector<Value> unknown;
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      unknown.push_back(getSize(b, sizes, dim));
  return unknown;
}

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SIZEOPERANDS_H
