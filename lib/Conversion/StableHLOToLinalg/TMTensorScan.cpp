//===- TMTensorScan.cpp - Running results of torch-mlir -------------------===//

#include "TMTensor.h"

#include "Patterns.h"
#include "Tensors.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// One step after the other, along the dimension and those before it; what the
/// dimensions after it hold is joined at once.
struct TMScanPattern : public HloPattern<tm_tensor::ScanOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(tm_tensor::ScanOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value input = adaptor.getInputs()[0];
    // Slices of tensors without elements are invalid, and change nothing.
    if (llvm::is_contained(getType(op.getInputs()[0]).getShape(), 0)) {
      rewriter.replaceOp(op, adaptor.getOutputs());
      return success();
    }
    int64_t loops = op.getDimension() + 1;
    SmallVector<Value> bounds;
    for (int64_t dim = 0; dim < loops; ++dim)
      bounds.push_back(b.createOrFold<tensor::DimOp>(input, dim));
    SmallVector<Value> zeros(loops, createIndex(b, 0));
    SmallVector<Value> ones(loops, createIndex(b, 1));
    rewriter.replaceOp(
        op, scf::buildLoopNest(
                b, b.getLoc(), zeros, bounds, ones, adaptor.getOutputs(),
                [&](OpBuilder &nested, Location loc, ValueRange places,
                    ValueRange carried) {
                  ImplicitLocOpBuilder body(loc, nested);
                  return createStep(body, op, input, places, carried);
                })
                .results);
    return success();
  }

private:
  /// A part of a tensor: the elements after a place.
  struct Part {
    Part(ImplicitLocOpBuilder &b, Value tensor, ValueRange place)
        : sizes(tensor::getMixedSizes(b, b.getLoc(), tensor)) {
      auto type = cast<RankedTensorType>(tensor.getType());
      offsets.append(place.begin(), place.end());
      offsets.append(type.getRank() - place.size(), b.getIndexAttr(0));
      std::fill_n(sizes.begin(), place.size(), b.getIndexAttr(1));
      strides.append(type.getRank(), b.getIndexAttr(1));
      rest = RankedTensorType::get(type.getShape().drop_front(place.size()),
                                   type.getElementType());
    }

    Value extract(ImplicitLocOpBuilder &b, Value tensor) const {
      return tensor::ExtractSliceOp::create(b, rest, tensor, offsets, sizes,
                                            strides);
    }
    Value insert(ImplicitLocOpBuilder &b, Value part, Value tensor) const {
      return tensor::InsertSliceOp::create(b, castTo(b, rest, part), tensor,
                                           offsets, sizes, strides);
    }

    SmallVector<OpFoldResult> offsets, sizes, strides;
    RankedTensorType rest;
  };

  /// The running result that follows `before`, which the accumulator holds. The
  /// first is the element itself or, of a scan that excludes it, the initial
  /// accumulator.
  static scf::ValueVector createStep(ImplicitLocOpBuilder &b,
                                     tm_tensor::ScanOp op, Value input,
                                     ValueRange places, ValueRange carried) {
    Value zero = createIndex(b, 0);
    Value isFirst =
        arith::CmpIOp::create(b, arith::CmpIPredicate::eq, places.back(), zero);
    SmallVector<Value> inputPlaces(places);
    if (!op.getInclusive())
      inputPlaces.back() = arith::MaxSIOp::create(
          b, zero,
          arith::SubIOp::create(b, places.back(), createIndex(b, 1))
              .getResult());
    auto join = [&](ImplicitLocOpBuilder &body, Value element,
                    Value before) -> Value {
      Value joined =
          cloneScalarBody(body, op.getRegion(), {before, element})[0];
      return arith::SelectOp::create(
          body, isFirst, op.getInclusive() ? element : before, joined);
    };
    ValueRange row = places.drop_back();
    if (cast<RankedTensorType>(input.getType()).getRank() ==
        static_cast<int64_t>(places.size())) {
      Value next = join(b, tensor::ExtractOp::create(b, input, inputPlaces),
                        tensor::ExtractOp::create(b, carried[1], row));
      return {tensor::InsertOp::create(b, next, carried[0], places).getResult(),
              tensor::InsertOp::create(b, next, carried[1], row).getResult()};
    }
    Part accumulator(b, carried[1], row);
    Value element = Part(b, input, inputPlaces).extract(b, input);
    Value before = accumulator.extract(b, carried[1]);
    int64_t rank = accumulator.rest.getRank();
    SmallVector<AffineMap> maps(2, b.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    Value next =
        linalg::GenericOp::create(
            b, TypeRange(before.getType()), element, before, maps, iterators,
            [&](OpBuilder &nested, Location loc, ValueRange args) {
              ImplicitLocOpBuilder body(loc, nested);
              linalg::YieldOp::create(body, join(body, args[0], args[1]));
            })
            .getResult(0);
    return {Part(b, carried[0], places).insert(b, next, carried[0]),
            accumulator.insert(b, next, carried[1])};
  }
};
} // namespace

void from_stablehlo::populateTMScanPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<TMScanPattern>(converter, patterns.getContext());
}
