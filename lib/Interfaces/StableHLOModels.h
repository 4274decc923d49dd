//===- StableHLOModels.h - Parts of the StableHLO models --------*- C++ -*-===//

#ifndef CEGM_LIB_INTERFACES_STABLEHLOMODELS_H
#define CEGM_LIB_INTERFACES_STABLEHLOMODELS_H

#include "cegm/Interfaces/TrainingGraphOpInterface.h"

namespace mlir::cegm::detail {

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
