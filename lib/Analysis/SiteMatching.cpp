//===- SiteMatching.cpp - Which contractions have the form of a gradient --===//

#include "SiteMatching.h"

using namespace mlir;
using namespace mlir::cegm;

using Mark = ArgumentMarks::Mark;
using ValueId = FlowGraph::ValueId;

/// An operand that meets more weights than this (the input of many layers) is
/// looked up by parameter and never scanned.
static constexpr size_t kMaxScanned = 32;

/// Number of elements along the given dimensions; dynamic as soon as one is.
static int64_t product(Value value, ArrayRef<int64_t> dims) {
  auto type = cast<ShapedType>(value.getType());
  int64_t size = 1;
  for (int64_t dim : dims) {
    if (type.isDynamicDim(dim))
      return ShapedType::kDynamic;
    size *= type.getDimSize(dim);
  }
  return size;
}

//===----------------------------------------------------------------------===//
// Index
//===----------------------------------------------------------------------===//

/// Finds for each value the parameters that it is computed from: `plain` ones
/// from any, and those that a step before has moved from the weights of the
/// step. Gradients and moments are computed from none.
void SiteMatcher::findOrigins() {
  std::vector<Mark> parts(graph.numValues(), ArgumentMarks::kNone);
  for (unsigned i = 0; i < graph.numArguments(); ++i)
    if (plain.isWeightLike(i) && (weightArgs.none() || weightArgs.test(i)))
      parts[i] = marks.of(i);
    else if (plain.isWeightLike(i))
      parts[i] = states.copyOf(i);
  for (const FlowGraph::Node &node : graph.nodes())
    for (unsigned r = 0; r < node.numResults; ++r) {
      ValueId result = node.firstResult + r;
      if (!plain.isWeightLike(result) && !reach->isWeightLike(result))
        continue;
      for (auto [i, operand] : llvm::enumerate(graph.operands(node))) {
        if (parts[operand] == ArgumentMarks::kNone)
          continue;
        if (marks.getHold(node, i, r) != ArgumentMarks::Hold::None)
          marks.joinInto(parts[result],
                         marks.toResult(node, i, r, parts[operand]));
        else if (graph.root(result) == result)
          marks.joinInto(parts[result], marks.whole(parts[operand]));
      }
      // What is computed again is what it was.
      if (parts[result] == ArgumentMarks::kNone)
        marks.joinInto(parts[result], parts[graph.root(result)]);
    }
  origins.resize(parts.size());
  for (auto [origin, mark] : llvm::zip_equal(origins, parts))
    origin = marks.whole(mark);
}

bool SiteMatcher::isWeight(ValueId id) const {
  return reach->isWeightLike(id) && origins[id] != ArgumentMarks::kNone;
}

bool SiteMatcher::isFrom(ValueId weight, Mark parameters) const {
  Mark origin = originOf(weight);
  if (origin == ArgumentMarks::kMany || parameters == ArgumentMarks::kMany)
    return true;
  return llvm::any_of(marks.arguments(origin), [&](unsigned argument) {
    return marks.mayContain(parameters, argument);
  });
}

void SiteMatcher::addWeight(uint32_t node, ValueId weight) {
  weightRoots[node] = graph.root(weight);
  for (unsigned argument : marks.arguments(originOf(weight)))
    weightArgs.set(argument);
}

void SiteMatcher::addCandidate(uint32_t index, Contraction contraction) {
  const FlowGraph::Node &node = graph.nodes()[index];
  ArrayRef<ValueId> operands = graph.operands(node);
  // A covariance is no gradient, nor is the gradient of a scale, which sums
  // nothing but the tokens of each feature.
  bool isCovariance = graph.root(operands[contraction.lhs.operandNumber]) ==
                      graph.root(operands[contraction.rhs.operandNumber]);
  auto freeSize = [&](const ContractionOperand &operand) {
    return product(node.op->getOperand(operand.operandNumber),
                   operand.freeDims());
  };
  if (isCovariance ||
      (freeSize(contraction.lhs) == 1 && freeSize(contraction.rhs) == 1))
    return;
  gradientCandidates.push_back(index);
  contractions.try_emplace(index, std::move(contraction));
}

bool SiteMatcher::isConstantCotangent(ValueId id) const {
  return plain.isNeutral(id) && graph.isUniform(id);
}

/// For each value, whether something is summed, multiplied or compared of what
/// it shows: not only joined with tensors of its shape and put into others.
static llvm::BitVector findReadValues(const FlowGraph &graph,
                                      const ArgumentMarks &marks) {
  llvm::BitVector read(graph.numValues());
  for (const FlowGraph::Node &node : llvm::reverse(graph.nodes()))
    for (unsigned r = 0; r < node.numResults; ++r) {
      auto isHeld = [&](unsigned operand) {
        return marks.getHold(node, operand, r) != ArgumentMarks::Hold::None;
      };
      unsigned count = node.numOperands;
      bool holdsAny = llvm::any_of(llvm::seq(count), isHeld);
      for (auto [i, operand] : llvm::enumerate(graph.operands(node)))
        if (!holdsAny || (isHeld(i) && read.test(node.firstResult + r)))
          read.set(operand);
    }
  return read;
}

SiteMatcher::SiteMatcher(const FlowGraph &graph, const Reach &reach,
                         const Reach &plain, NewStates &states)
    : graph(graph), reach(&plain), plain(plain), states(states),
      marks(states.argumentMarks()), weightArgs(graph.numArguments()) {
  findOrigins();
  addUses();
  if (&reach == &plain)
    return;
  // Now that the weights are known, so are those that gradients move.
  this->reach = &reach;
  contractions.clear();
  gradientCandidates.clear();
  scatters.clear();
  usesByOperand.clear();
  usesByParameter.clear();
  weightRoots.clear();
  lookups.clear();
  findOrigins();
  addUses();
}

void SiteMatcher::addUses() {
  llvm::BitVector read;
  for (auto [index, node] : llvm::enumerate(graph.nodes())) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface || node.isMerge)
      continue;
    ArrayRef<ValueId> operands = graph.operands(node);
    if (std::optional<Contraction> found = interface.getContraction()) {
      ValueId ids[2] = {operands[found->lhs.operandNumber],
                        operands[found->rhs.operandNumber]};
      bool isUse = false;
      for (unsigned side : {0u, 1u}) {
        // The derivative of a loss that is linear in an output is one number.
        if (!isWeight(ids[side]) || (!reach->mayBeTokens(ids[1 - side]) &&
                                     !isConstantCotangent(ids[1 - side])))
          continue;
        isUse = true;
        WeightUse use{uint32_t(index), side, ids[side]};
        ValueId other = graph.root(ids[1 - side]);
        usesByOperand[other].push_back(use);
        for (unsigned argument : marks.arguments(originOf(ids[side])))
          usesByParameter[{other, argument}].push_back(use);
        addWeight(index, ids[side]);
        contractions.try_emplace(index, *found);
      }
      // A gradient sums products of what data reach, or of that and a constant.
      bool isData[2] = {reach->isDataDependent(ids[0]),
                        reach->isDataDependent(ids[1])};
      auto mayTakePart = [&](unsigned side) {
        return reach->mayBeTokens(ids[side]) || reach->isNeutral(ids[side]);
      };
      if (!isUse && (isData[0] || isData[1]) && mayTakePart(0) &&
          mayTakePart(1))
        addCandidate(index, std::move(*found));
      continue;
    }
    std::optional<TableAccess> access = interface.getTableAccess();
    if (!access)
      continue;
    auto idOf = [&](Value value) { return graph.operand(node, value); };
    if (access->kind == TableAccess::Kind::Read) {
      ValueId table = idOf(access->table);
      // At places that are no data, the rows are parts of a weight and no
      // tokens.
      ValueId indices = idOf(access->indices);
      if (!isWeight(table) || !reach->mayBeTokens(indices))
        continue;
      // The rows of a moment are changed and put back.
      if (read.empty())
        read = findReadValues(graph, marks);
      if (!read.test(graph.result(node)))
        continue;
      lookups[graph.root(indices)].push_back(index);
      addWeight(index, table);
    } else if (reach->isDataDependent(idOf(access->rows))) {
      scatters.push_back(index);
    }
  }
}

std::optional<unsigned> SiteMatcher::onlyArgument(ValueId weight) const {
  ArrayRef<unsigned> arguments = marks.arguments(originOf(weight));
  return arguments.size() == 1 ? std::optional(arguments[0]) : std::nullopt;
}

ValueId SiteMatcher::weightIdentity(ValueId weight) const {
  ValueId root = graph.root(weight);
  if (std::optional<unsigned> argument = onlyArgument(root))
    return *argument;
  // Of a stack that the step makes of its parameters, the loops forward and
  // back read slices of their own.
  while (graph.definingNode(root) != FlowGraph::kNone) {
    std::optional<SliceAccess> access =
        getSliceAccess(graph, graph.nodes()[graph.definingNode(root)]);
    if (!access || access->kind != StackAccess::Kind::Read)
      break;
    root = graph.root(access->stack);
  }
  return root;
}

bool SiteMatcher::usesWeight(uint32_t node,
                             const DenseSet<ValueId> &weights) const {
  auto it = weightRoots.find(node);
  return it != weightRoots.end() &&
         weights.contains(weightIdentity(it->second));
}

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

/// Whether a product with the weight that shares the operand on `side` of a
/// weight gradient `A = Z . X` runs as often as A, and has its sizes: what A
/// sums over (tokens) the product keeps, what A keeps of that operand the
/// product sums over, and the rest of the weight is the rest of A. Batch
/// dimensions of A are those of the weight, or else tokens.
bool SiteMatcher::fits(uint32_t gradientNode, unsigned side,
                       const WeightUse &use) const {
  if (graph.nodes()[gradientNode].scope != graph.nodes()[use.node].scope)
    return false;
  const Contraction &gradient = contraction(gradientNode);
  const Contraction &product = contraction(use.node);
  Operation *gradientOp = graph.nodes()[gradientNode].op;
  Operation *productOp = graph.nodes()[use.node].op;
  const ContractionOperand &shared = gradient.side(side);
  const ContractionOperand &other = gradient.side(1 - side);
  const ContractionOperand &weight = product.side(use.weightSide);
  const ContractionOperand &operand = product.side(1 - use.weightSide);
  auto size = [](Operation *op, const ContractionOperand &of,
                 ArrayRef<int64_t> dims) {
    return ::product(op->getOperand(of.operandNumber), dims);
  };
  SmallVector<int64_t> tokens = shared.contractedDims;
  if (weight.batchDims.empty())
    llvm::append_range(tokens, shared.batchDims);
  else if (size(productOp, weight, weight.batchDims) !=
           size(gradientOp, shared, shared.batchDims))
    return false;
  return size(productOp, operand, operand.contractedDims) ==
             size(gradientOp, shared, shared.freeDims()) &&
         size(productOp, operand, operand.freeDims()) ==
             size(gradientOp, shared, tokens) &&
         size(productOp, weight, weight.freeDims()) ==
             size(gradientOp, other, other.freeDims());
}

SmallVector<WeightUse, 2> SiteMatcher::findUses(uint32_t node, unsigned side,
                                                Mark parameters) const {
  const Contraction &gradient = contraction(node);
  ArrayRef<ValueId> operands = graph.operands(graph.nodes()[node]);
  ValueId root = graph.root(operands[gradient.side(side).operandNumber]);
  SmallVector<WeightUse, 2> found;
  auto scan = [&](ArrayRef<WeightUse> uses) {
    for (const WeightUse &use : uses)
      if (isFrom(use.weight, parameters) && fits(node, side, use))
        found.push_back(use);
  };
  auto it = usesByOperand.find(root);
  if (it == usesByOperand.end())
    return found;
  if (it->second.size() <= kMaxScanned) {
    scan(it->second);
    return found;
  }
  for (unsigned argument : marks.arguments(parameters))
    if (auto known = usesByParameter.find({root, argument});
        known != usesByParameter.end())
      scan(known->second);
  return found;
}

SmallVector<WeightFit, 1> SiteMatcher::findFits(uint32_t node,
                                                Mark parameters) const {
  SmallVector<WeightUse, 2> uses[2] = {findUses(node, 0, parameters),
                                       findUses(node, 1, parameters)};
  // An operand that is never scanned is looked up by what the other one meets.
  for (unsigned side : {0u, 1u})
    if (uses[side].empty())
      for (const WeightUse &use : uses[1 - side])
        llvm::append_range(uses[side],
                           findUses(node, side, originOf(use.weight)));
  SmallVector<WeightFit, 1> fits;
  auto add = [&](std::optional<WeightUse> first,
                 std::optional<WeightUse> second) {
    WeightFit fit{{first, second}};
    bool isKnown = llvm::any_of(fits, [&](const WeightFit &other) {
      return graph.root(other.weight()) == graph.root(fit.weight()) &&
             other.hasBoth() >= fit.hasBoth();
    });
    if (!isKnown)
      fits.push_back(fit);
  };
  for (const WeightUse &first : uses[0])
    for (const WeightUse &second : uses[1])
      if (graph.root(first.weight) == graph.root(second.weight))
        add(first, second);
  // A weight may be made anew for each use (quantised, say).
  if (fits.empty() && uses[0].size() == 1 && uses[1].size() == 1 &&
      onlyArgument(uses[0][0].weight) &&
      onlyArgument(uses[0][0].weight) == onlyArgument(uses[1][0].weight))
    add(uses[0][0], uses[1][0]);
  // A weight that meets both operands is the one; others share one of them.
  if (!fits.empty())
    return fits;
  for (const WeightUse &use : uses[0])
    add(use, std::nullopt);
  for (const WeightUse &use : uses[1])
    add(std::nullopt, use);
  return fits;
}

//===----------------------------------------------------------------------===//
// Lookups
//===----------------------------------------------------------------------===//

/// The shape of one table: a gradient may have one for each example.
static SmallVector<int64_t> tableShape(const TableAccess &access) {
  auto type = cast<ShapedType>(access.table.getType());
  SmallVector<int64_t> shape;
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (!llvm::is_contained(access.tableBatchDims, int64_t(dim)))
      shape.push_back(size);
  return shape;
}

static SmallVector<int64_t> sizesOf(Value value, ArrayRef<int64_t> dims) {
  auto type = cast<ShapedType>(value.getType());
  return llvm::map_to_vector(dims,
                             [&](int64_t dim) { return type.getDimSize(dim); });
}

/// Whether the rows of a scatter belong to those of a lookup one by one: in the
/// same dimensions or, if the indices of both stand in one order, with all
/// tokens in a single dimension.
static bool pairsRows(const TableAccess &lookup, const TableAccess &scatter,
                      bool haveOneOrder) {
  auto shapeOf = [](const TableAccess &access) {
    return cast<ShapedType>(access.rows.getType()).getShape();
  };
  if (lookup.tokenDims == scatter.tokenDims &&
      shapeOf(lookup) == shapeOf(scatter))
    return true;
  return haveOneOrder && scatter.tokenDims.size() == 1 &&
         ::product(lookup.rows, lookup.tokenDims) ==
             ::product(scatter.rows, scatter.tokenDims) &&
         sizesOf(lookup.rows, lookup.featureDims) ==
             sizesOf(scatter.rows, scatter.featureDims);
}

SmallVector<EmbeddingMatch, 1> SiteMatcher::findTables(uint32_t index,
                                                       Mark parameters) const {
  SmallVector<EmbeddingMatch, 1> matches;
  const FlowGraph::Node &node = graph.nodes()[index];
  TableAccess scatter =
      *cast<TrainingGraphOpInterface>(node.op).getTableAccess();
  ValueId indices = graph.operand(node, scatter.indices);
  auto it = lookups.find(graph.root(indices));
  if (it == lookups.end())
    return matches;
  for (uint32_t lookupIndex : it->second) {
    ValueId weight = weightRoots.lookup(lookupIndex);
    const FlowGraph::Node &lookupNode = graph.nodes()[lookupIndex];
    TableAccess lookup =
        *cast<TrainingGraphOpInterface>(lookupNode.op).getTableAccess();
    ValueId lookupIndices = graph.operand(lookupNode, lookup.indices);
    bool haveOneOrder = graph.provenance(lookupIndices).flatRoot ==
                        graph.provenance(indices).flatRoot;
    if (!isFrom(weight, parameters) || lookupNode.scope != node.scope ||
        tableShape(lookup) != tableShape(scatter) ||
        !pairsRows(lookup, scatter, haveOneOrder))
      continue;
    bool isKnown = llvm::any_of(matches, [&](const EmbeddingMatch &other) {
      return other.weight == weight;
    });
    if (!isKnown)
      matches.push_back({index, lookupIndex, weight});
  }
  return matches;
}

bool SiteMatcher::fitsAny(uint32_t node, Mark parameters) const {
  if (contractions.contains(node))
    return !weightRoots.contains(node) && !findFits(node, parameters).empty();
  return llvm::binary_search(scatters, node) &&
         !findTables(node, parameters).empty();
}
