//===- ReportOps.cpp - Around the gradient of a parameter -----------------===//

#include "Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::cegm;

ArrayRef<StringRef> cegm::getAuditMetricNames() {
  static constexpr StringRef names[] = {
      "energy",  "mean",           "deviation",      "minimum",
      "maximum", "weight_minimum", "weight_maximum", "positive_share",
      "active",  "non_finite"};
  return names;
}

//===----------------------------------------------------------------------===//
// cegm.audit
//===----------------------------------------------------------------------===//

LogicalResult AuditOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location> location,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  int64_t count = getAuditMetricNames().size();
  types.assign({RankedTensorType::get(
      {count}, getElementTypeOrSelf(adaptor.getScores().getType()))});
  return success();
}

LogicalResult AuditOp::verify() {
  RankedTensorType scores = getScores().getType();
  if (failed(verifyType(*this, "weights", getWeights().getType(), scores)) ||
      failed(verifyType(*this, "active", getActive().getType(),
                        scores.clone(IntegerType::get(getContext(), 1)))))
    return failure();
  return verifyType(*this, "strength", getStrength().getType(),
                    RankedTensorType::get({}, scores.getElementType()));
}

//===----------------------------------------------------------------------===//
// cegm.remove_radial
//===----------------------------------------------------------------------===//

LogicalResult RemoveRadialOp::inferReturnTypes(MLIRContext *context,
                                               std::optional<Location> location,
                                               Adaptor adaptor,
                                               SmallVectorImpl<Type> &types) {
  types.assign({adaptor.getEntangled().getType()});
  return success();
}

LogicalResult RemoveRadialOp::verify() {
  RankedTensorType type = getEntangled().getType();
  if (failed(verifyType(*this, "plain", getPlain().getType(), type)))
    return failure();
  return verifyType(*this, "parameter", getParameter().getType(), type);
}

//===----------------------------------------------------------------------===//
// cegm.collect
//===----------------------------------------------------------------------===//

LogicalResult CollectOp::inferReturnTypes(MLIRContext *context,
                                          std::optional<Location> location,
                                          Adaptor adaptor,
                                          SmallVectorImpl<Type> &types) {
  if (adaptor.getRows().empty())
    return emitOptionalError(location,
                             "'cegm.collect' op expected at least one row");
  auto row = cast<RankedTensorType>(adaptor.getRows()[0].getType());
  if (row.getRank() != 1)
    return emitOptionalError(location, "'cegm.collect' op row 0 has rank ",
                             row.getRank(), ", expected 1");
  types.assign({row.clone(
      {int64_t(adaptor.getRows().size()), row.getDimSize(0)})});
  return success();
}

LogicalResult CollectOp::verify() {
  auto type = cast<RankedTensorType>(getRows()[0].getType());
  for (auto [i, row] : llvm::enumerate(getRows()))
    if (failed(verifyType(*this, ("row " + Twine(i)).str(), row.getType(),
                          type)))
      return failure();
  return success();
}
