//===- SiteDimensions.cpp - Line up the tensors of a site -----------------===//
//
// The operands of the gradient contraction, and the products dX = dY . W and
// Y = X . W, may name the dimensions of tokens and features in any order. Here
// every tensor of a site gets its token and feature dimensions in one order:
// tokens as they stand in X, features as they stand in X and in dY.
//
//===----------------------------------------------------------------------===//

#include "SiteMatching.h"

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;
using Dims = SmallVector<int64_t>;

/// For each dimension of `from` the same dimension of `to`, where both show one
/// tensor with its dimensions kept; nothing where a reshape lies between.
static std::optional<Dims> mapDims(const FlowGraph &graph, ValueId from,
                                   ValueId to) {
  const FlowGraph::Provenance &a = graph.provenance(from);
  const FlowGraph::Provenance &b = graph.provenance(to);
  if (a.dimRoot != b.dimRoot)
    return std::nullopt;
  int64_t rank = cast<ShapedType>(graph.value(from).getType()).getRank();
  auto rootDim = [](const FlowGraph::Provenance &p, int64_t dim) {
    return p.permutation.empty() ? dim : p.permutation[dim];
  };
  Dims toOfRoot(rank), mapped(rank);
  for (int64_t dim = 0; dim < rank; ++dim)
    toOfRoot[rootDim(b, dim)] = dim;
  for (int64_t dim = 0; dim < rank; ++dim)
    mapped[dim] = toOfRoot[rootDim(a, dim)];
  return mapped;
}

static Dims gatherDims(ArrayRef<int64_t> table, ArrayRef<int64_t> keys) {
  return llvm::map_to_vector(keys, [&](int64_t key) { return table[key]; });
}

/// True if the dimensions have the same sizes one by one.
static bool sameSizes(Value a, ArrayRef<int64_t> aDims, Value b,
                      ArrayRef<int64_t> bDims) {
  auto x = cast<ShapedType>(a.getType()), y = cast<ShapedType>(b.getType());
  return llvm::equal(aDims, bDims, [&](int64_t i, int64_t j) {
    return x.getDimSize(i) == y.getDimSize(j);
  });
}

static bool isSupportedFloat(Value value) {
  Type type = cast<ShapedType>(value.getType()).getElementType();
  return type.isF16() || type.isBF16() || type.isF32() || type.isF64();
}

/// Whether a branch decides if the node runs: what it computes need not be
/// there for the audit.
static bool isInBranch(const FlowGraph &graph, const FlowGraph::Node &node) {
  for (uint32_t scope = node.scope; scope != 0;
       scope = graph.scopes()[scope].parent)
    if (!isa<LoopLikeOpInterface>(graph.scopes()[scope].op))
      return true;
  return false;
}

namespace {

/// A product with the weight, by its two sides.
struct Product {
  Product(const FlowGraph &graph, const WeightUse &use)
      : node(graph.nodes()[use.node]), op(node.op),
        contraction(*cast<TrainingGraphOpInterface>(op).getContraction()),
        weight(contraction.side(use.weightSide)),
        operand(contraction.side(1 - use.weightSide)), weightId(use.weight),
        operandId(graph.operands(node)[operand.operandNumber]) {}

  Value weightValue() const { return op->getOperand(weight.operandNumber); }

  /// The weight's dimensions that the operand's dimensions contract with; none
  /// if one of them is not contracted.
  std::optional<Dims> pairedWeightDims(ArrayRef<int64_t> operandDims) const {
    Dims paired;
    for (int64_t dim : operandDims) {
      auto it = llvm::find(operand.contractedDims, dim);
      if (it == operand.contractedDims.end())
        return std::nullopt;
      paired.push_back(
          weight.contractedDims[it - operand.contractedDims.begin()]);
    }
    return paired;
  }

  const FlowGraph::Node &node;
  Operation *op;
  Contraction contraction;
  const ContractionOperand &weight, &operand;
  ValueId weightId, operandId;
};

/// One product and what it says: its result as rows, and the weight's
/// dimensions that belong to the features it sums over and those it produces.
struct LinedUpProduct {
  Rows rows;
  Dims summedWeightDims, producedWeightDims;
  /// The weight's dimensions for the leading token dimensions that the gradient
  /// keeps apart, those that the weight has.
  Dims batchWeightDims;
};

} // namespace

/// Lines up a product of the rows `operand` (with number `operandId`) with the
/// weight. `producedFeatures` is the operand of the gradient contraction whose
/// features the product produces; `produced`, if known, are the dimensions of
/// this product's weight that they stand for.
static std::optional<LinedUpProduct>
lineUp(const FlowGraph &graph, const Product &product, const Rows &operand,
       ValueId operandId, const Rows &producedFeatures,
       std::optional<Dims> produced) {
  std::optional<Dims> map = mapDims(graph, operandId, product.operandId);
  if (!map)
    return std::nullopt;
  LinedUpProduct result;
  std::optional<Dims> summed =
      product.pairedWeightDims(gatherDims(*map, operand.featureDims));
  if (!summed)
    return std::nullopt;
  result.summedWeightDims = *summed;
  // Without a second product that says which is which, the features stand in
  // the order of the weight's dimensions.
  result.producedWeightDims = produced ? *produced : product.weight.freeDims();
  if (!sameSizes(product.weightValue(), result.producedWeightDims,
                 producedFeatures.tensor, producedFeatures.featureDims))
    return std::nullopt;
  result.rows.tensor = product.op->getResult(0);
  result.rows.tokenDims = gatherDims(product.operand.resultDims,
                                     gatherDims(*map, operand.tokenDims));
  result.rows.featureDims =
      gatherDims(product.weight.resultDims, result.producedWeightDims);
  for (int64_t dim : gatherDims(*map, operand.tokenDims)) {
    auto it = llvm::find(product.operand.batchDims, dim);
    if (it != product.operand.batchDims.end())
      result.batchWeightDims.push_back(
          product.weight.batchDims[it - product.operand.batchDims.begin()]);
  }
  auto isNotKept = [](int64_t dim) { return dim < 0; };
  if (llvm::any_of(result.rows.tokenDims, isNotKept) ||
      llvm::any_of(result.rows.featureDims, isNotKept))
    return std::nullopt;
  // Tensors that pair must say the same of their sizes.
  if (!isSupportedFloat(result.rows.tensor) ||
      !sameSizes(result.rows.tensor, result.rows.tokenDims, operand.tensor,
                 operand.tokenDims) ||
      !sameSizes(result.rows.tensor, result.rows.featureDims,
                 producedFeatures.tensor, producedFeatures.featureDims))
    return std::nullopt;
  return result;
}

FailureOr<Site> cegm::describeSite(const FlowGraph &graph,
                                   const DenseMatch &match,
                                   SkipReason &reason) {
  const FlowGraph::Node &node = graph.nodes()[match.gradientNode];
  Contraction contraction =
      *cast<TrainingGraphOpInterface>(node.op).getContraction();
  const ContractionOperand &x = contraction.side(match.inputSide);
  const ContractionOperand &dy = contraction.side(1 - match.inputSide);

  Site site;
  site.gradientOp = node.op;
  site.context = node.context;
  site.input.tensor = node.op->getOperand(x.operandNumber);
  site.cotangent.tensor = node.op->getOperand(dy.operandNumber);
  ValueId inputId = graph.operands(node)[x.operandNumber];
  ValueId cotangentId = graph.operands(node)[dy.operandNumber];

  auto fail = [&](SkipReason why) -> FailureOr<Site> {
    reason = why;
    return failure();
  };
  if (!isSupportedFloat(site.input.tensor) ||
      !isSupportedFloat(site.cotangent.tensor))
    return fail(SkipReason::ElementType);
  if (isInBranch(graph, node))
    return fail(SkipReason::Branch);

  // What is summed over, in the order of X's dimensions, so that the last is
  // the sequence; before it what is kept apart (examples, experts).
  Dims order = llvm::to_vector(llvm::seq<int64_t>(x.contractedDims.size()));
  llvm::sort(order, [&](int64_t a, int64_t b) {
    return x.contractedDims[a] < x.contractedDims[b];
  });
  site.input.tokenDims = x.batchDims;
  site.cotangent.tokenDims = dy.batchDims;
  llvm::append_range(site.input.tokenDims, gatherDims(x.contractedDims, order));
  llvm::append_range(site.cotangent.tokenDims,
                     gatherDims(dy.contractedDims, order));
  site.input.featureDims = x.freeDims();
  site.cotangent.featureDims = dy.freeDims();
  if (site.input.tokenDims.empty() ||
      !sameSizes(site.input.tensor, site.input.tokenDims, site.cotangent.tensor,
                 site.cotangent.tokenDims))
    return fail(SkipReason::Layout);

  // Each product names the weight's dimensions that it sums over exactly; where
  // both are there, each so tells the other what it produces.
  std::optional<Product> backward, forward;
  std::optional<Dims> backwardK, forwardD;
  if (match.inputGradient) {
    backward.emplace(graph, *match.inputGradient);
    if (auto map = mapDims(graph, cotangentId, backward->operandId))
      backwardK = backward->pairedWeightDims(
          gatherDims(*map, site.cotangent.featureDims));
  }
  if (match.output) {
    forward.emplace(graph, *match.output);
    if (auto map = mapDims(graph, inputId, forward->operandId))
      forwardD =
          forward->pairedWeightDims(gatherDims(*map, site.input.featureDims));
  }
  auto translate = [&](const std::optional<Dims> &dims, const Product &from,
                       const Product &to) -> std::optional<Dims> {
    std::optional<Dims> map = mapDims(graph, from.weightId, to.weightId);
    if (!dims || !map)
      return std::nullopt;
    return gatherDims(*map, *dims);
  };

  // The weight's dimensions for the features of X and of dY.
  Dims weightD, weightK, weightBatch;
  if (backward)
    if (auto product =
            lineUp(graph, *backward, site.cotangent, cotangentId, site.input,
                   forward ? translate(forwardD, *forward, *backward)
                           : std::nullopt)) {
      site.inputGradient = product->rows;
      site.inputGradientContext = backward->node.context;
      site.weight = backward->weightValue();
      site.weightContext = backward->node.context;
      weightD = product->producedWeightDims;
      weightK = product->summedWeightDims;
      weightBatch = product->batchWeightDims;
    }
  if (forward)
    if (auto product =
            lineUp(graph, *forward, site.input, inputId, site.cotangent,
                   backward ? translate(backwardK, *backward, *forward)
                            : std::nullopt)) {
      site.output = product->rows;
      site.outputContext = forward->node.context;
      if (!site.weight) {
        site.weight = forward->weightValue();
        site.weightContext = forward->node.context;
        weightD = product->summedWeightDims;
        weightK = product->producedWeightDims;
        weightBatch = product->batchWeightDims;
      }
    }
  if (!site.inputGradient && !site.output)
    return fail(SkipReason::Layout);

  // Gradients of single examples have no place in the weight.
  if (weightBatch.size() != x.batchDims.size())
    return site;
  site.weightDims.resize(x.batchDims.size() + weightD.size() + weightK.size());
  for (auto [dim, weightDim] : llvm::zip_equal(x.batchDims, weightBatch))
    site.weightDims[x.resultDims[dim]] = weightDim;
  for (auto [dim, weightDim] : llvm::zip_equal(site.input.featureDims, weightD))
    site.weightDims[x.resultDims[dim]] = weightDim;
  for (auto [dim, weightDim] :
       llvm::zip_equal(site.cotangent.featureDims, weightK))
    site.weightDims[dy.resultDims[dim]] = weightDim;
  Dims all = llvm::to_vector(llvm::seq<int64_t>(site.weightDims.size()));
  if (!sameSizes(node.op->getResult(0), all, site.weight, site.weightDims))
    site.weightDims.clear();
  return site;
}

FailureOr<Site> cegm::describeSite(const FlowGraph &graph,
                                   const EmbeddingMatch &match,
                                   SkipReason &reason) {
  const FlowGraph::Node &node = graph.nodes()[match.gradientNode];
  const FlowGraph::Node &lookupNode = graph.nodes()[match.lookupNode];
  TableAccess scatter =
      *cast<TrainingGraphOpInterface>(node.op).getTableAccess();
  TableAccess lookup =
      *cast<TrainingGraphOpInterface>(lookupNode.op).getTableAccess();

  Site site;
  site.kind = Site::Kind::Embedding;
  site.gradientOp = node.op;
  site.context = node.context;
  site.cotangent = {scatter.rows, scatter.tokenDims, scatter.featureDims};
  site.output = {lookup.rows, lookup.tokenDims, lookup.featureDims};
  site.outputContext = lookupNode.context;
  site.weight = lookup.table;
  site.weightContext = lookupNode.context;
  int64_t rank = cast<ShapedType>(lookup.table.getType()).getRank();
  if (scatter.tableBatchDims.size() == lookup.tableBatchDims.size())
    site.weightDims = llvm::to_vector(llvm::seq<int64_t>(rank));
  // The lookup has the tokens' dimensions that the frontend made one of.
  if (size_t count = lookup.tokenDims.size();
      count > scatter.tokenDims.size()) {
    auto rows = cast<ShapedType>(lookup.rows.getType());
    for (int64_t dim : lookup.tokenDims)
      site.tokenSizes.push_back(rows.getDimSize(dim));
    site.tokenOrder = llvm::to_vector(llvm::seq<int64_t>(count));
  }
  if (!isSupportedFloat(scatter.rows) || !isSupportedFloat(lookup.rows)) {
    reason = SkipReason::ElementType;
    return failure();
  }
  if (isInBranch(graph, node)) {
    reason = SkipReason::Branch;
    return failure();
  }
  return site;
}
