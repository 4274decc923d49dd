//===- TokenSplits.cpp - Batch and sequence of flattened tokens -----------===//
//
// Some frontends make one dimension of batch and sequence before a matrix
// product. The tensor that was flattened still says what they were, and the one
// that was transposed before that, which of them is the sequence: the last
// dimension of tokens of the data.
//
//===----------------------------------------------------------------------===//

#include "TokenSplits.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

using Part = TokenSplits::Part;

/// The dimensions of an earlier tensor that `dim` of `flat` was flattened from;
/// empty if it was not.
static SmallVector<Part> partsOfReshape(const FlowGraph &graph, ValueId flat,
                                        int64_t dim) {
  auto shapeOf = [&](ValueId value) {
    return cast<ShapedType>(graph.value(value).getType()).getShape();
  };
  ArrayRef<int64_t> shape = shapeOf(flat);
  if (ShapedType::isDynamicShape(shape))
    return {};
  int64_t before = llvm::product_of(shape.take_front(dim));
  for (ValueId source : graph.reshapes(flat)) {
    if (source >= flat)
      continue;
    SmallVector<Part> parts;
    const FlowGraph::Provenance &of = graph.provenance(source);
    int64_t outer = 1, inner = 1;
    for (auto [i, size] : llvm::enumerate(shapeOf(source))) {
      if (outer < before) {
        outer *= size;
        continue;
      }
      if (inner == shape[dim])
        break;
      inner *= size;
      if (size != 1)
        parts.push_back(
            {size, of.dimRoot,
             of.permutation.empty() ? int64_t(i) : of.permutation[i]});
    }
    if (outer == before && inner == shape[dim] && parts.size() > 1)
      return parts;
  }
  return {};
}

TokenSplits::TokenSplits(const FlowGraph &graph) : graph(graph), found(1) {}

/// The operands that have an equal dimension for dimension `dim` of the result
/// of the node: those of an op that works element by element, and that which a
/// contraction takes the dimension from.
static void forEachSource(const FlowGraph &graph, const FlowGraph::Node &node,
                          int64_t dim,
                          function_ref<void(ValueId, int64_t)> use) {
  ArrayRef<ValueId> operands = graph.operands(node);
  TrainingGraphOpInterface op = node.interface;
  if (op)
    if (std::optional<Contraction> product = op.getContraction()) {
      for (unsigned side : {0, 1}) {
        const ContractionOperand &operand = product->side(side);
        auto *place = llvm::find(operand.resultDims, dim);
        if (place != operand.resultDims.end())
          use(operands[operand.operandNumber],
              place - operand.resultDims.begin());
      }
      return;
    }
  bool isElementwise = node.op->hasTrait<OpTrait::Elementwise>();
  for (unsigned i = 0; i < node.op->getNumOperands(); ++i)
    if ((isElementwise || (op && op.getPassing(i) != Passing::No)) &&
        graph.haveSameShape(operands[i], node.firstResult))
      use(operands[i], dim);
}

ArrayRef<TokenSplits::Part> TokenSplits::findParts(ValueId id, int64_t dim) {
  llvm::SmallSetVector<std::pair<ValueId, int64_t>, 16> values;
  values.insert({id, dim});
  unsigned result = 0;
  for (size_t i = 0; i < values.size() && !result; ++i) {
    auto [value, dim] = values[i];
    if (auto known = seen.find({value, dim}); known != seen.end()) {
      result = known->second;
      continue;
    }
    const FlowGraph::Provenance &provenance = graph.provenance(value);
    ValueId flat = provenance.dimRoot;
    if (!provenance.permutation.empty())
      dim = provenance.permutation[dim];
    if (SmallVector<Part> parts = partsOfReshape(graph, flat, dim);
        !parts.empty()) {
      result = found.size();
      found.push_back(std::move(parts));
      break;
    }
    if (uint32_t node = graph.definingNode(flat); node != FlowGraph::kNone)
      if (const FlowGraph::Node &definition = graph.nodes()[node];
          !definition.isMerge)
        forEachSource(graph, definition, dim, [&](ValueId from, int64_t at) {
          values.insert({from, at});
        });
  }
  for (const auto &value : values)
    seen.insert({value, result});
  return found[result];
}

/// Puts the token dimension of this size behind the others.
static void putSequenceLast(int64_t length, SmallVector<int64_t> sizes,
                            Site &site) {
  if (!site.tokenSizes.empty())
    sizes = site.tokenSizes;
  auto *found = llvm::find(sizes, length);
  if (sizes.back() == length || found == sizes.end())
    return;
  int64_t position = found - sizes.begin();
  auto turn = [&](SmallVectorImpl<int64_t> &dims) {
    // An embedding may have all tokens in one dimension of its gradient.
    if (dims.size() == sizes.size())
      std::rotate(dims.begin() + position, dims.begin() + position + 1,
                  dims.end());
  };
  turn(site.tokenOrder);
  for (Rows *rows :
       {&site.input, &site.cotangent, &site.inputGradient, &site.output})
    turn(rows->tokenDims);
}

void TokenSplits::split(ValueId input, ValueId cotangent,
                        std::optional<int64_t> sequenceLength, Site &site) {
  auto type = cast<ShapedType>(site.cotangent.tensor.getType());
  SmallVector<int64_t> sizes =
      llvm::map_to_vector(site.cotangent.tokenDims,
                          [&](int64_t dim) { return type.getDimSize(dim); });
  // Where batch and sequence are apart, the contraction or the lookup says so
  // itself.
  bool areApart =
      llvm::count_if(sizes, [](int64_t size) { return size != 1; }) > 1;
  if (areApart || !site.tokenSizes.empty()) {
    if (sequenceLength)
      putSequenceLast(*sequenceLength, sizes, site);
    return;
  }
  // Contractions that were written as sums of products may have dimensions of
  // size 1 beside the one of all tokens.
  auto *found = llvm::find_if(sizes, [](int64_t size) { return size != 1; });
  if (found == sizes.end() || ShapedType::isDynamic(*found))
    return;
  int64_t size = *found, position = found - sizes.begin();
  SmallVector<Part> parts;
  if (site.input)
    parts.assign(findParts(input, site.input.tokenDims[position]));
  if (parts.empty())
    parts.assign(findParts(cotangent, site.cotangent.tokenDims[position]));
  if (parts.empty() && sequenceLength && size != *sequenceLength &&
      size % *sequenceLength == 0)
    parts = {{size / *sequenceLength}, {*sequenceLength}};
  // Beside parts of size 1 the one of all tokens stays what it is.
  if (llvm::count_if(parts, [](const Part &part) { return part.size != 1; }) <
      2)
    return;

  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(parts.size()));
  bool haveOneRoot = llvm::all_of(parts, [&](const Part &part) {
    return part.root != FlowGraph::kNone && part.root == parts.front().root;
  });
  if (haveOneRoot)
    llvm::sort(order, [&](int64_t a, int64_t b) {
      return parts[a].rootDim < parts[b].rootDim;
    });
  // What the user says goes before what the data look like.
  if (sequenceLength && parts[order.back()].size != *sequenceLength)
    for (auto *it = order.begin(); it != order.end(); ++it)
      if (parts[*it].size == *sequenceLength) {
        std::rotate(it, it + 1, order.end());
        break;
      }
  for (const Part &part : parts)
    site.tokenSizes.push_back(part.size);
  site.tokenOrder = order;
}
