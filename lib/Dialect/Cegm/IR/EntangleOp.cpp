//===- EntangleOp.cpp - The composite of one site -------------------------===//

#include "Verification.h"

using namespace mlir;
using namespace mlir::cegm;

LogicalResult EntangleOp::inferReturnTypes(MLIRContext *context,
                                           std::optional<Location> location,
                                           Adaptor adaptor,
                                           SmallVectorImpl<Type> &types) {
  auto contextType = cast<RankedTensorType>(adaptor.getContexts().getType());
  auto gradientType = cast<RankedTensorType>(adaptor.getGradients().getType());
  SmallVector<int64_t> shape =
      getTokenShape(contextType, adaptor.getContextTokens(), gradientType,
                    adaptor.getGradientTokens());
  auto scores =
      RankedTensorType::get(shape, getScoreType(contextType, gradientType));
  types.assign({adaptor.getInput().getType(), scores,
                scores.clone(IntegerType::get(context, 1)), scores});
  return success();
}

LogicalResult EntangleOp::verify() {
  RankedTensorType input = getInput().getType();
  RankedTensorType context = getContexts().getType();
  RankedTensorType gradient = getGradients().getType();
  RankedTensorType metric;
  if (getMetric())
    metric = getMetric().getType();
  ScoreRequirements score{context,
                          gradient,
                          metric,
                          getContextTokens(),
                          getGradientTokens(),
                          getContextFeatures(),
                          getGradientFeatures(),
                          getKernel(),
                          getWindows(),
                          getDecay().convertToDouble()};
  if (failed(score.verify(*this)))
    return failure();

  SmallVector<bool> seen;
  if (failed(verifyDims(*this, "input", input, "input_tokens", getInputTokens(),
                        seen)) ||
      failed(verifyPairing(*this, "token", "input", input, getInputTokens(),
                           "context", context, getContextTokens())))
    return failure();

  auto scores = RankedTensorType::get(
      getTokenShape(context, getContextTokens(), gradient, getGradientTokens()),
      getScoreType(context, gradient));
  for (auto [index, parent] : llvm::enumerate(getParents()))
    if (failed(verifyType(*this, ("parent " + Twine(index)).str(),
                          parent.getType(), scores)))
      return failure();
  if (failed(verifyCoupling(*this, getCoupling().convertToDouble())) ||
      failed(verifyDeviceGroups(*this, getDeviceGroupsAttr())) ||
      failed(verifyType(*this, "strength", getStrength().getType(),
                        RankedTensorType::get({}, scores.getElementType()))))
    return failure();
  return verifyTemperature(*this, getTemperature().convertToDouble());
}

FailureOr<SmallVector<Value>> EntangleOp::decomposeOperation(OpBuilder &b) {
  Location loc = getLoc();
  auto score = ScoreOp::create(
      b, loc, getContexts(), getGradients(), getMetric(), getContextTokens(),
      getGradientTokens(), getContextFeatures(), getGradientFeatures(),
      getKernel(), getWindows(), getDecay(), getDeviceGroupsAttr());
  Value scores = score.getScores();
  if (!getParents().empty())
    scores = CoupleOp::create(b, loc, scores, getParents(), getCoupling());
  Value weights = WeighOp::create(
      b, loc, scores, score.getActive(), getStrength(), getWeighting(),
      getTemperature(), getSign(), getNormalization(), getDeviceGroupsAttr());
  Value entangled =
      ScaleOp::create(b, loc, getInput(), weights, getInputTokens());
  return SmallVector<Value>{entangled, scores, score.getActive(), weights};
}
