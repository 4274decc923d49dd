//===- FlowGraphProvenance.cpp - Which value a value shows ----------------===//
//
// Transposes, reshapes, casts and slices show the elements of another value.
// The graph says of each value which one that is.
//
//===----------------------------------------------------------------------===//

#include "FlowGraphBuilder.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;

/// A value that shows the elements of `flatRoot` in the shape of `id`, the same
/// for all such values.
FlowGraph::ValueId FlowGraph::Builder::canonicalDims(ValueId id,
                                                     ValueId flatRoot) {
  auto shapeOf = [&](ValueId value) {
    return cast<ShapedType>(graph.values[value].getType()).getShape();
  };
  ArrayRef<int64_t> shape = shapeOf(id);
  // Dynamic sizes of one extent need not be equal.
  if (ShapedType::isDynamicShape(shape))
    return id;
  SmallVector<ValueId, 1> &known = graph.reshapeLists[flatRoot];
  if (known.empty())
    known.push_back(graph.provenances[flatRoot].permutation.empty()
                        ? graph.provenances[flatRoot].dimRoot
                        : flatRoot);
  for (ValueId other : known)
    if (shapeOf(other) == shape)
      return other;
  known.push_back(id);
  return id;
}

/// The value that is the slice `index` along `dim` of a concatenation, or of a
/// concatenation of concatenations; `kNone` if there is none.
FlowGraph::ValueId FlowGraph::Builder::findPart(ValueId whole, int64_t dim,
                                                int64_t index) {
  auto sizeOf = [&](ValueId id) {
    return cast<ShapedType>(graph.values[id].getType()).getDimSize(dim);
  };
  if (graph.provenances[whole].permutation.empty())
    whole = graph.provenances[whole].dimRoot;
  uint32_t node = graph.definingNodes[whole];
  auto interface = node == kNone || graph.nodeList[node].isMerge
                       ? TrainingGraphOpInterface()
                       : graph.nodeList[node].interface;
  if (!interface || interface.getConcatenatedDim() != dim)
    return sizeOf(whole) == 1 ? whole : kNone;
  for (ValueId part : graph.operands(graph.nodeList[node])) {
    int64_t size = sizeOf(part);
    if (ShapedType::isDynamic(size))
      return kNone;
    if (index < size)
      return findPart(part, dim, index);
    index -= size;
  }
  return kNone;
}

/// Whether the only result of the node has one number in all places.
bool FlowGraph::Builder::makesUniform(const Node &node) {
  if (node.op->hasTrait<OpTrait::ConstantLike>()) {
    ElementsAttr elements;
    return matchPattern(node.op, m_Constant(&elements)) && elements.isSplat();
  }
  TrainingGraphOpInterface interface = node.interface;
  bool spreads =
      node.op->hasTrait<OpTrait::Elementwise>() ||
      (interface && (interface.isBroadcast() || interface.getTensorView(0)));
  return spreads && llvm::all_of(graph.operands(node), [&](ValueId operand) {
           return graph.uniform[operand];
         });
}

/// The operand that the node multiplies by one number; `kNone` if there is none.
FlowGraph::ValueId FlowGraph::Builder::findScaled(const Node &node) {
  Type type = getElementTypeOrSelf(graph.values[node.firstResult].getType());
  if (node.numResults != 1 || !isa<FloatType>(type) ||
      graph.uniform[node.firstResult])
    return kNone;
  TrainingGraphOpInterface interface = node.interface;
  ValueId scaled = kNone;
  for (auto [i, operand] : llvm::enumerate(graph.operands(node))) {
    if (graph.uniform[operand])
      continue;
    Passing passing = interface.getPassing(i);
    bool isScaled = passing == Passing::Scaled ||
                    (passing == Passing::Negated && node.numOperands == 1);
    if (scaled != kNone || !isScaled ||
        !graph.haveSameShape(operand, node.firstResult))
      return kNone;
    scaled = operand;
  }
  return scaled;
}

void FlowGraph::Builder::setProvenance(Operation *op, uint32_t node) {
  TrainingGraphOpInterface interface = graph.nodeList[node].interface;
  if (graph.nodeList[node].numResults == 1)
    if (auto result = graph.nodeList[node].firstResult; !graph.uniform[result])
      graph.uniform[result] = makesUniform(graph.nodeList[node]);
  if (!interface)
    return;
  if (ValueId scaled = findScaled(graph.nodeList[node]); scaled != kNone) {
    graph.provenances[graph.nodeList[node].firstResult] =
        graph.provenances[scaled];
    return;
  }
  std::optional<StackAccess> access = interface.getStackAccess();
  if (access && access->kind == StackAccess::Kind::Read && !access->index) {
    ValueId part = findPart(graph.operands(graph.nodeList[node]).front(),
                            access->dim, access->staticIndex);
    // A slice may lack the stacked dimension.
    if (part != kNone &&
        cast<ShapedType>(graph.values[part].getType()).getRank() ==
            cast<ShapedType>(access->slice.getType()).getRank())
      graph.provenances[graph.nodeList[node].firstResult] =
          graph.provenances[part];
    return;
  }
  const Node &n = graph.nodeList[node];
  for (unsigned i = 0; i < n.numResults; ++i) {
    std::optional<TensorView> view = interface.getTensorView(i);
    if (!view)
      continue;
    auto operand = llvm::find(op->getOperands(), view->source);
    const Provenance source =
        graph.provenances[graph.operands(n)[operand.getIndex()]];
    Provenance &result = graph.provenances[n.firstResult + i];
    result.root = source.root;
    if (view->kind == TensorView::Kind::Reshaped) {
      result.flatRoot = source.flatRoot;
      result.dimRoot = canonicalDims(n.firstResult + i, source.flatRoot);
      continue;
    }
    result.dimRoot = source.dimRoot;
    result.permutation = source.permutation;
    if (view->kind != TensorView::Kind::Permuted) {
      result.flatRoot = source.flatRoot;
      continue;
    }
    SmallVector<int64_t> composed;
    for (int64_t dim : view->permutation)
      composed.push_back(source.permutation.empty() ? dim
                                                    : source.permutation[dim]);
    bool identity = llvm::equal(composed, llvm::seq<int64_t>(composed.size()));
    result.permutation = identity ? ArrayRef<int64_t>()
                                  : ArrayRef(composed).copy(graph.allocator);
  }
}
