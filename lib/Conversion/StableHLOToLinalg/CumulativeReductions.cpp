//===- CumulativeReductions.cpp - Sums of all elements so far -------------===//
//
// What frontends write for a cumulative sum, product or maximum is a reduction
// of windows as long as a dimension, padded so that each ends (or, in reverse,
// begins) at its element. Each result follows from its neighbour's.
//
//===----------------------------------------------------------------------===//

#include "CumulativeReductions.h"
#include "Patterns.h"
#include "Regions.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static bool areOnes(std::optional<ArrayRef<int64_t>> values) {
  return !values || llvm::all_of(*values, [](int64_t v) { return v == 1; });
}

/// Whether the body gives `init` for twice `init`, so that the padding in a
/// window adds nothing.
static bool ignoresPadding(Region &body, Value init) {
  Block &block = body.front();
  if (!llvm::hasNItems(block, 2) || block.getNumArguments() != 2)
    return false;
  Operation &op = block.front();
  if (op.getNumOperands() != 2 ||
      block.getTerminator()->getOperands() != op.getResults())
    return false;
  for (BlockArgument argument : block.getArguments())
    if (!llvm::is_contained(op.getOperands(), argument))
      return false;
  if (isa<stablehlo::MaxOp, stablehlo::MinOp, stablehlo::AndOp,
          stablehlo::OrOp>(op))
    return true;
  if (isa<stablehlo::AddOp>(op))
    return matchPattern(init, m_AnyZeroFloat()) || matchPattern(init, m_Zero());
  return isa<stablehlo::MulOp>(op) &&
         (matchPattern(init, m_OneFloat()) || matchPattern(init, m_One()));
}

std::optional<Cumulative>
from_stablehlo::matchCumulative(stablehlo::ReduceWindowOp op, Value init) {
  auto type = dyn_cast<RankedTensorType>(op.getInputs()[0].getType());
  if (op.getInputs().size() != 1 || !type || !type.hasStaticShape() ||
      !areOnes(op.getWindowStrides()) || !areOnes(op.getBaseDilations()) ||
      !areOnes(op.getWindowDilations()) || !op.getPaddingAttr() ||
      !ignoresPadding(op.getBody(), init))
    return std::nullopt;
  std::optional<int64_t> found;
  for (auto [dim, window] : llvm::enumerate(op.getWindowDimensions())) {
    if (window == 1)
      continue;
    if (found || window != type.getDimSize(dim))
      return std::nullopt;
    found = dim;
  }
  if (!found)
    return std::nullopt;
  SmallVector<int64_t> padding(op.getPaddingAttr().getValues<int64_t>());
  int64_t before = padding[2 * *found], after = padding[2 * *found + 1];
  int64_t length = type.getDimSize(*found) - 1;
  padding[2 * *found] = padding[2 * *found + 1] = 0;
  if (llvm::any_of(padding, [](int64_t amount) { return amount != 0; }))
    return std::nullopt;
  if (before == length && after == 0)
    return Cumulative{*found, false};
  if (before == 0 && after == length)
    return Cumulative{*found, true};
  return std::nullopt;
}

/// The innermost loop carries the sum so far.
Value from_stablehlo::createCumulative(ImplicitLocOpBuilder &b,
                                       stablehlo::ReduceWindowOp op,
                                       Cumulative cumulative, Value input,
                                       Value init, RankedTensorType type) {
  int64_t dim = cumulative.dim, size = type.getDimSize(dim);
  Value zero = createIndex(b, 0), one = createIndex(b, 1);
  Value end = createIndex(b, size), last = createIndex(b, size - 1);
  SmallVector<Value> zeros(type.getRank() - 1, zero), ones(zeros.size(), one),
      bounds;
  for (int64_t other = 0; other < type.getRank(); ++other)
    if (other != dim)
      bounds.push_back(createIndex(b, type.getDimSize(other)));

  auto writeRow = [&](OpBuilder &nested, Location loc, ValueRange others,
                      ValueRange carried) -> scf::ValueVector {
    auto row = scf::ForOp::create(
        nested, loc, zero, end, one, ValueRange{carried[0], init},
        [&](OpBuilder &inner, Location loc, Value step, ValueRange carried) {
          ImplicitLocOpBuilder body(loc, inner);
          SmallVector<Value> place(others);
          place.insert(place.begin() + dim,
                       cumulative.isReverse
                           ? arith::SubIOp::create(body, last, step).getResult()
                           : step);
          Value element = tensor::ExtractOp::create(body, input, place);
          Value sum =
              inlineScalarRegion(body, op.getBody(), {carried[1], element})[0];
          Value next = tensor::InsertOp::create(body, sum, carried[0], place);
          scf::YieldOp::create(body, ValueRange{next, sum});
        });
    return {row.getResult(0)};
  };
  return scf::buildLoopNest(b, b.getLoc(), zeros, bounds, ones,
                            createFilled(b, type, init), writeRow)
      .results.front();
}
