//===- StableHLOModels.h - Parts of the StableHLO models --------*- C++ -*-===//

#ifndef CEGM_LIB_INTERFACES_STABLEHLOMODELS_H
#define CEGM_LIB_INTERFACES_STABLEHLOMODELS_H

#include "cegm/Dialect/StableHLO.h"
#include "cegm/Interfaces/TrainingGraphOpInterface.h"

namespace mlir::cegm::detail {

/// An op whose only result has the elements of its first operand, dimension by
/// dimension.
template <typename OpTy>
struct SameModel
    : TrainingGraphOpInterface::ExternalModel<SameModel<OpTy>, OpTy> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    TensorView view;
    view.source = op->getOperand(0);
    return view;
  }
};

namespace stablehlo_models {
/// Tensors in StableHLO, as the interface asks for them.
Value createPermutation(OpBuilder &builder, Location loc, Value source,
                        ArrayRef<int64_t> permutation);
Value createReshape(OpBuilder &builder, Location loc, Value source,
                    ArrayRef<int64_t> shape);
Value createSeparateView(OpBuilder &builder, Location loc, Value source);
} // namespace stablehlo_models

/// An op that the gradient of a site may be: what the injection writes around
/// it is StableHLO.
template <typename ConcreteModel, typename OpTy>
struct SiteModel
    : TrainingGraphOpInterface::ExternalModel<ConcreteModel, OpTy> {
  Value createPermutation(Operation *, OpBuilder &builder, Location loc,
                          Value source, ArrayRef<int64_t> permutation) const {
    return cegm::detail::stablehlo_models::createPermutation(
        builder, loc, source, permutation);
  }
  Value createReshape(Operation *, OpBuilder &builder, Location loc,
                      Value source, ArrayRef<int64_t> shape) const {
    return cegm::detail::stablehlo_models::createReshape(builder, loc, source,
                                                         shape);
  }
  Value createSeparateView(Operation *, OpBuilder &builder, Location loc,
                           Value source) const {
    return cegm::detail::stablehlo_models::createSeparateView(builder, loc,
                                                              source);
  }
};

/// Products, and what is none that can be re-weighted.
void attachContractionModels(MLIRContext &ctx);
void attachRaggedDotModel(MLIRContext &ctx);

/// Lookups in tables and sums into them.
void attachTableModels(MLIRContext &ctx);

/// Slices of stacks, read and written.
void attachStackModels(MLIRContext &ctx);

/// Ops that make a new state of a tensor.
void attachUpdateModels(MLIRContext &ctx);

/// Sums over devices.
void attachCollectiveModels(MLIRContext &ctx);

/// Shardy's ops.
void attachShardyModels(MLIRContext &ctx);

/// `stablehlo.while` as an MLIR loop.
void attachLoopModel(MLIRContext &ctx);

} // namespace mlir::cegm::detail

#endif // CEGM_LIB_INTERFACES_STABLEHLOMODELS_H
