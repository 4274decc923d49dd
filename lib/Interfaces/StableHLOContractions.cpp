//===- StableHLOContractions.cpp - Products in a training graph -----------===//

#include "StableHLOModels.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// Describes one operand of a dot_general; `nextFree` is the result dimension
/// that its first free dimension becomes.
ContractionOperand describeOperand(unsigned number, Value operand,
                                   ArrayRef<int64_t> batch,
                                   ArrayRef<int64_t> contracted,
                                   int64_t &nextFree) {
  ContractionOperand side;
  side.operandNumber = number;
  side.batchDims.assign(batch.begin(), batch.end());
  side.contractedDims.assign(contracted.begin(), contracted.end());
  int64_t rank = cast<ShapedType>(operand.getType()).getRank();
  side.resultDims.assign(rank, -1);
  for (auto [i, dim] : llvm::enumerate(batch))
    side.resultDims[dim] = i;
  for (int64_t dim : side.freeDims())
    side.resultDims[dim] = nextFree++;
  return side;
}

/// Whether the operand holds a copy of a tensor for each slice along one of
/// `dims`, of which a comparison of positions keeps some rows each: tokens that
/// are sorted into groups, where a product of groups is written as a dense one.
bool isMaskedByGroups(Value operand, ArrayRef<int64_t> dims) {
  auto select = operand.getDefiningOp<stablehlo::SelectOp>();
  if (!select)
    return false;
  auto copies = select.getOnTrue().getDefiningOp<stablehlo::BroadcastInDimOp>();
  if (!copies || llvm::all_of(dims, [&](int64_t dim) {
        return llvm::is_contained(copies.getBroadcastDimensions(), dim);
      }))
    return false;
  Operation *mask = select.getPred().getDefiningOp();
  if (!mask)
    return false;
  SmallVector<Operation *> comparisons{mask};
  if (isa<stablehlo::AndOp>(mask))
    comparisons = {mask->getOperand(0).getDefiningOp(),
                   mask->getOperand(1).getDefiningOp()};
  return llvm::any_of(comparisons, [](Operation *op) {
    return isa_and_nonnull<stablehlo::CompareOp>(op) &&
           llvm::any_of(op->getOperands(), [](Value side) {
             return side.getDefiningOp<stablehlo::IotaOp>();
           });
  });
}

struct DotGeneralModel
    : cegm::detail::SiteModel<DotGeneralModel, stablehlo::DotGeneralOp> {
  std::optional<Contraction> getContraction(Operation *op) const {
    auto dot = cast<stablehlo::DotGeneralOp>(op);
    if (!isa<RankedTensorType>(dot.getLhs().getType()) ||
        !isa<RankedTensorType>(dot.getRhs().getType()))
      return std::nullopt;
    stablehlo::DotDimensionNumbersAttr dims = dot.getDotDimensionNumbers();
    Contraction contraction;
    int64_t nextFree = dims.getLhsBatchingDimensions().size();
    contraction.lhs =
        describeOperand(0, dot.getLhs(), dims.getLhsBatchingDimensions(),
                        dims.getLhsContractingDimensions(), nextFree);
    contraction.rhs =
        describeOperand(1, dot.getRhs(), dims.getRhsBatchingDimensions(),
                        dims.getRhsContractingDimensions(), nextFree);
    return contraction;
  }

  bool isRaggedContraction(Operation *op) const {
    auto dot = cast<stablehlo::DotGeneralOp>(op);
    stablehlo::DotDimensionNumbersAttr dims = dot.getDotDimensionNumbers();
    return isMaskedByGroups(dot.getLhs(), dims.getLhsContractingDimensions()) ||
           isMaskedByGroups(dot.getRhs(), dims.getRhsContractingDimensions());
  }

  Value createContraction(Operation *op, OpBuilder &builder, Location loc,
                          Value lhs, Value rhs, bool swapped) const {
    auto dot = cast<stablehlo::DotGeneralOp>(op);
    auto type = cast<RankedTensorType>(dot.getType());
    stablehlo::DotDimensionNumbersAttr dims = dot.getDotDimensionNumbers();
    ArrayAttr precision = dot.getPrecisionConfigAttr();
    stablehlo::DotAlgorithmAttr algorithm = dot.getAlgorithmAttr();
    if (swapped) {
      // The attributes that speak of the operands one by one follow them.
      size_t batch = dims.getLhsBatchingDimensions().size();
      size_t lhsFree = cast<ShapedType>(lhs.getType()).getRank() - batch -
                       dims.getLhsContractingDimensions().size();
      SmallVector<int64_t> shape(type.getShape());
      std::rotate(shape.begin() + batch, shape.begin() + batch + lhsFree,
                  shape.end());
      type = type.clone(shape);
      dims = stablehlo::DotDimensionNumbersAttr::get(
          op->getContext(), dims.getRhsBatchingDimensions(),
          dims.getLhsBatchingDimensions(), dims.getRhsContractingDimensions(),
          dims.getLhsContractingDimensions());
      if (precision && precision.size() == 2)
        precision = builder.getArrayAttr({precision[1], precision[0]});
      if (algorithm)
        algorithm = stablehlo::DotAlgorithmAttr::get(
            op->getContext(), algorithm.getRhsPrecisionType(),
            algorithm.getLhsPrecisionType(), algorithm.getAccumulationType(),
            algorithm.getRhsComponentCount(), algorithm.getLhsComponentCount(),
            algorithm.getNumPrimitiveOperations(),
            algorithm.getAllowImpreciseAccumulation());
      std::swap(lhs, rhs);
    }
    auto created = stablehlo::DotGeneralOp::create(builder, loc, type, lhs, rhs,
                                                   dims, precision, algorithm);
    created->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    return created;
  }
};

struct ConvolutionModel
    : TrainingGraphOpInterface::ExternalModel<ConvolutionModel,
                                              stablehlo::ConvolutionOp> {
  bool isConvolution(Operation *) const { return true; }
};

struct RaggedDotModel
    : TrainingGraphOpInterface::ExternalModel<RaggedDotModel,
                                              chlo::RaggedDotOp> {
  bool isRaggedContraction(Operation *) const { return true; }
};

/// Where a backend has code for it, JAX writes the ragged product as a
/// composite.
struct CompositeModel
    : TrainingGraphOpInterface::ExternalModel<CompositeModel,
                                              stablehlo::CompositeOp> {
  bool isRaggedContraction(Operation *op) const {
    return cast<stablehlo::CompositeOp>(op).getName() == "chlo.ragged_dot";
  }
};

} // namespace

void cegm::detail::attachContractionModels(MLIRContext &ctx) {
  stablehlo::DotGeneralOp::attachInterface<DotGeneralModel>(ctx);
  stablehlo::ConvolutionOp::attachInterface<ConvolutionModel>(ctx);
  stablehlo::CompositeOp::attachInterface<CompositeModel>(ctx);
}

void cegm::detail::attachRaggedDotModel(MLIRContext &ctx) {
  chlo::RaggedDotOp::attachInterface<RaggedDotModel>(ctx);
}
