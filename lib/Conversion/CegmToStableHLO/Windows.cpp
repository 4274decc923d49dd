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

/// More slices than this in one sum make large loops and long programs.
static constexpr int64_t maxSlices = 16;

/// Zeroes the rows that are not kept.
static Value mask(Emitter &emit, const Layout &layout, Value rows, Value kept) {
  if (!kept)
    return rows;
  Value flags =
      emit.broadcast(kept, Emitter::typeOf(rows).getShape(), layout.tokens);
  return emit.select(flags, rows, 0.0);
}

namespace {
/// A stretch of the sequence with its flags.
struct Stretch {
  Value rows;
  Value kept;

  Stretch slice(Emitter &emit, const Layout &layout, int64_t start,
                int64_t limit, int64_t stride = 1) const {
    return {emit.slice(rows, layout.sequenceDim(), start, limit, stride),
            kept ? emit.slice(kept, layout.sequence, start, limit, stride)
                 : Value()};
  }
  Value masked(Emitter &emit, const Layout &layout) const {
    return mask(emit, layout, rows, kept);
  }
};
} // namespace

/// Sums `count` windows of `window` positions as one slice a position.
static Value sumSlices(Emitter &emit, const Layout &layout,
                       const Stretch &stretch, int64_t window, int64_t count) {
  SmallVector<Value> terms;
  for (int64_t position = 0; position < window; ++position)
    terms.push_back(
        stretch.slice(emit, layout, position, window * count, window)
            .masked(emit, layout));
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
static Value sumReduction(Emitter &emit, const Layout &layout,
                          const Stretch &stretch, int64_t window,
                          int64_t count) {
  int64_t dim = layout.sequenceDim();
  Value rows = stretch.masked(emit, layout);
  if (window == 1)
    return rows;
  SmallVector<int64_t> shape(Emitter::typeOf(rows).getShape());
  shape[dim] = count;
  shape.insert(shape.begin() + dim + 1, window);
  return emit.sum(emit.reshape(rows, shape), {dim + 1});
}

/// Sums windows of `window` positions, of which the last may be shorter. A
/// window may be longer than the sequence.
static Value sumLevel(Emitter &emit, const Layout &layout,
                      const Stretch &stretch, int64_t window, bool bySlices) {
  int64_t length = Emitter::sizeOf(stretch.rows, layout.sequenceDim());
  int64_t count = length / window, rest = length % window;
  SmallVector<Value> parts;
  if (count > 0) {
    Stretch full = stretch.slice(emit, layout, 0, window * count);
    parts.push_back(bySlices ? sumSlices(emit, layout, stretch, window, count)
                             : sumReduction(emit, layout, full, window, count));
  }
  if (rest > 0) {
    Stretch last = stretch.slice(emit, layout, window * count, length);
    parts.push_back(sumReduction(emit, layout, last, rest, 1));
  }
  return emit.concatenate(parts, layout.sequenceDim());
}

/// The largest divisor of `window` that can be summed by slices, or 1.
static int64_t getSliceFactor(int64_t window) {
  for (int64_t factor = std::min(window, maxSlices); factor > 1; --factor)
    if (window % factor == 0)
      return factor;
  return 1;
}

Value cegm::sumWindows(Emitter &emit, const Layout &layout, Value rows,
                       int64_t window, Value kept) {
  int64_t length = Emitter::sizeOf(rows, layout.sequenceDim());
  bool whole = window == 0 || window >= length;
  if (whole && length <= maxSlices)
    window = length;
  // The sum of all positions can be cut anywhere, so it starts by slices
  // whatever the length is.
  int64_t factor = whole ? std::min(length, maxSlices) : getSliceFactor(window);
  Stretch stretch{rows, kept};
  if (factor == 1)
    return window == 1 ? stretch.masked(emit, layout)
                       : sumLevel(emit, layout, stretch, window,
                                  /*bySlices=*/false);
  Value sums = sumLevel(emit, layout, stretch, factor, /*bySlices=*/true);
  if (window == factor)
    return sums;
  return sumSums(emit, layout, sums, whole ? 0 : window / factor);
}

Value cegm::sumSums(Emitter &emit, const Layout &layout, Value sums,
                    int64_t count) {
  int64_t available = Emitter::sizeOf(sums, layout.sequenceDim());
  if (available == 1 || count == 1)
    return sums;
  return sumLevel(emit, layout, {sums, Value()}, count == 0 ? available : count,
                  /*bySlices=*/false);
}

Value cegm::expandWindows(Emitter &emit, const Layout &layout, Value perWindow,
                          int64_t window, int64_t length) {
  int64_t dim = layout.sequence;
  int64_t count = Emitter::sizeOf(perWindow, dim);
  SmallVector<int64_t> shape(Emitter::typeOf(perWindow).getShape());
  if (count == 1) {
    shape[dim] = length;
    return emit.broadcast(perWindow, shape,
                          llvm::to_vector(llvm::seq<int64_t>(shape.size())));
  }
  if (window == 1)
    return perWindow;
  SmallVector<int64_t> dims;
  for (int64_t i = 0, e = shape.size(); i < e; ++i)
    dims.push_back(i <= dim ? i : i + 1);
  shape.insert(shape.begin() + dim + 1, window);
  Value repeated = emit.broadcast(perWindow, shape, dims);
  shape.erase(shape.begin() + dim + 1);
  shape[dim] = count * window;
  return emit.slice(emit.reshape(repeated, shape), dim, 0, length);
}
