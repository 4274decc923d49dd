//===- Windows.cpp - Reductions of moving windows -------------------------===//

#include "CumulativeReductions.h"
#include "Patterns.h"
#include "Regions.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static SmallVector<int64_t> getOrOnes(std::optional<ArrayRef<int64_t>> values,
                                      int64_t rank) {
  return values ? SmallVector<int64_t>(*values) : SmallVector<int64_t>(rank, 1);
}

/// Padding as pairs, one for each dimension.
static void getPadding(DenseIntElementsAttr padding, int64_t rank,
                       SmallVector<int64_t> &low, SmallVector<int64_t> &high) {
  low.assign(rank, 0);
  high.assign(rank, 0);
  if (!padding)
    return;
  for (auto [index, value] : llvm::enumerate(padding.getValues<int64_t>()))
    (index % 2 ? high : low)[index / 2] = value;
}

namespace {
/// A loop nest over results and window positions, of which the latter reduce.
/// What lies outside the inputs is the initial value, as the specification has
/// it.
struct ReduceWindowPattern : public HloPattern<stablehlo::ReduceWindowOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ReduceWindowOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getBody(), problem)))
      return this->reject(op, problem);
    auto source = cast<RankedTensorType>(adaptor.getInputs()[0].getType());
    if (!source.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value init = getScalar(b, adaptor.getInitValues()[0]);
    if (std::optional<Cumulative> cumulative = matchCumulative(op, init)) {
      rewriter.replaceOp(op, createCumulative(b, op, *cumulative,
                                              adaptor.getInputs()[0], init,
                                              getType(op.getResult(0))));
      return success();
    }
    int64_t rank = source.getRank();
    ArrayRef<int64_t> window = op.getWindowDimensions();
    SmallVector<int64_t> strides = getOrOnes(op.getWindowStrides(), rank);
    SmallVector<int64_t> dilations = getOrOnes(op.getWindowDilations(), rank);
    SmallVector<int64_t> interior = getOrOnes(op.getBaseDilations(), rank);
    for (int64_t &factor : interior)
      --factor;
    SmallVector<int64_t> low, high;
    getPadding(op.getPaddingAttr(), rank, low, high);

    SmallVector<Value> inputs, inits;
    SmallVector<Type> types;
    for (auto [input, init, result] : llvm::zip_equal(
             adaptor.getInputs(), adaptor.getInitValues(), op.getResults())) {
      Value scalar = getScalar(b, init);
      inputs.push_back(createPad(b, input, scalar, low, high, interior));
      inits.push_back(createFilled(b, getType(result), scalar));
      types.push_back(getType(result));
    }
    // An operand without elements that are read tells the size of the window.
    size_t count = inputs.size();
    inputs.push_back(
        createEmpty(b, RankedTensorType::get(window, source.getElementType())));

    SmallVector<AffineExpr> places, windowDims;
    for (int64_t dim = 0; dim < rank; ++dim) {
      windowDims.push_back(b.getAffineDimExpr(rank + dim));
      places.push_back(b.getAffineDimExpr(dim) * strides[dim] +
                       windowDims.back() * dilations[dim]);
    }
    AffineMap place = AffineMap::get(2 * rank, 0, places, b.getContext());
    SmallVector<AffineMap> maps(count, place);
    maps.push_back(AffineMap::get(2 * rank, 0, windowDims, b.getContext()));
    maps.append(count,
                AffineMap::getMultiDimIdentityMap(2 * rank, b.getContext())
                    .getMajorSubMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    iterators.append(rank, utils::IteratorType::reduction);
    auto generic = linalg::GenericOp::create(
        b, types, inputs, inits, maps, iterators,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          ImplicitLocOpBuilder body(loc, nested);
          SmallVector<Value> elements(args.take_back(count));
          llvm::append_range(elements, args.take_front(count));
          linalg::YieldOp::create(
              body, inlineScalarRegion(body, op.getBody(), elements));
        });
    rewriter.replaceOp(op, generic.getResults());
    return success();
  }
};

/// One window after the other: the place of the element that wins is looked
/// for, and what belongs to the window is scattered there.
struct SelectAndScatterPattern
    : public HloPattern<stablehlo::SelectAndScatterOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::SelectAndScatterOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getSelect(), problem)) ||
        failed(checkScalarRegion(op.getScatter(), problem)))
      return this->reject(op, problem);
    auto type = getType(op.getResult());
    auto source = cast<RankedTensorType>(adaptor.getSource().getType());
    if (!type.hasStaticShape() || !source.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t rank = type.getRank();
    Value zero = createIndex(b, 0), one = createIndex(b, 1);
    SmallVector<Value> zeros(rank, zero), ones(rank, one), bounds;
    for (int64_t size : source.getShape())
      bounds.push_back(createIndex(b, size));
    Value init = createFilled(b, type, getScalar(b, adaptor.getInitValue()));
    scf::LoopNest loops = scf::buildLoopNest(
        b, b.getLoc(), zeros, bounds, ones, init,
        [&](OpBuilder &nested, Location loc, ValueRange places,
            ValueRange carried) -> scf::ValueVector {
          ImplicitLocOpBuilder body(loc, nested);
          SmallVector<Value> winner =
              findWinner(body, op, adaptor.getOperand(), places);
          Value current = tensor::ExtractOp::create(body, carried[0], winner);
          Value update =
              tensor::ExtractOp::create(body, adaptor.getSource(), places);
          SmallVector<Value> sum =
              inlineScalarRegion(body, op.getScatter(), {current, update});
          return {tensor::InsertOp::create(body, sum[0], carried[0], winner)};
        });
    rewriter.replaceOp(op, loops.results);
    return success();
  }

private:
  /// The place of the element that the window number `places` selects.
  static SmallVector<Value> findWinner(ImplicitLocOpBuilder &b,
                                       stablehlo::SelectAndScatterOp op,
                                       Value operand, ValueRange places) {
    auto type = cast<RankedTensorType>(operand.getType());
    int64_t rank = type.getRank();
    SmallVector<int64_t> window = getOrOnes(op.getWindowDimensions(), rank);
    SmallVector<int64_t> strides = getOrOnes(op.getWindowStrides(), rank);
    SmallVector<int64_t> low, high;
    getPadding(op.getPaddingAttr(), rank, low, high);
    Value zero = createIndex(b, 0), one = createIndex(b, 1);
    SmallVector<Value> starts, zeros(rank, zero), ones(rank, one), bounds;
    for (int64_t dim = 0; dim < rank; ++dim) {
      Value start =
          arith::MulIOp::create(b, places[dim], createIndex(b, strides[dim]));
      starts.push_back(
          arith::SubIOp::create(b, start, createIndex(b, low[dim])));
      bounds.push_back(createIndex(b, window[dim]));
    }
    // What was found so far: whether there is one, the element, its place.
    Type element = type.getElementType();
    SmallVector<Value> state = {
        arith::ConstantIntOp::create(b, 0, 1),
        arith::ConstantOp::create(b, b.getZeroAttr(element))};
    llvm::append_range(state, zeros);
    scf::LoopNest loops = scf::buildLoopNest(
        b, b.getLoc(), zeros, bounds, ones, state,
        [&](OpBuilder &nested, Location loc, ValueRange offsets,
            ValueRange found) -> scf::ValueVector {
          ImplicitLocOpBuilder body(loc, nested);
          SmallVector<Value> place, safe;
          Value isInside = arith::ConstantIntOp::create(body, 1, 1);
          for (int64_t dim = 0; dim < rank; ++dim) {
            place.push_back(
                arith::AddIOp::create(body, starts[dim], offsets[dim]));
            Value size = createIndex(body, type.getDimSize(dim));
            Value fits = arith::CmpIOp::create(body, arith::CmpIPredicate::ult,
                                               place[dim], size);
            isInside = arith::AndIOp::create(body, isInside, fits);
            safe.push_back(
                arith::SelectOp::create(body, fits, place[dim], zero));
          }
          Value value = tensor::ExtractOp::create(body, operand, safe);
          Value keeps =
              inlineScalarRegion(body, op.getSelect(), {found[1], value})[0];
          keeps = arith::AndIOp::create(body, keeps, found[0]);
          Value isBetter = arith::AndIOp::create(
              body, isInside,
              arith::XOrIOp::create(body, keeps,
                                    arith::ConstantIntOp::create(body, 1, 1)));
          scf::ValueVector next = {
              arith::OrIOp::create(body, found[0], isInside),
              arith::SelectOp::create(body, isBetter, value, found[1])};
          for (auto [index, old] : llvm::zip_equal(place, found.drop_front(2)))
            next.push_back(arith::SelectOp::create(body, isBetter, index, old));
          return next;
        });
    return SmallVector<Value>(ArrayRef<Value>(loops.results).drop_front(2));
  }
};
} // namespace

void from_stablehlo::populateWindowPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<ReduceWindowPattern, SelectAndScatterPattern>(
      converter, patterns.getContext());
}
