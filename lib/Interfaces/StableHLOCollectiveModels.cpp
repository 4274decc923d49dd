//===- StableHLOCollectiveModels.cpp - Sums over devices ------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

using namespace mlir;
using namespace mlir::cegm;

/// Whether the computation adds its two arguments. Where axes are left to the
/// compiler, JAX puts a sharding constraint on the sum.
static bool addsArguments(Region &computation) {
  Block &body = computation.front();
  unsigned sums = 0;
  for (Operation &op : body.without_terminator()) {
    if (isa<stablehlo::AddOp>(op))
      ++sums;
    else if (!isa<sdy::ShardingConstraintOp>(op))
      return false;
  }
  return sums == body.getTerminator()->getNumOperands();
}

namespace {
template <typename OpTy>
struct SumModel
    : TrainingGraphOpInterface::ExternalModel<SumModel<OpTy>, OpTy> {
  DenseIntElementsAttr getSummedDevices(Operation *op) const {
    auto collective = cast<OpTy>(op);
    auto groups = dyn_cast<DenseIntElementsAttr>(collective.getReplicaGroups());
    if (!groups || groups.empty() || groups.getType().getRank() != 2 ||
        !addsArguments(collective.getComputation()))
      return {};
    return groups;
  }
};
} // namespace

void cegm::detail::attachCollectiveModels(MLIRContext &ctx) {
  stablehlo::AllReduceOp::attachInterface<SumModel<stablehlo::AllReduceOp>>(
      ctx);
  stablehlo::ReduceScatterOp::attachInterface<
      SumModel<stablehlo::ReduceScatterOp>>(ctx);
}
