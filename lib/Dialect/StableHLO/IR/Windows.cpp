//===- Windows.cpp - Windows that move over dimensions --------------------===//

#include "Windows.h"

#include "cegm/Dialect/StableHLO/IR/Verification.h"
#include "cegm/Support/Saturating.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::stablehlo;
using cegm::addSaturating;
using cegm::multiplySaturating;

LogicalResult Windows::verify(Operation *op, const Twine &of) const {
  int64_t rank = sizes.size();
  for (auto [name, values] : {std::pair(StringRef("window_strides"), strides),
                              std::pair(baseDilationsName, baseDilations),
                              std::pair(windowDilationsName, windowDilations)})
    if (values && (failed(checkEntries(op, name, values->size(), rank, of)) ||
                   failed(checkAtLeast(op, name, *values, 1))))
      return failure();
  if (padding && (padding.getType().getRank() != 2 ||
                  padding.getType().getDimSize(0) != rank ||
                  padding.getType().getDimSize(1) != 2))
    return op->emitOpError()
           << "padding has type " << padding.getType() << ", expected "
           << RankedTensorType::get({rank, 2}, padding.getElementType())
           << ", what to add before and after each dimension of " << of;
  return success();
}

/// The size of something with gaps between its elements.
static int64_t dilate(int64_t size, int64_t dilation) {
  return size == 0 ? 0
                   : addSaturating(multiplySaturating(size - 1, dilation), 1);
}

SmallVector<int64_t> Windows::count(ArrayRef<int64_t> shape) const {
  SmallVector<int64_t> amounts(2 * shape.size());
  if (padding)
    amounts = llvm::to_vector(padding.getValues<int64_t>());
  SmallVector<int64_t> counts;
  for (auto [dim, size] : llvm::enumerate(shape)) {
    auto get = [dim = dim](std::optional<ArrayRef<int64_t>> values) {
      return values ? (*values)[dim] : 1;
    };
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(sizes[dim])) {
      counts.push_back(ShapedType::kDynamic);
      continue;
    }
    int64_t padded = addSaturating(
        addSaturating(amounts[2 * dim], dilate(size, get(baseDilations))),
        amounts[2 * dim + 1]);
    int64_t window = dilate(sizes[dim], get(windowDilations));
    bool isEmpty = padded <= 0 || window > padded;
    counts.push_back(isEmpty ? 0 : (padded - window) / get(strides) + 1);
  }
  return counts;
}
