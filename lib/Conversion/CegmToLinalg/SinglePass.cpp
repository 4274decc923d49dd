//===- SinglePass.cpp - All sums of a site in one pass --------------------===//

#include "SinglePass.h"

#include "WindowPass.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

std::optional<int64_t> to_linalg::getVectorFeature(const Rows &context,
                                                   const Rows &gradient) {
  // Of a tensor without elements there are no slices to load from.
  for (Value tensor : {context.tensor, gradient.tensor})
    if (llvm::is_contained(Emitter::typeOf(tensor).getShape(), 0))
      return std::nullopt;
  int64_t contextLast = Emitter::typeOf(context.tensor).getRank() - 1;
  int64_t gradientLast = Emitter::typeOf(gradient.tensor).getRank() - 1;
  for (auto [index, dims] :
       llvm::enumerate(llvm::zip_equal(context.features, gradient.features)))
    if (dims == std::tuple(contextLast, gradientLast))
      return index;
  return std::nullopt;
}

/// The part of a result that belongs to the window of index `batch..., window`,
/// which starts at `start`.
static SmallVector<Range> getPart(Emitter &emit, Value result, bool isWindow,
                                  ArrayRef<Value> batch, Value window,
                                  Value start, OpFoldResult length) {
  OpFoldResult zero = emit.getBuilder().getIndexAttr(0);
  OpFoldResult one = emit.getBuilder().getIndexAttr(1);
  SmallVector<Range> part;
  for (Value index : batch)
    part.push_back({index, one, one});
  if (isWindow)
    part.push_back({window, one, one});
  else
    part.push_back({start, length, one});
  for (int64_t dim = part.size(); dim < Emitter::typeOf(result).getRank();
       ++dim)
    part.push_back({zero, emit.sizeOf(result, dim), one});
  return part;
}

/// The positions of the window of up to `window` that begins at `start`.
static OpFoldResult getPositions(OpBuilder &b, Location loc, int64_t window,
                                 Value start, OpFoldResult length) {
  std::optional<int64_t> known = getConstantIntValue(length);
  if (known && *known % window == 0)
    return b.getIndexAttr(window);
  AffineExpr d0 = b.getAffineDimExpr(0), d1 = b.getAffineDimExpr(1);
  return affine::makeComposedFoldedAffineMin(
      b, loc,
      AffineMap::get(2, 0, {b.getAffineConstantExpr(window), d0 - d1},
                     b.getContext()),
      {length, OpFoldResult(start)});
}

SinglePassSums to_linalg::emitSinglePass(Emitter &emit, const Rows &context,
                                         const Rows &gradient,
                                         const SinglePassOptions &options) {
  OpBuilder &b = emit.getBuilder();
  Emitter::Sizes tokens = getTokenSizes(emit, context, gradient);
  OpFoldResult length = tokens.back();
  AffineExpr d0 = b.getAffineDimExpr(0);
  auto apply = [&](OpBuilder &b, AffineExpr expr,
                   ArrayRef<OpFoldResult> operands) {
    return affine::makeComposedFoldedAffineApply(
        b, emit.getLoc(), AffineMap::get(operands.size(), 0, expr), operands);
  };
  bool isWhole = options.window == 0;
  OpFoldResult count = isWhole ? OpFoldResult(b.getIndexAttr(1))
                               : apply(b, d0.ceilDiv(options.window), length);
  Emitter::Sizes windows(ArrayRef(tokens).drop_back());
  windows.push_back(count);
  Emitter::Sizes features = emit.sizesOf(context.tensor, context.features);
  Emitter::Sizes windowSums = windows;
  llvm::append_range(windowSums, features);

  SmallVector<Value> outputs;
  for (int i = 0; i < WindowPass::NumTokenSums; ++i)
    outputs.push_back(emit.empty(tokens, b.getF64Type()));
  if (options.withWindowSums)
    for (int i = 0; i < 2; ++i)
      outputs.push_back(emit.empty(windowSums, options.type));

  FloatType type = options.type;
  FeatureLoops loops(features, *getVectorFeature(context, gradient),
                     options.vectorBits / type.getWidth());
  auto body = [&](OpBuilder &b, Location loc, ValueRange arguments) {
    Emitter inner(b, loc);
    Arithmetic a = inner.scalars();
    SmallVector<Value> batch(arguments.take_front(windows.size()));
    Value window = batch.pop_back_val();
    Value start = getValueOrCreateConstantIndexOp(
        b, loc, apply(b, d0 * options.window, OpFoldResult(window)));
    OpFoldResult positions =
        isWhole ? length : getPositions(b, loc, options.window, start, length);

    ValueRange results = arguments.drop_front(windows.size());
    SmallVector<SmallVector<Range>> parts;
    SmallVector<Value> slices;
    for (auto [index, result] : llvm::enumerate(results)) {
      bool isWindow = index >= WindowPass::NumTokenSums;
      parts.push_back(
          getPart(inner, result, isWindow, batch, window, start, positions));
      SmallVector<OpFoldResult> offsets, sizes, strides;
      for (Range range : parts.back()) {
        offsets.push_back(range.offset);
        sizes.push_back(range.size);
        strides.push_back(range.stride);
      }
      int64_t rank = isWindow ? features.size() : 1;
      auto type = RankedTensorType::get(
          decomposeMixedValues(
              SmallVector<OpFoldResult>(ArrayRef(sizes).take_back(rank)))
              .first,
          Emitter::typeOf(result).getElementType());
      slices.push_back(tensor::ExtractSliceOp::create(b, loc, type, result,
                                                      offsets, sizes, strides));
    }
    WindowPass pass{context, gradient, loops,    options.type,
                    batch,   start,    positions};
    slices = pass.run(a, slices);
    auto terminator = scf::InParallelOp::create(b, loc);
    b.setInsertionPointToStart(terminator.getBody());
    for (auto [slice, result, part] : llvm::zip_equal(slices, results, parts))
      tensor::ParallelInsertSliceOp::create(b, loc, slice, result, part);
  };
  auto forall = scf::ForallOp::create(b, emit.getLoc(), windows, outputs,
                                      /*mapping=*/std::nullopt, body);
  SinglePassSums sums;
  sums.tokens = {forall.getResult(0), forall.getResult(1), forall.getResult(2)};
  if (options.withWindowSums) {
    sums.contextWindows = Rows::inOrder(
        forall.getResult(WindowPass::NumTokenSums), tokens.size());
    sums.gradientWindows = Rows::inOrder(
        forall.getResult(WindowPass::NumTokenSums + 1), tokens.size());
  }
  return sums;
}
