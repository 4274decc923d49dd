//===- TMTensor.cpp - What torch-mlir has beside linalg -------------------===//

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "Patterns.h"
#include "Sort.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// Writes the body of an op, whose code is on scalars already.
static SmallVector<Value> cloneBody(ImplicitLocOpBuilder &b, Region &region,
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
    if (!isStatic(op.getUpdates()) || !isStatic(op.getOriginal()))
      return this->reject(op, "its shape is dynamic");
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
    SmallVector<OpFoldResult> starts(type.getRank(), b.getIndexAttr(0)), sizes,
        updateStarts(updatesType.getRank(), b.getIndexAttr(0)), updateSizes;
    for (auto [column, dim] : llvm::enumerate(op.getDimensionMap()))
      starts[dim] = createIndex(
          b, tensor::ExtractOp::create(
                 b, indices, ValueRange{number, createIndex(b, column)}));
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      sizes.push_back(
          b.getIndexAttr(dim < firstDim ? 1 : window[dim - firstDim]));
    updateStarts[0] = number;
    updateSizes.push_back(b.getIndexAttr(1));
    for (int64_t size : window)
      updateSizes.push_back(b.getIndexAttr(size));
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
          linalg::YieldOp::create(body, cloneBody(body, op.getRegion(), args));
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
    if (!llvm::all_of(op.getOutputs(), isStatic))
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(
        op, createSort(b, adaptor.getOutputs(), op.getDimension(),
                       [&](ImplicitLocOpBuilder &nested, ValueRange lhs,
                           ValueRange rhs) {
                         SmallVector<Value> args;
                         for (auto [l, r] : llvm::zip_equal(lhs, rhs))
                           args.append({l, r});
                         return cloneBody(nested, op.getRegion(), args)[0];
                       }));
    return success();
  }
};
} // namespace

void from_stablehlo::populateTMTensorPatterns(const TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns.add<TMScatterPattern, TMSortPattern>(converter,
                                                patterns.getContext());
}
