//===- ShardyModels.cpp - Shardy ops in a training graph ------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

struct ShardingConstraintModel
    : TrainingGraphOpInterface::ExternalModel<ShardingConstraintModel,
                                              sdy::ShardingConstraintOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    TensorView view;
    view.source = op->getOperand(0);
    return view;
  }
};

struct ManualComputationModel
    : TrainingGraphOpInterface::ExternalModel<ManualComputationModel,
                                              sdy::ManualComputationOp> {
  bool runsBodyOnce(Operation *) const { return true; }
};

} // namespace

void cegm::detail::attachShardyModels(MLIRContext &ctx) {
  sdy::ShardingConstraintOp::attachInterface<ShardingConstraintModel>(ctx);
  sdy::ManualComputationOp::attachInterface<ManualComputationModel>(ctx);
}
