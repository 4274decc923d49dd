//===- StableHLOBuilders.cpp - Tensors that the injection writes ----------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/Partitioning.h"

using namespace mlir;
using namespace mlir::cegm;

Value cegm::detail::stablehlo_models::createPermutation(
    OpBuilder &builder, Location loc, Value source,
    ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(source.getType());
  SmallVector<int64_t> shape = llvm::map_to_vector(
      permutation, [&](int64_t dim) { return type.getDimSize(dim); });
  return stablehlo::TransposeOp::create(
      builder, loc, type.clone(shape), source,
      builder.getDenseI64ArrayAttr(permutation));
}

Value cegm::detail::stablehlo_models::createReshape(OpBuilder &builder,
                                                    Location loc, Value source,
                                                    ArrayRef<int64_t> shape) {
  return stablehlo::ReshapeOp::create(
      builder, loc, cast<RankedTensorType>(source.getType()).clone(shape),
      source);
}

/// A barrier alone keeps fusions apart, but not what comes before them: XLA
/// makes products two-dimensional, and moves the reshape that this leaves
/// behind them past a sum only where nothing else reads the reshape. Which way
/// it goes decides how the sum is reduced, and with that its last bit. A view
/// that is flattened reads the product itself, so that the reshape stays with
/// the sum.
Value cegm::detail::stablehlo_models::createSeparateView(OpBuilder &builder,
                                                         Location loc,
                                                         Value source) {
  auto type = cast<RankedTensorType>(source.getType());
  Operation *parent = builder.getInsertionBlock()->getParentOp();
  // Dimensions that devices share are not merged: that would gather them.
  bool flattens = type.hasStaticShape() && type.getRank() > 2 &&
                  !isPartitioned(parent->getParentOfType<ModuleOp>());
  Value view = source;
  if (flattens) {
    int64_t last = type.getShape().back();
    view = createReshape(builder, loc, view,
                         {last ? type.getNumElements() / last : 0, last});
  }
  view = stablehlo::OptimizationBarrierOp::create(builder, loc, view.getType(),
                                                  view)
             ->getResult(0);
  return flattens ? createReshape(builder, loc, view, type.getShape()) : view;
}
