//===- Windows.cpp - Sums over windows of the sequence --------------------===//
//
// A reduction over positions that also masks rows does not vectorise in XLA on
// CPUs, and padding the sequence copies it. Windows are therefore summed as
// strided slices: the i-th slice holds the i-th position of every window, and
// the sum of the slices is one elementwise loop over the features. Sums of such
// sums are reductions again: XLA would fuse an elementwise sum of the slices of
// another into one loop, and make the inner sums twice.
//
//===----------------------------------------------------------------------===//

#include "Windows.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

/// More slices than this in one sum make large loops and long programs.
static constexpr int64_t maxSlices = 16;

static int64_t getSequenceDim(Value rows) {
  return Emitter::typeOf(rows).getRank() - 2;
}

namespace {
/// A stretch of the sequence with its flags.
struct Stretch {
  Value rows;
  Value kept;

  Stretch slice(Emitter &emit, int64_t start, int64_t limit,
                int64_t stride = 1) const {
    int64_t dim = getSequenceDim(rows);
    return {emit.slice(rows, dim, start, limit, stride),
            kept ? emit.slice(kept, dim, start, limit, stride) : Value()};
  }

  /// The rows, with zeros for those that are not kept.
  Value masked(Emitter &emit) const {
    if (!kept)
      return rows;
    RankedTensorType type = Emitter::typeOf(rows);
    auto tokens = llvm::to_vector(llvm::seq<int64_t>(type.getRank() - 1));
    return emit.select(emit.broadcast(kept, type.getShape(), tokens), rows,
                       0.0);
  }
};
} // namespace

/// Sums `count` windows of `window` positions as one slice a position.
static Value sumSlices(Emitter &emit, const Stretch &stretch, int64_t window,
                       int64_t count) {
  SmallVector<Value> terms;
  for (int64_t position = 0; position < window; ++position)
    terms.push_back(
        stretch.slice(emit, position, window * count, window).masked(emit));
  // Pairs of pairs: short chains of additions, and a small rounding error.
  while (terms.size() > 1) {
    SmallVector<Value> sums;
    for (size_t i = 0; i + 1 < terms.size(); i += 2)
      sums.push_back(emit.add(terms[i], terms[i + 1]));
    if (terms.size() % 2)
      sums.push_back(terms.back());
    terms = std::move(sums);
  }
  return terms.front();
}

/// Sums `count` windows of `window` positions by a reduction.
static Value sumReduction(Emitter &emit, const Stretch &stretch, int64_t window,
                          int64_t count) {
  int64_t dim = getSequenceDim(stretch.rows);
  Value rows = stretch.masked(emit);
  if (window == 1)
    return rows;
  SmallVector<int64_t> shape(Emitter::typeOf(rows).getShape());
  shape[dim] = count;
  shape.insert(shape.begin() + dim + 1, window);
  return emit.sum(emit.reshape(rows, shape), {dim + 1});
}

/// Sums windows of `window` positions, of which the last may be shorter. A
/// window may be longer than the sequence.
static Value sumLevel(Emitter &emit, const Stretch &stretch, int64_t window,
                      bool bySlices) {
  int64_t length = Emitter::sizeOf(stretch.rows, getSequenceDim(stretch.rows));
  int64_t count = length / window, rest = length % window;
  SmallVector<Value> parts;
  if (count > 0) {
    Stretch full = stretch.slice(emit, 0, window * count);
    parts.push_back(bySlices ? sumSlices(emit, stretch, window, count)
                             : sumReduction(emit, full, window, count));
  }
  if (rest > 0) {
    Stretch last = stretch.slice(emit, window * count, length);
    parts.push_back(sumReduction(emit, last, rest, 1));
  }
  return emit.concatenate(parts, getSequenceDim(stretch.rows));
}

/// The largest divisor of `window` that can be summed by slices, or 1.
static int64_t getSliceFactor(int64_t window) {
  for (int64_t factor = std::min(window, maxSlices); factor > 1; --factor)
    if (window % factor == 0)
      return factor;
  return 1;
}

Value to_stablehlo::sumWindows(Emitter &emit, Value rows, int64_t window,
                               Value kept) {
  int64_t length = Emitter::sizeOf(rows, getSequenceDim(rows));
  bool whole = window == 0 || window >= length;
  if (whole && length <= maxSlices)
    window = length;
  // The sum of all positions can be cut anywhere, so it starts by slices
  // whatever the length is.
  int64_t factor = whole ? std::min(length, maxSlices) : getSliceFactor(window);
  Stretch stretch{rows, kept};
  if (factor == 1)
    return window == 1 ? stretch.masked(emit)
                       : sumLevel(emit, stretch, window,
                                  /*bySlices=*/false);
  Value sums = sumLevel(emit, stretch, factor, /*bySlices=*/true);
  if (window == factor)
    return sums;
  return sumSums(emit, sums, whole ? 0 : window / factor);
}

Value to_stablehlo::sumSums(Emitter &emit, Value sums, int64_t count) {
  int64_t available = Emitter::sizeOf(sums, getSequenceDim(sums));
  if (available == 1 || count == 1)
    return sums;
  return sumLevel(emit, {sums, Value()}, count == 0 ? available : count,
                  /*bySlices=*/false);
}

Value to_stablehlo::expandWindows(Emitter &emit, Value perWindow,
                                  int64_t window, int64_t length) {
  SmallVector<int64_t> shape(Emitter::typeOf(perWindow).getShape());
  auto dims = llvm::to_vector(llvm::seq<int64_t>(shape.size()));
  int64_t count = shape.back();
  if (count == 1) {
    shape.back() = length;
    return emit.broadcast(perWindow, shape, dims);
  }
  if (window == 1)
    return perWindow;
  shape.push_back(window);
  Value repeated = emit.broadcast(perWindow, shape, dims);
  shape.pop_back();
  shape.back() = count * window;
  return emit.slice(emit.reshape(repeated, shape), shape.size() - 1, 0, length);
}
