//===- FeatureLoops.h - Loops over the features of a pair of rows ---------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_FEATURELOOPS_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_FEATURELOOPS_H

#include "Rows.h"

namespace mlir::cegm::to_linalg {

/// A loop that carries values from one iteration to the next.
SmallVector<Value> carryLoop(
    Arithmetic &a, Value start, Value end, Value step, ValueRange init,
    function_ref<SmallVector<Value>(Arithmetic &, Value, ValueRange)> body);

/// Loops over features, vector by vector along one of them, which is the
/// innermost dimension of all tensors that are read.
class FeatureLoops {
public:
  /// Where a loop is: the indices of a vector's first feature, and whether all
  /// of the vector is inside of the tensors. What is outside reads as zeros.
  struct Position {
    SmallVector<Value> features;
    bool inside;
  };
  using Body = function_ref<SmallVector<Value>(Arithmetic &, const Position &,
                                               ValueRange)>;

  /// `sizes` are those of the features.
  FeatureLoops(ArrayRef<OpFoldResult> sizes, int64_t vectorFeature,
               int64_t lanes)
      : sizes(sizes), vectorFeature(vectorFeature), lanes(lanes) {}

  VectorType getVectorType(Type element) const {
    return VectorType::get({lanes}, element);
  }

  SmallVector<Value> run(Arithmetic &a, ValueRange init, Body body) const;

  /// The features of the row at `tokens`, converted to `type`.
  Value read(Arithmetic &a, const Rows &rows, ArrayRef<Value> tokens,
             const Position &position, Type type) const;

  /// Reads or writes a tensor of features alone.
  Value readFeatures(Arithmetic &a, Value tensor,
                     const Position &position) const;
  Value writeFeatures(Arithmetic &a, Value vector, Value tensor,
                      const Position &position) const;

private:
  SmallVector<Value> runOuter(Arithmetic &a, int64_t feature,
                              Position &position, ValueRange init,
                              Body body) const;
  SmallVector<Value> runVectors(Arithmetic &a, Position &position,
                                ValueRange init, Body body) const;
  AffineMap getMap(MLIRContext *context, int64_t rank, int64_t dim) const {
    return AffineMap::get(rank, 0, getAffineDimExpr(dim, context), context);
  }

  SmallVector<OpFoldResult> sizes;
  int64_t vectorFeature;
  int64_t lanes;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_FEATURELOOPS_H
