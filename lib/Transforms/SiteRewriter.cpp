//===- SiteRewriter.cpp - Re-weight the gradient of one site --------------===//

#include "SiteRewriter.h"

#include "cegm/Transforms/ContractionOrder.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::cegm;

//===----------------------------------------------------------------------===//
// Order of ops
//===----------------------------------------------------------------------===//

unsigned SiteRewriter::positionOf(Operation *op) {
  if (numberedBlocks.insert(op->getBlock()).second)
    for (auto [i, other] : llvm::enumerate(*op->getBlock()))
      positions[&other] = i;
  return positions.lookup(op);
}

LogicalResult SiteRewriter::moveBefore(Operation *op, Operation *anchor) {
  Block *block = anchor->getBlock();
  unsigned limit = positionOf(anchor);
  SetVector<Operation *> late;
  SmallVector<Operation *> worklist{op};
  auto visit = [&](Value value) {
    Operation *definition = value.getDefiningOp();
    if (definition && definition->getBlock() == block)
      worklist.push_back(definition);
  };
  while (!worklist.empty()) {
    Operation *current = worklist.pop_back_val();
    if (current == anchor)
      return failure();
    if (positionOf(current) <= limit || !late.insert(current))
      continue;
    llvm::for_each(current->getOperands(), visit);
    SetVector<Value> captured;
    getUsedValuesDefinedAbove(current->getRegions(), captured);
    llvm::for_each(captured, visit);
  }
  SmallVector<Operation *> order = late.takeVector();
  llvm::sort(order, [&](Operation *a, Operation *b) {
    return positionOf(a) < positionOf(b);
  });
  for (Operation *current : order) {
    current->moveBefore(anchor);
    positions[current] = limit;
  }
  return success();
}

Operation *SiteRewriter::lastDefinition(ArrayRef<Value> values, Block *block) {
  Operation *last = nullptr;
  for (Value value : values) {
    Operation *definition = value.getDefiningOp();
    if (!definition || definition->getBlock() != block)
      continue;
    if (!last || positionOf(definition) > positionOf(last))
      last = definition;
  }
  return last;
}

//===----------------------------------------------------------------------===//
// One site
//===----------------------------------------------------------------------===//

/// Number of elements in a token's vector; unknown sizes count as wide.
static int64_t width(const Rows &rows) {
  auto type = cast<ShapedType>(rows.tensor.getType());
  int64_t size = 1;
  for (int64_t dim : rows.featureDims) {
    if (type.isDynamicDim(dim))
      return std::numeric_limits<int64_t>::max();
    size *= type.getDimSize(dim);
  }
  return size;
}

FailureOr<InjectedSite>
SiteRewriter::inject(const Site &analyzed, ContextPair context,
                     ArrayRef<InjectedSite> parents,
                     llvm::function_ref<Value(FloatType)> getStrength) {
  Site site = analyzed;
  if (Value flow = reweightedFlow.lookup(site.cotangent.tensor))
    site.cotangent.tensor = flow;
  Operation *gradient = site.gradientOp;
  Block *block = gradient->getBlock();
  bool usesInput = context == ContextPair::Input;
  bool flows = options.apply == Apply::Flow && site.inputGradient;
  const Rows &contexts = usesInput ? site.input : site.output;
  const Rows &gradients = usesInput ? site.inputGradient : site.cotangent;

  // Everything the scores are computed from must come before the gradient.
  SmallVector<Value> needed{contexts.tensor, gradients.tensor};
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
    unsigned limit = last ? positionOf(last) : 0;
    for (Operation *user : site.inputGradient.tensor.getUsers())
      if (user->getBlock() != block || positionOf(user) <= limit)
        return failure();
  }

  OpBuilder builder(gradient);
  if (last)
    builder.setInsertionPointAfter(last);
  Location loc = gradient->getLoc();
  bool weighsInput = site.kind == Site::Kind::Dense &&
                     width(site.input) < width(site.cotangent);
  const Rows &weighted = weighsInput ? site.input : site.cotangent;
  FloatType scoreType =
      getScoreType(contexts.tensor.getType(), gradients.tensor.getType());
  auto scores = RankedTensorType::get(site.tokenShape(), scoreType);
  auto active = RankedTensorType::get(site.tokenShape(), builder.getI1Type());

  unsigned position = last ? positionOf(last) : positionOf(gradient);
  SmallVector<Value> parentScores;
  for (const InjectedSite &parent : parents)
    if (parent.scores.getType() == scores &&
        parent.scoreOp->getBlock() == block &&
        positionOf(parent.scoreOp) <= position)
      parentScores.push_back(parent.scores);

  InjectedSite injected;
  injected.strength = getStrength(scoreType);
  auto op = EntangleOp::create(
      builder, loc, weighted.tensor.getType(), scores, active, scores,
      weighted.tensor, contexts.tensor, gradients.tensor, injected.strength,
      /*metric=*/Value(), parentScores, weighted.tokenDims, contexts.tokenDims,
      gradients.tokenDims, contexts.featureDims, gradients.featureDims,
      options.kernel, options.windows, APFloat(options.decay),
      APFloat(parentScores.empty() ? 0.0 : options.coupling), options.weighting,
      APFloat(options.temperature), options.sign, options.normalization);
  injected.scores = op.getScores();
  injected.active = op.getActive();
  injected.weights = op.getWeights();
  injected.scoreOp = op;
  positions[op] = position;

  if (flows) {
    Value plain = site.inputGradient.tensor;
    auto scaled =
        ScaleOp::create(builder, loc, plain.getType(), plain, op.getWeights(),
                        site.inputGradient.tokenDims);
    positions[scaled] = position;
    plain.replaceUsesWithIf(scaled, [&](OpOperand &use) {
      return use.getOwner() != op && use.getOwner() != scaled;
    });
    reweightedFlow[plain] = scaled;
  }

  unsigned operandNumber =
      llvm::find(gradient->getOperands(), weighted.tensor).getIndex();
  replaceGradient(site, op.getEntangled(), operandNumber);
  return injected;
}

void SiteRewriter::replaceGradient(const Site &site, Value entangled,
                                   unsigned operandNumber) {
  Operation *gradient = site.gradientOp;
  auto interface = cast<TrainingGraphOpInterface>(gradient);
  Location loc = gradient->getLoc();
  Operation *transpose =
      options.keepOrder ? nullptr : findExchangingTranspose(gradient);
  bool removesRadial = options.radial == Radial::Remove;

  // The plain gradient's users read the re-weighted one instead.
  OpBuilder builder(gradient);
  Value replaced = transpose ? transpose->getResult(0) : gradient->getResult(0);
  Value plain;
  auto make = [&](Value operand) -> Value {
    SmallVector<Value> operands(gradient->getOperands());
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
  if (removesRadial)
    plain = make(gradient->getOperand(operandNumber));
  Value result = make(entangled);
  if (removesRadial) {
    SmallVector<int64_t> weightDims = site.weightDims;
    if (transpose) {
      TensorView view =
          *cast<TrainingGraphOpInterface>(transpose).getTensorView(0);
      weightDims = llvm::map_to_vector(
          view.permutation, [&](int64_t dim) { return site.weightDims[dim]; });
    }
    Value weight = site.weight;
    if (!llvm::equal(weightDims, llvm::seq<int64_t>(weightDims.size())))
      weight = interface.createPermutation(builder, loc, weight, weightDims);
    result = RemoveRadialOp::create(builder, loc, result.getType(), result,
                                    plain, weight);
  }
  replaced.replaceAllUsesWith(result);
  if (transpose)
    transpose->erase();
  gradient->erase();
}
