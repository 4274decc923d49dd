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

/// The operand that the node multiplies by one number; `kNone` if there is
/// none.
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

/// The index that the node brings into range, `select(i < 0, i + n, i)`;
/// `kNone` if it does not. Frontends write this anew for each access of a
/// table.
FlowGraph::ValueId FlowGraph::Builder::findWrapped(const Node &node) {
  Type type = getElementTypeOrSelf(graph.values[node.firstResult].getType());
  TrainingGraphOpInterface interface = node.interface;
  if (node.numOperands != 3 || !isa<IntegerType>(type) ||
      interface.getPassing(1) != Passing::Chosen ||
      interface.getPassing(2) != Passing::Chosen)
    return kNone;
  ArrayRef<ValueId> operands = graph.operands(node);
  for (auto [shifted, index] :
       {std::pair(operands[1], operands[2]), {operands[2], operands[1]}}) {
    uint32_t definition = graph.definingNodes[shifted];
    if (definition == kNone || graph.nodeList[definition].isMerge)
      continue;
    const Node &sum = graph.nodeList[definition];
    TrainingGraphOpInterface sumInterface = sum.interface;
    ArrayRef<ValueId> terms = graph.operands(sum);
    for (unsigned i : {0u, 1u})
      if (sumInterface && terms.size() == 2 &&
          sumInterface.getPassing(i) == Passing::Yes &&
          graph.root(terms[i]) == graph.root(index) &&
          graph.uniform[terms[1 - i]])
        return index;
  }
  return kNone;
}

/// An earlier node of the same scope that computes the same from the same, as
/// where activations are computed again for the backward pass; `kNone` if there
/// is none.
uint32_t FlowGraph::Builder::findEqualNode(uint32_t index) {
  const Node &node = graph.nodeList[index];
  if (node.op->getNumRegions() != 0 || node.numOperands == 0 ||
      !isMemoryEffectFree(node.op))
    return kNone;
  auto number = [&](ValueId id) { return valueNumbers[id]; };
  llvm::hash_code hash = OperationEquivalence::computeHash(
      node.op, OperationEquivalence::ignoreHashValue,
      OperationEquivalence::ignoreHashValue,
      OperationEquivalence::IgnoreLocations);
  for (ValueId operand : graph.operands(node))
    hash = llvm::hash_combine(hash, number(operand));
  SmallVector<uint32_t, 1> &known =
      nodesByHash[llvm::hash_combine(hash, node.scope)];
  for (uint32_t other : known) {
    const Node &candidate = graph.nodeList[other];
    auto numbers = [&](const Node &of) {
      return llvm::map_range(graph.operands(of), number);
    };
    if (candidate.scope == node.scope &&
        llvm::equal(numbers(candidate), numbers(node)) &&
        OperationEquivalence::isEquivalentTo(
            candidate.op, node.op, [](Value, Value) { return success(); },
            /*markEquivalent=*/nullptr, OperationEquivalence::IgnoreLocations))
      return other;
  }
  known.push_back(index);
  return kNone;
}

void FlowGraph::Builder::setProvenance(Operation *op, uint32_t node) {
  TrainingGraphOpInterface interface = graph.nodeList[node].interface;
  if (graph.nodeList[node].numResults == 1)
    if (auto result = graph.nodeList[node].firstResult; !graph.uniform[result])
      graph.uniform[result] = makesUniform(graph.nodeList[node]);
  const Node &made = graph.nodeList[node];
  if (uint32_t equal = findEqualNode(node); equal != kNone) {
    for (uint32_t i = 0; i < made.numResults; ++i) {
      ValueId first = graph.nodeList[equal].firstResult + i;
      graph.provenances[made.firstResult + i] = graph.provenances[first];
      valueNumbers[made.firstResult + i] = valueNumbers[first];
    }
    return;
  }
  if (!interface)
    return;
  if (ValueId wrapped = findWrapped(made); wrapped != kNone) {
    graph.provenances[made.firstResult] = graph.provenances[wrapped];
    return;
  }
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
    // What passes a barrier is the same.
    if (view->kind == TensorView::Kind::Same &&
        !op->hasTrait<OpTrait::Elementwise>() &&
        view->source.getType() == op->getResult(i).getType())
      valueNumbers[n.firstResult + i] =
          valueNumbers[graph.operands(n)[operand.getIndex()]];
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
