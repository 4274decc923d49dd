//===- Windows.h - Windows that move over dimensions ----------------------===//

#ifndef CEGM_LIB_DIALECT_STABLEHLO_IR_WINDOWS_H
#define CEGM_LIB_DIALECT_STABLEHLO_IR_WINDOWS_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

#include <optional>

namespace mlir::stablehlo {

/// The attributes of an operation that moves a window, one entry for each
/// dimension that it moves over. What is not there is 1, and no padding.
struct Windows {
  SmallVector<int64_t> sizes;
  std::optional<ArrayRef<int64_t>> strides, baseDilations, windowDilations;
  DenseIntElementsAttr padding;
  /// What the operation calls the dilations.
  StringRef baseDilationsName = "base_dilations";
  StringRef windowDilationsName = "window_dilations";

  /// Whether the attributes have one positive entry for each of the dimensions,
  /// which `of` has, and the padding two.
  LogicalResult verify(Operation *op, const Twine &of) const;

  /// How often the window fits along each dimension of `shape`, which `verify`
  /// has checked.
  SmallVector<int64_t> count(ArrayRef<int64_t> shape) const;
};

} // namespace mlir::stablehlo

#endif // CEGM_LIB_DIALECT_STABLEHLO_IR_WINDOWS_H
