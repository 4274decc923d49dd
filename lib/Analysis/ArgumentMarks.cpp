//===- ArgumentMarks.cpp - Which arguments a tensor's parts stand for -----===//

#include "ArgumentMarks.h"

using namespace mlir;
using namespace mlir::cegm;

using Mark = ArgumentMarks::Mark;
using ValueId = FlowGraph::ValueId;

//===----------------------------------------------------------------------===//
// Sets
//===----------------------------------------------------------------------===//

Mark ArgumentMarks::intern(ArrayRef<unsigned> sorted) {
  if (sorted.size() > kMaxMembers)
    return kMany;
  auto [it, inserted] =
      numbers.try_emplace(SmallVector<unsigned, 2>(sorted), sets.size());
  if (inserted)
    sets.emplace_back(sorted);
  return it->second;
}

Mark ArgumentMarks::joinSets(Mark a, Mark b) {
  if (a == b || b == kNone)
    return a;
  if (a == kNone)
    return b;
  if (a == kMany || b == kMany)
    return kMany;
  auto [it, inserted] = joins.try_emplace({std::min(a, b), std::max(a, b)});
  if (inserted) {
    SmallVector<unsigned> both;
    std::set_union(sets[a].begin(), sets[a].end(), sets[b].begin(),
                   sets[b].end(), std::back_inserter(both));
    it->second = intern(both);
  }
  return it->second;
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

Mark ArgumentMarks::addTable(Parts table) {
  if (table.pieces.size() == 1)
    return table.pieces.front().second;
  tables.push_back(std::move(table));
  return kParts | Mark(tables.size() - 1);
}

/// Joins `set` to the parts from `begin` to `end`.
void ArgumentMarks::addPiece(Parts &table, int64_t begin, int64_t end,
                             Mark set) {
  auto &pieces = table.pieces;
  // Makes a piece end at `place` and returns the one behind it.
  auto split = [&](int64_t place) -> size_t {
    auto *it = llvm::partition_point(
        pieces, [&](const auto &piece) { return piece.first <= place; });
    size_t index = it - pieces.begin();
    int64_t before = index == 0 ? 0 : pieces[index - 1].first;
    if (before != place && it != pieces.end()) {
      pieces.insert(it, {place, it->second});
      ++index;
    }
    return index;
  };
  size_t first = split(begin);
  size_t last = split(end);
  for (size_t i = first; i < last; ++i)
    pieces[i].second = joinSets(pieces[i].second, set);
}

Mark ArgumentMarks::whole(Mark mark) {
  if (!isParts(mark))
    return mark;
  Mark joined = kNone;
  for (auto [end, set] : parts(mark).pieces)
    joined = joinSets(joined, set);
  return joined;
}

void ArgumentMarks::joinInto(Mark &into, Mark mark) {
  if (mark == kNone || into == mark)
    return;
  if (into == kNone) {
    if (isParts(mark))
      parts(mark).isShared = true;
    into = mark;
    return;
  }
  if (!isParts(into) && !isParts(mark)) {
    into = joinSets(into, mark);
    return;
  }
  if (isParts(into) && isParts(mark) &&
      (parts(into).dim != parts(mark).dim ||
       parts(into).pieces.back().first != parts(mark).pieces.back().first)) {
    into = joinSets(whole(into), whole(mark));
    return;
  }
  // Of a vector that is cut into a thousand parts, each adds its own: the table
  // is copied once.
  if (!isParts(into))
    std::swap(into, mark);
  if (parts(into).isShared) {
    Parts copy = parts(into);
    copy.isShared = false;
    into = addTable(std::move(copy));
  }
  if (!isParts(mark)) {
    addPiece(parts(into), 0, parts(into).pieces.back().first, mark);
    return;
  }
  int64_t begin = 0;
  for (size_t i = 0; i < parts(mark).pieces.size(); ++i) {
    auto [end, set] = parts(mark).pieces[i];
    if (set != kNone)
      addPiece(parts(into), begin, end, set);
    begin = end;
  }
}

/// What the part that begins at `place` and has `size` slices is marked with.
Mark ArgumentMarks::cut(Mark mark, TensorPart::Place place, int64_t size) {
  if (!isParts(mark) || parts(mark).dim != place.dim)
    return mark;
  Parts table;
  table.dim = place.dim;
  for (auto [end, set] : parts(mark).pieces) {
    int64_t before = table.pieces.empty() ? 0 : table.pieces.back().first;
    int64_t cutEnd = std::min(end - place.offset, size);
    if (cutEnd <= before)
      continue;
    if (!table.pieces.empty() && table.pieces.back().second == set)
      table.pieces.back().first = cutEnd;
    else
      table.pieces.push_back({cutEnd, set});
  }
  if (table.pieces.empty())
    return kNone;
  return addTable(std::move(table));
}

/// What a tensor of `total` slices is marked with if a part of it has `mark`.
Mark ArgumentMarks::paste(Mark mark, TensorPart::Place place, int64_t size,
                          int64_t total) {
  if (isParts(mark) && parts(mark).dim != place.dim)
    mark = whole(mark);
  if (mark == kNone)
    return kNone;
  Parts table;
  table.dim = place.dim;
  if (place.offset > 0)
    table.pieces.push_back({place.offset, kNone});
  if (isParts(mark))
    for (auto [end, set] : parts(mark).pieces)
      table.pieces.push_back({place.offset + end, set});
  else
    table.pieces.push_back({place.offset + size, mark});
  if (place.offset + size < total)
    table.pieces.push_back({total, kNone});
  return addTable(std::move(table));
}

/// The same mark on a tensor that shows this one with dimension `newDim(i)` for
/// its dimension i (negative where there is none).
Mark ArgumentMarks::reorder(Mark mark, function_ref<int64_t(int64_t)> newDim) {
  if (!isParts(mark))
    return mark;
  int64_t dim = newDim(parts(mark).dim);
  if (dim < 0)
    return whole(mark);
  if (dim == parts(mark).dim)
    return mark;
  Parts table = parts(mark);
  table.dim = dim;
  table.isShared = false;
  return addTable(std::move(table));
}

//===----------------------------------------------------------------------===//
// From operands to results and back
//===----------------------------------------------------------------------===//

static ArrayRef<int64_t> getShape(const FlowGraph &graph, ValueId id) {
  return cast<ShapedType>(graph.value(id).getType()).getShape();
}

ArgumentMarks::Hold ArgumentMarks::getHold(const FlowGraph::Node &node,
                                           unsigned operand,
                                           unsigned result) const {
  ValueId from = graph.operands(node)[operand], to = node.firstResult + result;
  // Flags say something of a tensor and hold nothing of it.
  if (getElementTypeOrSelf(graph.value(to).getType()).isInteger(1))
    return Hold::None;
  bool isSame = graph.haveSameShape(from, to);
  if (node.isMerge)
    return isSame || graph.isView(from, to) ? Hold::Same : Hold::None;
  if (TrainingGraphOpInterface interface = node.interface) {
    if (graph.isView(from, to))
      return Hold::View;
    if (interface.getConcatenatedDim())
      return Hold::Part;
    if (std::optional<TensorPart> part = interface.getTensorPart()) {
      bool isCutOut = part->part == graph.value(to);
      Value held = isCutOut ? part->whole : part->part;
      if (operand < node.op->getNumOperands() &&
          node.op->getOperand(operand) == held)
        return Hold::Part;
    }
    // A barrier passes each operand to its own result.
    if (node.numResults > 1 && graph.root(to) != to)
      return Hold::None;
    if (interface.getContraction() || interface.isConvolution() ||
        interface.isRaggedContraction())
      return Hold::None;
    std::optional<TableAccess> access = interface.getTableAccess();
    if (access && access->kind == TableAccess::Kind::Read)
      return Hold::None;
  }
  return isSame ? Hold::Same : Hold::None;
}

std::optional<TensorPart::Place>
ArgumentMarks::getPlace(const FlowGraph::Node &node, unsigned operand) const {
  TrainingGraphOpInterface interface = node.interface;
  std::optional<int64_t> dim = interface.getConcatenatedDim();
  if (!dim)
    return interface.getTensorPart()->place;
  TensorPart::Place place{*dim, 0};
  for (ValueId before : graph.operands(node).take_front(operand))
    place.offset += getShape(graph, before)[*dim];
  bool isDynamic = llvm::any_of(graph.operands(node), [&](ValueId id) {
    return ShapedType::isDynamic(getShape(graph, id)[*dim]);
  });
  return isDynamic ? std::nullopt : std::optional(place);
}

/// For a reshape that only adds or drops dimensions of size 1, the dimension of
/// `to` that shows dimension `dim` of `from`; else -1.
static int64_t findReshapedDim(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                               int64_t dim) {
  if (from[dim] == 1)
    return -1;
  SmallVector<int64_t> longFrom, longTo;
  for (int64_t i : llvm::seq<int64_t>(from.size()))
    if (from[i] != 1)
      longFrom.push_back(i);
  for (int64_t i : llvm::seq<int64_t>(to.size()))
    if (to[i] != 1)
      longTo.push_back(i);
  auto sizeIn = [](ArrayRef<int64_t> shape) {
    return [=](int64_t i) { return shape[i]; };
  };
  if (!llvm::equal(llvm::map_range(longFrom, sizeIn(from)),
                   llvm::map_range(longTo, sizeIn(to))))
    return -1;
  return longTo[llvm::find(longFrom, dim) - longFrom.begin()];
}

Mark ArgumentMarks::toResult(const FlowGraph::Node &node, unsigned operand,
                             unsigned result, Mark mark) {
  ValueId from = graph.operands(node)[operand], to = node.firstResult + result;
  TrainingGraphOpInterface interface = node.interface;
  switch (getHold(node, operand, result)) {
  case Hold::None:
    return kNone;
  case Hold::Same:
    return mark;
  case Hold::View:
    return reorder(mark, [&](int64_t dim) -> int64_t {
      std::optional<TensorView> view = interface.getTensorView(result);
      if (!view || view->kind == TensorView::Kind::Same)
        return dim;
      if (view->kind == TensorView::Kind::Permuted)
        return llvm::find(view->permutation, dim) - view->permutation.begin();
      return findReshapedDim(getShape(graph, from), getShape(graph, to), dim);
    });
  case Hold::Part: {
    std::optional<TensorPart::Place> place = getPlace(node, operand);
    bool isCutOut = !interface.getConcatenatedDim() &&
                    interface.getTensorPart()->part == graph.value(to);
    if (!place)
      return whole(mark);
    int64_t fromSize = getShape(graph, from)[place->dim];
    int64_t toSize = getShape(graph, to)[place->dim];
    return isCutOut ? cut(mark, *place, toSize)
                    : paste(mark, *place, fromSize, toSize);
  }
  }
  llvm_unreachable("unknown hold");
}

Mark ArgumentMarks::toOperand(const FlowGraph::Node &node, unsigned operand,
                              unsigned result, Mark mark) {
  ValueId from = graph.operands(node)[operand], to = node.firstResult + result;
  TrainingGraphOpInterface interface = node.interface;
  switch (getHold(node, operand, result)) {
  case Hold::None:
    return kNone;
  case Hold::Same:
    return mark;
  case Hold::View:
    return reorder(mark, [&](int64_t dim) -> int64_t {
      std::optional<TensorView> view = interface.getTensorView(result);
      if (!view || view->kind == TensorView::Kind::Same)
        return dim;
      if (view->kind == TensorView::Kind::Permuted)
        return view->permutation[dim];
      return findReshapedDim(getShape(graph, to), getShape(graph, from), dim);
    });
  case Hold::Part: {
    std::optional<TensorPart::Place> place = getPlace(node, operand);
    bool isCutOut = !interface.getConcatenatedDim() &&
                    interface.getTensorPart()->part == graph.value(to);
    if (!place)
      return whole(mark);
    int64_t fromSize = getShape(graph, from)[place->dim];
    int64_t toSize = getShape(graph, to)[place->dim];
    return isCutOut ? paste(mark, *place, toSize, fromSize)
                    : cut(mark, *place, fromSize);
  }
  }
  llvm_unreachable("unknown hold");
}
