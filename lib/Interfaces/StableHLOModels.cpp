//===- StableHLOModels.cpp - StableHLO ops in a training graph ------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

//===----------------------------------------------------------------------===//
// Contractions
//===----------------------------------------------------------------------===//

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

Value createTranspose(OpBuilder &builder, Location loc, Value source,
                      ArrayRef<int64_t> permutation) {
  auto type = cast<RankedTensorType>(source.getType());
  SmallVector<int64_t> shape = llvm::map_to_vector(
      permutation, [&](int64_t dim) { return type.getDimSize(dim); });
  return stablehlo::TransposeOp::create(
      builder, loc, type.clone(shape), source,
      builder.getDenseI64ArrayAttr(permutation));
}

Value createStaticReshape(OpBuilder &builder, Location loc, Value source,
                          ArrayRef<int64_t> shape) {
  return stablehlo::ReshapeOp::create(
      builder, loc, cast<RankedTensorType>(source.getType()).clone(shape),
      source);
}

struct DotGeneralModel
    : TrainingGraphOpInterface::ExternalModel<DotGeneralModel,
                                              stablehlo::DotGeneralOp> {
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

  Value createPermutation(Operation *, OpBuilder &builder, Location loc,
                          Value source, ArrayRef<int64_t> permutation) const {
    return createTranspose(builder, loc, source, permutation);
  }
  Value createReshape(Operation *, OpBuilder &builder, Location loc,
                      Value source, ArrayRef<int64_t> shape) const {
    return createStaticReshape(builder, loc, source, shape);
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

//===----------------------------------------------------------------------===//
// Views
//===----------------------------------------------------------------------===//

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
};

struct ConcatenateModel
    : TrainingGraphOpInterface::ExternalModel<ConcatenateModel,
                                              stablehlo::ConcatenateOp> {
  std::optional<int64_t> getConcatenatedDim(Operation *op) const {
    return cast<stablehlo::ConcatenateOp>(op).getDimension();
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

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

/// Fills in the dimensions of `access.rows` given those that belong to a row. A
/// row must be an entry of the table as a whole: along each dimension of the
/// table a slice is one element or everything.
bool describeRows(TableAccess &access, ArrayRef<int64_t> rowDims,
                  ArrayRef<int64_t> batchDims, ArrayRef<int64_t> sliceSizes) {
  auto table = dyn_cast<RankedTensorType>(access.table.getType());
  auto rows = dyn_cast<RankedTensorType>(access.rows.getType());
  if (!table || !rows)
    return false;
  access.tableBatchDims.assign(batchDims.begin(), batchDims.end());
  bool isLookup = false;
  for (auto [dim, sizes] :
       llvm::enumerate(llvm::zip_equal(table.getShape(), sliceSizes))) {
    auto [size, slice] = sizes;
    if (llvm::is_contained(batchDims, int64_t(dim)))
      continue;
    if (slice != size && slice != 1)
      return false;
    isLookup |= slice != size;
  }
  access.featureDims.assign(rowDims.begin(), rowDims.end());
  for (int64_t dim = 0; dim < rows.getRank(); ++dim)
    if (!llvm::is_contained(rowDims, dim))
      access.tokenDims.push_back(dim);
  return isLookup && !access.tokenDims.empty() && !access.featureDims.empty();
}

struct GatherModel
    : TrainingGraphOpInterface::ExternalModel<GatherModel,
                                              stablehlo::GatherOp> {
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    auto gather = cast<stablehlo::GatherOp>(op);
    stablehlo::GatherDimensionNumbersAttr dims = gather.getDimensionNumbers();
    TableAccess access;
    access.table = gather.getOperand();
    access.indices = gather.getStartIndices();
    access.rows = gather.getResult();
    if (!describeRows(access, dims.getOffsetDims(),
                      dims.getOperandBatchingDims(), gather.getSliceSizes()))
      return std::nullopt;
    return access;
  }
};

/// True if the region adds its two arguments and returns the sum.
bool isAddRegion(Region &region) {
  if (!region.hasOneBlock() || region.getNumArguments() != 2)
    return false;
  Block &block = region.front();
  auto add = dyn_cast<stablehlo::AddOp>(block.front());
  if (!add || add->getNextNode() != block.getTerminator() ||
      block.getTerminator()->getNumOperands() != 1 ||
      block.getTerminator()->getOperand(0) != add.getResult())
    return false;
  Value a = block.getArgument(0), b = block.getArgument(1);
  return (add.getLhs() == a && add.getRhs() == b) ||
         (add.getLhs() == b && add.getRhs() == a);
}

struct ScatterModel
    : TrainingGraphOpInterface::ExternalModel<ScatterModel,
                                              stablehlo::ScatterOp> {
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    auto scatter = cast<stablehlo::ScatterOp>(op);
    if (scatter.getInputs().size() != 1 ||
        !isAddRegion(scatter.getUpdateComputation()))
      return std::nullopt;
    stablehlo::ScatterDimensionNumbersAttr dims =
        scatter.getScatterDimensionNumbers();
    TableAccess access;
    access.kind = TableAccess::Kind::Accumulate;
    access.table = scatter.getInputs()[0];
    access.indices = scatter.getScatterIndices();
    access.rows = scatter.getUpdates()[0];
    // The window of a scatter is as large as the update says.
    auto table = cast<ShapedType>(access.table.getType());
    auto rows = cast<ShapedType>(access.rows.getType());
    SmallVector<int64_t> sliceSizes(table.getRank(), 1);
    auto window = dims.getUpdateWindowDims().begin();
    for (int64_t dim = 0; dim < table.getRank(); ++dim)
      if (!llvm::is_contained(dims.getInsertedWindowDims(), dim) &&
          !llvm::is_contained(dims.getInputBatchingDims(), dim) &&
          window != dims.getUpdateWindowDims().end())
        sliceSizes[dim] = rows.getDimSize(*window++);
    if (!describeRows(access, dims.getUpdateWindowDims(),
                      dims.getInputBatchingDims(), sliceSizes))
      return std::nullopt;
    return access;
  }

  Value createPermutation(Operation *, OpBuilder &builder, Location loc,
                          Value source, ArrayRef<int64_t> permutation) const {
    return createTranspose(builder, loc, source, permutation);
  }
  Value createReshape(Operation *, OpBuilder &builder, Location loc,
                      Value source, ArrayRef<int64_t> shape) const {
    return createStaticReshape(builder, loc, source, shape);
  }
};

} // namespace

void cegm::registerStableHLOTrainingGraphModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *ctx,
                            stablehlo::StablehloDialect *dialect) {
    stablehlo::DotGeneralOp::attachInterface<DotGeneralModel>(*ctx);
    stablehlo::ConvolutionOp::attachInterface<ConvolutionModel>(*ctx);
    stablehlo::ConcatenateOp::attachInterface<ConcatenateModel>(*ctx);
    stablehlo::CompositeOp::attachInterface<CompositeModel>(*ctx);
    stablehlo::ConvertOp::attachInterface<ConvertModel>(*ctx);
    stablehlo::ReducePrecisionOp::attachInterface<
        detail::SameModel<stablehlo::ReducePrecisionOp>>(*ctx);
    stablehlo::ClampOp::attachInterface<ClampModel>(*ctx);
    stablehlo::TransposeOp::attachInterface<TransposeModel>(*ctx);
    stablehlo::ReshapeOp::attachInterface<ReshapeModel>(*ctx);
    stablehlo::BroadcastInDimOp::attachInterface<BroadcastInDimModel>(*ctx);
    stablehlo::OptimizationBarrierOp::attachInterface<OptimizationBarrierModel>(
        *ctx);
    stablehlo::GatherOp::attachInterface<GatherModel>(*ctx);
    stablehlo::ScatterOp::attachInterface<ScatterModel>(*ctx);
    detail::attachStackModels(*ctx);
    detail::attachUpdateModels(*ctx);
    detail::attachLoopModel(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, chlo::ChloDialect *dialect) {
    chlo::RaggedDotOp::attachInterface<RaggedDotModel>(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, sdy::SdyDialect *dialect) {
    detail::attachShardyModels(*ctx);
  });
}
