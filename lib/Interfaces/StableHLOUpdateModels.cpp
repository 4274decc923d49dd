//===- StableHLOUpdateModels.cpp - New states of tensors ------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// An op whose result is a new state of the operands from `First` on, `Count`
/// of them.
template <typename OpTy, Passing How, unsigned First, unsigned Count>
struct PassingModel : TrainingGraphOpInterface::ExternalModel<
                          PassingModel<OpTy, How, First, Count>, OpTy> {
  Passing getPassing(Operation *, unsigned operand) const {
    return operand >= First && operand < First + Count ? How : Passing::No;
  }
};

struct SubtractModel
    : TrainingGraphOpInterface::ExternalModel<SubtractModel,
                                              stablehlo::SubtractOp> {
  Passing getPassing(Operation *, unsigned operand) const {
    return operand == 0 ? Passing::Yes : Passing::Negated;
  }
};

template <typename OpTy, Passing How = Passing::Yes, unsigned First = 0,
          unsigned Count = 1>
void attach(MLIRContext &ctx) {
  OpTy::template attachInterface<PassingModel<OpTy, How, First, Count>>(ctx);
}

} // namespace

void cegm::detail::attachUpdateModels(MLIRContext &ctx) {
  attach<stablehlo::AddOp, Passing::Yes, 0, 2>(ctx);
  stablehlo::SubtractOp::attachInterface<SubtractModel>(ctx);
  attach<stablehlo::MaxOp, Passing::Yes, 0, 2>(ctx);
  attach<stablehlo::MinOp, Passing::Yes, 0, 2>(ctx);
  attach<stablehlo::NegOp, Passing::Negated>(ctx);
  attach<stablehlo::SelectOp, Passing::Chosen, 1, 2>(ctx);
  attach<stablehlo::MulOp, Passing::Scaled, 0, 2>(ctx);
  attach<stablehlo::DivOp, Passing::Scaled, 0, 1>(ctx);
  // Rounding at random adds to the bits of a number and cuts some off.
  attach<stablehlo::BitcastConvertOp>(ctx);
  attach<stablehlo::AndOp, Passing::Yes, 0, 2>(ctx);
}
