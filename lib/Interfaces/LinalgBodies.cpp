//===- LinalgBodies.cpp - What an elementwise body does -------------------===//

#include "LinalgModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Matchers.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::cegm;
using linalg::LinalgOp;

/// True for an op that computes one tensor, each element by itself.
static bool isElementByElement(LinalgOp op) {
  return op.hasPureTensorSemantics() && op->getNumResults() == 1 &&
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
    Passing passing = through(op);
    return known[op] = passing;
  }

private:
  Passing through(Operation *op) {
    auto operand = [&](unsigned i) { return into(op->getOperand(i)); };
    return llvm::TypeSwitch<Operation *, Passing>(op)
        .Case<arith::AddFOp, arith::AddIOp, arith::MaximumFOp,
              arith::MinimumFOp, arith::MaxNumFOp, arith::MinNumFOp,
              arith::MaxSIOp, arith::MinSIOp, arith::MaxUIOp, arith::MinUIOp,
              arith::AndIOp>(
            [&](auto) { return either(operand(0), operand(1)); })
        .Case<arith::SubFOp, arith::SubIOp>(
            [&](auto) { return either(operand(0), negate(operand(1))); })
        .Case<arith::NegFOp>([&](auto) { return negate(operand(0)); })
        .Case<arith::SelectOp>(
            [&](auto) { return either(operand(1), operand(2)); })
        .Case<arith::MulFOp, arith::MulIOp>(
            [&](auto) { return scale(either(operand(0), operand(1))); })
        .Case<arith::DivFOp>([&](auto) { return scale(operand(0)); })
        .Case<math::FmaOp>([&](auto) {
          return either(operand(2), scale(either(operand(0), operand(1))));
        })
        .Case<arith::ExtFOp, arith::TruncFOp, arith::ExtSIOp, arith::ExtUIOp,
              arith::TruncIOp, arith::BitcastOp>(
            [&](auto) { return operand(0); })
        .Default(Passing::No);
  }

  static Passing negate(Passing passing) {
    return passing == Passing::Yes       ? Passing::Negated
           : passing == Passing::Negated ? Passing::Yes
                                         : passing;
  }
  static Passing scale(Passing passing) {
    return passing == Passing::No ? Passing::No : Passing::Scaled;
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
} // namespace

Passing cegm::detail::findPassing(LinalgOp op, unsigned operand) {
  // Values that the body takes from outside count as operands, too.
  if (operand >= op->getNumOperands() || !isElementByElement(op))
    return Passing::No;
  BlockArgument element =
      op.getMatchingBlockArgument(&op->getOpOperand(operand));
  return ElementFlow(element).into(getYielded(op));
}
