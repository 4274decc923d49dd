//===- Reductions.cpp - Reductions of dimensions --------------------------===//

#include "Patterns.h"
#include "Regions.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// Whether the region is one sum or product of numbers of 16 bits. These are
/// accumulated in f32, for their own rounding would soon swallow all terms.
static bool needsWideAccumulator(stablehlo::ReduceOp op) {
  Block &body = op.getBody().front();
  Type element = getElementTypeOrSelf(op.getInputs()[0]);
  return op.getInputs().size() == 1 && isa<FloatType>(element) &&
         element.getIntOrFloatBitWidth() == 16 &&
         llvm::hasNItems(body.without_terminator(), 1) &&
         isa<stablehlo::AddOp, stablehlo::MulOp>(body.front());
}

namespace {
struct ReducePattern : public HloPattern<stablehlo::ReduceOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ReduceOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getBody(), problem)))
      return this->reject(op, problem);
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value first = adaptor.getInputs()[0];
    int64_t rank = cast<RankedTensorType>(first.getType()).getRank();
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    for (int64_t dim : op.getDimensions())
      iterators[dim] = utils::IteratorType::reduction;
    SmallVector<AffineExpr> kept;
    SmallVector<Value> keptSizes;
    auto type = getType(op.getResult(0));
    for (int64_t dim = 0; dim < rank; ++dim) {
      if (iterators[dim] == utils::IteratorType::reduction)
        continue;
      if (type.isDynamicDim(kept.size()))
        keptSizes.push_back(b.createOrFold<tensor::DimOp>(first, dim));
      kept.push_back(b.getAffineDimExpr(dim));
    }

    bool isWide = needsWideAccumulator(op);
    SmallVector<Value> inits;
    SmallVector<Type> types;
    for (auto [result, init] :
         llvm::zip_equal(op.getResults(), adaptor.getInitValues())) {
      RankedTensorType resultType = getType(result);
      Value scalar = getScalar(b, init);
      if (isWide) {
        resultType = resultType.clone(b.getF32Type());
        scalar = arith::ExtFOp::create(b, b.getF32Type(), scalar);
      }
      types.push_back(resultType);
      inits.push_back(createFilled(b, resultType, scalar, keptSizes));
    }
    size_t count = inits.size();
    SmallVector<AffineMap> maps(count, b.getMultiDimIdentityMap(rank));
    maps.append(count, AffineMap::get(rank, 0, kept, b.getContext()));
    auto generic = linalg::GenericOp::create(
        b, types, adaptor.getInputs(), inits, maps, iterators,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          ImplicitLocOpBuilder body(loc, nested);
          linalg::YieldOp::create(
              body, isWide ? createWideStep(body, op, args)
                           : inlineScalarRegion(body, op.getBody(),
                                                swapHalves(args, count)));
        });
    SmallVector<Value> results(generic.getResults());
    if (isWide)
      results[0] = createRounded(b, type, keptSizes, results[0]);
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// StableHLO has the accumulators first, linalg the elements.
  static SmallVector<Value> swapHalves(ValueRange args, size_t count) {
    SmallVector<Value> swapped(args.drop_front(count));
    llvm::append_range(swapped, args.take_front(count));
    return swapped;
  }

  static SmallVector<Value> createWideStep(ImplicitLocOpBuilder &b,
                                           stablehlo::ReduceOp op,
                                           ValueRange args) {
    Value element = arith::ExtFOp::create(b, b.getF32Type(), args[0]);
    if (isa<stablehlo::AddOp>(op.getBody().front().front()))
      return {arith::AddFOp::create(b, args[1], element)};
    return {arith::MulFOp::create(b, args[1], element)};
  }
};
} // namespace

void from_stablehlo::populateReductionPatterns(const TypeConverter &converter,
                                               RewritePatternSet &patterns) {
  patterns.add<ReducePattern>(converter, patterns.getContext());
}
