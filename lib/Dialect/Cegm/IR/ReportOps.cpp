//===- ReportOps.cpp - Around the gradient of a parameter -----------------===//

#include "Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::cegm;

ArrayRef<StringRef> cegm::getAuditMetricNames(bool withGradients) {
  static constexpr StringRef names[] = {
      "energy",          "mean",           "deviation",      "minimum",
      "maximum",         "weight_minimum", "weight_maximum", "positive_share",
      "active",          "non_finite",     "gradient_norm",  "entangled_norm",
      "gradient_cosine", "radial_part"};
  return withGradients ? ArrayRef(names) : ArrayRef(names).drop_back(4);
}

//===----------------------------------------------------------------------===//
// cegm.audit
//===----------------------------------------------------------------------===//

LogicalResult AuditOp::inferReturnTypes(MLIRContext *context,
                                        std::optional<Location> location,
                                        Adaptor adaptor,
                                        SmallVectorImpl<Type> &types) {
  int64_t count = getAuditMetricNames(!adaptor.getGradients().empty()).size();
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
  if (failed(verifyType(*this, "strength", getStrength().getType(),
                        RankedTensorType::get({}, scores.getElementType()))))
    return failure();
  if (failed(verifyDeviceGroups(*this, getDeviceGroupsAttr())))
    return failure();
  OperandRange gradients = getGradients();
  if (!gradients.empty() && gradients.size() != 2)
    return emitOpError() << "has " << gradients.size()
                         << " gradients, expected the plain and the entangled "
                            "one, or none";
  if (getParameter() && gradients.empty())
    return emitOpError() << "has a parameter, expected gradients with it";
  if (gradients.empty())
    return success();
  auto plain = cast<RankedTensorType>(gradients[0].getType());
  if (failed(verifyType(*this, "entangled gradient", gradients[1].getType(),
                        plain)))
    return failure();
  if (!getParameter())
    return success();
  // The parameter may be kept in a wider type than its gradient.
  return verifyType(*this, "parameter", getParameter().getType(),
                    plain.clone(getElementTypeOrSelf(getParameter())));
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
  // As for the audit: gradients of narrow parameters may be summed wide.
  RankedTensorType parameter = getParameter().getType();
  return verifyType(*this, "parameter", parameter,
                    type.clone(parameter.getElementType()));
}

//===----------------------------------------------------------------------===//
// cegm.record
//===----------------------------------------------------------------------===//

LogicalResult RecordOp::inferReturnTypes(MLIRContext *context,
                                         std::optional<Location> location,
                                         Adaptor adaptor,
                                         SmallVectorImpl<Type> &types) {
  types.assign({adaptor.getTable().getType()});
  return success();
}

LogicalResult RecordOp::verify() {
  RankedTensorType table = getTable().getType();
  if (table.getRank() == 0)
    return emitOpError() << "table has rank 0, expected a dimension for the "
                            "rows";
  if (llvm::is_contained(table.getShape().drop_front(), 0))
    return emitOpError() << "row of type " << getRow().getType()
                         << " has no elements to record";
  return verifyType(*this, "row", getRow().getType(),
                    table.clone(table.getShape().drop_front()));
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
  int64_t count = 0;
  for (auto [i, row] : llvm::enumerate(adaptor.getRows())) {
    auto type = cast<RankedTensorType>(row.getType());
    if (type.getRank() == 0 || !type.hasStaticShape())
      return emitOptionalError(location, "'cegm.collect' op operand ", i,
                               " has the type ", type,
                               ", expected a static shape of rank 1 or more");
    count +=
        type.getNumElements() / std::max<int64_t>(type.getShape().back(), 1);
  }
  auto first = cast<RankedTensorType>(adaptor.getRows()[0].getType());
  types.assign({first.clone({count, first.getShape().back()})});
  return success();
}

LogicalResult CollectOp::verify() {
  // What the rows are is checked where the type is inferred; the trait that
  // does it is verified after this.
  SmallVector<Type> inferred;
  if (failed(
          inferReturnTypes(getContext(), getLoc(), Adaptor(*this), inferred)))
    return failure();
  auto first = cast<RankedTensorType>(getRows()[0].getType());
  for (auto [i, row] : llvm::enumerate(getRows())) {
    auto type = cast<RankedTensorType>(row.getType());
    SmallVector<int64_t> expected(type.getShape());
    expected.back() = first.getShape().back();
    if (failed(verifyType(*this, ("row " + Twine(i)).str(), type,
                          first.clone(expected))))
      return failure();
  }
  return success();
}
