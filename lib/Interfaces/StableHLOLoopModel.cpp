//===- StableHLOLoopModel.cpp - stablehlo.while as a loop -----------------===//
//
// The frontends' counted loops are while ops: the condition compares a carried
// counter with a constant, the body adds a constant to it.
//
//===----------------------------------------------------------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/LoopLikeInterface.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// A carried scalar that counts the iterations.
struct Counter {
  /// Its number among the carried values.
  unsigned position;
  APInt lower, upper, step;
};

std::optional<APInt> matchScalar(Value value) {
  DenseIntElementsAttr constant;
  if (!matchPattern(value, m_Constant(&constant)) || !constant.isSplat())
    return std::nullopt;
  return constant.getSplatValue<APInt>();
}

std::optional<Counter> findCounter(stablehlo::WhileOp loop) {
  Block &cond = loop.getCond().front(), &body = loop.getBody().front();
  auto compare =
      cond.getTerminator()->getOperand(0).getDefiningOp<stablehlo::CompareOp>();
  if (!compare ||
      compare.getComparisonDirection() != stablehlo::ComparisonDirection::LT)
    return std::nullopt;
  auto argument = dyn_cast<BlockArgument>(compare.getLhs());
  std::optional<APInt> upper = matchScalar(compare.getRhs());
  if (!argument || argument.getOwner() != &cond || !upper)
    return std::nullopt;
  unsigned position = argument.getArgNumber();
  std::optional<APInt> lower = matchScalar(loop.getOperand()[position]);
  auto add = body.getTerminator()
                 ->getOperand(position)
                 .getDefiningOp<stablehlo::AddOp>();
  if (!lower || !add)
    return std::nullopt;
  Value counter = body.getArgument(position);
  Value increment = add.getLhs() == counter   ? Value(add.getRhs())
                    : add.getRhs() == counter ? Value(add.getLhs())
                                              : Value();
  std::optional<APInt> step = increment ? matchScalar(increment) : std::nullopt;
  if (!step || !step->isStrictlyPositive())
    return std::nullopt;
  return Counter{position, *lower, *upper, *step};
}

struct WhileModel
    : LoopLikeOpInterface::ExternalModel<WhileModel, stablehlo::WhileOp> {
  SmallVector<Region *> getLoopRegions(Operation *op) const {
    auto loop = cast<stablehlo::WhileOp>(op);
    return {&loop.getCond(), &loop.getBody()};
  }

  MutableArrayRef<OpOperand> getInitsMutable(Operation *op) const {
    return op->getOpOperands();
  }
  /// Those of the body, which stand for the same values as the condition's.
  Block::BlockArgListType getRegionIterArgs(Operation *op) const {
    return cast<stablehlo::WhileOp>(op).getBody().getArguments();
  }
  std::optional<MutableArrayRef<OpOperand>>
  getYieldedValuesMutable(Operation *op) const {
    return cast<stablehlo::WhileOp>(op)
        .getBody()
        .front()
        .getTerminator()
        ->getOpOperands();
  }
  std::optional<ResultRange> getLoopResults(Operation *op) const {
    return op->getResults();
  }

  std::optional<SmallVector<Value>> getLoopInductionVars(Operation *op) const {
    std::optional<Counter> counter = findCounter(cast<stablehlo::WhileOp>(op));
    if (!counter)
      return SmallVector<Value>();
    return SmallVector<Value>{getRegionIterArgs(op)[counter->position]};
  }
  std::optional<SmallVector<OpFoldResult>>
  getLoopLowerBounds(Operation *op) const {
    return getBound(op, &Counter::lower);
  }
  std::optional<SmallVector<OpFoldResult>>
  getLoopUpperBounds(Operation *op) const {
    return getBound(op, &Counter::upper);
  }
  std::optional<SmallVector<OpFoldResult>> getLoopSteps(Operation *op) const {
    return getBound(op, &Counter::step);
  }
  std::optional<APInt> getStaticTripCount(Operation *op) const {
    std::optional<Counter> counter = findCounter(cast<stablehlo::WhileOp>(op));
    if (!counter)
      return std::nullopt;
    if (counter->upper.sle(counter->lower))
      return APInt(counter->upper.getBitWidth(), 0);
    bool overflows = false;
    APInt distance = counter->upper.ssub_ov(counter->lower, overflows);
    if (overflows)
      return std::nullopt;
    return llvm::APIntOps::RoundingUDiv(distance, counter->step,
                                        APInt::Rounding::UP);
  }

  FailureOr<LoopLikeOpInterface>
  replaceWithAdditionalYields(Operation *op, RewriterBase &rewriter,
                              ValueRange newInits, bool replaceInitUses,
                              const NewYieldValuesFn &makeYields) const {
    auto loop = cast<stablehlo::WhileOp>(op);
    OpBuilder::InsertionGuard guard(rewriter);
    rewriter.setInsertionPoint(loop);
    SmallVector<Value> operands(loop.getOperands());
    llvm::append_range(operands, newInits);
    auto replacement = stablehlo::WhileOp::create(
        rewriter, loop.getLoc(), TypeRange(ValueRange(operands)), operands);
    replacement->setDiscardableAttrs(loop->getDiscardableAttrDictionary());
    for (auto [from, to] : {std::pair(&loop.getCond(), &replacement.getCond()),
                            std::pair(&loop.getBody(), &replacement.getBody())})
      rewriter.inlineRegionBefore(*from, *to, to->end());

    SmallVector<BlockArgument> added;
    Block &body = replacement.getBody().front();
    for (Value init : newInits) {
      replacement.getCond().addArgument(init.getType(), init.getLoc());
      added.push_back(body.addArgument(init.getType(), init.getLoc()));
    }
    if (replaceInitUses)
      for (auto [init, argument] : llvm::zip_equal(newInits, added))
        rewriter.replaceUsesWithIf(init, argument, [&](OpOperand &use) {
          return replacement.getBody().isAncestor(
              use.getOwner()->getParentRegion());
        });
    Operation *terminator = body.getTerminator();
    rewriter.setInsertionPoint(terminator);
    SmallVector<Value> yields = makeYields(rewriter, loop.getLoc(), added);
    assert(yields.size() == newInits.size() && "one value for each new input");
    rewriter.modifyOpInPlace(terminator, [&] {
      terminator->insertOperands(terminator->getNumOperands(), yields);
    });
    rewriter.replaceOp(
        loop, replacement->getResults().take_front(loop->getNumResults()));
    return cast<LoopLikeOpInterface>(replacement.getOperation());
  }

private:
  static std::optional<SmallVector<OpFoldResult>>
  getBound(Operation *op, APInt Counter::*bound) {
    std::optional<Counter> counter = findCounter(cast<stablehlo::WhileOp>(op));
    if (!counter)
      return SmallVector<OpFoldResult>();
    const APInt &value = (*counter).*bound;
    auto type = IntegerType::get(op->getContext(), value.getBitWidth());
    return SmallVector<OpFoldResult>{IntegerAttr::get(type, value)};
  }
};

} // namespace

void cegm::detail::attachLoopModel(MLIRContext &ctx) {
  stablehlo::WhileOp::attachInterface<WhileModel>(ctx);
}
