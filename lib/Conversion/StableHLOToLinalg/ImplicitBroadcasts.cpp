//===- ImplicitBroadcasts.cpp - Ops that broadcast their operands ---------===//
//
// They are what CHLO defines them as: broadcasts to one shape, and the op of
// StableHLO. What that is in linalg, its own patterns say.
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// An operand, and the dimension of the result that each of its own becomes.
struct Placed {
  Value value, converted;
  SmallVector<int64_t> dims;
};
} // namespace

/// The size of a dimension of the result: that of the operands that have it,
/// where it is not 1.
static Value getJoinedSize(ImplicitLocOpBuilder &b, ArrayRef<Placed> operands,
                           int64_t dim) {
  Value size;
  for (const Placed &operand : operands) {
    const auto *place = llvm::find(operand.dims, dim);
    if (place == operand.dims.end())
      continue;
    Value own = b.createOrFold<tensor::DimOp>(operand.converted,
                                              place - operand.dims.begin());
    if (!size) {
      size = own;
      continue;
    }
    Value isOne = b.createOrFold<arith::CmpIOp>(arith::CmpIPredicate::eq, size,
                                                createIndex(b, 1));
    size = b.createOrFold<arith::SelectOp>(isOne, own, size);
  }
  return size;
}

/// The operands in the shape of `type`, each with its own elements.
static SmallVector<Value> broadcastAll(ImplicitLocOpBuilder &b,
                                       ArrayRef<Placed> operands,
                                       RankedTensorType type) {
  Value shape;
  SmallVector<Value> results;
  for (const Placed &operand : operands) {
    auto source = cast<RankedTensorType>(operand.value.getType());
    RankedTensorType target = type.clone(source.getElementType());
    if (source == target && source.hasStaticShape()) {
      results.push_back(operand.value);
      continue;
    }
    if (source.hasStaticShape() && target.hasStaticShape()) {
      results.push_back(stablehlo::BroadcastInDimOp::create(
          b, target, operand.value, operand.dims));
      continue;
    }
    if (!shape) {
      SmallVector<Value> sizes;
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        sizes.push_back(getJoinedSize(b, operands, dim));
      shape = tensor::FromElementsOp::create(
          b, RankedTensorType::get(type.getRank(), b.getIndexType()), sizes);
    }
    results.push_back(stablehlo::DynamicBroadcastInDimOp::create(
        b, target, operand.value, shape, operand.dims,
        /*known_expanding_dimensions=*/nullptr,
        /*known_nonexpanding_dimensions=*/nullptr));
  }
  return results;
}

/// The last dimensions, unless `given` says which.
static SmallVector<int64_t>
getDims(Value operand, RankedTensorType type,
        std::optional<ArrayRef<int64_t>> given = std::nullopt) {
  int64_t rank = cast<RankedTensorType>(operand.getType()).getRank();
  if (given && static_cast<int64_t>(given->size()) == rank &&
      rank < type.getRank())
    return llvm::to_vector(*given);
  return llvm::to_vector(
      llvm::seq<int64_t>(type.getRank() - rank, type.getRank()));
}

namespace {
/// A binary op; `HloOp` is the same without broadcasts.
template <typename OpTy, typename HloOp>
struct BroadcastBinaryPattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getType());
    auto given = op.getBroadcastDimensions();
    Placed operands[] = {
        {op.getLhs(), adaptor.getLhs(), getDims(op.getLhs(), type, given)},
        {op.getRhs(), adaptor.getRhs(), getDims(op.getRhs(), type, given)}};
    SmallVector<Value> values = broadcastAll(b, operands, type);
    rewriter.replaceOp(op, createPlain(b, op, values));
    return success();
  }

private:
  static Value createPlain(ImplicitLocOpBuilder &b, OpTy op,
                           ArrayRef<Value> values) {
    if constexpr (std::is_same_v<HloOp, stablehlo::CompareOp>) {
      // The enumerations of both dialects have the same cases.
      auto direction = *stablehlo::symbolizeComparisonDirection(
          chlo::stringifyComparisonDirection(op.getComparisonDirection()));
      stablehlo::ComparisonTypeAttr kind;
      if (auto given = op.getCompareType())
        kind = stablehlo::ComparisonTypeAttr::get(
            b.getContext(), *stablehlo::symbolizeComparisonType(
                                chlo::stringifyComparisonType(*given)));
      return HloOp::create(
          b, op.getType(), values[0], values[1],
          stablehlo::ComparisonDirectionAttr::get(b.getContext(), direction),
          kind);
    } else {
      return HloOp::create(b, op.getType(), values[0], values[1]);
    }
  }
};

struct BroadcastSelectPattern : public HloPattern<chlo::BroadcastSelectOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(chlo::BroadcastSelectOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    auto type = cast<RankedTensorType>(op.getType());
    SmallVector<Placed> operands;
    for (auto [value, converted] :
         llvm::zip_equal(op->getOperands(), adaptor.getOperands()))
      operands.push_back({value, converted, getDims(value, type)});
    SmallVector<Value> values = broadcastAll(b, operands, type);
    rewriter.replaceOp(op, stablehlo::SelectOp::create(b, type, values[0],
                                                       values[1], values[2]));
    return success();
  }
};
} // namespace

void from_stablehlo::populateImplicitBroadcastPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<
      BroadcastSelectPattern,
      BroadcastBinaryPattern<chlo::BroadcastAddOp, stablehlo::AddOp>,
      BroadcastBinaryPattern<chlo::BroadcastAndOp, stablehlo::AndOp>,
      BroadcastBinaryPattern<chlo::BroadcastAtan2Op, stablehlo::Atan2Op>,
      BroadcastBinaryPattern<chlo::BroadcastCompareOp, stablehlo::CompareOp>,
      BroadcastBinaryPattern<chlo::BroadcastComplexOp, stablehlo::ComplexOp>,
      BroadcastBinaryPattern<chlo::BroadcastDivOp, stablehlo::DivOp>,
      BroadcastBinaryPattern<chlo::BroadcastMaxOp, stablehlo::MaxOp>,
      BroadcastBinaryPattern<chlo::BroadcastMinOp, stablehlo::MinOp>,
      BroadcastBinaryPattern<chlo::BroadcastMulOp, stablehlo::MulOp>,
      BroadcastBinaryPattern<chlo::BroadcastNextAfterOp, chlo::NextAfterOp>,
      BroadcastBinaryPattern<chlo::BroadcastOrOp, stablehlo::OrOp>,
      BroadcastBinaryPattern<chlo::BroadcastPolygammaOp, chlo::PolygammaOp>,
      BroadcastBinaryPattern<chlo::BroadcastPowOp, stablehlo::PowOp>,
      BroadcastBinaryPattern<chlo::BroadcastRemOp, stablehlo::RemOp>,
      BroadcastBinaryPattern<chlo::BroadcastShiftLeftOp,
                             stablehlo::ShiftLeftOp>,
      BroadcastBinaryPattern<chlo::BroadcastShiftRightArithmeticOp,
                             stablehlo::ShiftRightArithmeticOp>,
      BroadcastBinaryPattern<chlo::BroadcastShiftRightLogicalOp,
                             stablehlo::ShiftRightLogicalOp>,
      BroadcastBinaryPattern<chlo::BroadcastSubOp, stablehlo::SubtractOp>,
      BroadcastBinaryPattern<chlo::BroadcastXorOp, stablehlo::XorOp>,
      BroadcastBinaryPattern<chlo::BroadcastZetaOp, chlo::ZetaOp>>(
      converter, patterns.getContext());
}
