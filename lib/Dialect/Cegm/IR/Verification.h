//===- Verification.h - What several ops demand of their operands ---------===//

#ifndef CEGM_LIB_DIALECT_CEGM_IR_VERIFICATION_H
#define CEGM_LIB_DIALECT_CEGM_IR_VERIFICATION_H

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm {

/// Verifies that each of `dims`, which the attribute `name` lists, is a
/// dimension of `type`, the type of `operand`, and that `seen` (one flag a
/// dimension) has none of them yet; marks them there.
LogicalResult verifyDims(Operation *op, StringRef operand,
                         RankedTensorType type, StringRef name,
                         ArrayRef<int64_t> dims, SmallVectorImpl<bool> &seen);

/// Verifies that `tokens` is not empty and that tokens and features are
/// together all dimensions of `operand`.
LogicalResult verifyRoles(Operation *op, StringRef operand,
                          RankedTensorType type, ArrayRef<int64_t> tokens,
                          ArrayRef<int64_t> features);

/// Verifies that dimension `lhsDims[i]` of `lhs` and `rhsDims[i]` of `rhs` have
/// the same size for each i, as far as both are static. `role` is "token" or
/// "feature".
LogicalResult verifyPairing(Operation *op, StringRef role, StringRef lhs,
                            RankedTensorType lhsType, ArrayRef<int64_t> lhsDims,
                            StringRef rhs, RankedTensorType rhsType,
                            ArrayRef<int64_t> rhsDims);

/// Verifies that `name` has exactly the type `expected`.
LogicalResult verifyType(Operation *op, StringRef name, Type type,
                         Type expected);

/// Verifies what `cegm.score` demands, for the op itself and the composite.
struct ScoreRequirements {
  RankedTensorType context, gradient, metric;
  ArrayRef<int64_t> contextTokens, gradientTokens;
  ArrayRef<int64_t> contextFeatures, gradientFeatures;
  Kernel kernel;
  ArrayRef<int64_t> windows;
  double decay;

  LogicalResult verify(Operation *op) const;
};

/// Verifies that a coupling is in [0, 1).
LogicalResult verifyCoupling(Operation *op, double coupling);

/// Verifies that a temperature is a positive number.
LogicalResult verifyTemperature(Operation *op, double temperature);

/// Verifies that device groups, if there are any, are rows of numbers, none of
/// which occurs twice.
LogicalResult verifyDeviceGroups(Operation *op, DenseIntElementsAttr groups);

/// The shape of the token dimensions of a context and a gradient: static where
/// either is. Dimensions that are out of range count as dynamic.
SmallVector<int64_t> getTokenShape(RankedTensorType context,
                                   ArrayRef<int64_t> contextTokens,
                                   RankedTensorType gradient,
                                   ArrayRef<int64_t> gradientTokens);

/// The value of a rank-0 or splat floating-point constant.
std::optional<double> getConstantValue(Attribute attribute);

} // namespace mlir::cegm

#endif // CEGM_LIB_DIALECT_CEGM_IR_VERIFICATION_H
