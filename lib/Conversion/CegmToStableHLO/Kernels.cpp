//===- Kernels.cpp - Agreement of rows of contexts and gradients ----------===//

#include "Kernels.h"

using namespace mlir;
using namespace mlir::cegm;

Sums::Sums(Emitter &emit, const Layout &layout, Value context, Value gradient,
           Value metric) {
  contextSquare = emit.sum(emit.square(context), layout.features);
  gradientSquare = emit.sum(emit.square(gradient), layout.features);
  Value terms = emit.mul(context, gradient);
  if (metric) {
    RankedTensorType type = Emitter::typeOf(terms);
    Value factors = emit.convert(metric, type.getElementType());
    terms = emit.mul(terms,
                     emit.broadcast(factors, type.getShape(), layout.features));
  }
  product = emit.sum(terms, layout.features);
}

KernelEmitter::KernelEmitter(Emitter &emit, const Layout &layout, Kernel kernel,
                             FloatType type, Value metric)
    : emit(emit), layout(layout), kernel(kernel), type(type), metric(metric) {
  if (!metric)
    return;
  // A common factor of all products does not matter, but their range does.
  Value magnitude = emit.maximumAll(emit.abs(emit.convert(metric, type)));
  double smallest = APFloat::getSmallestNormalized(type.getFloatSemantics())
                        .convertToDouble();
  Value scaled = emit.convert(metric, type);
  this->metric =
      emit.div(scaled, emit.splat(emit.max(magnitude, smallest), scaled));
}

FloatType KernelEmitter::getWideType() const {
  return Float64Type::get(type.getContext());
}

Sums KernelEmitter::getSums(Value context, Value gradient) const {
  return Sums(emit, layout, context, gradient, metric);
}

Sums KernelEmitter::getWideSums(Value context, Value gradient) const {
  return getSums(emit.convert(context, getWideType()),
                 emit.convert(gradient, getWideType()));
}

Value KernelEmitter::getAgreement(const Sums &sums) const {
  if (kernel != Kernel::Cosine)
    return emit.convert(sums.product, getWideType());
  // The root of each factor: their product may be out of range.
  Value norms =
      emit.mul(emit.sqrt(sums.contextSquare), emit.sqrt(sums.gradientSquare));
  Value cosine =
      emit.select(emit.isPositive(norms), emit.div(sums.product, norms), 0.0);
  return emit.convert(cosine, type);
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

Value KernelEmitter::divideByRms(Value product, Value active) const {
  Value count = emit.sumAll(emit.convert(active, getWideType()));
  Value squares = emit.sumAll(emit.select(active, emit.square(product), 0.0));
  Value rms = emit.sqrt(emit.div(squares, emit.max(count, 1.0)));
  Value quotient = emit.div(product, emit.splat(rms, product));
  return emit.select(emit.splat(emit.isPositive(rms), product), quotient, 0.0);
}

Value KernelEmitter::getKappa(Value agreement, int64_t window,
                              Value active) const {
  int64_t length = Emitter::sizeOf(active, layout.sequence);
  Value kappa = expandWindows(emit, layout, agreement, window, length);
  if (kernel == Kernel::Cosine)
    return kappa;
  if (window != 0 && length % window != 0)
    kappa = emit.mul(kappa,
                     getLengthCorrection(emit, window, kappa, layout.sequence));
  return emit.convert(divideByRms(kappa, active), type);
}
