//===- Rows.cpp - Sums over features and over windows ---------------------===//

#include "Rows.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;
using utils::IteratorType;

Rows Rows::inOrder(Value tensor, int64_t tokens) {
  int64_t rank = Emitter::typeOf(tensor).getRank();
  return {tensor, llvm::to_vector(llvm::seq<int64_t>(tokens)),
          llvm::to_vector(llvm::seq<int64_t>(tokens, rank))};
}

AffineMap Rows::getMap(int64_t rank, ArrayRef<AffineExpr> tokenExprs,
                       ArrayRef<AffineExpr> featureExprs) const {
  SmallVector<AffineExpr> exprs(tokens.size() + features.size());
  for (auto [dim, expr] : llvm::zip_equal(tokens, tokenExprs))
    exprs[dim] = expr;
  for (auto [dim, expr] : llvm::zip_equal(features, featureExprs))
    exprs[dim] = expr;
  return AffineMap::get(rank, 0, exprs, tensor.getContext());
}

static SmallVector<AffineExpr> getDims(MLIRContext *context, int64_t start,
                                       int64_t count) {
  SmallVector<AffineExpr> exprs;
  for (int64_t dim = start; dim < start + count; ++dim)
    exprs.push_back(getAffineDimExpr(dim, context));
  return exprs;
}

Emitter::Sizes to_linalg::getTokenSizes(Emitter &emit, const Rows &context,
                                        const Rows &gradient) {
  Emitter::Sizes sizes = emit.sizesOf(context.tensor, context.tokens);
  RankedTensorType other = Emitter::typeOf(gradient.tensor);
  for (auto [size, dim] : llvm::zip_equal(sizes, gradient.tokens))
    if (!other.isDynamicDim(dim))
      size = emit.getBuilder().getIndexAttr(other.getDimSize(dim));
  return sizes;
}

Sums to_linalg::emitSums(Emitter &emit, const Rows &context,
                         const Rows &gradient, Value metric) {
  int64_t tokenCount = context.tokens.size();
  int64_t featureCount = context.features.size();
  int64_t rank = tokenCount + featureCount;
  auto tokens = getDims(emit.getContext(), 0, tokenCount);
  auto features = getDims(emit.getContext(), tokenCount, featureCount);

  SmallVector<Access> inputs = {
      {context.tensor, context.getMap(rank, tokens, features)},
      {gradient.tensor, gradient.getMap(rank, tokens, features)}};
  if (metric)
    inputs.push_back(
        {metric, AffineMap::get(rank, 0, features, emit.getContext())});
  Type wide = emit.scalars().getF64();
  AffineMap perToken = AffineMap::get(rank, 0, tokens, emit.getContext());
  Emitter::Sizes sizes = getTokenSizes(emit, context, gradient);
  SmallVector<Access> outputs;
  for (int i = 0; i < 3; ++i)
    outputs.push_back({emit.filled(sizes, wide, 0.0), perToken});
  SmallVector<IteratorType> iterators(tokenCount, IteratorType::parallel);
  iterators.append(featureCount, IteratorType::reduction);
  SmallVector<Value> sums =
      emit.loop(inputs, outputs, iterators,
                [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                  Value c = a.convert(elements[0], wide);
                  Value g = a.convert(elements[1], wide);
                  Value scaled = metric ? a.mul(c, elements[2]) : c;
                  ValueRange soFar = elements.take_back(3);
                  return {a.accumulateProduct(soFar[0], c, c),
                          a.accumulateProduct(soFar[1], g, g),
                          a.accumulateProduct(soFar[2], scaled, g)};
                });
  return {sums[0], sums[1], sums[2]};
}

namespace {
/// Sums over windows of one tensor. The loops run over batch, window, position
/// in the window and features, so that the features stay the innermost.
class WindowSums {
public:
  WindowSums(Emitter &emit, const Rows &rows, Value kept)
      : emit(emit), rows(rows), kept(kept), wide(emit.scalars().getF64()),
        batchCount(rows.tokens.size() - 1),
        rank(rows.tokens.size() + 1 + rows.features.size()),
        batch(getDims(emit.getContext(), 0, batchCount)),
        window(emit.getBuilder().getAffineDimExpr(batchCount)),
        position(emit.getBuilder().getAffineDimExpr(batchCount + 1)),
        features(
            getDims(emit.getContext(), batchCount + 2, rows.features.size())) {}

  /// `count` windows that hold `size` positions each, added to `init`.
  Value sumFull(int64_t size, Value init) {
    // Only this operand, which is never read, says how long a window is.
    Value extent = emit.empty({emit.getBuilder().getIndexAttr(size)}, wide);
    return sum(rows.tensor, kept, window * size + position, init, extent);
  }

  /// One window of all positions of a part of the rows, added to `init`, which
  /// may be of no window where the part is of no position.
  Value sumAll(Value part, Value partKept, Value init) {
    return sum(part, partKept, position, init, Value());
  }

  /// Zeros for a number of windows.
  Value zeros(OpFoldResult count) {
    Emitter::Sizes sizes =
        emit.sizesOf(rows.tensor, ArrayRef<int64_t>(rows.tokens).drop_back());
    sizes.push_back(count);
    llvm::append_range(sizes, emit.sizesOf(rows.tensor, rows.features));
    return emit.filled(sizes, wide, 0.0);
  }

private:
  Value sum(Value tensor, Value flags, AffineExpr row, Value init,
            Value extent) {
    SmallVector<AffineExpr> token = batch, result = batch;
    token.push_back(row);
    result.push_back(window);
    llvm::append_range(result, features);
    auto mapOf = [&](ArrayRef<AffineExpr> exprs) {
      return AffineMap::get(rank, 0, exprs, emit.getContext());
    };
    SmallVector<Access> inputs = {{tensor, rows.getMap(rank, token, features)}};
    if (flags)
      inputs.push_back({flags, mapOf(token)});
    if (extent)
      inputs.push_back({extent, mapOf({position})});
    SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
    iterators[batchCount + 1] = IteratorType::reduction;
    auto body = [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
      Value element = a.convert(elements.front(), wide);
      if (flags)
        element = a.select(elements[1], element, 0.0);
      return {a.accumulate(elements.back(), element)};
    };
    return emit.loop(inputs, Access{init, mapOf(result)}, iterators, body)
        .front();
  }

  Emitter &emit;
  const Rows &rows;
  Value kept;
  Type wide;
  int64_t batchCount;
  int64_t rank;
  SmallVector<AffineExpr> batch;
  AffineExpr window;
  AffineExpr position;
  SmallVector<AffineExpr> features;
};
} // namespace

Rows to_linalg::sumWindows(Emitter &emit, const Rows &rows, int64_t window,
                           Value kept) {
  WindowSums sums(emit, rows, kept);
  OpBuilder &b = emit.getBuilder();
  int64_t tokens = rows.tokens.size(), sequence = tokens - 1;
  OpFoldResult one = b.getIndexAttr(1);
  if (window == 0)
    return Rows::inOrder(sums.sumAll(rows.tensor, kept, sums.zeros(one)),
                         tokens);

  OpFoldResult length = emit.sizeOf(rows.tensor, rows.getSequenceDim());
  AffineExpr d0 = b.getAffineDimExpr(0);
  auto apply = [&](AffineExpr expr) {
    return affine::makeComposedFoldedAffineApply(
        b, emit.getLoc(), AffineMap::get(1, 0, expr), {length});
  };
  OpFoldResult full = apply(d0.floorDiv(window));
  OpFoldResult rest = apply(d0 % window);
  OpFoldResult count = apply(d0.ceilDiv(window));
  Value result = sums.zeros(count);
  if (getConstantIntValue(rest) == 0)
    return Rows::inOrder(sums.sumFull(window, result), tokens);

  OpFoldResult zero = b.getIndexAttr(0);
  if (getConstantIntValue(full) != 0) {
    Value part = emit.slice(result, sequence, zero, full);
    result = emit.insert(sums.sumFull(window, part), result, sequence, zero);
  }
  // What is left is one window more, or none where the length is dynamic and
  // happens to be a multiple.
  OpFoldResult start = apply(d0 - d0 % window);
  OpFoldResult last = apply(d0.ceilDiv(window) - d0.floorDiv(window));
  Value part = emit.slice(result, sequence, full, last);
  Value restKept = kept ? emit.slice(kept, sequence, start, rest) : Value();
  Value summed =
      sums.sumAll(emit.slice(rows.tensor, rows.getSequenceDim(), start, rest),
                  restKept, part);
  return Rows::inOrder(emit.insert(summed, result, sequence, full), tokens);
}
