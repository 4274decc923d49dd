//===- BatchNormOps.cpp - Batch normalisation -----------------------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

using NamedTypes = ArrayRef<std::pair<StringRef, Type>>;

/// Whether `like` have the type of the operand, and `features` a number for
/// each feature.
static LogicalResult checkBatchNorm(Operation *op, RankedTensorType operand,
                                    int64_t featureIndex, NamedTypes like,
                                    NamedTypes features) {
  if (failed(checkDim(op, "feature_index", featureIndex, operand.getRank(),
                      "the operand")))
    return failure();
  for (auto [name, type] : like)
    if (failed(checkType(op, name, type, operand)))
      return failure();
  auto expected = RankedTensorType::get(operand.getDimSize(featureIndex),
                                        operand.getElementType());
  for (auto [name, type] : features)
    if (failed(checkType(op, name, type, expected)))
      return failure();
  return success();
}

LogicalResult BatchNormGradOp::verify() {
  // batch_norm_grad_c1: feature_index is a dimension of the operand.
  // batch_norm_grad_c2 and batch_norm_grad_c3: gradients have its type.
  // batch_norm_grad_c4 and batch_norm_grad_c5: there is one number a feature.
  return checkBatchNorm(*this, getOperand().getType(), getFeatureIndex(),
                        {{"grad_output", getGradOutput().getType()},
                         {"grad_operand", getGradOperand().getType()}},
                        {{"scale", getScale().getType()},
                         {"mean", getMean().getType()},
                         {"variance", getVariance().getType()},
                         {"grad_scale", getGradScale().getType()},
                         {"grad_offset", getGradOffset().getType()}});
}

LogicalResult BatchNormInferenceOp::verify() {
  // batch_norm_inference_c1: feature_index is a dimension of the operand.
  // batch_norm_inference_c2 and batch_norm_inference_c7: the result has its
  // type.
  // batch_norm_inference_c3 to batch_norm_inference_c6: there is one number a
  // feature.
  return checkBatchNorm(*this, getOperand().getType(), getFeatureIndex(),
                        {{"result", getResult().getType()}},
                        {{"scale", getScale().getType()},
                         {"offset", getOffset().getType()},
                         {"mean", getMean().getType()},
                         {"variance", getVariance().getType()}});
}

LogicalResult BatchNormTrainingOp::verify() {
  // batch_norm_training_c1: feature_index is a dimension of the operand.
  // batch_norm_training_c2 and batch_norm_training_c7: the output has its type.
  // batch_norm_training_c3 to batch_norm_training_c6: there is one number a
  // feature.
  return checkBatchNorm(*this, getOperand().getType(), getFeatureIndex(),
                        {{"output", getOutput().getType()}},
                        {{"scale", getScale().getType()},
                         {"offset", getOffset().getType()},
                         {"batch_mean", getBatchMean().getType()},
                         {"batch_var", getBatchVar().getType()}});
}
