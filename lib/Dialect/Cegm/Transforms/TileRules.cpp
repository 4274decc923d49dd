//===- TileRules.cpp - How each op of tokens may be tiled
//------------------===//

#include "TileRules.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <numeric>

using namespace mlir;
using namespace mlir::cegm;

static LoopDims allLoops(int64_t count) {
  return llvm::to_vector(llvm::seq<int64_t>(count));
}

TileLoops cegm::getLoops(ScoreOp op) {
  auto dimsOf = [](RankedTensorType type, ArrayRef<int64_t> tokens) {
    LoopDims dims(type.getRank(), wholeDim);
    for (auto [loop, dim] : llvm::enumerate(tokens))
      dims[dim] = loop;
    return dims;
  };
  TileLoops loops{
      op.getScores().getType().getRank(),
      {dimsOf(op.getContexts().getType(), op.getContextTokens()),
       dimsOf(op.getGradients().getType(), op.getGradientTokens())}};
  if (op.getMetric())
    loops.operands.push_back(
        LoopDims(op.getMetric().getType().getRank(), wholeDim));
  return loops;
}

TileLoops cegm::getLoops(CoupleOp op) {
  int64_t rank = op.getType().getRank();
  return {rank, SmallVector<LoopDims>(op->getNumOperands(), allLoops(rank))};
}

TileLoops cegm::getLoops(WeighOp op) {
  int64_t rank = op.getType().getRank();
  return {rank, {allLoops(rank), allLoops(rank), {}}};
}

TileLoops cegm::getLoops(ScaleOp op) {
  int64_t rank = op.getType().getRank();
  return {rank, {allLoops(rank), llvm::to_vector(op.getTokens())}};
}

/// Whether a tile has all iterations of a loop: as many as a static size says,
/// or the very size of the dimension of an operand.
static bool isWhole(Operation *op, const TileLoops &loops, Sizes sizes,
                    int64_t loop) {
  OpFoldResult size = sizes[loop];
  std::optional<int64_t> known = getConstantIntValue(size);
  auto result = cast<RankedTensorType>(op->getResult(0).getType());
  if (known)
    return *known == result.getDimSize(loop);
  auto dim = cast<Value>(size).getDefiningOp<tensor::DimOp>();
  if (!dim || !dim.getConstantIndex())
    return false;
  for (auto [operand, dims] :
       llvm::zip_equal(op->getOperands(), loops.operands))
    if (dim.getSource() == operand && dims[*dim.getConstantIndex()] == loop)
      return true;
  return false;
}

static bool isWhole(Operation *op, const TileLoops &loops, Sizes sizes) {
  return llvm::all_of(allLoops(loops.count), [&](int64_t loop) {
    return isWhole(op, loops, sizes, loop);
  });
}

/// Verifies that no window is cut: windows start at multiples of their length,
/// and loops start tiles at multiples of the tile's.
LogicalResult cegm::verifyTile(ScoreOp op, Sizes sizes) {
  RankedTensorType type = op.getScores().getType();
  if (isWhole(op, getLoops(op), sizes))
    return success();
  if (op.getKernel() != Kernel::Cosine)
    return op->emitOpError()
           << "with kernel '" << stringifyKernel(op.getKernel())
           << "' is normalised over all tokens and cannot be tiled; expected "
              "kernel 'cosine'";
  int64_t sequence = type.getRank() - 1;
  if (isWhole(op, getLoops(op), sizes, sequence))
    return success();
  int64_t multiple = 1;
  for (int64_t window :
       getWindowLevels(op.getWindows(), type.getDimSize(sequence)))
    multiple = window == 0 ? 0 : std::lcm(multiple, window);
  if (multiple == 0)
    return op->emitOpError() << "has a window of the whole sequence and cannot "
                                "be tiled along it";
  std::optional<int64_t> size = getConstantIntValue(sizes[sequence]);
  if (size && *size % multiple == 0)
    return success();
  InFlightDiagnostic error = op->emitOpError()
                             << "can be tiled along the sequence by multiples "
                                "of "
                             << multiple
                             << " positions that divide its length, got ";
  if (size)
    return error << "a tile of " << *size;
  return error << "a tile whose size varies";
}

LogicalResult cegm::verifyTile(WeighOp op, Sizes sizes) {
  RankedTensorType type = op.getType();
  int64_t sequence = type.getRank() - 1;
  if (op.getNormalization() == Normalization::Mean &&
      !isWhole(op, getLoops(op), sizes))
    return op->emitOpError() << "divides by a mean over all tokens and cannot "
                                "be tiled; expected normalization 'none'";
  if (op.getWeighting() == Weighting::Softmax &&
      !isWhole(op, getLoops(op), sizes, sequence))
    return op->emitOpError()
           << "with weighting 'softmax' cannot be tiled along the sequence";
  return success();
}

LogicalResult cegm::verifyTile(CoupleOp, Sizes) { return success(); }
LogicalResult cegm::verifyTile(ScaleOp, Sizes) { return success(); }
