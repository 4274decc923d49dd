//===- OrderContractions.cpp - Fold transposes into contractions ----------===//

#include "cegm/Transforms/ContractionOrder.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace mlir::cegm;

namespace mlir::cegm {
#define GEN_PASS_DEF_ORDERCONTRACTIONSPASS
#include "cegm/Transforms/Passes.h.inc"
} // namespace mlir::cegm

Operation *cegm::findExchangingTranspose(Operation *op) {
  auto interface = dyn_cast<TrainingGraphOpInterface>(op);
  std::optional<Contraction> contraction =
      interface ? interface.getContraction() : std::nullopt;
  if (!contraction || !op->getResult(0).hasOneUse())
    return nullptr;
  Operation *user = *op->getResult(0).user_begin();
  auto view = dyn_cast<TrainingGraphOpInterface>(user);
  std::optional<TensorView> transpose =
      view ? view.getTensorView(0) : std::nullopt;
  if (!transpose || transpose->kind != TensorView::Kind::Permuted)
    return nullptr;

  // A transpose may give a dynamic size a number; a contraction does not.
  auto type = dyn_cast<RankedTensorType>(op->getResult(0).getType());
  if (!type || user->getResult(0).getType() !=
                   type.clone(applyPermutation(type.getShape(),
                                               transpose->permutation)))
    return nullptr;

  // The result that the exchanged contraction has: batch, right, left.
  SmallVector<int64_t> exchanged;
  for (int64_t dim : contraction->lhs.batchDims)
    exchanged.push_back(contraction->lhs.resultDims[dim]);
  for (const ContractionOperand *side : {&contraction->rhs, &contraction->lhs})
    for (int64_t dim : side->freeDims())
      exchanged.push_back(side->resultDims[dim]);
  return transpose->permutation == exchanged ? user : nullptr;
}

namespace {
struct OrderContractions
    : cegm::impl::OrderContractionsPassBase<OrderContractions> {
  void runOnOperation() override {
    SmallVector<std::pair<Operation *, Operation *>> foldable;
    getOperation()->walk([&](Operation *op) {
      if (Operation *transpose = findExchangingTranspose(op))
        foldable.push_back({op, transpose});
    });
    for (auto [op, transpose] : foldable) {
      auto contraction = cast<TrainingGraphOpInterface>(op);
      OpBuilder builder(op);
      Contraction dims = *contraction.getContraction();
      Value created = contraction.createContraction(
          builder, op->getLoc(), op->getOperand(dims.lhs.operandNumber),
          op->getOperand(dims.rhs.operandNumber), /*swapped=*/true);
      transpose->getResult(0).replaceAllUsesWith(created);
      transpose->erase();
      op->erase();
      ++reordered;
    }
  }
};
} // namespace
