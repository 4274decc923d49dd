//===- SiteMatching.cpp - Which contractions are parameter gradients ------===//

#include "SiteMatching.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

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

SiteMatcher::SiteMatcher(const FlowGraph &graph, const Reach &reach)
    : graph(graph), reach(reach), weightArgs(graph.numArguments()) {
  auto addWeight = [&](uint32_t node, ValueId weight) {
    ValueId root = graph.root(weight);
    weightRoots[node] = root;
    if (root < graph.numArguments())
      weightArgs.set(root);
    else if (std::optional<unsigned> argument = reach.onlyArgument(root))
      weightArgs.set(*argument);
  };

  for (auto [index, node] : llvm::enumerate(graph.nodes())) {
    TrainingGraphOpInterface interface = node.interface;
    if (!interface || node.isMerge)
      continue;
    ArrayRef<ValueId> operands = graph.operands(node);
    if (std::optional<Contraction> found = interface.getContraction()) {
      ValueId ids[2] = {operands[found->lhs.operandNumber],
                        operands[found->rhs.operandNumber]};
      bool isData[2] = {reach.isDataDependent(ids[0]),
                        reach.isDataDependent(ids[1])};
      if (isData[0] && isData[1]) {
        gradientCandidates.push_back(index);
        contractions.try_emplace(index, std::move(*found));
        continue;
      }
      for (unsigned side : {0u, 1u}) {
        if (!reach.isWeightLike(ids[side]) || !isData[1 - side])
          continue;
        WeightUse use{uint32_t(index), side, ids[side]};
        ValueId other = graph.root(ids[1 - side]);
        usesByOperand[other].push_back(use);
        usesByPair.try_emplace({other, graph.root(ids[side])}, use);
        addWeight(index, ids[side]);
        contractions.try_emplace(index, std::move(*found));
      }
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
      if (!reach.isWeightLike(table) ||
          !reach.isDataDependent(idOf(access->indices)))
        continue;
      lookups[graph.root(idOf(access->indices))].push_back(index);
      addWeight(index, table);
    } else if (reach.isDataDependent(idOf(access->rows))) {
      scatters.push_back(index);
    }
  }
  useDepths.emplace(graph,
                    [&](uint32_t node) { return weightRoots.contains(node); });
}

ValueId SiteMatcher::weightIdentity(ValueId weight) const {
  ValueId root = graph.root(weight);
  if (std::optional<unsigned> argument = reach.onlyArgument(root))
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

std::optional<DenseMatch>
SiteMatcher::matchOne(uint32_t node, const UpdateFlow &updates,
                      DenseSet<uint32_t> &moments) const {
  const Contraction &gradient = contraction(node);
  ArrayRef<ValueId> operands = graph.operands(graph.nodes()[node]);
  ValueId ids[2] = {operands[gradient.lhs.operandNumber],
                    operands[gradient.rhs.operandNumber]};
  ValueId roots[2] = {graph.root(ids[0]), graph.root(ids[1])};
  const SmallVector<WeightUse, 2> none;
  auto usesOf = [&](unsigned side) -> const SmallVector<WeightUse, 2> & {
    auto it = usesByOperand.find(roots[side]);
    return it == usesByOperand.end() ? none : it->second;
  };

  // A tensor that meets many weights (a shared input) is asked last: the other
  // operand, usually the gradient, decides, and the pair is then looked up.
  unsigned first = usesOf(0).size() <= usesOf(1).size() ? 0 : 1;
  uint32_t target = updates.target(graph.result(graph.nodes()[node]));
  std::optional<WeightUse> best[2];
  int bestRank = -1;
  SmallVector<ValueId, 2> others;
  for (unsigned side : {first, 1 - first}) {
    if (bestRank >= 0)
      break;
    for (const WeightUse &use : usesOf(side)) {
      if (!fits(node, side, use))
        continue;
      ValueId weight = graph.root(use.weight);
      auto it = usesByPair.find({roots[1 - side], weight});
      bool both = it != usesByPair.end() && fits(node, 1 - side, it->second);
      int rank = 2 * both + (weight == target);
      if (rank < bestRank)
        continue;
      if (rank == bestRank) {
        others.push_back(use.weight);
        continue;
      }
      others.clear();
      bestRank = rank;
      best[side] = use;
      best[1 - side] = both ? std::optional(it->second) : std::nullopt;
    }
  }
  if (bestRank < 0)
    return std::nullopt;
  bool isUpdate = bestRank & 1, hasBoth = best[0] && best[1];
  uint32_t depth[2] = {useDepths->first(ids[0]), useDepths->first(ids[1])};
  // A covariance in the loss, or the statistics of an optimizer, are sums over
  // tokens, too.
  if (!isUpdate &&
      (roots[0] == roots[1] || (!hasBoth && depth[0] == depth[1]))) {
    moments.insert(node);
    return std::nullopt;
  }

  // The gradient lies behind the product of the other operand with the weight;
  // so its path has seen more weights. At equal depth (a loss that is linear in
  // the output) the earlier of two products is the forward one.
  unsigned inputSide;
  if (depth[0] != depth[1])
    inputSide = depth[0] < depth[1] ? 0 : 1;
  else if (hasBoth)
    inputSide = best[0]->node < best[1]->node ? 0 : 1;
  else
    inputSide = best[0] ? 1 : 0;

  DenseMatch match;
  match.gradientNode = node;
  match.inputSide = inputSide;
  match.output = best[inputSide];
  match.inputGradient = best[1 - inputSide];
  for (ValueId other : others)
    if (weightIdentity(other) != weightIdentity(match.weight()))
      match.others.push_back(other);
  return match;
}

std::vector<DenseMatch>
SiteMatcher::matchDense(const UpdateFlow &updates,
                        DenseSet<uint32_t> &moments) const {
  std::vector<DenseMatch> matches;
  for (uint32_t node : gradientCandidates)
    if (std::optional<DenseMatch> match = matchOne(node, updates, moments))
      matches.push_back(*match);
  return matches;
}

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

std::vector<EmbeddingMatch>
SiteMatcher::matchEmbeddings(const UpdateFlow &updates) const {
  std::vector<EmbeddingMatch> matches;
  for (uint32_t index : scatters) {
    const FlowGraph::Node &node = graph.nodes()[index];
    TableAccess scatter =
        *cast<TrainingGraphOpInterface>(node.op).getTableAccess();
    ValueId indices = graph.operand(node, scatter.indices);
    auto it = lookups.find(graph.root(indices));
    if (it == lookups.end())
      continue;
    // Tables of one shape that are read by the same ids are told apart by the
    // parameter that the gradient updates.
    uint32_t target = updates.target(graph.result(node));
    std::optional<EmbeddingMatch> best;
    for (uint32_t lookupIndex : it->second) {
      const FlowGraph::Node &lookupNode = graph.nodes()[lookupIndex];
      TableAccess lookup =
          *cast<TrainingGraphOpInterface>(lookupNode.op).getTableAccess();
      ValueId lookupIndices = graph.operand(lookupNode, lookup.indices);
      bool haveOneOrder = graph.provenance(lookupIndices).flatRoot ==
                          graph.provenance(indices).flatRoot;
      if (lookupNode.scope != node.scope ||
          tableShape(lookup) != tableShape(scatter) ||
          !pairsRows(lookup, scatter, haveOneOrder))
        continue;
      ValueId weight = weightRoots.lookup(lookupIndex);
      if (!best || weight == target)
        best = EmbeddingMatch{index, lookupIndex, weight, {}};
      else if (weightIdentity(weight) != weightIdentity(best->weight))
        best->others.push_back(weight);
      if (weight == target)
        break;
    }
    if (best)
      matches.push_back(*best);
  }
  return matches;
}
