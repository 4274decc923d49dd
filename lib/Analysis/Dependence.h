//===- Dependence.h - Whether values depend on others -----------*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_DEPENDENCE_H
#define CEGM_LIB_ANALYSIS_DEPENDENCE_H

#include "cegm/Analysis/FlowGraph.h"

namespace mlir::cegm {

/// Answers many questions of the form "is `sink` computed from `source`, by
/// floating-point numbers all the way?", 64 sources in a pass over the graph.
/// (Through an integer or a comparison no derivative flows.)
class Dependence {
public:
  explicit Dependence(const FlowGraph &graph) : graph(graph) {}

  /// The number of the question.
  unsigned ask(FlowGraph::ValueId source, FlowGraph::ValueId sink);
  void answerAll();
  bool operator[](unsigned question) const { return answers[question]; }

private:
  struct Question {
    FlowGraph::ValueId source, sink;
  };
  void answerSome(ArrayRef<FlowGraph::ValueId> sources,
                  const DenseMap<FlowGraph::ValueId, unsigned> &columns,
                  unsigned first);

  const FlowGraph &graph;
  SmallVector<Question> questions;
  std::vector<bool> answers;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_DEPENDENCE_H
