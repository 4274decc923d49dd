//===- LinalgBodies.cpp - What an elementwise body does -------------------===//

#include "LinalgModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;
using linalg::LinalgOp;

static bool computesOneTensor(LinalgOp op) {
  return op.hasPureTensorSemantics() && op->getNumResults() == 1;
}

/// True for an op that computes one tensor, each element by itself.
static bool isElementByElement(LinalgOp op) {
  return computesOneTensor(op) &&
         op.getNumParallelLoops() == op.getNumLoops() &&
         op.getIndexingMapsArray().back().isPermutation();
}

static Value getYielded(LinalgOp op) {
  return op.getBlock()->getTerminator()->getOperand(0);
}

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

/// The argument of the body that `value` is, perhaps in another precision. An
/// index that is clamped into a table is the same index.
static BlockArgument findShown(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (isa<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp,
            arith::TruncIOp, arith::IndexCastOp, arith::IndexCastUIOp>(op)) {
      value = op->getOperand(0);
      continue;
    }
    if (!isa<arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp>(
            op))
      return {};
    if (matchPattern(op->getOperand(1), m_Constant()))
      value = op->getOperand(0);
    else if (matchPattern(op->getOperand(0), m_Constant()))
      value = op->getOperand(1);
    else
      return {};
  }
  return cast<BlockArgument>(value);
}

/// The loops that the dimensions of a tensor stand for, without those of size
/// 1; none if a dimension stands for something else.
static std::optional<SmallVector<unsigned>> findLongLoops(AffineMap map,
                                                          ShapedType type) {
  SmallVector<unsigned> loops;
  for (auto [expr, size] : llvm::zip_equal(map.getResults(), type.getShape())) {
    if (size == 1)
      continue;
    auto loop = dyn_cast<AffineDimExpr>(expr);
    if (!loop)
      return std::nullopt;
    loops.push_back(loop.getPosition());
  }
  return loops;
}

std::optional<TensorView> cegm::detail::describeView(LinalgOp op) {
  if (!isElementByElement(op))
    return std::nullopt;
  BlockArgument shown = findShown(getYielded(op));
  if (!shown || shown.getOwner() != op.getBlock() ||
      shown.getArgNumber() >= op.getNumDpsInputs())
    return std::nullopt;
  TensorView view;
  view.source = op->getOperand(shown.getArgNumber());
  auto from = dyn_cast<RankedTensorType>(view.source.getType());
  auto to = cast<RankedTensorType>(op->getResult(0).getType());
  if (!from)
    return std::nullopt;
  AffineMap fromMap = op.getIndexingMapsArray()[shown.getArgNumber()];
  AffineMap toMap = op.getIndexingMapsArray().back();
  if (fromMap == toMap)
    return view;
  if (fromMap.isPermutation()) {
    view.kind = TensorView::Kind::Permuted;
    for (AffineExpr loop : toMap.getResults())
      view.permutation.push_back(*fromMap.getResultPosition(loop));
    return view;
  }
  // All but the dimensions of size 1 stay, and in their order.
  std::optional<SmallVector<unsigned>> fromLoops = findLongLoops(fromMap, from);
  std::optional<SmallVector<unsigned>> toLoops = findLongLoops(toMap, to);
  if (!fromLoops || !toLoops || *fromLoops != *toLoops)
    return std::nullopt;
  view.kind = from.getShape() == to.getShape() ? TensorView::Kind::Same
                                               : TensorView::Kind::Reshaped;
  return view;
}

//===----------------------------------------------------------------------===//
// New states
//===----------------------------------------------------------------------===//

/// How the result of an op on elements comes from one of its operands.
static Passing passElement(Operation *op, unsigned operand) {
  using namespace arith;
  if (isa<AddFOp, AddIOp, MaximumFOp, MinimumFOp, MaxNumFOp, MinNumFOp, MaxSIOp,
          MinSIOp, MaxUIOp, MinUIOp, AndIOp, ExtFOp, TruncFOp, ExtSIOp, ExtUIOp,
          TruncIOp, IndexCastOp, IndexCastUIOp, BitcastOp>(op))
    return Passing::Yes;
  if (isa<SubFOp, SubIOp>(op))
    return operand == 0 ? Passing::Yes : Passing::Negated;
  if (isa<NegFOp>(op))
    return Passing::Negated;
  if (isa<SelectOp>(op))
    return operand > 0 ? Passing::Yes : Passing::No;
  if (isa<MulFOp, MulIOp>(op) || (isa<DivFOp>(op) && operand == 0))
    return Passing::Scaled;
  if (isa<math::FmaOp>(op))
    return operand == 2 ? Passing::Yes : Passing::Scaled;
  return Passing::No;
}

namespace {
/// Follows an element through a body.
class ElementFlow {
public:
  explicit ElementFlow(BlockArgument element) : element(element) {}

  Passing into(Value value) {
    if (value == element)
      return Passing::Yes;
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != element.getOwner())
      return Passing::No;
    auto [it, inserted] = known.try_emplace(op, Passing::No);
    if (!inserted)
      return it->second;
    Passing passing = Passing::No;
    for (auto [i, operand] : llvm::enumerate(op->getOperands()))
      passing = either(passing, chain(into(operand), passElement(op, i)));
    return known[op] = passing;
  }

private:
  static Passing chain(Passing first, Passing second) {
    if (first == Passing::No || second == Passing::No)
      return Passing::No;
    if (first == Passing::Scaled || second == Passing::Scaled)
      return Passing::Scaled;
    return first == second ? Passing::Yes : Passing::Negated;
  }
  /// What holds of one of two ways; what is scaled needs more to be a new state
  /// of the element.
  static Passing either(Passing a, Passing b) {
    for (Passing passing : {Passing::Yes, Passing::Negated, Passing::Scaled})
      if (a == passing || b == passing)
        return passing;
    return Passing::No;
  }

  BlockArgument element;
  llvm::SmallDenseMap<Operation *, Passing> known;
};

/// The same ops outside of a body: on the scalars that count and place slices.
template <typename OpTy>
struct ElementModel
    : TrainingGraphOpInterface::ExternalModel<ElementModel<OpTy>, OpTy> {
  Passing getPassing(Operation *op, unsigned operand) const {
    return passElement(op, operand);
  }
};

template <typename... OpTys> void attachElementModels(MLIRContext &ctx) {
  (OpTys::template attachInterface<ElementModel<OpTys>>(ctx), ...);
}
} // namespace

Passing cegm::detail::findPassing(LinalgOp op, unsigned operand) {
  // Values that the body takes from outside count as operands, too.
  if (operand >= op->getNumOperands())
    return Passing::No;
  // A reduction adds to its initial value.
  OpOperand &value = op->getOpOperand(operand);
  if (op.isDpsInit(&value) ? !computesOneTensor(op) : !isElementByElement(op))
    return Passing::No;
  return ElementFlow(op.getMatchingBlockArgument(&value)).into(getYielded(op));
}

bool cegm::detail::isUniformBody(LinalgOp op) {
  return isElementByElement(op) && op.getIndexingMapsArray().size() > 0 &&
         !op.hasIndexSemantics();
}

void cegm::detail::attachArithModels(MLIRContext &ctx) {
  using namespace arith;
  attachElementModels<AddFOp, AddIOp, SubFOp, SubIOp, MulFOp, MulIOp, DivFOp,
                      NegFOp, SelectOp, IndexCastOp, IndexCastUIOp>(ctx);
}
