//===- StableHLOModels.cpp - StableHLO ops that are views -----------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

#include "mlir/Interfaces/ShapedOpInterfaces.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// A conversion between floating-point types only: an integer that becomes a
/// float is no longer an index, nor is a mask the tensor that it was made from.
struct ConvertModel
    : TrainingGraphOpInterface::ExternalModel<ConvertModel,
                                              stablehlo::ConvertOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    Type from = getElementTypeOrSelf(op->getOperand(0).getType());
    Type to = getElementTypeOrSelf(op->getResult(0).getType());
    if (isa<FloatType>(from) != isa<FloatType>(to))
      return std::nullopt;
    TensorView view;
    view.source = op->getOperand(0);
    return view;
  }
};

/// Indices that are clamped into the table are the same indices: a lookup and
/// the scatter of its gradient differ in nothing else where out-of-bounds
/// indices are clipped.
struct ClampModel
    : TrainingGraphOpInterface::ExternalModel<ClampModel, stablehlo::ClampOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto clamp = cast<stablehlo::ClampOp>(op);
    if (!isa<IntegerType>(getElementTypeOrSelf(clamp.getType())))
      return std::nullopt;
    TensorView view;
    view.source = clamp.getOperand();
    return view;
  }
  Passing getPassing(Operation *, unsigned operand) const {
    return operand == 1 ? Passing::Yes : Passing::No;
  }
};

struct TransposeModel
    : TrainingGraphOpInterface::ExternalModel<TransposeModel,
                                              stablehlo::TransposeOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto transpose = cast<stablehlo::TransposeOp>(op);
    TensorView view;
    view.kind = TensorView::Kind::Permuted;
    view.source = transpose.getOperand();
    view.permutation.assign(transpose.getPermutation().begin(),
                            transpose.getPermutation().end());
    return view;
  }
};

struct ReshapeModel
    : TrainingGraphOpInterface::ExternalModel<ReshapeModel,
                                              stablehlo::ReshapeOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    TensorView view;
    view.kind = TensorView::Kind::Reshaped;
    view.source = op->getOperand(0);
    return view;
  }
};

/// A broadcast that only adds dimensions of size 1, or none, is a view.
struct BroadcastInDimModel
    : TrainingGraphOpInterface::ExternalModel<BroadcastInDimModel,
                                              stablehlo::BroadcastInDimOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto broadcast = cast<stablehlo::BroadcastInDimOp>(op);
    auto from = dyn_cast<RankedTensorType>(broadcast.getOperand().getType());
    auto to = dyn_cast<RankedTensorType>(broadcast.getType());
    if (!from || !to || !from.hasStaticShape() || !to.hasStaticShape() ||
        from.getNumElements() != to.getNumElements() ||
        !llvm::is_sorted(broadcast.getBroadcastDimensions()))
      return std::nullopt;
    TensorView view;
    view.kind =
        from == to ? TensorView::Kind::Same : TensorView::Kind::Reshaped;
    view.source = broadcast.getOperand();
    return view;
  }
  bool isBroadcast(Operation *) const { return true; }
};

/// A broadcast to sizes that are an operand.
struct DynamicBroadcastModel
    : TrainingGraphOpInterface::ExternalModel<
          DynamicBroadcastModel, stablehlo::DynamicBroadcastInDimOp> {
  bool isBroadcast(Operation *) const { return true; }
};

struct ConcatenateModel
    : TrainingGraphOpInterface::ExternalModel<ConcatenateModel,
                                              stablehlo::ConcatenateOp> {
  std::optional<int64_t> getConcatenatedDim(Operation *op) const {
    return cast<stablehlo::ConcatenateOp>(op).getDimension();
  }
};

/// A reshape whose sizes are an operand shows the same elements.
struct DynamicReshapeModel
    : TrainingGraphOpInterface::ExternalModel<DynamicReshapeModel,
                                              stablehlo::DynamicReshapeOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    TensorView view;
    view.kind = TensorView::Kind::Reshaped;
    view.source = cast<stablehlo::DynamicReshapeOp>(op).getOperand();
    return view;
  }
};

struct GetDimensionSizeModel
    : ShapedDimOpInterface::ExternalModel<GetDimensionSizeModel,
                                          stablehlo::GetDimensionSizeOp> {
  Value getShapedValue(Operation *op) const {
    return cast<stablehlo::GetDimensionSizeOp>(op).getOperand();
  }
  OpFoldResult getDimension(Operation *op) const {
    return OpBuilder(op).getIndexAttr(
        cast<stablehlo::GetDimensionSizeOp>(op).getDimension());
  }
};

struct OptimizationBarrierModel
    : TrainingGraphOpInterface::ExternalModel<
          OptimizationBarrierModel, stablehlo::OptimizationBarrierOp> {
  std::optional<TensorView> getTensorView(Operation *op,
                                          unsigned result) const {
    TensorView view;
    view.source = op->getOperand(result);
    return view;
  }
};

} // namespace

void cegm::registerStableHLOTrainingGraphModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *ctx,
                            stablehlo::StablehloDialect *dialect) {
    stablehlo::ConcatenateOp::attachInterface<ConcatenateModel>(*ctx);
    stablehlo::ConvertOp::attachInterface<ConvertModel>(*ctx);
    stablehlo::ReducePrecisionOp::attachInterface<
        detail::SameModel<stablehlo::ReducePrecisionOp>>(*ctx);
    stablehlo::ClampOp::attachInterface<ClampModel>(*ctx);
    stablehlo::TransposeOp::attachInterface<TransposeModel>(*ctx);
    stablehlo::ReshapeOp::attachInterface<ReshapeModel>(*ctx);
    stablehlo::DynamicReshapeOp::attachInterface<DynamicReshapeModel>(*ctx);
    stablehlo::GetDimensionSizeOp::attachInterface<GetDimensionSizeModel>(*ctx);
    stablehlo::BroadcastInDimOp::attachInterface<BroadcastInDimModel>(*ctx);
    stablehlo::DynamicBroadcastInDimOp::attachInterface<DynamicBroadcastModel>(
        *ctx);
    stablehlo::OptimizationBarrierOp::attachInterface<OptimizationBarrierModel>(
        *ctx);
    detail::attachContractionModels(*ctx);
    detail::attachTableModels(*ctx);
    detail::attachStackModels(*ctx);
    detail::attachUpdateModels(*ctx);
    detail::attachCollectiveModels(*ctx);
    detail::attachLoopModel(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, chlo::ChloDialect *dialect) {
    detail::attachRaggedDotModel(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, sdy::SdyDialect *dialect) {
    detail::attachShardyModels(*ctx);
  });
}
