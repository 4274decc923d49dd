//===- ScoreOps.cpp - From tensors to one score a token -------------------===//

#include "Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::cegm;

FloatType cegm::getScoreType(Type context, Type gradient) {
  auto isF64 = [](Type type) { return getElementTypeOrSelf(type).isF64(); };
  MLIRContext *ctx = context.getContext();
  if (isF64(context) || isF64(gradient))
    return Float64Type::get(ctx);
  return Float32Type::get(ctx);
}

SmallVector<int64_t> cegm::getWindowLevels(ArrayRef<int64_t> windows,
                                           int64_t length) {
  SmallVector<int64_t> levels;
  for (int64_t window : windows) {
    bool whole =
        window == 0 || (!ShapedType::isDynamic(length) && window >= length);
    levels.push_back(whole ? 0 : window);
    // Windows increase, so all that follow are the whole sequence too.
    if (whole)
      break;
  }
  return levels;
}

//===----------------------------------------------------------------------===//
// cegm.score
//===----------------------------------------------------------------------===//

LogicalResult ScoreOp::inferReturnTypes(MLIRContext *context,
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
  types.assign({scores, scores.clone(IntegerType::get(context, 1))});
  return success();
}

LogicalResult ScoreOp::verify() {
  RankedTensorType metric;
  if (getMetric())
    metric = getMetric().getType();
  if (failed(verifyDeviceGroups(*this, getDeviceGroupsAttr())))
    return failure();
  return ScoreRequirements{getContexts().getType(),
                           getGradients().getType(),
                           metric,
                           getContextTokens(),
                           getGradientTokens(),
                           getContextFeatures(),
                           getGradientFeatures(),
                           getKernel(),
                           getWindows(),
                           getDecay().convertToDouble()}
      .verify(*this);
}

//===----------------------------------------------------------------------===//
// cegm.couple
//===----------------------------------------------------------------------===//

LogicalResult CoupleOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  types.assign({adaptor.getScores().getType()});
  return success();
}

LogicalResult CoupleOp::verify() {
  for (auto [index, parent] : llvm::enumerate(getParents()))
    if (failed(verifyType(*this, ("parent " + Twine(index)).str(),
                          parent.getType(), getScores().getType())))
      return failure();
  return verifyCoupling(*this, getCoupling().convertToDouble());
}
