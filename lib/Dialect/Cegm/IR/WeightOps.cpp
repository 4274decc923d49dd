//===- WeightOps.cpp - From scores to weighted rows -----------------------===//

#include "Verification.h"

using namespace mlir;
using namespace mlir::cegm;

//===----------------------------------------------------------------------===//
// cegm.weigh
//===----------------------------------------------------------------------===//

LogicalResult WeighOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location> location,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  types.assign({adaptor.getScores().getType()});
  return success();
}

LogicalResult WeighOp::verify() {
  RankedTensorType scores = getScores().getType();
  if (scores.getRank() == 0)
    return emitOpError() << "expects scores of rank 1 or more, got " << scores;
  if (failed(verifyType(*this, "active", getActive().getType(),
                        scores.clone(IntegerType::get(getContext(), 1)))) ||
      failed(verifyType(*this, "strength", getStrength().getType(),
                        RankedTensorType::get({}, scores.getElementType()))) ||
      failed(verifyDeviceGroups(*this, getDeviceGroupsAttr())))
    return failure();
  return verifyTemperature(*this, getTemperature().convertToDouble());
}

//===----------------------------------------------------------------------===//
// cegm.scale
//===----------------------------------------------------------------------===//

LogicalResult ScaleOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location> location,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  types.assign({adaptor.getInput().getType()});
  return success();
}

LogicalResult ScaleOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType weights = getWeights().getType();
  SmallVector<bool> seen;
  if (failed(verifyDims(*this, "input", input, "tokens", getTokens(), seen)))
    return failure();
  auto weightDims = llvm::to_vector(llvm::seq(weights.getRank()));
  return verifyPairing(*this, "token", "input", input, getTokens(), "weights",
                       weights, weightDims);
}
