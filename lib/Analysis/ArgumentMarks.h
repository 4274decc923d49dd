//===- ArgumentMarks.h - Which arguments a tensor's parts stand for -*- C++
//-*-//
//
// Facts of the form "this value belongs to those entry arguments", for whole
// tensors and for parts of them: optimizers put all parameters into one vector
// and cut the new ones out of it again.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_ANALYSIS_ARGUMENTMARKS_H
#define CEGM_LIB_ANALYSIS_ARGUMENTMARKS_H

#include "cegm/Analysis/FlowGraph.h"

#include <map>

namespace mlir::cegm {

class ArgumentMarks {
public:
  /// A set of arguments, or a table of such sets for the parts of a tensor.
  using Mark = uint32_t;
  static constexpr Mark kNone = 0;
  /// More arguments than are told apart.
  static constexpr Mark kMany = 1;

  explicit ArgumentMarks(const FlowGraph &graph) : graph(graph) {}

  Mark of(unsigned argument) { return intern({argument}); }
  Mark of(ArrayRef<unsigned> sorted) {
    return sorted.empty() ? kNone : intern(sorted);
  }
  void joinInto(Mark &into, Mark mark);
  /// The set of all parts.
  Mark whole(Mark mark);
  /// The members of a set in order; empty for `kNone` and `kMany`.
  ArrayRef<unsigned> arguments(Mark set) const { return sets[set]; }
  /// Whether the argument is in the set, or may be.
  bool mayContain(Mark set, unsigned argument) const {
    return set == kMany || llvm::is_contained(sets[set], argument);
  }

  /// How a result lives on in an op's operand or an operand in its result, as
  /// a rule element by element: whole, as a part, or in another order. None
  /// where the op makes the elements anew (a product, a sum, a lookup).
  enum class Hold { None, Same, View, Part };
  Hold getHold(const FlowGraph::Node &node, unsigned operand,
               unsigned result) const;
  /// What `mark` of the operand says of the result, and of the result of the
  /// operand. There is some hold.
  Mark toResult(const FlowGraph::Node &node, unsigned operand, unsigned result,
                Mark mark);
  Mark toOperand(const FlowGraph::Node &node, unsigned operand, unsigned result,
                 Mark mark);

private:
  /// Sets for consecutive parts along one dimension, by where they end.
  struct Parts {
    int64_t dim = 0;
    SmallVector<std::pair<int64_t, Mark>, 2> pieces;
    /// Whether more than one value has this table.
    bool isShared = false;
  };
  static constexpr Mark kParts = Mark(1) << 31;
  /// Larger sets are `kMany`.
  static constexpr size_t kMaxMembers = 8;

  static bool isParts(Mark mark) { return mark & kParts; }
  Parts &parts(Mark mark) { return tables[mark & ~kParts]; }
  Mark intern(ArrayRef<unsigned> sorted);
  Mark joinSets(Mark a, Mark b);
  Mark addTable(Parts table);
  void addPiece(Parts &table, int64_t begin, int64_t end, Mark set);

  Mark cut(Mark mark, TensorPart::Place place, int64_t size);
  Mark paste(Mark mark, TensorPart::Place place, int64_t size, int64_t total);
  Mark reorder(Mark mark, function_ref<int64_t(int64_t)> newDim);
  /// The place of an operand in what it is a part of.
  std::optional<TensorPart::Place> getPlace(const FlowGraph::Node &node,
                                            unsigned operand) const;

  using ValueId = FlowGraph::ValueId;
  const FlowGraph &graph;
  std::vector<SmallVector<unsigned, 2>> sets{{}, {}};
  DenseMap<std::pair<Mark, Mark>, Mark> joins;
  std::map<SmallVector<unsigned, 2>, Mark> numbers;
  std::vector<Parts> tables;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_ARGUMENTMARKS_H
