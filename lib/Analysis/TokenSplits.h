//===- TokenSplits.h - Batch and sequence of flattened tokens ---*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_TOKENSPLITS_H
#define CEGM_LIB_ANALYSIS_TOKENSPLITS_H

#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// Recovers batch and sequence where the frontend made one dimension of them.
class TokenSplits {
public:
  /// One of the dimensions that a token dimension was made from.
  struct Part {
    int64_t size;
    /// The dimension as the tensor had it that was transposed.
    FlowGraph::ValueId root = FlowGraph::kNone;
    int64_t rootDim = 0;
  };

  explicit TokenSplits(const FlowGraph &graph);

  /// Describes the tokens of `site` by the tensors with the numbers `input` and
  /// `cotangent` or, if they do not tell, by the length of a sequence that the
  /// user gives.
  void split(FlowGraph::ValueId input, FlowGraph::ValueId cotangent,
             std::optional<int64_t> sequenceLength, Site &site);

private:
  /// The dimensions that dimension `dim` of a value, or of one that it is computed
  /// from token by token, was flattened from; none if it was not.
  ArrayRef<Part> findParts(FlowGraph::ValueId id, int64_t dim);

  const FlowGraph &graph;
  /// Where in `found` the parts of a dimension are. All dimensions that a search
  /// went over are the same tokens. Place 0 is for none.
  DenseMap<std::pair<FlowGraph::ValueId, int64_t>, unsigned> seen;
  std::vector<SmallVector<Part>> found;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_TOKENSPLITS_H
