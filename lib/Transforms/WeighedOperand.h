//===- WeighedOperand.h - Which factor takes the weights --------*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_WEIGHEDOPERAND_H
#define CEGM_LIB_TRANSFORMS_WEIGHEDOPERAND_H

#include "cegm/Analysis/TrainingGraph.h"

#include "llvm/ADT/StringSet.h"

namespace mlir::cegm {

/// Chooses the factor of a parameter gradient whose rows are multiplied by the
/// token weights: the one that has fewer numbers a token on each device.
///
/// Where the parameter is divided by its features, so is one of the factors:
/// the other one has to be whole everywhere, and its product with the weights
/// would be gathered once more.
class WeighedOperand {
public:
  explicit WeighedOperand(FunctionOpInterface entry);

  /// Whether it is the input X rather than the cotangent dY.
  bool isInput(const Site &site) const;

private:
  /// Numbers that each device has of a token's row; unknown sizes count as
  /// many.
  int64_t widthOnDevice(const Site &site, const Rows &rows) const;
  /// The number of parts that a dimension of the parameter gradient is cut into
  /// by axes that cut no data: what those cut is gathered before it is used.
  int64_t countParts(const Site &site, int64_t gradientDim) const;

  FunctionOpInterface entry;
  llvm::StringSet<> dataAxes;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_WEIGHEDOPERAND_H
