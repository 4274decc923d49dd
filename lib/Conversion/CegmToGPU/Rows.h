//===- Rows.h - A tensor as rows of features ------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_ROWS_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_ROWS_H

#include "Body.h"

#include "mlir/IR/BuiltinTypes.h"

namespace mlir::cegm::to_gpu {

/// Where the rows of a tensor and their features lie in its buffer, for any
/// order of the dimensions.
class Rows {
public:
  /// The dimensions of `type` that count tokens, the sequence last, and those
  /// that count features.
  Rows(RankedTensorType type, ArrayRef<int64_t> tokens,
       ArrayRef<int64_t> features);

  Type getElementType() const { return element; }
  /// The tokens of a sequence, the sequences, and the features of a token.
  int64_t getLength() const { return length; }
  int64_t getBatch() const { return batch; }
  int64_t getFeatures() const { return features; }
  int64_t getTokens() const { return batch * length; }

  /// The largest power of two, up to `limit`, of numbers that lie side by side
  /// wherever a group of as many features begins, aligned to their size.
  int64_t getVectorWidth(int64_t limit) const;

  /// Positions in the buffer: of the first feature of a token, and of a feature
  /// relative to it.
  Value getRowPosition(Body &body, Value sequence, Value place) const;
  Value getFeaturePosition(Body &body, Value feature) const;

private:
  /// Neighbouring dimensions that count as one.
  struct Dimension {
    int64_t size;
    int64_t stride;
  };
  static SmallVector<Dimension> merge(ArrayRef<Dimension> dims);
  static Value getPosition(Body &body, Value number, ArrayRef<Dimension> dims);

  Type element;
  SmallVector<Dimension> batchDims;
  SmallVector<Dimension> featureDims;
  int64_t length;
  int64_t lengthStride;
  int64_t batch = 1;
  int64_t features = 1;
};

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_ROWS_H
