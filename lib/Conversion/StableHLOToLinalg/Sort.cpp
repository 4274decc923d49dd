//===- Sort.cpp - Sorting -------------------------------------------------===//

#include "Sort.h"

#include "Patterns.h"
#include "Regions.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

//===----------------------------------------------------------------------===//
// Merge sort of a row
//===----------------------------------------------------------------------===//

static SmallVector<Value> extractAll(ImplicitLocOpBuilder &b,
                                     ValueRange tensors, Value place) {
  return llvm::map_to_vector(tensors, [&](Value tensor) -> Value {
    return tensor::ExtractOp::create(b, tensor, place);
  });
}

/// Merges neighbouring sorted runs of `width` elements from `from` into `to`.
/// Of equal elements, those of the left run come first.
static scf::ValueVector mergeRuns(ImplicitLocOpBuilder &b, ValueRange from,
                                  ValueRange to, Value width, Value size,
                                  ComesBefore comesBefore) {
  Value zero = createIndex(b, 0), one = createIndex(b, 1);
  Value last = arith::SubIOp::create(b, size, one);
  Value twice = arith::AddIOp::create(b, width, width);
  auto atMost = [](ImplicitLocOpBuilder &body, Value value, Value limit) {
    return arith::MinSIOp::create(body, value, limit).getResult();
  };
  auto below = [](ImplicitLocOpBuilder &body, Value lhs, Value rhs) {
    return arith::CmpIOp::create(body, arith::CmpIPredicate::slt, lhs, rhs)
        .getResult();
  };
  auto runs = scf::ForOp::create(
      b, zero, size, twice, to,
      [&](OpBuilder &nested, Location loc, Value start, ValueRange carried) {
        ImplicitLocOpBuilder body(loc, nested);
        Value middle =
            atMost(body, arith::AddIOp::create(body, start, width), size);
        Value end =
            atMost(body, arith::AddIOp::create(body, start, twice), size);
        SmallVector<Value> state = {start, middle};
        llvm::append_range(state, carried);
        auto merge = scf::ForOp::create(
            body, start, end, one, state,
            [&](OpBuilder &inner, Location innerLoc, Value place,
                ValueRange args) {
              ImplicitLocOpBuilder step(innerLoc, inner);
              Value left = args[0], right = args[1];
              // Of a run that is used up, some element is read and not taken.
              SmallVector<Value> lefts =
                  extractAll(step, from, atMost(step, left, last));
              SmallVector<Value> rights =
                  extractAll(step, from, atMost(step, right, last));
              Value rightFirst =
                  arith::AndIOp::create(step, below(step, right, end),
                                        comesBefore(step, rights, lefts));
              Value leftIsUsedUp = arith::CmpIOp::create(
                  step, arith::CmpIPredicate::sge, left, middle);
              Value takeRight =
                  arith::OrIOp::create(step, leftIsUsedUp, rightFirst);
              Value moved = arith::IndexCastUIOp::create(
                  step, step.getIndexType(), takeRight);
              Value nextRight = arith::AddIOp::create(step, right, moved);
              Value kept = arith::SubIOp::create(step, one, moved);
              SmallVector<Value> next = {
                  arith::AddIOp::create(step, left, kept), nextRight};
              for (auto [l, r, tensor] :
                   llvm::zip_equal(lefts, rights, args.drop_front(2)))
                next.push_back(tensor::InsertOp::create(
                    step, arith::SelectOp::create(step, takeRight, r, l),
                    tensor, place));
              scf::YieldOp::create(step, next);
            });
        scf::YieldOp::create(body, merge.getResults().drop_front(2));
      });
  return scf::ValueVector(runs.getResults());
}

/// How many times two steps of merging have to be done: half the logarithm of
/// the size, rounded up.
static Value createRounds(ImplicitLocOpBuilder &b, int64_t staticSize,
                          Value size) {
  if (!ShapedType::isDynamic(staticSize))
    return createIndex(b, llvm::divideCeil(llvm::Log2_64_Ceil(staticSize), 2));
  // Rows of no element are taken for rows of one, whose logarithm is 0.
  Value last = arith::SubIOp::create(
      b, arith::MaxSIOp::create(b, size, createIndex(b, 1)).getResult(),
      createIndex(b, 1));
  Value zeros = math::CountLeadingZerosOp::create(
      b, arith::IndexCastOp::create(b, b.getI64Type(), last).getResult());
  Value bits =
      arith::SubIOp::create(b, createIndex(b, 64), createIndex(b, zeros));
  return arith::CeilDivUIOp::create(b, bits, createIndex(b, 2));
}

/// Sorts tensors of one dimension. Two steps of merging, there and back, leave
/// the sorted elements where they were, so that no buffers change places.
static scf::ValueVector sortRow(ImplicitLocOpBuilder &b, ValueRange row,
                                Value rounds, Value size,
                                ComesBefore comesBefore) {
  SmallVector<Value> state(row);
  // Room of its own for each: CSE would make one empty tensor of several.
  for (Value tensor : row) {
    auto type = cast<RankedTensorType>(tensor.getType());
    state.push_back(bufferization::AllocTensorOp::create(
        b, type, type.hasStaticShape() ? ValueRange() : ValueRange(size)));
  }
  size_t count = row.size();
  auto loop = scf::ForOp::create(
      b, createIndex(b, 0), rounds, createIndex(b, 1), state,
      [&](OpBuilder &nested, Location loc, Value round, ValueRange args) {
        ImplicitLocOpBuilder body(loc, nested);
        Value shift = arith::MulIOp::create(body, round, createIndex(body, 2));
        Value width = arith::ShLIOp::create(body, createIndex(body, 1), shift);
        Value wider = arith::AddIOp::create(body, width, width);
        scf::ValueVector there =
            mergeRuns(body, args.take_front(count), args.drop_front(count),
                      width, size, comesBefore);
        scf::ValueVector back = mergeRuns(body, there, args.take_front(count),
                                          wider, size, comesBefore);
        SmallVector<Value> results(back);
        llvm::append_range(results, there);
        scf::YieldOp::create(body, results);
      });
  return scf::ValueVector(loop.getResults().take_front(count));
}

SmallVector<Value> from_stablehlo::createSort(ImplicitLocOpBuilder &b,
                                              ValueRange tensors,
                                              int64_t dimension,
                                              ComesBefore comesBefore) {
  auto type = cast<RankedTensorType>(tensors[0].getType());
  int64_t staticSize = type.getDimSize(dimension);
  bool hasNothingToSort = !ShapedType::isDynamic(staticSize) && staticSize < 2;
  if (hasNothingToSort || llvm::is_contained(type.getShape(), 0))
    return llvm::to_vector(tensors);
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(b, b.getLoc(), tensors[0]);
  Value size = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[dimension]);
  Value rounds = createRounds(b, staticSize, size);
  if (type.getRank() == 1)
    return llvm::to_vector(
        ArrayRef<Value>(sortRow(b, tensors, rounds, size, comesBefore)));
  SmallVector<Value> zeros, bounds, steps;
  for (auto [dim, extent] : llvm::enumerate(sizes)) {
    if (static_cast<int64_t>(dim) == dimension)
      continue;
    zeros.push_back(createIndex(b, 0));
    bounds.push_back(getValueOrCreateConstantIndexOp(b, b.getLoc(), extent));
    steps.push_back(createIndex(b, 1));
    extent = b.getIndexAttr(1);
  }
  SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
  scf::LoopNest loops = scf::buildLoopNest(
      b, b.getLoc(), zeros, bounds, steps, tensors,
      [&](OpBuilder &nested, Location loc, ValueRange places,
          ValueRange carried) -> scf::ValueVector {
        ImplicitLocOpBuilder body(loc, nested);
        SmallVector<OpFoldResult> offsets(places.begin(), places.end());
        offsets.insert(offsets.begin() + dimension, body.getIndexAttr(0));
        SmallVector<Value> row;
        for (Value tensor : carried)
          row.push_back(tensor::ExtractSliceOp::create(
              body,
              RankedTensorType::get({staticSize}, getElementTypeOrSelf(tensor)),
              tensor, offsets, sizes, strides));
        scf::ValueVector results;
        for (auto [sorted, tensor] : llvm::zip_equal(
                 sortRow(body, row, rounds, size, comesBefore), carried))
          results.push_back(tensor::InsertSliceOp::create(
              body, sorted, tensor, offsets, sizes, strides));
        return results;
      });
  return llvm::to_vector(ArrayRef<Value>(loops.results));
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

namespace {
struct SortPattern : public HloPattern<stablehlo::SortOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::SortOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getComparator(), problem)))
      return this->reject(op, problem);
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t dimension = op.getDimension();
    if (dimension < 0)
      dimension += getType(op.getResult(0)).getRank();
    rewriter.replaceOp(
        op,
        createSort(
            b, adaptor.getInputs(), dimension,
            [&](ImplicitLocOpBuilder &nested, ValueRange lhs, ValueRange rhs) {
              SmallVector<Value> args;
              for (auto [l, r] : llvm::zip_equal(lhs, rhs))
                args.append({l, r});
              return inlineScalarRegion(nested, op.getComparator(), args)[0];
            }));
    return success();
  }
};

/// Sorts all elements with their numbers and cuts the first k off.
struct TopKPattern : public HloPattern<chlo::TopKOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(chlo::TopKOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(adaptor.getOperand().getType());
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    // Nothing is found, of nothing.
    RankedTensorType valuesType = getType(op.getValues());
    RankedTensorType indicesType = getType(op.getIndices());
    if (llvm::is_contained(valuesType.getShape(), 0) &&
        valuesType.hasStaticShape()) {
      rewriter.replaceOp(
          op, {createEmpty(b, valuesType), createEmpty(b, indicesType)});
      return success();
    }
    int64_t last = type.getRank() - 1;
    auto numbersType = type.clone(indicesType.getElementType());
    Value numbers = createIota(
        b, numbersType, getDynamicSizes(b, type, adaptor.getOperand()), last);
    Type element = getElementTypeOrSelf(op.getOperand());
    auto isLarger = [&](ImplicitLocOpBuilder &nested, ValueRange lhs,
                        ValueRange rhs) -> Value {
      Value left = lhs[0], right = rhs[0];
      if (isa<FloatType>(element)) {
        left = createOrderKey(nested, left);
        right = createOrderKey(nested, right);
      }
      return arith::CmpIOp::create(nested,
                                   isUnsignedElement(element)
                                       ? arith::CmpIPredicate::ugt
                                       : arith::CmpIPredicate::sgt,
                                   left, right);
    };
    SmallVector<Value> sorted =
        createSort(b, {adaptor.getOperand(), numbers}, last, isLarger);
    SmallVector<Value> results;
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes =
        tensor::getMixedSizes(b, b.getLoc(), adaptor.getOperand());
    sizes[last] = b.getIndexAttr(op.getK());
    for (auto [tensor, result] : llvm::zip_equal(sorted, op.getResults()))
      results.push_back(castTo(
          b, getType(result),
          tensor::ExtractSliceOp::create(b, tensor, offsets, sizes, strides)));
    rewriter.replaceOp(op, results);
    return success();
  }
};
} // namespace

void from_stablehlo::populateSortPatterns(const TypeConverter &converter,
                                          RewritePatternSet &patterns) {
  patterns.add<SortPattern, TopKPattern>(converter, patterns.getContext());
}
