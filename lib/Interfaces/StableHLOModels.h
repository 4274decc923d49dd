//===- StableHLOModels.h - Parts of the StableHLO models --------*- C++ -*-===//

#ifndef CEGM_LIB_INTERFACES_STABLEHLOMODELS_H
#define CEGM_LIB_INTERFACES_STABLEHLOMODELS_H

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

/// Slices of stacks, read and written.
void attachStackModels(MLIRContext &ctx);

/// Ops that make a new state of a tensor.
void attachUpdateModels(MLIRContext &ctx);

/// Shardy's ops.
void attachShardyModels(MLIRContext &ctx);

/// `stablehlo.while` as an MLIR loop.
void attachLoopModel(MLIRContext &ctx);

} // namespace mlir::cegm::detail

#endif // CEGM_LIB_INTERFACES_STABLEHLOMODELS_H
