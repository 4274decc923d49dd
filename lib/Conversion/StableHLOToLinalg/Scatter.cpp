//===- Scatter.cpp - Updates at computed places ---------------------------===//

#include "Patterns.h"
#include "Regions.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// Where the windows of a scatter lie.
struct Windows {
  /// `inputValue` and `updatesValue` are the first of each, converted.
  Windows(ImplicitLocOpBuilder &b, stablehlo::ScatterOp op, Value inputValue,
          Value updatesValue)
      : numbers(op.getScatterDimensionNumbers()),
        input(cast<RankedTensorType>(inputValue.getType())),
        updates(cast<RankedTensorType>(updatesValue.getType())),
        updateSizes(tensor::getMixedSizes(b, b.getLoc(), updatesValue)) {
    for (int64_t dim = 0; dim < updates.getRank(); ++dim)
      if (!llvm::is_contained(numbers.getUpdateWindowDims(), dim))
        scatterDims.push_back(dim);
    size_t next = 0;
    for (int64_t dim = 0; dim < input.getRank(); ++dim) {
      if (llvm::is_contained(numbers.getInsertedWindowDims(), dim) ||
          llvm::is_contained(numbers.getInputBatchingDims(), dim)) {
        sizes.push_back(b.getIndexAttr(1));
        continue;
      }
      int64_t updateDim = numbers.getUpdateWindowDims()[next++];
      sizes.push_back(updateSizes[updateDim]);
      shape.push_back(updates.getDimSize(updateDim));
    }
    for (int64_t dim : numbers.getScatterDimsToOperandDims())
      rooms.push_back(createRoom(b, inputValue, dim));
  }

  bool areSingleElements() const {
    return llvm::all_of(sizes,
                        [](OpFoldResult size) { return isOneInteger(size); });
  }

  stablehlo::ScatterDimensionNumbersAttr numbers;
  RankedTensorType input, updates;
  SmallVector<OpFoldResult> updateSizes;
  /// Dimensions of the updates that number the windows.
  SmallVector<int64_t> scatterDims;
  /// The size of a window in each dimension of the input, and its own shape.
  SmallVector<OpFoldResult> sizes;
  SmallVector<int64_t> shape;
  /// For each component of the indices, how many places a window can have.
  SmallVector<Value> rooms;

private:
  Value createRoom(ImplicitLocOpBuilder &b, Value inputValue, int64_t dim) {
    Value size = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[dim]);
    Value last = b.createOrFold<arith::SubIOp>(
        b.createOrFold<tensor::DimOp>(inputValue, dim), size);
    return b.createOrFold<arith::MaxSIOp>(
        b.createOrFold<arith::AddIOp>(last, createIndex(b, 1)),
        createIndex(b, 0));
  }
};

/// Windows follow one another, for they may overlap, in the order of the
/// indices: a loop carries the results. In a window, all elements are updated
/// at once by a linalg.generic. A window that does not lie inside the input, as
/// a whole, is left out.
struct ScatterPattern : public HloPattern<stablehlo::ScatterOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ScatterOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getUpdateComputation(), problem)))
      return this->reject(op, problem);
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Windows windows(b, op, adaptor.getInputs()[0], adaptor.getUpdates()[0]);
    SmallVector<Value> zeros, bounds, steps;
    for (int64_t dim : windows.scatterDims) {
      zeros.push_back(createIndex(b, 0));
      bounds.push_back(getValueOrCreateConstantIndexOp(
          b, b.getLoc(), windows.updateSizes[dim]));
      steps.push_back(createIndex(b, 1));
    }
    SmallVector<Value> inputs(adaptor.getInputs());
    if (windows.scatterDims.empty()) {
      rewriter.replaceOp(op, updateWindow(b, op, adaptor, windows, {}, inputs));
      return success();
    }
    scf::LoopNest loops = scf::buildLoopNest(
        b, b.getLoc(), zeros, bounds, steps, inputs,
        [&](OpBuilder &nested, Location loc, ValueRange places,
            ValueRange carried) -> scf::ValueVector {
          ImplicitLocOpBuilder body(loc, nested);
          return updateWindow(body, op, adaptor, windows, places, carried);
        });
    rewriter.replaceOp(op, loops.results);
    return success();
  }

private:
  /// One window, whose number is `places`, if it lies inside the input.
  static scf::ValueVector updateWindow(ImplicitLocOpBuilder &b,
                                       stablehlo::ScatterOp op, Adaptor adaptor,
                                       const Windows &windows,
                                       ValueRange places, ValueRange carried) {
    SmallVector<OpFoldResult> starts(windows.input.getRank(),
                                     b.getIndexAttr(0));
    Value isInside;
    int64_t vectorDim = windows.numbers.getIndexVectorDim();
    bool isUnsigned =
        getElementTypeOrSelf(op.getScatterIndices()).isUnsignedInteger();
    for (auto [component, dim] :
         llvm::enumerate(windows.numbers.getScatterDimsToOperandDims())) {
      SmallVector<Value> indexPlaces(places);
      if (vectorDim <
          cast<RankedTensorType>(op.getScatterIndices().getType()).getRank())
        indexPlaces.insert(indexPlaces.begin() + vectorDim,
                           createIndex(b, component));
      Value index =
          createIndex(b,
                      tensor::ExtractOp::create(b, adaptor.getScatterIndices(),
                                                indexPlaces),
                      isUnsigned);
      starts[dim] = index;
      // Without sign, a negative index is a large one.
      Value fits = arith::CmpIOp::create(b, arith::CmpIPredicate::ult, index,
                                         windows.rooms[component]);
      isInside = isInside ? arith::AndIOp::create(b, isInside, fits) : fits;
    }
    for (auto [dim, indicesDim] :
         llvm::zip_equal(windows.numbers.getInputBatchingDims(),
                         windows.numbers.getScatterIndicesBatchingDims()))
      starts[dim] = places[indicesDim - (indicesDim > vectorDim ? 1 : 0)];
    if (!isInside)
      return writeWindow(b, op, adaptor, windows, starts, places, carried);
    auto choice = scf::IfOp::create(
        b, isInside,
        [&](OpBuilder &nested, Location loc) {
          ImplicitLocOpBuilder body(loc, nested);
          scf::YieldOp::create(body, writeWindow(body, op, adaptor, windows,
                                                 starts, places, carried));
        },
        [&](OpBuilder &nested, Location loc) {
          scf::YieldOp::create(nested, loc, carried);
        });
    return scf::ValueVector(choice.getResults());
  }

  static scf::ValueVector writeWindow(ImplicitLocOpBuilder &b,
                                      stablehlo::ScatterOp op, Adaptor adaptor,
                                      const Windows &windows,
                                      ArrayRef<OpFoldResult> starts,
                                      ValueRange places, ValueRange carried) {
    SmallVector<OpFoldResult> updateStarts(windows.updates.getRank(),
                                           b.getIndexAttr(0));
    SmallVector<OpFoldResult> updateSizes = windows.updateSizes;
    for (auto [dim, place] : llvm::zip_equal(windows.scatterDims, places)) {
      updateStarts[dim] = place;
      updateSizes[dim] = b.getIndexAttr(1);
    }
    size_t count = carried.size();
    scf::ValueVector results;
    if (windows.areSingleElements()) {
      auto toValues = [&](ArrayRef<OpFoldResult> indices) {
        return getValueOrCreateConstantIndexOp(b, b.getLoc(), indices);
      };
      SmallVector<Value> inputPlace = toValues(starts);
      SmallVector<Value> updatePlace = toValues(updateStarts);
      SmallVector<Value> elements;
      for (Value tensor : carried)
        elements.push_back(tensor::ExtractOp::create(b, tensor, inputPlace));
      for (Value update : adaptor.getUpdates())
        elements.push_back(tensor::ExtractOp::create(b, update, updatePlace));
      SmallVector<Value> updated =
          inlineScalarRegion(b, op.getUpdateComputation(), elements);
      for (auto [element, tensor] : llvm::zip_equal(updated, carried))
        results.push_back(
            tensor::InsertOp::create(b, element, tensor, inputPlace));
      return results;
    }

    auto getWindow = [&](Value tensor, ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> extents) -> Value {
      SmallVector<OpFoldResult> strides(offsets.size(), b.getIndexAttr(1));
      auto type =
          RankedTensorType::get(windows.shape, getElementTypeOrSelf(tensor));
      return tensor::ExtractSliceOp::create(b, type, tensor, offsets, extents,
                                            strides);
    };
    SmallVector<Value> updates, currents;
    for (Value update : adaptor.getUpdates())
      updates.push_back(getWindow(update, updateStarts, updateSizes));
    for (Value tensor : carried)
      currents.push_back(getWindow(tensor, starts, windows.sizes));
    int64_t rank = windows.shape.size();
    SmallVector<AffineMap> maps(2 * count, b.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    auto generic = linalg::GenericOp::create(
        b, ValueRange(currents).getTypes(), updates, currents, maps, iterators,
        [&](OpBuilder &nested, Location loc, ValueRange args) {
          ImplicitLocOpBuilder body(loc, nested);
          SmallVector<Value> elements(args.drop_front(count));
          llvm::append_range(elements, args.take_front(count));
          linalg::YieldOp::create(
              body,
              inlineScalarRegion(body, op.getUpdateComputation(), elements));
        });
    SmallVector<OpFoldResult> strides(starts.size(), b.getIndexAttr(1));
    for (auto [window, tensor] : llvm::zip_equal(generic.getResults(), carried))
      results.push_back(tensor::InsertSliceOp::create(
          b, window, tensor, SmallVector<OpFoldResult>(starts), windows.sizes,
          strides));
    return results;
  }
};
} // namespace

void from_stablehlo::populateScatterPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<ScatterPattern>(converter, patterns.getContext());
}
