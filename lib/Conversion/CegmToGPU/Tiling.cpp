//===- Tiling.cpp - How threads share rows --------------------------------===//

#include "Tiling.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

/// Threads of a block, where a team is smaller, and the most of a team.
static constexpr int64_t blockSize = 128, largestTeam = 256;
/// Blocks that keep a large chip busy.
static constexpr int64_t enoughBlocks = 264;

Tiling Tiling::get(int64_t features, int64_t width, int64_t groups) {
  int64_t vectors = divideCeil(features, width);
  int64_t chunks = divideCeil(vectors, largestTeam);
  // Where there are few rows, more blocks share the features of each.
  while (groups * chunks < enoughBlocks &&
         vectors / (2 * chunks) >= 2 * warpSize)
    chunks *= 2;
  int64_t team = divideCeil(vectors, chunks);
  team = team < warpSize ? static_cast<int64_t>(llvm::PowerOf2Ceil(team))
                         : static_cast<int64_t>(llvm::alignTo(team, warpSize));
  chunks = divideCeil(vectors, team);
  return {features, width, chunks, team, std::max<int64_t>(blockSize / team, 1),
          groups};
}

Place::Place(Body &body, const Tiling &tiling) {
  Value thread = body.threadId();
  rank = tiling.teams == 1 ? thread : body.rem(thread, tiling.team);
  team = tiling.teams == 1 ? body.index(0) : body.div(thread, tiling.team);
  warp = body.div(rank, warpSize);
  chunk = tiling.chunks == 1 ? body.index(0) : body.blockId(gpu::Dimension::y);
  feature =
      body.mul(body.add(body.mul(chunk, tiling.team), rank), tiling.width);
  if (!tiling.isExact()) {
    isInside = body.less(feature, tiling.features);
    feature = body.select(isInside, feature, body.index(0));
  }
  group =
      body.add(body.mul(body.blockId(gpu::Dimension::x), tiling.teams), team);
  if (tiling.groups % tiling.teams != 0) {
    isActive = body.less(group, tiling.groups);
    group = body.min(group, body.index(tiling.groups - 1));
  }
}

void Place::ifActive(Body &body, Value condition,
                     llvm::function_ref<void()> store) const {
  if (isActive)
    condition = condition ? body.logicalAnd(condition, isActive) : isActive;
  if (condition)
    body.ifThen(condition, store);
  else
    store();
}

int64_t to_gpu::getCommonWidth(ArrayRef<Rows> rows) {
  // Loads and stores of 16 bytes.
  int64_t bits = 8;
  for (const Rows &each : rows)
    bits =
        std::max<int64_t>(bits, each.getElementType().getIntOrFloatBitWidth());
  int64_t width = 128 / bits;
  for (const Rows &each : rows)
    width = each.getVectorWidth(width);
  return width;
}

SmallVector<Value> to_gpu::sumLanes(Body &body, ArrayRef<Value> values,
                                    int64_t lanes) {
  SmallVector<Value> sums(values);
  for (int64_t offset = lanes / 2; offset > 0; offset /= 2)
    for (Value &sum : sums)
      sum = body.add(sum, body.shuffle(sum, offset));
  return sums;
}

/// Sums what the warps of a team have found. `first` is the first of them.
static SmallVector<Value> sumWarps(Body &body, ArrayRef<Value> values,
                                   Value warp, Value first, int64_t warps,
                                   int64_t warpsOfBlock) {
  SmallVector<Value> sums = sumLanes(body, values, warpSize);
  if (warps == 1)
    return sums;
  Value isFirst =
      body.equal(body.rem(body.threadId(), warpSize), body.index(0));
  for (Value &sum : sums) {
    Value shared = body.shared(sum.getType(), warpsOfBlock);
    body.ifThen(isFirst, [&] { body.store(sum, shared, warp); });
    body.barrier();
    sum = body.load(shared, first);
    for (int64_t other = 1; other < warps; ++other)
      sum = body.add(sum, body.load(shared, body.add(first, other)));
  }
  return sums;
}

SmallVector<Value> to_gpu::sumTeam(Body &body, const Tiling &tiling,
                                   const Place &place, ArrayRef<Value> values) {
  int64_t warps = tiling.getWarps();
  if (warps == 1)
    return sumLanes(body, values, tiling.getLanes());
  return sumWarps(body, values, body.div(body.threadId(), warpSize),
                  body.mul(place.team, warps), warps, warps * tiling.teams);
}

SmallVector<Value> to_gpu::sumBlock(Body &body, int64_t blockSize,
                                    ArrayRef<Value> values) {
  int64_t warps = blockSize / warpSize;
  return sumWarps(body, values, body.div(body.threadId(), warpSize),
                  body.index(0), warps, warps);
}

Value to_gpu::maximumOfBlock(Body &body, int64_t blockSize, Value value) {
  for (int64_t offset = warpSize / 2; offset > 0; offset /= 2)
    value = body.max(value, body.shuffle(value, offset));
  int64_t warps = blockSize / warpSize;
  Value shared = body.shared(value.getType(), warps);
  Value isFirst =
      body.equal(body.rem(body.threadId(), warpSize), body.index(0));
  body.ifThen(isFirst, [&] {
    body.store(value, shared, body.div(body.threadId(), warpSize));
  });
  body.barrier();
  for (int64_t warp = 0; warp < warps; ++warp)
    value = body.max(value, body.load(shared, body.index(warp)));
  return value;
}

void to_gpu::storeBlockSums(Body &body, Value buffer, ArrayRef<Value> values,
                            int64_t blocks, int64_t blockSize) {
  SmallVector<Value> sums = sumBlock(body, blockSize, values);
  Value block = body.blockId(gpu::Dimension::x);
  body.ifThen(body.equal(body.threadId(), body.index(0)), [&] {
    for (auto [number, sum] : llvm::enumerate(sums))
      body.store(sum, buffer, body.add(block, number * blocks));
  });
}

Value to_gpu::sumStored(Body &body, Value buffer, int64_t number,
                        int64_t blocks) {
  Type type = cast<MemRefType>(buffer.getType()).getElementType();
  Value lane = body.rem(body.threadId(), warpSize);
  SmallVector<Value> sums =
      body.loop(lane, body.index(blocks), warpSize, body.zero(type),
                [&](Value block, ValueRange carried) -> SmallVector<Value> {
                  Value part =
                      body.load(buffer, body.add(block, number * blocks));
                  return {body.add(carried[0], part)};
                });
  return sumLanes(body, sums, warpSize).front();
}

LaneSums to_gpu::sumLanesOfRows(Body &body, ArrayRef<SmallVector<Value>> rows,
                                Value rank, int64_t lanes) {
  LaneSums sums = {SmallVector<SmallVector<Value>>(rows), body.index(0),
                   body.flag(true)};
  for (int64_t offset = lanes / 2; offset > 0; offset /= 2) {
    Value bit = body.rem(body.div(rank, offset), 2);
    size_t half = sums.rows.size() / 2;
    if (sums.rows.size() % 2 != 0) {
      for (auto &row : sums.rows)
        row = sumLanes(body, row, 2 * offset);
      // That summed over all smaller offsets as well.
      Value rest = body.rem(rank, 2 * offset);
      sums.isWriter = body.equal(rest, body.index(0));
      break;
    }
    // Each of two lanes keeps one half of the rows and gives away the other.
    Value isUpper = body.equal(bit, body.index(1));
    for (size_t row = 0; row < half; ++row)
      for (auto [lower, upper] :
           llvm::zip_equal(sums.rows[row], sums.rows[row + half])) {
        Value kept = body.select(isUpper, upper, lower);
        Value given = body.select(isUpper, lower, upper);
        lower = body.add(kept, body.shuffle(given, offset));
      }
    sums.rows.resize(half);
    sums.first = body.add(sums.first, body.mul(bit, half));
  }
  return sums;
}
