//===- Kernels.cpp - Agreement of rows of contexts and gradients ----------===//

#include "Kernels.h"

using namespace mlir;
using namespace mlir::cegm;

/// The smallest positive number that has an inverse in the element type of
/// `value`: what to divide by instead of 0.
static double getSmallest(Value value) {
  auto type = cast<FloatType>(Emitter::typeOf(value).getElementType());
  return APFloat::getSmallestNormalized(type.getFloatSemantics())
      .convertToDouble();
}

/// `value` divided by its largest magnitude among the tokens in `among`.
static Value divideByLargest(Emitter &emit, Value value, Value among) {
  Value magnitudes = emit.select(among, emit.abs(value), 0.0);
  Value largest =
      emit.max(emit.maximumAll(magnitudes), getSmallest(magnitudes));
  return emit.div(value, emit.splat(largest, value));
}

Rows::Rows(Emitter &emit, const Layout &layout, Value values) : values(values) {
  magnitude = emit.maximum(emit.abs(values), layout.features);
  Value inverse = emit.div(1.0, emit.max(magnitude, getSmallest(values)));
  scaled = emit.mul(values,
                    emit.broadcast(inverse, Emitter::typeOf(values).getShape(),
                                   layout.tokens));
}

Value cegm::emitCosine(Emitter &emit, const Layout &layout, const Rows &context,
                       const Rows &gradient) {
  Value contextSquare = emit.sum(emit.square(context.scaled), layout.features);
  Value gradientSquare =
      emit.sum(emit.square(gradient.scaled), layout.features);
  Value product =
      emit.sum(emit.mul(context.scaled, gradient.scaled), layout.features);
  Value squares = emit.mul(contextSquare, gradientSquare);
  return emit.select(emit.isPositive(squares),
                     emit.div(product, emit.sqrt(squares)), 0.0);
}

InnerProduct::InnerProduct(Emitter &emit, const Layout &layout,
                           const Rows &context, const Rows &gradient,
                           Value metric)
    : contextMagnitude(context.magnitude),
      gradientMagnitude(gradient.magnitude) {
  Value terms = emit.mul(context.scaled, gradient.scaled);
  if (metric)
    terms = emit.mul(terms,
                     emit.broadcast(metric, Emitter::typeOf(terms).getShape(),
                                    layout.features));
  product = emit.sum(terms, layout.features);
}

/// The square of the length of a full window over that of each token's own
/// window: turns products of sums into those of means, up to a common factor.
static Value getLengthCorrection(Emitter &emit, int64_t window, Value tokens,
                                 int64_t sequence) {
  RankedTensorType type = Emitter::typeOf(tokens);
  int64_t length = type.getDimSize(sequence);
  int64_t rest = length % window;
  SmallVector<Attribute> values;
  for (int64_t position = 0; position < length; ++position) {
    double ratio =
        position < length - rest ? 1.0 : static_cast<double>(window) / rest;
    values.push_back(FloatAttr::get(type.getElementType(), ratio * ratio));
  }
  Value correction =
      emit.constant(DenseElementsAttr::get(type.clone({length}), values));
  return emit.broadcast(correction, type.getShape(), {sequence});
}

Value InnerProduct::emitNormalized(Emitter &emit, const Layout &layout,
                                   int64_t window, Value active,
                                   Value finite) const {
  int64_t length = Emitter::sizeOf(active, layout.sequence);
  auto expand = [&](Value value) {
    return expandWindows(emit, layout, value, window, length);
  };
  // Every factor is at most 1 in magnitude (a metric apart), so that no product
  // overflows; the last step brings the largest back to 1.
  Value value = expand(product);
  for (Value magnitude : {contextMagnitude, gradientMagnitude})
    value = emit.mul(value, divideByLargest(emit, expand(magnitude), finite));
  if (window != 0 && length % window != 0)
    value = emit.mul(value,
                     getLengthCorrection(emit, window, value, layout.sequence));
  value = divideByLargest(emit, value, active);

  Value count = emit.sumAll(
      emit.convert(active, Emitter::typeOf(value).getElementType()));
  Value squares = emit.sumAll(emit.select(active, emit.square(value), 0.0));
  Value rms = emit.sqrt(emit.div(squares, emit.max(count, 1.0)));
  Value quotient = emit.div(value, emit.splat(rms, value));
  return emit.select(emit.splat(emit.isPositive(rms), value), quotient, 0.0);
}
