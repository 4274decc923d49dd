//===- ShardyModels.cpp - Shardy ops in a training graph ------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

struct ManualComputationModel
    : TrainingGraphOpInterface::ExternalModel<ManualComputationModel,
                                              sdy::ManualComputationOp> {
  bool runsBodyOnce(Operation *) const { return true; }
};

} // namespace

void cegm::detail::attachShardyModels(MLIRContext &ctx) {
  sdy::ShardingConstraintOp::attachInterface<
      SameModel<sdy::ShardingConstraintOp>>(ctx);
  sdy::ManualComputationOp::attachInterface<ManualComputationModel>(ctx);
}
