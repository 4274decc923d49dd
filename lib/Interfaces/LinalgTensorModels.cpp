//===- LinalgTensorModels.cpp - Ops of the tensor dialect -----------------===//

#include "LinalgModels.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

template <typename OpTy, TensorView::Kind Kind>
struct ViewModel
    : TrainingGraphOpInterface::ExternalModel<ViewModel<OpTy, Kind>, OpTy> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    TensorView view;
    view.kind = Kind;
    view.source = op->getOperand(0);
    return view;
  }
};

/// A cast only says more or less about the sizes, if it keeps the rank.
struct CastModel
    : TrainingGraphOpInterface::ExternalModel<CastModel, tensor::CastOp> {
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto cast = mlir::cast<tensor::CastOp>(op);
    if (!isa<RankedTensorType>(cast.getSource().getType()) ||
        !isa<RankedTensorType>(cast.getType()))
      return std::nullopt;
    TensorView view;
    view.source = cast.getSource();
    return view;
  }
};

struct ConcatModel
    : TrainingGraphOpInterface::ExternalModel<ConcatModel, tensor::ConcatOp> {
  std::optional<int64_t> getConcatenatedDim(Operation *op) const {
    return cast<tensor::ConcatOp>(op).getDim();
  }
};

/// Where a part begins along the only dimension in which it is smaller.
std::optional<TensorPart::Place> findPlace(ShapedType whole, ShapedType part,
                                           ArrayRef<int64_t> offsets) {
  std::optional<TensorPart::Place> place;
  if (whole.getRank() != part.getRank())
    return place;
  for (auto [dim, sizes] :
       llvm::enumerate(llvm::zip_equal(whole.getShape(), part.getShape()))) {
    auto [wholeSize, partSize] = sizes;
    if (ShapedType::isDynamic(wholeSize) || ShapedType::isDynamic(partSize))
      return std::nullopt;
    if (wholeSize == partSize)
      continue;
    if (place || ShapedType::isDynamic(offsets[dim]))
      return std::nullopt;
    place = {int64_t(dim), offsets[dim]};
  }
  return place;
}

template <typename OpTy>
TensorPart describePart(OpTy op, Value whole, Value part) {
  auto wholeType = cast<RankedTensorType>(whole.getType());
  auto partType = cast<RankedTensorType>(part.getType());
  bool hasGaps = llvm::any_of(op.getStaticStrides(),
                              [](int64_t stride) { return stride != 1; });
  return {whole, part,
          hasGaps ? std::nullopt
                  : findPlace(wholeType, partType, op.getStaticOffsets())};
}

/// The access of one of several equal parts of `stack`: one element along one
/// dimension, and all elements along the others.
template <typename OpTy>
std::optional<StackAccess> describeAccess(OpTy op, StackAccess::Kind kind,
                                          Value stack, Value slice) {
  auto type = cast<RankedTensorType>(stack.getType());
  std::optional<int64_t> stacked;
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    int64_t part = op.getStaticSizes()[dim];
    if (ShapedType::isDynamic(size) || ShapedType::isDynamic(part))
      return std::nullopt;
    // A stack of one has a place all the same, if it is computed.
    if (part == size && !(size == 1 && op.isDynamicOffset(dim)))
      continue;
    if (part != 1 || stacked)
      return std::nullopt;
    stacked = dim;
  }
  if (!stacked)
    return std::nullopt;
  StackAccess access;
  access.kind = kind;
  access.stack = stack;
  access.slice = slice;
  access.dim = *stacked;
  if (op.isDynamicOffset(*stacked))
    access.index = op.getDynamicOffset(*stacked);
  else
    access.staticIndex = op.getStaticOffset(*stacked);
  return access;
}

struct ExtractSliceModel
    : TrainingGraphOpInterface::ExternalModel<ExtractSliceModel,
                                              tensor::ExtractSliceOp> {
  /// A slice of everything.
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    if (slice.getSourceType() != slice.getType() ||
        !slice.getSourceType().hasStaticShape())
      return std::nullopt;
    TensorView view;
    view.source = slice.getSource();
    return view;
  }
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    return describeAccess(slice, StackAccess::Kind::Read, slice.getSource(),
                          slice.getResult());
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto slice = cast<tensor::ExtractSliceOp>(op);
    return describePart(slice, slice.getSource(), slice.getResult());
  }
};

struct InsertSliceModel
    : TrainingGraphOpInterface::ExternalModel<InsertSliceModel,
                                              tensor::InsertSliceOp> {
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto slice = cast<tensor::InsertSliceOp>(op);
    return describeAccess(slice, StackAccess::Kind::Write, slice.getDest(),
                          slice.getSource());
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto slice = cast<tensor::InsertSliceOp>(op);
    return describePart(slice, slice.getResult(), slice.getSource());
  }
};

/// What is padded is a part of the result.
struct PadModel
    : TrainingGraphOpInterface::ExternalModel<PadModel, tensor::PadOp> {
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto pad = cast<tensor::PadOp>(op);
    return TensorPart{pad.getResult(), pad.getSource(),
                      findPlace(pad.getResultType(), pad.getSourceType(),
                                pad.getStaticLow())};
  }
};

/// A tensor whose elements nobody has written yet.
struct EmptyModel
    : TrainingGraphOpInterface::ExternalModel<EmptyModel, tensor::EmptyOp> {
  bool isBroadcast(Operation *) const { return true; }
};

} // namespace

void cegm::detail::attachTensorModels(MLIRContext &ctx) {
  tensor::ExpandShapeOp::attachInterface<
      ViewModel<tensor::ExpandShapeOp, TensorView::Kind::Reshaped>>(ctx);
  tensor::CollapseShapeOp::attachInterface<
      ViewModel<tensor::CollapseShapeOp, TensorView::Kind::Reshaped>>(ctx);
  tensor::ReshapeOp::attachInterface<
      ViewModel<tensor::ReshapeOp, TensorView::Kind::Reshaped>>(ctx);
  tensor::CastOp::attachInterface<CastModel>(ctx);
  tensor::ConcatOp::attachInterface<ConcatModel>(ctx);
  tensor::ExtractSliceOp::attachInterface<ExtractSliceModel>(ctx);
  tensor::InsertSliceOp::attachInterface<InsertSliceModel>(ctx);
  tensor::PadOp::attachInterface<PadModel>(ctx);
  tensor::EmptyOp::attachInterface<EmptyModel>(ctx);
}
