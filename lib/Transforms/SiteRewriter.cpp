//===- SiteRewriter.cpp - Re-weight the gradient of one site --------------===//

#include "SiteRewriter.h"

#include "cegm/Transforms/ContractionOrder.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {
/// The ops that a builder makes.
struct MadeOps : OpBuilder::Listener {
  void notifyOperationInserted(Operation *op,
                               OpBuilder::InsertPoint previous) override {
    ops.push_back(op);
  }
  SmallVector<Operation *, 8> ops;
};
} // namespace

bool cegm::hasComparableWeight(const Site &site) {
  return !site.weightDims.empty() &&
         isa<Float16Type, BFloat16Type, Float32Type, Float64Type>(
             getElementTypeOrSelf(site.weight));
}

/// The rows with the dimensions that the frontend made one of apart, and the
/// sequence last, and without dimensions of size 1 that are neither tokens' nor
/// features'.
static Rows splitRows(OpBuilder &builder, const Site &site, const Rows &rows) {
  auto type = cast<RankedTensorType>(rows.tensor.getType());
  SmallVector<int64_t> sizes = llvm::map_to_vector(
      rows.tokenDims, [&](int64_t dim) { return type.getDimSize(dim); });
  // The lookup of an embedding may have them apart already.
  bool splits =
      !site.tokenSizes.empty() &&
      !std::is_permutation(sizes.begin(), sizes.end(), site.tokenSizes.begin(),
                           site.tokenSizes.end());
  // The one of all tokens; others have the size 1.
  int64_t flat = -1;
  if (splits) {
    auto *found = llvm::find_if(sizes, [](int64_t size) { return size != 1; });
    flat = rows.tokenDims[found == sizes.end() ? 0 : found - sizes.begin()];
  }
  bool hasOthers =
      rows.tokenDims.size() + rows.featureDims.size() < size_t(type.getRank());
  if (!splits && !hasOthers)
    return rows;
  SmallVector<int64_t> shape, place(type.getRank());
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    place[dim] = shape.size();
    if (splits && int64_t(dim) == flat)
      llvm::append_range(shape, site.tokenSizes);
    else if ((!splits && llvm::is_contained(rows.tokenDims, int64_t(dim))) ||
             llvm::is_contained(rows.featureDims, int64_t(dim)))
      shape.push_back(size);
  }
  auto placesOf = [&](ArrayRef<int64_t> dims) {
    return llvm::map_to_vector(dims, [&](int64_t dim) { return place[dim]; });
  };
  Rows split;
  split.tensor = cast<TrainingGraphOpInterface>(site.gradientOp)
                     .createReshape(builder, site.gradientOp->getLoc(),
                                    rows.tensor, shape);
  split.tokenDims = placesOf(rows.tokenDims);
  if (splits)
    split.tokenDims = llvm::map_to_vector(
        site.tokenOrder, [&](int64_t i) { return place[flat] + i; });
  split.featureDims = placesOf(rows.featureDims);
  return split;
}

FailureOr<InjectedSite>
SiteRewriter::inject(const Site &analyzed, ContextPair context, bool reweight,
                     ArrayRef<Value> parents,
                     llvm::function_ref<Value(FloatType)> getStrength) {
  Site site = analyzed;
  if (Value flow = reweightedFlow.lookup(site.cotangent.tensor))
    site.cotangent.tensor = flow;
  Operation *gradient = site.gradientOp;
  Block *block = gradient->getBlock();
  bool usesInput = context == ContextPair::Input;
  bool flows = reweight && options.apply == Apply::Flow && site.inputGradient;
  const Rows &contexts = usesInput ? site.input : site.output;
  const Rows &gradients = usesInput ? site.inputGradient : site.cotangent;

  // Everything the scores are computed from must come before the gradient.
  SmallVector<Value> needed{contexts.tensor, gradients.tensor};
  llvm::append_range(needed, parents);
  if (flows)
    needed.push_back(site.inputGradient.tensor);
  for (Value value : needed) {
    Operation *definition = value.getDefiningOp();
    if (definition && (definition->getBlock() != block ||
                       failed(moveBefore(definition, gradient))))
      return failure();
  }
  needed.push_back(site.cotangent.tensor);
  if (site.input)
    needed.push_back(site.input.tensor);
  Operation *last = lastDefinition(needed, block);
  if (flows && last != site.inputGradient.tensor.getDefiningOp()) {
    // Users of the unweighted gradient must come after the weighted one.
    Operation *first = nullptr;
    for (Operation *user : site.inputGradient.tensor.getUsers()) {
      if (user->getBlock() != block)
        return failure();
      if (!first || isBefore(user, first))
        first = user;
    }
    for (Value value : needed)
      if (first && value.getParentBlock() == block &&
          failed(makeAvailable(value, first)))
        return failure();
    last = lastDefinition(needed, block);
  }

  MadeOps made;
  OpBuilder builder(gradient, &made);
  if (last)
    builder.setInsertionPointAfter(last);
  Location loc = gradient->getLoc();
  // A gradient that is only audited is computed anew, from factors that a
  // compiler keeps apart from the step's own: a product that has one more
  // reader may be compiled in another way.
  SmallVector<Value> factors(gradient->getOperands());
  if (!reweight && options.auditGradients)
    for (Rows *rows : {&site.input, &site.cotangent})
      if (*rows) {
        Value apart =
            cast<TrainingGraphOpInterface>(gradient).createSeparateView(
                builder, loc, rows->tensor);
        llvm::replace(factors, rows->tensor, apart);
        rows->tensor = apart;
      }
  bool weighsInput = weighedOperand.isInput(analyzed);
  const Rows &weighted = weighsInput ? site.input : site.cotangent;
  FloatType scoreType =
      getScoreType(contexts.tensor.getType(), gradients.tensor.getType());
  auto scores = RankedTensorType::get(site.tokenShape(), scoreType);
  auto active = RankedTensorType::get(site.tokenShape(), builder.getI1Type());

  unsigned position = last ? positionOf(last) : positionOf(gradient);
  InjectedSite injected;
  injected.strength = getStrength(scoreType);
  Rows input = splitRows(builder, site, weighted);
  Rows splitContexts = splitRows(builder, site, contexts);
  Rows separate = gradients;
  if (options.keepOrder || !reweight)
    // The rest of the step is to give the same bits as before.
    separate.tensor =
        cast<TrainingGraphOpInterface>(gradient).createSeparateView(
            builder, loc, gradients.tensor);
  Rows splitGradients = splitRows(builder, site, separate);
  auto op = EntangleOp::create(
      builder, loc, input.tensor.getType(), scores, active, scores,
      input.tensor, splitContexts.tensor, splitGradients.tensor,
      injected.strength, /*metric=*/Value(), parents, input.tokenDims,
      splitContexts.tokenDims, splitGradients.tokenDims,
      splitContexts.featureDims, splitGradients.featureDims, options.kernel,
      site.hasExamples ? ArrayRef<int64_t>(1) : ArrayRef(options.windows),
      APFloat(options.decay), APFloat(parents.empty() ? 0.0 : options.coupling),
      options.weighting, APFloat(options.temperature), options.sign,
      options.normalization,
      options.acrossDevices ? site.deviceGroups : DenseIntElementsAttr());
  // Back to the dimensions that the contraction has.
  auto flatten = [&](Value split, Value like) -> Value {
    return split.getType() == like.getType()
               ? split
               : cast<TrainingGraphOpInterface>(gradient).createReshape(
                     builder, loc, split,
                     cast<ShapedType>(like.getType()).getShape());
  };
  Value entangled = flatten(op.getEntangled(), weighted.tensor);
  injected.scores = op.getScores();
  injected.active = op.getActive();
  injected.weights = op.getWeights();

  if (flows) {
    Value plain = site.inputGradient.tensor;
    Rows split = splitRows(builder, site, site.inputGradient);
    Value scaled =
        ScaleOp::create(builder, loc, split.tensor.getType(), split.tensor,
                        op.getWeights(), split.tokenDims);
    Value flow = flatten(scaled, plain);
    // What was made here reads the plain gradient, and so does what comes
    // before.
    plain.replaceUsesWithIf(flow, [&](OpOperand &use) {
      Operation *user = block->findAncestorOpInBlock(*use.getOwner());
      return !llvm::is_contained(made.ops, use.getOwner()) && user &&
             flow.getDefiningOp()->isBeforeInBlock(user);
    });
    reweightedFlow[plain] = flow;
  }

  unsigned operandNumber =
      llvm::find(factors, weighted.tensor) - factors.begin();
  for (Operation *op : made.ops)
    positions[op] = position;
  injected.lastOp = op;
  replaceGradient(site, reweight, factors, entangled, operandNumber, injected);
  return injected;
}

void SiteRewriter::replaceGradient(const Site &site, bool reweight,
                                   ArrayRef<Value> factors, Value entangled,
                                   unsigned operandNumber,
                                   InjectedSite &injected) {
  bool audits = options.auditGradients;
  if (!reweight && !audits)
    return;
  Operation *gradient = site.gradientOp;
  auto interface = cast<TrainingGraphOpInterface>(gradient);
  Location loc = gradient->getLoc();
  bool removesRadial = options.radial == Radial::Remove;
  // The frontend's gradient stays, where it is, if nothing replaces it.
  Operation *transpose = options.keepOrder || !reweight
                             ? nullptr
                             : findExchangingTranspose(gradient);

  OpBuilder builder(gradient);
  if (!reweight)
    builder.setInsertionPointAfter(gradient);
  auto make = [&](Value operand) -> Value {
    SmallVector<Value> operands(factors);
    operands[operandNumber] = operand;
    if (transpose) {
      Contraction dims = *interface.getContraction();
      return interface.createContraction(
          builder, loc, operands[dims.lhs.operandNumber],
          operands[dims.rhs.operandNumber], /*swapped=*/true);
    }
    Operation *copy = builder.clone(*gradient);
    copy->setOperands(operands);
    return copy->getResult(0);
  };
  Value plain;
  if (removesRadial || audits)
    plain = make(factors[operandNumber]);
  Value weight;
  if ((removesRadial || audits) && hasComparableWeight(site)) {
    SmallVector<int64_t> weightDims = site.weightDims;
    if (transpose) {
      TensorView view =
          *cast<TrainingGraphOpInterface>(transpose).getTensorView(0);
      weightDims = llvm::map_to_vector(
          view.permutation, [&](int64_t dim) { return site.weightDims[dim]; });
    }
    weight = site.weight;
    if (!llvm::equal(weightDims, llvm::seq<int64_t>(weightDims.size())))
      weight = interface.createPermutation(builder, loc, weight, weightDims);
  }
  Value result = make(entangled);
  if (removesRadial)
    result = RemoveRadialOp::create(builder, loc, result.getType(), result,
                                    plain, weight);
  if (audits) {
    injected.gradients = {plain, result};
    injected.parameter = weight;
    injected.lastOp = result.getDefiningOp();
  }
  if (!reweight)
    return;
  // The plain gradient's users read the re-weighted one instead.
  Value replaced = transpose ? transpose->getResult(0) : gradient->getResult(0);
  replaced.replaceAllUsesWith(result);
  if (transpose)
    transpose->erase();
  gradient->erase();
}
