//===- TMTensor.cpp - What torch-mlir has beside linalg -------------------===//

#include "TMTensor.h"

#include "Patterns.h"
#include "Sort.h"
#include "Tensors.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

SmallVector<Value> from_stablehlo::cloneScalarBody(ImplicitLocOpBuilder &b,
                                                   Region &region,
                                                   ValueRange args) {
  IRMapping mapping;
  mapping.map(region.getArguments(), args);
  Block &body = region.front();
  for (Operation &op : body.without_terminator())
    b.clone(op, mapping);
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
}

static bool isStatic(Value value) {
  return cast<RankedTensorType>(value.getType()).hasStaticShape();
}

namespace {
/// One window after the other, as of stablehlo.scatter. Indices are inside.
struct TMScatterPattern : public HloPattern<tm_tensor::ScatterOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(tm_tensor::ScatterOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value updates = adaptor.getInputs()[0], indices = adaptor.getInputs()[1];
    auto loop = scf::ForOp::create(
        b, createIndex(b, 0), b.createOrFold<tensor::DimOp>(updates, 0),
        createIndex(b, 1), adaptor.getOutputs(),
        [&](OpBuilder &nested, Location loc, Value number, ValueRange carried) {
          ImplicitLocOpBuilder body(loc, nested);
          scf::YieldOp::create(body, updateWindow(body, op, updates, indices,
                                                  number, carried[0]));
        });
    rewriter.replaceOp(op, loop.getResults());
    return success();
  }

private:
  static Value updateWindow(ImplicitLocOpBuilder &b, tm_tensor::ScatterOp op,
                            Value updates, Value indices, Value number,
                            Value current) {
    auto type = cast<RankedTensorType>(current.getType());
    auto updatesType = cast<RankedTensorType>(updates.getType());
    ArrayRef<int64_t> window = updatesType.getShape().drop_front();
    int64_t firstDim = op.getFirstWindowDim();
    SmallVector<OpFoldResult> starts(type.getRank(), b.getIndexAttr(0)),
        sizes(firstDim, b.getIndexAttr(1)),
        updateStarts(updatesType.getRank(), b.getIndexAttr(0)),
        updateSizes = tensor::getMixedSizes(b, b.getLoc(), updates);
    for (auto [column, dim] : llvm::enumerate(op.getDimensionMap()))
      starts[dim] = createIndex(
          b, tensor::ExtractOp::create(
                 b, indices, ValueRange{number, createIndex(b, column)}));
    llvm::append_range(sizes, ArrayRef(updateSizes).drop_front());
    updateStarts[0] = number;
    updateSizes[0] = b.getIndexAttr(1);
    auto getWindow = [&](Value tensor, ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> extents) -> Value {
      SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
      return tensor::ExtractSliceOp::create(
          b, RankedTensorType::get(window, getElementTypeOrSelf(tensor)),
          tensor, offsets, extents, strides);
    };
    Value update = getWindow(updates, updateStarts, updateSizes);
    Value old = getWindow(current, starts, sizes);
    int64_t rank = window.size();
    SmallVector<AffineMap> maps(2, b.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    auto generic = linalg::GenericOp::create(
        b, TypeRange(old.getType()), update, old, maps, iterators,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          ImplicitLocOpBuilder body(loc, nested);
          linalg::YieldOp::create(body,
                                  cloneScalarBody(body, op.getRegion(), args));
        });
    SmallVector<OpFoldResult> strides(starts.size(), b.getIndexAttr(1));
    return tensor::InsertSliceOp::create(b, generic.getResult(0), current,
                                         starts, sizes, strides);
  }
};

struct TMSortPattern : public HloPattern<tm_tensor::SortOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(tm_tensor::SortOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op,
        createSort(
            b, adaptor.getOutputs(), op.getDimension(),
            [&](ImplicitLocOpBuilder &nested, ValueRange lhs, ValueRange rhs) {
              SmallVector<Value> args;
              for (auto [l, r] : llvm::zip_equal(lhs, rhs))
                args.append({l, r});
              return cloneScalarBody(nested, op.getRegion(), args)[0];
            }));
    return success();
  }
};

/// The first k after a sort of the inputs together with what the outputs hold.
struct TMTopkPattern : public HloPattern<tm_tensor::TopkOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(tm_tensor::TopkOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    if (!isStatic(op.getInputs()[0]) ||
        !llvm::all_of(op.getOutputs(), isStatic))
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    int64_t dimension = op.getDimension();
    SmallVector<Value> inputs(adaptor.getInputs());
    auto type = cast<RankedTensorType>(inputs[0].getType());
    auto numbersType =
        cast<RankedTensorType>(adaptor.getOutputs()[1].getType());
    if (inputs.size() == 1)
      inputs.push_back(createIota(b, type.clone(numbersType.getElementType()),
                                  {}, dimension));
    SmallVector<Value> all;
    for (auto [input, output] : llvm::zip_equal(inputs, adaptor.getOutputs()))
      all.push_back(join(b, input, output, dimension));
    SmallVector<Value> sorted = createSort(
        b, all, dimension,
        [&](ImplicitLocOpBuilder &nested, ValueRange lhs, ValueRange rhs) {
          return cloneScalarBody(nested, op.getRegion(), {lhs[0], rhs[0]})[0];
        });
    SmallVector<Value> results;
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    for (auto [tensor, output] :
         llvm::zip_equal(sorted, adaptor.getOutputs())) {
      auto outputType = cast<RankedTensorType>(output.getType());
      results.push_back(tensor::ExtractSliceOp::create(
          b, outputType, tensor, offsets,
          getAsIndexOpFoldResult(b.getContext(), outputType.getShape()),
          strides));
    }
    rewriter.replaceOp(op, results);
    return success();
  }

private:
  /// `first` and then `second` along the dimension.
  static Value join(ImplicitLocOpBuilder &b, Value first, Value second,
                    int64_t dimension) {
    auto type = cast<RankedTensorType>(first.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape[dimension] +=
        cast<RankedTensorType>(second.getType()).getDimSize(dimension);
    Value result = createEmpty(b, type.clone(shape));
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    for (Value part : {first, second}) {
      ArrayRef<int64_t> sizes =
          cast<RankedTensorType>(part.getType()).getShape();
      result = tensor::InsertSliceOp::create(
          b, part, result, offsets,
          getAsIndexOpFoldResult(b.getContext(), sizes), strides);
      offsets[dimension] = b.getIndexAttr(sizes[dimension]);
    }
    return result;
  }
};
} // namespace

void from_stablehlo::populateTMTensorPatterns(const TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  populateTMScanPatterns(converter, patterns);
  populateTMAttentionPatterns(converter, patterns);
  patterns.add<TMScatterPattern, TMSortPattern, TMTopkPattern>(
      converter, patterns.getContext());
}
