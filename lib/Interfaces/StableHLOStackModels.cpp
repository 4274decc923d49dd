//===- StableHLOStackModels.cpp - Slices of stacks in StableHLO -----------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

/// The dimension along which a slice of the given sizes is one of several
/// equal parts of a stack: it has one element there and all elements along the
/// other dimensions.
std::optional<int64_t> findStackedDim(ArrayRef<int64_t> stack,
                                      ArrayRef<int64_t> slice) {
  std::optional<int64_t> stacked;
  for (auto [dim, sizes] : llvm::enumerate(llvm::zip_equal(stack, slice))) {
    auto [whole, part] = sizes;
    if (whole == part)
      continue;
    if (part != 1 || stacked)
      return std::nullopt;
    stacked = dim;
  }
  return stacked;
}

/// The reading of `slice` from `stack`, but for its place.
std::optional<StackAccess> describeRead(Value stack, Value slice) {
  auto from = dyn_cast<RankedTensorType>(stack.getType());
  auto to = dyn_cast<RankedTensorType>(slice.getType());
  std::optional<int64_t> dim =
      from && to ? findStackedDim(from.getShape(), to.getShape())
                 : std::nullopt;
  if (!dim)
    return std::nullopt;
  StackAccess access;
  access.stack = stack;
  access.slice = slice;
  access.dim = *dim;
  return access;
}

std::optional<StackAccess> describeAccess(StackAccess::Kind kind, Value stack,
                                          Value slice, OperandRange starts) {
  auto stackType = dyn_cast<RankedTensorType>(stack.getType());
  auto sliceType = dyn_cast<RankedTensorType>(slice.getType());
  if (!stackType || !sliceType)
    return std::nullopt;
  std::optional<int64_t> dim =
      findStackedDim(stackType.getShape(), sliceType.getShape());
  // A stack of one: the place is the start that is not a constant.
  for (auto [i, start] : llvm::enumerate(starts))
    if (!dim && stackType.getDimSize(i) == 1 &&
        stackType.getShape() == sliceType.getShape() &&
        !matchPattern(start, m_Constant()))
      dim = i;
  if (!dim)
    return std::nullopt;
  StackAccess access;
  access.kind = kind;
  access.stack = stack;
  access.slice = slice;
  access.dim = *dim;
  DenseIntElementsAttr constant;
  if (matchPattern(starts[*dim], m_Constant(&constant)))
    access.staticIndex = constant.getSplatValue<APInt>().getSExtValue();
  else
    access.index = starts[*dim];
  return access;
}

/// The part of `whole` that begins at `starts`, if they are known.
TensorPart describePart(Value whole, Value part,
                        std::optional<SmallVector<int64_t>> starts) {
  TensorPart described{whole, part, std::nullopt};
  auto from = dyn_cast<RankedTensorType>(whole.getType());
  auto to = dyn_cast<RankedTensorType>(part.getType());
  if (!starts || !from || !to)
    return described;
  for (auto [dim, sizes] :
       llvm::enumerate(llvm::zip_equal(from.getShape(), to.getShape()))) {
    auto [wholeSize, partSize] = sizes;
    if (ShapedType::isDynamic(wholeSize) || ShapedType::isDynamic(partSize))
      return {whole, part, std::nullopt};
    if (wholeSize == partSize)
      continue;
    if (described.place)
      return {whole, part, std::nullopt};
    described.place = {int64_t(dim), (*starts)[dim]};
  }
  return described;
}

/// The values of scalars, if all are constants.
std::optional<SmallVector<int64_t>> findConstants(OperandRange scalars) {
  SmallVector<int64_t> values;
  for (Value scalar : scalars) {
    DenseIntElementsAttr constant;
    if (!matchPattern(scalar, m_Constant(&constant)))
      return std::nullopt;
    values.push_back(constant.getSplatValue<APInt>().getSExtValue());
  }
  return values;
}

struct DynamicSliceModel
    : TrainingGraphOpInterface::ExternalModel<DynamicSliceModel,
                                              stablehlo::DynamicSliceOp> {
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto slice = cast<stablehlo::DynamicSliceOp>(op);
    return describeAccess(StackAccess::Kind::Read, slice.getOperand(),
                          slice.getResult(), slice.getStartIndices());
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto slice = cast<stablehlo::DynamicSliceOp>(op);
    return describePart(slice.getOperand(), slice.getResult(),
                        findConstants(slice.getStartIndices()));
  }
};

struct DynamicUpdateSliceModel
    : TrainingGraphOpInterface::ExternalModel<DynamicUpdateSliceModel,
                                              stablehlo::DynamicUpdateSliceOp> {
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto update = cast<stablehlo::DynamicUpdateSliceOp>(op);
    return describeAccess(StackAccess::Kind::Write, update.getOperand(),
                          update.getUpdate(), update.getStartIndices());
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto update = cast<stablehlo::DynamicUpdateSliceOp>(op);
    return describePart(update.getResult(), update.getUpdate(),
                        findConstants(update.getStartIndices()));
  }
};

/// How frontends read a slice with dimensions of any size.
struct RealDynamicSliceModel
    : TrainingGraphOpInterface::ExternalModel<RealDynamicSliceModel,
                                              stablehlo::RealDynamicSliceOp> {
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto slice = cast<stablehlo::RealDynamicSliceOp>(op);
    std::optional<StackAccess> access =
        describeRead(slice.getOperand(), slice.getResult());
    if (access)
      access->index = slice.getStartIndices();
    return access;
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto slice = cast<stablehlo::RealDynamicSliceOp>(op);
    return TensorPart{slice.getOperand(), slice.getResult(), std::nullopt};
  }
};

struct SliceModel
    : TrainingGraphOpInterface::ExternalModel<SliceModel, stablehlo::SliceOp> {
  /// A slice of everything.
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    auto slice = cast<stablehlo::SliceOp>(op);
    if (slice.getOperand().getType() != slice.getType())
      return std::nullopt;
    TensorView view;
    view.source = slice.getOperand();
    return view;
  }
  std::optional<StackAccess> getStackAccess(Operation *op) const {
    auto slice = cast<stablehlo::SliceOp>(op);
    std::optional<StackAccess> access =
        describeRead(slice.getOperand(), slice.getResult());
    if (access)
      access->staticIndex = slice.getStartIndices()[access->dim];
    return access;
  }
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto slice = cast<stablehlo::SliceOp>(op);
    bool hasGaps = llvm::any_of(slice.getStrides(),
                                [](int64_t stride) { return stride != 1; });
    return describePart(
        slice.getOperand(), slice.getResult(),
        hasGaps ? std::nullopt
                : std::optional(SmallVector<int64_t>(slice.getStartIndices())));
  }
};

/// What is padded is a part of the result.
struct PadModel
    : TrainingGraphOpInterface::ExternalModel<PadModel, stablehlo::PadOp> {
  std::optional<TensorPart> getTensorPart(Operation *op) const {
    auto pad = cast<stablehlo::PadOp>(op);
    auto isNonZero = [](int64_t size) { return size != 0; };
    auto isNegative = [](int64_t size) { return size < 0; };
    if (llvm::any_of(pad.getEdgePaddingLow(), isNegative) ||
        llvm::any_of(pad.getEdgePaddingHigh(), isNegative))
      return std::nullopt;
    bool hasGaps = llvm::any_of(pad.getInteriorPadding(), isNonZero);
    return describePart(
        pad.getResult(), pad.getOperand(),
        hasGaps ? std::nullopt
                : std::optional(SmallVector<int64_t>(pad.getEdgePaddingLow())));
  }
};

} // namespace

void cegm::detail::attachStackModels(MLIRContext &ctx) {
  stablehlo::SliceOp::attachInterface<SliceModel>(ctx);
  stablehlo::PadOp::attachInterface<PadModel>(ctx);
  stablehlo::DynamicSliceOp::attachInterface<DynamicSliceModel>(ctx);
  stablehlo::RealDynamicSliceOp::attachInterface<RealDynamicSliceModel>(ctx);
  stablehlo::DynamicUpdateSliceOp::attachInterface<DynamicUpdateSliceModel>(
      ctx);
}
