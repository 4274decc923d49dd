//===- Kernels.cpp - Agreement of rows of contexts and gradients ----------===//

#include "Kernels.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Sums::Sums(Emitter &emit, Value context, Value gradient, Value metric,
           bool together) {
  // As matrices: the shape in which contractions read the same tensors, so that
  // one copy serves both where a tensor is a transposed view. But where a
  // sequence may be divided over devices, a dimension of all tokens is none
  // that they have parts of.
  RankedTensorType type = Emitter::typeOf(context);
  SmallVector<Size> tokens = emit.shapeOf(context);
  SmallVector<Size> matrix = tokens;
  Size features = tokens.pop_back_val();
  if (!emit.mayDivide())
    matrix = {emit.onSizes().product(tokens), features};
  int64_t last = matrix.size() - 1;
  context = emit.reshape(context, matrix);
  gradient = emit.reshape(gradient, matrix);

  SmallVector<Value> terms = {emit.square(context), emit.square(gradient),
                              emit.mul(context, gradient)};
  if (metric) {
    Value factors = emit.convert(metric, type.getElementType());
    terms[2] = emit.mul(terms[2], emit.broadcast(factors, matrix, {last}));
  }
  SmallVector<Value> sums;
  if (together)
    sums = emit.sumTogether(terms, {last});
  else
    for (Value term : terms)
      sums.push_back(emit.sum(term, {last}));
  contextSquare = emit.reshape(sums[0], tokens);
  gradientSquare = emit.reshape(sums[1], tokens);
  product = emit.reshape(sums[2], tokens);
}

KernelEmitter::KernelEmitter(Emitter &emit, Kernel kernel, FloatType type,
                             Value metric, DenseIntElementsAttr groups)
    : emit(emit), kernel(kernel), type(type), metric(metric), groups(groups) {
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
  return Sums(emit, context, gradient, metric, /*together=*/false);
}

Sums KernelEmitter::getWideSums(Value context, Value gradient) const {
  return Sums(emit, emit.convert(context, getWideType()),
              emit.convert(gradient, getWideType()), metric,
              /*together=*/true);
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

/// As below, for a sequence of any length.
static Value computeLengthCorrection(Emitter &emit, int64_t window,
                                     Value tokens) {
  RankedTensorType type = Emitter::typeOf(tokens);
  Size length = emit.sizeOf(tokens, type.getRank() - 1);
  SizeEmitter &sizes = emit.onSizes();
  Size covered = sizes.mul(sizes.div(length, window), window);
  auto toFloat = [&](Value value) {
    return emit.convert(value, type.getElementType());
  };
  auto repeat = [&](Value scalar) {
    return emit.broadcast(scalar, length, {});
  };
  Value position = emit.iota(length);
  Value rest = toFloat(sizes.asScalar(sizes.sub(length, covered)));
  Value one = emit.scalar(1.0, type.getElementType());
  Value ratio = emit.div(static_cast<double>(window), rest);
  Value isCovered = emit.isLess(position, repeat(sizes.asScalar(covered)));
  return emit.select(isCovered, repeat(one), repeat(emit.square(ratio)));
}

/// The square of the length of a full window over that of each token's own
/// window: turns products of sums into those of means, up to a common factor.
static Value getLengthCorrection(Emitter &emit, int64_t window, Value tokens) {
  RankedTensorType type = Emitter::typeOf(tokens);
  auto repeat = [&](Value correction) {
    return emit.broadcast(correction, emit.shapeOf(tokens),
                          {type.getRank() - 1});
  };
  if (type.isDynamicDim(type.getRank() - 1))
    return repeat(computeLengthCorrection(emit, window, tokens));
  int64_t length = type.getShape().back();
  int64_t rest = length % window;
  SmallVector<Attribute> values;
  for (int64_t position = 0; position < length; ++position) {
    double ratio =
        position < length - rest ? 1.0 : static_cast<double>(window) / rest;
    values.push_back(FloatAttr::get(type.getElementType(), ratio * ratio));
  }
  Value correction =
      emit.constant(DenseElementsAttr::get(type.clone({length}), values));
  return repeat(correction);
}

Value KernelEmitter::divideByRms(Value product, Value active) const {
  Value count = emit.sumAll(emit.convert(active, getWideType()));
  Value squares = emit.sumAll(emit.select(active, emit.square(product), 0.0));
  SmallVector<Value> all = emit.sumOverDevices({squares, count}, groups);
  Value rms = emit.sqrt(emit.div(all[0], emit.max(all[1], 1.0)));
  Value quotient = emit.div(product, emit.splat(rms, product));
  return emit.select(emit.splat(emit.isPositive(rms), product), quotient, 0.0);
}

Value KernelEmitter::getKappa(Value agreement, int64_t window,
                              Value active) const {
  Size length = emit.sizeOf(active, Emitter::typeOf(active).getRank() - 1);
  Value kappa = expandWindows(emit, agreement, window, length);
  if (kernel == Kernel::Cosine)
    return kappa;
  bool isEven =
      window <= 1 || (length.isKnown() && length.getNumber() % window == 0);
  if (!isEven)
    kappa = emit.mul(kappa, getLengthCorrection(emit, window, kappa));
  return emit.convert(divideByRms(kappa, active), type);
}
