//===- Verification.cpp - What several ops demand of their operands -------===//

#include "Verification.h"

#include "mlir/IR/BuiltinAttributes.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cegm;

LogicalResult cegm::verifyDims(Operation *op, StringRef operand,
                               RankedTensorType type, StringRef name,
                               ArrayRef<int64_t> dims,
                               SmallVectorImpl<bool> &seen) {
  seen.resize(type.getRank(), false);
  for (int64_t dim : dims) {
    if (dim < 0 || dim >= type.getRank())
      return op->emitOpError()
             << name << " has dimension " << dim << ", but " << operand
             << " has rank " << type.getRank() << " (" << type << ")";
    if (seen[dim])
      return op->emitOpError() << name << " names dimension " << dim << " of "
                               << operand << ", which is named already";
    seen[dim] = true;
  }
  return success();
}

LogicalResult cegm::verifyRoles(Operation *op, StringRef operand,
                                RankedTensorType type, ArrayRef<int64_t> tokens,
                                ArrayRef<int64_t> features) {
  if (tokens.empty())
    return op->emitOpError()
           << operand << "_tokens is empty, expected at least "
           << "the sequence dimension";
  SmallVector<bool> seen;
  if (failed(verifyDims(op, operand, type, (operand + "_tokens").str(), tokens,
                        seen)) ||
      failed(verifyDims(op, operand, type, (operand + "_features").str(),
                        features, seen)))
    return failure();
  for (auto [dim, named] : llvm::enumerate(seen))
    if (!named)
      return op->emitOpError() << "dimension " << dim << " of " << operand
                               << " (" << type << ") is neither in " << operand
                               << "_tokens nor in " << operand << "_features";
  return success();
}

LogicalResult cegm::verifyPairing(Operation *op, StringRef role, StringRef lhs,
                                  RankedTensorType lhsType,
                                  ArrayRef<int64_t> lhsDims, StringRef rhs,
                                  RankedTensorType rhsType,
                                  ArrayRef<int64_t> rhsDims) {
  if (lhsDims.size() != rhsDims.size())
    return op->emitOpError()
           << lhs << " has " << lhsDims.size() << " " << role << " dimensions, "
           << rhs << " has " << rhsDims.size();
  for (auto [lhsDim, rhsDim] : llvm::zip_equal(lhsDims, rhsDims)) {
    int64_t lhsSize = lhsType.getDimSize(lhsDim);
    int64_t rhsSize = rhsType.getDimSize(rhsDim);
    if (lhsSize == rhsSize || ShapedType::isDynamic(lhsSize) ||
        ShapedType::isDynamic(rhsSize))
      continue;
    return op->emitOpError()
           << lhs << " has " << lhsSize << " " << role
           << " positions in dimension " << lhsDim << ", " << rhs << " has "
           << rhsSize << " in dimension " << rhsDim;
  }
  return success();
}

LogicalResult cegm::verifyType(Operation *op, StringRef name, Type type,
                               Type expected) {
  if (type == expected)
    return success();
  return op->emitOpError() << "expects " << name << " of type " << expected
                           << ", got " << type;
}

static LogicalResult verifyWindows(Operation *op, ArrayRef<int64_t> windows) {
  if (windows.empty())
    return op->emitOpError("windows is empty, expected at least one level");
  for (auto [level, window] : llvm::enumerate(windows)) {
    bool last = level + 1 == windows.size();
    if (window < 0 || (window == 0 && !last))
      return op->emitOpError()
             << "windows has " << window << " at level " << level
             << ", expected a positive number"
             << (window < 0 ? ""
                            : " (0, the whole sequence, may only be last)");
    if (level > 0 && window != 0 && window <= windows[level - 1])
      return op->emitOpError()
             << "windows has " << window << " at level " << level << " after "
             << windows[level - 1] << ", expected a larger number";
  }
  return success();
}

/// The metric takes part in the bilinear kernel alone, and has one number a
/// feature.
static LogicalResult verifyMetric(Operation *op,
                                  const ScoreRequirements &score) {
  if (score.kernel != Kernel::Bilinear)
    return score.metric ? op->emitOpError() << "has a metric, which kernel "
                                            << stringifyKernel(score.kernel)
                                            << " does not use"
                        : success();
  if (!score.metric)
    return op->emitOpError("has kernel bilinear, but no metric");
  if (score.metric.getRank() !=
      static_cast<int64_t>(score.contextFeatures.size()))
    return op->emitOpError()
           << "metric has rank " << score.metric.getRank() << ", expected "
           << score.contextFeatures.size() << ", one dimension a feature "
           << "dimension of context";
  auto dims = llvm::to_vector(llvm::seq(score.metric.getRank()));
  return verifyPairing(op, "feature", "context", score.context,
                       score.contextFeatures, "metric", score.metric, dims);
}

LogicalResult cegm::ScoreRequirements::verify(Operation *op) const {
  if (failed(verifyRoles(op, "context", context, contextTokens,
                         contextFeatures)) ||
      failed(verifyRoles(op, "gradient", gradient, gradientTokens,
                         gradientFeatures)) ||
      failed(verifyPairing(op, "token", "context", context, contextTokens,
                           "gradient", gradient, gradientTokens)) ||
      failed(verifyPairing(op, "feature", "context", context, contextFeatures,
                           "gradient", gradient, gradientFeatures)) ||
      failed(verifyMetric(op, *this)) || failed(verifyWindows(op, windows)))
    return failure();
  if (!(decay > 0) || !std::isfinite(decay))
    return op->emitOpError()
           << "decay is " << decay << ", expected a positive number";
  return success();
}

LogicalResult cegm::verifyCoupling(Operation *op, double coupling) {
  if (coupling >= 0 && coupling < 1)
    return success();
  return op->emitOpError() << "coupling is " << coupling
                           << ", expected a number in [0, 1)";
}

LogicalResult cegm::verifyTemperature(Operation *op, double temperature) {
  if (temperature > 0 && std::isfinite(temperature))
    return success();
  return op->emitOpError() << "temperature is " << temperature
                           << ", expected a positive number";
}

LogicalResult cegm::verifyDeviceGroups(Operation *op,
                                       DenseIntElementsAttr groups) {
  if (!groups)
    return success();
  if (groups.getType().getRank() != 2 || groups.empty())
    return op->emitOpError()
           << "device_groups has the type " << groups.getType()
           << ", expected a matrix with a row for each group";
  DenseSet<int64_t> seen;
  for (int64_t device : groups.getValues<int64_t>()) {
    if (device < 0)
      return op->emitOpError() << "device_groups has the device " << device
                               << ", expected numbers from 0";
    if (!seen.insert(device).second)
      return op->emitOpError() << "device_groups has the device " << device
                               << " twice, expected it in one group";
  }
  return success();
}

LogicalResult cegm::verifyOneDevice(Operation *op, StringRef target) {
  auto groups = op->getAttrOfType<DenseIntElementsAttr>("device_groups");
  if (!spansDevices(groups))
    return success();
  return op->emitOpError() << "has groups of " << groups.getType().getDimSize(1)
                           << " devices, expected one device to convert to "
                           << target;
}

SmallVector<int64_t> cegm::getTokenShape(RankedTensorType context,
                                         ArrayRef<int64_t> contextTokens,
                                         RankedTensorType gradient,
                                         ArrayRef<int64_t> gradientTokens) {
  auto size = [](RankedTensorType type, ArrayRef<int64_t> dims, size_t i) {
    bool valid = i < dims.size() && dims[i] >= 0 && dims[i] < type.getRank();
    return valid ? type.getDimSize(dims[i]) : ShapedType::kDynamic;
  };
  SmallVector<int64_t> shape;
  for (size_t i = 0; i < contextTokens.size(); ++i) {
    int64_t known = size(context, contextTokens, i);
    shape.push_back(ShapedType::isDynamic(known)
                        ? size(gradient, gradientTokens, i)
                        : known);
  }
  return shape;
}

std::optional<double> cegm::getConstantValue(Attribute attribute) {
  auto elements = dyn_cast_or_null<DenseElementsAttr>(attribute);
  if (!elements || !elements.isSplat() ||
      !isa<FloatType>(elements.getElementType()))
    return std::nullopt;
  return elements.getSplatValue<APFloat>().convertToDouble();
}
