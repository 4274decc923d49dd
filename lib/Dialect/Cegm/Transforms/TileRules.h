//===- TileRules.h - How each op of tokens may be tiled
//--------------------===//

#ifndef CEGM_LIB_DIALECT_CEGM_TRANSFORMS_TILERULES_H
#define CEGM_LIB_DIALECT_CEGM_TRANSFORMS_TILERULES_H

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm {

/// For each dimension of a tensor, the loop that runs over it, or `wholeDim`.
using LoopDims = SmallVector<int64_t>;
constexpr int64_t wholeDim = -1;
using Sizes = ArrayRef<OpFoldResult>;

/// Which loops an op stands for, and how they reach its operands. All loops are
/// parallel, and each result has one dimension a loop.
struct TileLoops {
  int64_t count;
  SmallVector<LoopDims> operands;
};

TileLoops getLoops(ScoreOp op);
TileLoops getLoops(CoupleOp op);
TileLoops getLoops(WeighOp op);
TileLoops getLoops(ScaleOp op);

/// Verifies that a tile of the loops, of the given sizes, has the same values
/// as the op has there.
LogicalResult verifyTile(ScoreOp op, Sizes sizes);
LogicalResult verifyTile(CoupleOp op, Sizes sizes);
LogicalResult verifyTile(WeighOp op, Sizes sizes);
LogicalResult verifyTile(ScaleOp op, Sizes sizes);

} // namespace mlir::cegm

#endif // CEGM_LIB_DIALECT_CEGM_TRANSFORMS_TILERULES_H
