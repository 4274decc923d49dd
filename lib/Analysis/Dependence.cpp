//===- Dependence.cpp - Whether values depend on others -------------------===//

#include "Dependence.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// Sources that are followed in one pass.
static constexpr unsigned kColumns = 64;

unsigned Dependence::ask(ValueId source, ValueId sink) {
  questions.push_back({graph.root(source), sink});
  return questions.size() - 1;
}

void Dependence::answerAll() {
  answers.assign(questions.size(), false);
  // In program order, so that a pass begins at its first source.
  SmallVector<ValueId> sources = llvm::map_to_vector(
      questions, [](const Question &q) { return q.source; });
  llvm::sort(sources);
  sources.erase(llvm::unique(sources), sources.end());
  DenseMap<ValueId, unsigned> columns;
  for (auto [column, source] : llvm::enumerate(sources))
    columns[source] = column;
  for (unsigned first = 0; first < sources.size(); first += kColumns)
    answerSome(ArrayRef(sources).slice(
                   first, std::min<size_t>(kColumns, sources.size() - first)),
               columns, first);
}

void Dependence::answerSome(ArrayRef<ValueId> sources,
                            const DenseMap<ValueId, unsigned> &columns,
                            unsigned first) {
  std::vector<uint64_t> reached(graph.numValues(), 0);
  for (auto [i, source] : llvm::enumerate(sources))
    reached[source] = uint64_t(1) << i;
  uint32_t begin = graph.definingNode(sources.front());
  if (begin == FlowGraph::kNone)
    begin = 0;
  // What a loop carries back is known after a pass; two loops in one another
  // take another one.
  bool again = true;
  for (unsigned pass = 0; again && pass < 4; ++pass) {
    again = false;
    for (const FlowGraph::Node &node : graph.nodes().drop_front(begin)) {
      uint64_t joined = 0;
      bool isBack = false;
      for (ValueId operand : graph.operands(node)) {
        joined |= reached[operand];
        isBack |= operand > node.firstResult;
      }
      for (unsigned r = 0; r < node.numResults; ++r) {
        ValueId result = node.firstResult + r, root = graph.root(result);
        uint64_t now = root == result ? joined : reached[root];
        if (!isa<FloatType>(
                getElementTypeOrSelf(graph.value(result).getType())))
          now = 0;
        again |= isBack && (reached[result] | now) != reached[result];
        reached[result] |= now;
      }
    }
  }
  for (auto [i, question] : llvm::enumerate(questions)) {
    unsigned column = columns.lookup(question.source);
    if (column >= first && column < first + kColumns)
      answers[i] = reached[question.sink] >> (column - first) & 1;
  }
}
