//===- RowSumsBody.h - The kernel that reads whole tensors ----------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_ROWSUMSBODY_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_ROWSUMSBODY_H

#include "Levels.h"

namespace mlir::cegm::to_gpu {

/// Rows of a window, and where its sums go; a window that no level scores has
/// no place for them.
struct Nest {
  int64_t window;
  Value sums;
  int64_t count = 0;
  Value shared = {};
};

using Triple = SmallVector<Value>;

/// Writes the body of a kernel that sums over the features of the tokens and
/// windows of a group of rows.
class RowSumsBody {
public:
  RowSumsBody(Body &body, const ScoreTask &task, const Tiling &tiling,
              int64_t groupRows, ArrayRef<Nest> nests)
      : body(body), task(task), tiling(tiling), groupRows(groupRows),
        nests(nests), place(body, tiling),
        wide(Float64Type::get(body.getContext())) {}

  /// Arguments of the kernel; those that are null are not read or written.
  Value contextBuffer, gradientBuffer, metric, finite, tokenSums, groupSums;

  void write();

private:
  std::pair<Value, Value> sumNest(size_t depth, Value start);
  std::pair<Value, Value> sumRows(int64_t rows, Value start);
  std::pair<Value, Value> loadRow(Value row);
  Triple getRowSums(Value context, Value gradient);
  void storeRow(const Triple &sums, Value row);
  void storeWindow(const Nest &nest, Value context, Value gradient,
                   Value start);
  void storeShared();
  void storeGroup(Value context, Value gradient);

  /// Whether a row of the group is in the sequence; null if all are.
  Value isInSequence(Value row);
  Value getToken(Value row);
  Value getWindow(const Nest &nest, Value start);
  bool hasWarps() const { return tiling.getWarps() > 1; }
  /// The position in a shared buffer of `rows` rows a team.
  Value getSharedPosition(Value row, int64_t rows, Value warp) {
    Value place = body.add(body.mul(this->place.team, rows), row);
    return body.mul(body.add(body.mul(place, tiling.getWarps()), warp),
                    sumsPerRow);
  }
  /// Stores the sums of row `row` of `count` in chunks.
  void storeSums(const Triple &sums, Value buffer, Value row, int64_t count);

  Body &body;
  const ScoreTask &task;
  const Tiling &tiling;
  int64_t groupRows;
  SmallVector<Nest> nests;
  Place place;
  FloatType wide;
  Value sequence, origin, metricVector, contextFeature, gradientFeature;
  Value sharedTokens;
};

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_ROWSUMSBODY_H
