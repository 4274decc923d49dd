//===- Hierarchy.h - The sums of all levels of a score --------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_HIERARCHY_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_HIERARCHY_H

#include "SinglePass.h"

namespace mlir::cegm::to_linalg {

/// How scores are made.
struct ScoreOptions {
  /// In one pass over the tensors where their layout allows it.
  bool singlePass = true;
  /// The size of the vectors of that pass.
  int64_t vectorBits = 256;
};

/// The rows of one site and of its windows. The rows of a level are made from
/// those of the coarsest level before it that divides it.
class Hierarchy {
public:
  /// `windows` are the levels, from the finest; `metric` may be null.
  Hierarchy(Emitter &emit, Rows context, Rows gradient, Value metric,
            FloatType scoreType, ArrayRef<int64_t> windows,
            const ScoreOptions &options);

  /// The sums of the tokens.
  const Sums &getTokens() { return getSums(0); }

  /// Says which tokens are finite; needed before windows are asked for.
  void setFinite(Value flags) { finite = flags; }

  /// The sums of the windows of a level.
  const Sums &getWindows(int64_t window);

private:
  /// The rows of tokens, of a level or of a level between.
  struct Stage {
    int64_t window = 1;
    /// The stage that these rows are sums of.
    size_t parent = 0;
    std::optional<std::pair<Rows, Rows>> rows;
    std::optional<Sums> sums;
  };

  void addStage(int64_t window);
  int64_t getFactor(const Stage &stage) const;
  void makeRows(size_t index);
  const Sums &getSums(size_t index);

  Emitter &emit;
  Value metric;
  FloatType scoreType;
  ScoreOptions options;
  Value finite;
  std::vector<Stage> stages;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_HIERARCHY_H
