//===- Tiling.h - How threads share rows ----------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_TILING_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_TILING_H

#include "Launcher.h"
#include "Rows.h"

namespace mlir::cegm::to_gpu {

/// How the threads of a kernel share the features of rows. A *team* of threads
/// stands side by side along the features, each with a vector of them, and goes
/// down a group of rows. What the features of a team do not hold is the work of
/// other blocks: features are cut into chunks.
struct Tiling {
  /// For `groups` groups of rows of `features` features, read in vectors of
  /// `width`.
  static Tiling get(int64_t features, int64_t width, int64_t groups);

  int64_t features;
  int64_t width;
  int64_t chunks;
  /// Threads of a team, teams of a block.
  int64_t team;
  int64_t teams;
  int64_t groups;

  Grid getGrid() const {
    return {divideCeil(groups, teams), team * teams, chunks};
  }
  /// Threads of a team in one warp, and warps of a team.
  int64_t getLanes() const { return std::min(team, warpSize); }
  int64_t getWarps() const { return divideCeil(team, warpSize); }
  /// Whether all threads have features.
  bool isExact() const { return chunks * team * width == features; }
};

/// What a thread knows of its place. Places that do not exist are moved to ones
/// that do, and nothing is stored from them.
struct Place {
  Place(Body &body, const Tiling &tiling);

  Value rank;     ///< Of the thread in its team.
  Value team;     ///< In the block.
  Value warp;     ///< Of the thread in its team.
  Value chunk;    ///< Of the features.
  Value feature;  ///< The first of the thread.
  Value group;    ///< Of rows.
  Value isInside; ///< Whether the features exist; null if all do.
  Value isActive; ///< Whether the group exists; null if all do.

  void ifActive(Body &body, Value condition,
                llvm::function_ref<void()> store) const;
};

/// The vector width of rows that are read together.
int64_t getCommonWidth(ArrayRef<Rows> rows);

/// The sum over a warp of each number, or over parts of `lanes` of its lanes.
SmallVector<Value> sumLanes(Body &body, ArrayRef<Value> values, int64_t lanes);

/// The sums over a team of each number, in all of its threads. All threads of
/// the block take part.
SmallVector<Value> sumTeam(Body &body, const Tiling &tiling, const Place &place,
                           ArrayRef<Value> values);

/// The sums over a block of each number, in all of its threads.
SmallVector<Value> sumBlock(Body &body, int64_t blockSize,
                            ArrayRef<Value> values);

/// The largest of one number over a block, in all of its threads.
Value maximumOfBlock(Body &body, int64_t blockSize, Value value);

/// Stores the sums over a block of each number, as `[numbers, blocks]`.
void storeBlockSums(Body &body, Value buffer, ArrayRef<Value> values,
                    int64_t blocks, int64_t blockSize);
/// The sum over all blocks of one of these numbers, in every thread. The order
/// is fixed, so that results do not change from run to run.
Value sumStored(Body &body, Value buffer, int64_t number, int64_t blocks);

/// The sums over `lanes` of many rows of numbers at once, in fewer exchanges:
/// each lane ends up with some of the rows.
struct LaneSums {
  SmallVector<SmallVector<Value>> rows; ///< The sums of rows of this lane.
  Value first;                          ///< The number of the first of them.
  Value isWriter;                       ///< Whether this lane is to store them.
};
LaneSums sumLanesOfRows(Body &body, ArrayRef<SmallVector<Value>> rows,
                        Value rank, int64_t lanes);

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_TILING_H
