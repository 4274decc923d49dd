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

  Stretch slice(Emitter &emit, Size start, Size limit, int64_t stride = 1,
                std::optional<Size> count = std::nullopt) const {
    int64_t dim = getSequenceDim(rows);
    auto part = [&](Value value) {
      return emit.slice(value, dim, start, limit, stride, count);
    };
    return {part(rows), kept ? part(kept) : Value()};
  }

  /// The rows, with zeros for those that are not kept.
  Value masked(Emitter &emit) const {
    if (!kept)
      return rows;
    auto tokens = llvm::to_vector(
        llvm::seq<int64_t>(Emitter::typeOf(rows).getRank() - 1));
    return emit.select(emit.broadcast(kept, emit.shapeOf(rows), tokens), rows,
                       0.0);
  }
};
} // namespace

/// Sums `count` windows of `window` positions as one slice a position.
static Value sumSlices(Emitter &emit, const Stretch &stretch, int64_t window,
                       Size count) {
  SmallVector<Value> terms;
  Size limit = emit.onSizes().mul(count, window);
  for (int64_t position = 0; position < window; ++position) {
    // There may turn out to be no window, and no such position.
    Size start = emit.onSizes().min(position, limit);
    terms.push_back(
        stretch.slice(emit, start, limit, window, count).masked(emit));
  }
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
static Value sumReduction(Emitter &emit, const Stretch &stretch, Size window,
                          Size count) {
  int64_t dim = getSequenceDim(stretch.rows);
  Value rows = stretch.masked(emit);
  if (window.is(1))
    return rows;
  SmallVector<Size> shape = emit.shapeOf(rows);
  shape[dim] = count;
  shape.insert(shape.begin() + dim + 1, window);
  return emit.sum(emit.reshape(rows, shape), {dim + 1});
}

/// Sums windows of `window` positions, of which the last may be shorter. A
/// window may be longer than the sequence.
static Value sumLevel(Emitter &emit, const Stretch &stretch, int64_t window,
                      bool bySlices) {
  SizeEmitter &sizes = emit.onSizes();
  int64_t dim = getSequenceDim(stretch.rows);
  Size length = emit.sizeOf(stretch.rows, dim);
  Size count = sizes.div(length, window);
  Size covered = sizes.mul(count, window), rest = sizes.sub(length, covered);
  SmallVector<Value> parts;
  if (!count.is(0)) {
    Stretch full = stretch.slice(emit, 0, covered);
    parts.push_back(bySlices ? sumSlices(emit, stretch, window, count)
                             : sumReduction(emit, full, window, count));
  }
  if (!rest.is(0)) {
    Stretch last = stretch.slice(emit, covered, length);
    Value sum = sumReduction(emit, last, rest, 1);
    // A rest that may turn out as 0 is a window that may not be there.
    if (!rest.isKnown())
      sum = emit.slice(sum, dim, 0, sizes.min(rest, 1));
    parts.push_back(sum);
  }
  return emit.concatenate(parts, dim);
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
  Size length = emit.sizeOf(rows, getSequenceDim(rows));
  bool whole =
      window == 0 || (length.isKnown() && window >= length.getNumber());
  int64_t atMost =
      length.isKnown() ? std::min(length.getNumber(), maxSlices) : maxSlices;
  if (whole && length.is(atMost))
    window = atMost;
  // The sum of all positions can be cut anywhere, so it starts by slices
  // whatever the length is.
  int64_t factor = whole ? atMost : getSliceFactor(window);
  Stretch stretch{rows, kept};
  // A slice would take positions from every device that has a part of the
  // sequence; the positions of a window are one device's, or are added up. A
  // sequence of length 0 has nothing to cut.
  if (emit.mayDivide() || length.is(0))
    return whole ? sumReduction(emit, stretch, length, 1)
                 : sumLevel(emit, stretch, window, /*bySlices=*/false);
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
  Size available = emit.sizeOf(sums, getSequenceDim(sums));
  if (available.is(1) || count == 1)
    return sums;
  if (count == 0)
    return sumReduction(emit, {sums, Value()}, available, 1);
  return sumLevel(emit, {sums, Value()}, count, /*bySlices=*/false);
}

Value to_stablehlo::expandWindows(Emitter &emit, Value perWindow,
                                  int64_t window, Size length) {
  SmallVector<Size> shape = emit.shapeOf(perWindow);
  auto dims = llvm::to_vector(llvm::seq<int64_t>(shape.size()));
  Size count = shape.back();
  if (count.is(1)) {
    shape.back() = length;
    return emit.broadcast(perWindow, shape, dims);
  }
  if (window == 1)
    return perWindow;
  shape.push_back(window);
  Value repeated = emit.broadcast(perWindow, shape, dims);
  shape.pop_back();
  shape.back() = emit.onSizes().mul(count, window);
  return emit.slice(emit.reshape(repeated, shape), shape.size() - 1, 0, length);
}
