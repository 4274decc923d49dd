//===- Padding.cpp - Elements around and between elements -----------------===//

#include "Tensors.h"

#include "cegm/Support/Saturating.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// What padding does along one dimension. Element i of the operand lies at
/// low + i * stride of the result; those that lie inside are kept.
struct PaddedDim {
  PaddedDim(int64_t low, int64_t high, int64_t interior)
      : low(low), high(high), stride(interior + 1),
        first(low < 0 ? llvm::divideCeil(multiplySaturating(low, -1), stride)
                      : 0),
        start(addSaturating(low, multiplySaturating(first, stride))) {}

  void setSizes(int64_t size) {
    int64_t last =
        size > 0 ? addSaturating(multiplySaturating(size - 1, stride), 1) : 0;
    staticResult =
        std::max<int64_t>(0, addSaturating(addSaturating(low, last), high));
    int64_t room = std::max<int64_t>(
        0, addSaturating(staticResult, multiplySaturating(start, -1)));
    staticKept = std::min<int64_t>(llvm::divideCeil(room, stride),
                                   std::max<int64_t>(0, size - first));
  }

  /// The same at run time.
  void setSizes(ImplicitLocOpBuilder &b, Value size) {
    auto number = [&](int64_t value) { return createIndex(b, value); };
    auto add = [&](Value value, int64_t term) {
      return b.createOrFold<arith::AddIOp>(value, number(term));
    };
    auto notNegative = [&](Value value) {
      return b.createOrFold<arith::MaxSIOp>(value, number(0));
    };
    Value spread =
        add(b.createOrFold<arith::MulIOp>(add(size, -1), number(stride)), 1);
    result = notNegative(add(notNegative(spread), low + high));
    Value room = notNegative(add(result, -start));
    kept = b.createOrFold<arith::MinSIOp>(
        b.createOrFold<arith::CeilDivSIOp>(room, number(stride)),
        notNegative(add(size, -first)));
  }

  int64_t low, high, stride;
  /// The first element that is kept, and where.
  int64_t first, start;
  /// The size of the result and the number of elements kept: values where they
  /// are not known.
  int64_t staticResult = ShapedType::kDynamic, staticKept = -1;
  Value result, kept;
};
} // namespace

Value from_stablehlo::createPad(ImplicitLocOpBuilder &b, Value operand,
                                Value scalar, ArrayRef<int64_t> low,
                                ArrayRef<int64_t> high,
                                ArrayRef<int64_t> interior) {
  auto source = cast<RankedTensorType>(operand.getType());
  auto isZero = [](int64_t amount) { return amount == 0; };
  if (llvm::all_of(low, isZero) && llvm::all_of(high, isZero) &&
      llvm::all_of(interior, isZero))
    return operand;
  // What is kept is written into a tensor of the padding value.
  SmallVector<int64_t> shape, firsts, starts, strides;
  SmallVector<Value> dynamicSizes;
  SmallVector<OpFoldResult> kept;
  bool keepsNone = false;
  for (auto [dim, size] : llvm::enumerate(source.getShape())) {
    PaddedDim padded(low[dim], high[dim], interior[dim]);
    if (ShapedType::isDynamic(size)) {
      padded.setSizes(b, b.createOrFold<tensor::DimOp>(operand, dim));
      dynamicSizes.push_back(padded.result);
      kept.push_back(padded.kept);
    } else {
      padded.setSizes(size);
      kept.push_back(b.getIndexAttr(padded.staticKept));
      keepsNone |= padded.staticKept == 0;
    }
    shape.push_back(padded.staticResult);
    firsts.push_back(padded.first);
    starts.push_back(padded.start);
    strides.push_back(padded.stride);
  }
  Value filled = createFilled(b, source.clone(shape), scalar, dynamicSizes);
  if (keepsNone)
    return filled;
  auto toSizes = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(b.getContext(), values);
  };
  if (kept != tensor::getMixedSizes(b, b.getLoc(), operand)) {
    SmallVector<OpFoldResult> ones(source.getRank(), b.getIndexAttr(1));
    operand =
        tensor::ExtractSliceOp::create(b, operand, toSizes(firsts), kept, ones);
  }
  return tensor::InsertSliceOp::create(b, operand, filled, toSizes(starts),
                                       kept, toSizes(strides));
}
