//===- RowSumsBody.cpp - The kernel that reads whole tensors --------------===//
//
// A thread owns a vector of features and goes down the rows of a group, so that
// the vector sum of a window stays in its registers, however the levels nest.
// What it finds of each row, and of each window, is summed over the lanes of
// its warp at once, over the warps of its team at the end, and over the chunks
// of the features by the readers.
//
//===----------------------------------------------------------------------===//

#include "RowSumsBody.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_gpu;

Value RowSumsBody::isInSequence(Value row) {
  if (task.getLength() % groupRows == 0)
    return {};
  return body.less(body.add(origin, row), task.getLength());
}

Value RowSumsBody::getToken(Value row) {
  return body.add(body.mul(sequence, task.getLength()), body.add(origin, row));
}

Value RowSumsBody::getWindow(const Nest &nest, Value start) {
  return body.add(body.mul(sequence, task.getWindows(nest.window)),
                  body.div(body.add(origin, start), nest.window));
}

void RowSumsBody::storeSums(const Triple &sums, Value buffer, Value row,
                            int64_t count) {
  for (auto [index, sum] : llvm::enumerate(sums)) {
    Value position =
        body.add(body.mul(place.chunk, sumsPerRow), body.index(index));
    body.store(sum, buffer, body.add(body.mul(position, count), row));
  }
}

std::pair<Value, Value> RowSumsBody::loadRow(Value row) {
  Value isKept = isInSequence(row);
  Value position = body.add(origin, row);
  if (isKept)
    position = body.min(position, body.index(task.getLength() - 1));
  Value context = body.loadVector(
      contextBuffer,
      body.add(task.context.getRowPosition(body, sequence, position),
               contextFeature),
      tiling.width);
  Value gradient = body.loadVector(
      gradientBuffer,
      body.add(task.gradient.getRowPosition(body, sequence, position),
               gradientFeature),
      tiling.width);
  if (finite) {
    Value token = body.add(body.mul(sequence, task.getLength()), position);
    Value isFinite = body.load(finite, token);
    isKept = isKept ? body.logicalAnd(isKept, isFinite) : isFinite;
  }
  if (place.isInside)
    isKept = isKept ? body.logicalAnd(isKept, place.isInside) : place.isInside;
  auto keep = [&](Value value) {
    value = body.convert(value, task.type);
    return isKept ? body.select(isKept, value, body.zero(value.getType()))
                  : value;
  };
  return {keep(context), keep(gradient)};
}

/// The square of a row tells whether it is zero: squares below the range add
/// something all the same. A row that this matters for is summed again.
static Value sumSquares(Body &body, ArrayRef<Value> values, bool canUnderflow) {
  Value sum = body.square(values.front());
  for (Value value : values.drop_front())
    sum = body.fma(value, value, sum);
  if (!canUnderflow)
    return sum;
  Value largest = body.abs(values.front());
  for (Value value : values.drop_front())
    largest = body.max(largest, body.abs(value));
  return body.add(sum, body.min(largest, body.number(0x1p-126, sum.getType())));
}

Triple RowSumsBody::getRowSums(Value context, Value gradient) {
  SmallVector<Value> c = body.unpack(context), g = body.unpack(gradient);
  bool isWide = task.type.isF64();
  auto canUnderflow = [&](const Rows &rows) {
    return !isWide && !rows.getElementType().isF16();
  };
  Value contextSquare = sumSquares(body, c, canUnderflow(task.context));
  Value gradientSquare = sumSquares(body, g, canUnderflow(task.gradient));
  if (metricVector)
    c = body.unpack(body.mul(context, metricVector));
  Value product = body.mul(c.front(), g.front());
  for (size_t lane = 1; lane < c.size(); ++lane)
    product = body.fma(c[lane], g[lane], product);
  return {contextSquare, gradientSquare, product};
}

void RowSumsBody::storeRow(const Triple &sums, Value row) {
  if (!hasWarps())
    return place.ifActive(body, isInSequence(row), [&] {
      storeSums(sums, tokenSums, getToken(row), task.getTokens());
    });
  Value position = getSharedPosition(row, groupRows, place.warp);
  for (auto [index, sum] : llvm::enumerate(sums))
    body.store(sum, sharedTokens, body.add(position, index));
}

std::pair<Value, Value> RowSumsBody::sumRows(int64_t rows, Value start) {
  SmallVector<std::pair<Value, Value>> loaded;
  for (int64_t row = 0; row < rows; ++row)
    loaded.push_back(loadRow(body.add(start, row)));
  if (tokenSums) {
    SmallVector<Triple> triples;
    for (auto [context, gradient] : loaded)
      triples.push_back(getRowSums(context, gradient));
    LaneSums sums =
        sumLanesOfRows(body, triples, place.rank, tiling.getLanes());
    body.ifThen(sums.isWriter, [&] {
      for (auto [row, triple] : llvm::enumerate(sums.rows))
        storeRow(triple, body.add(start, body.add(sums.first, row)));
    });
  }
  auto [context, gradient] = loaded.front();
  for (auto [nextContext, nextGradient] : ArrayRef(loaded).drop_front()) {
    context = body.add(context, nextContext);
    gradient = body.add(gradient, nextGradient);
  }
  return {context, gradient};
}

void RowSumsBody::storeWindow(const Nest &nest, Value context, Value gradient,
                              Value start) {
  Value c = body.convert(context, wide), g = body.convert(gradient, wide);
  Value scaled =
      metricVector ? body.mul(c, body.convert(metricVector, wide)) : c;
  Triple sums;
  for (auto [lhs, rhs] : {std::pair(c, c), {g, g}, {scaled, g}})
    sums.push_back(body.sumElements(body.mul(lhs, rhs)));
  sums = sumLanes(body, sums, tiling.getLanes());
  Value lane = body.rem(place.rank, tiling.getLanes());
  body.ifThen(body.equal(lane, body.index(0)), [&] {
    if (!hasWarps())
      return place.ifActive(body, isInSequence(start), [&] {
        storeSums(sums, nest.sums, getWindow(nest, start), nest.count);
      });
    Value position = getSharedPosition(body.div(start, nest.window),
                                       groupRows / nest.window, place.warp);
    for (auto [index, sum] : llvm::enumerate(sums))
      body.store(sum, nest.shared, body.add(position, index));
  });
}

std::pair<Value, Value> RowSumsBody::sumNest(size_t depth, Value start) {
  const Nest &nest = nests[depth];
  int64_t step = depth > 0 ? nests[depth - 1].window : 1;
  if (depth == 0)
    for (int64_t rows = 2; rows <= task.rowsInFlight; ++rows)
      step = nest.window % rows == 0 ? rows : step;
  auto sumStep = [&](Value at) {
    return depth == 0 ? sumRows(step, at) : sumNest(depth - 1, at);
  };
  Value zero =
      body.zero(tiling.width == 1 ? Type(task.type)
                                  : VectorType::get({tiling.width}, task.type));
  SmallVector<Value> sums = body.loop(
      body.index(0), body.index(nest.window), step, {zero, zero},
      [&](Value offset, ValueRange carried) -> SmallVector<Value> {
        auto [context, gradient] = sumStep(body.add(start, offset));
        return {body.add(carried[0], context), body.add(carried[1], gradient)};
      });
  if (nest.sums)
    storeWindow(nest, sums[0], sums[1], start);
  return {sums[0], sums[1]};
}

void RowSumsBody::storeGroup(Value context, Value gradient) {
  Value condition = place.isInside;
  place.ifActive(body, condition, [&] {
    int64_t size = task.getGroups() * tiling.features;
    Value position =
        body.add(body.mul(place.group, tiling.features), place.feature);
    body.storeVector(context, groupSums, position);
    body.storeVector(gradient, groupSums, body.add(position, size));
  });
}

/// Sums over the warps of each team.
void RowSumsBody::storeShared() {
  body.barrier();
  auto storeAll = [&](Value shared, int64_t rows, Value buffer, int64_t count,
                      int64_t window, llvm::function_ref<Value(Value)> number) {
    body.loop(place.rank, body.index(rows), tiling.team, {},
              [&](Value row, ValueRange) -> SmallVector<Value> {
                Triple sums(sumsPerRow);
                for (int64_t warp = 0; warp < tiling.getWarps(); ++warp) {
                  Value position =
                      getSharedPosition(row, rows, body.index(warp));
                  for (auto [index, sum] : llvm::enumerate(sums)) {
                    Value part = body.load(shared, body.add(position, index));
                    sum = sum ? body.add(sum, part) : part;
                  }
                }
                Value start = body.mul(row, window);
                place.ifActive(body, isInSequence(start), [&] {
                  storeSums(sums, buffer, number(start), count);
                });
                return {};
              });
  };
  if (tokenSums)
    storeAll(sharedTokens, groupRows, tokenSums, task.getTokens(), 1,
             [&](Value row) { return getToken(row); });
  for (const Nest &nest : nests)
    if (nest.sums)
      storeAll(nest.shared, groupRows / nest.window, nest.sums, nest.count,
               nest.window, [&](Value row) { return getWindow(nest, row); });
}

void RowSumsBody::write() {
  int64_t groups = task.getWindows(groupRows);
  sequence = body.div(place.group, groups);
  origin = body.mul(body.rem(place.group, groups), groupRows);
  contextFeature = task.context.getFeaturePosition(body, place.feature);
  gradientFeature = task.gradient.getFeaturePosition(body, place.feature);
  if (metric)
    metricVector = body.loadVector(metric, place.feature, tiling.width);
  int64_t rowsOfBlock = tiling.teams * tiling.getWarps() * sumsPerRow;
  if (hasWarps() && tokenSums)
    sharedTokens = body.shared(task.type, groupRows * rowsOfBlock);
  for (Nest &nest : nests)
    if (hasWarps() && nest.sums)
      nest.shared = body.shared(wide, groupRows / nest.window * rowsOfBlock);

  const Nest &outermost = nests.back();
  if (outermost.window == groupRows) {
    auto [context, gradient] = sumNest(nests.size() - 1, body.index(0));
    if (groupSums)
      storeGroup(context, gradient);
  } else {
    body.loop(body.index(0), body.index(groupRows), outermost.window, {},
              [&](Value start, ValueRange) -> SmallVector<Value> {
                sumNest(nests.size() - 1, start);
                return {};
              });
  }
  if (hasWarps())
    storeShared();
}
