//===- Tokens.cpp - Which tokens count, and how each agrees alone ---------===//
//
// Of all that scoring computes, this reads the most: whole tensors, several
// times. Nearly always the squares of all rows are well inside the range of
// f32; then three sums over each row, of the kind that compilers have fast code
// for, tell everything. A square that is zero, tiny, huge or not a number is
// ambiguous: the row may be zero, or its square may have left the range. What
// resolves this costs more reads, and stands in a branch of its own:
//
//   1. All squares in range: every token is finite and active.
//   2. Else, the largest magnitude of each gradient row tells zero rows (masked
//      or padded positions, which are common) from small ones. If nothing else
//      is out of range, the sums at hand still hold.
//   3. Else the sums are made anew in f64, whose range holds every square.
//
//===----------------------------------------------------------------------===//

#include "Tokens.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

/// Whether the square of a row tells all: above `least`, the squares of single
/// elements that fall below the range are too small to matter, and up to `most`
/// nothing overflows.
static Value isInRange(Emitter &emit, Value square) {
  constexpr double least = 1e-28, most = 1e30;
  return emit.logicalAnd(
      emit.compare(square, stablehlo::ComparisonDirection::GE,
                   emit.constant(least, square)),
      emit.compare(square, stablehlo::ComparisonDirection::LE,
                   emit.constant(most, square)));
}

static Tokens fromSums(Emitter &emit, const KernelEmitter &kernel,
                       const Sums &sums) {
  Value finite = emit.logicalAnd(emit.isFinite(sums.contextSquare),
                                 emit.isFinite(sums.gradientSquare));
  Value active = emit.logicalAnd(finite, emit.isPositive(sums.gradientSquare));
  Value norm = emit.convert(emit.sqrt(sums.gradientSquare), kernel.getType());
  return {kernel.getAgreement(sums), finite, active, norm};
}

Tokens to_stablehlo::emitTokens(Emitter &emit, const KernelEmitter &kernel,
                                Value context, Value gradient) {
  Sums sums = kernel.getSums(context, gradient);
  if (kernel.getType() == kernel.getWideType())
    return fromSums(emit, kernel, sums);

  using Values = SmallVector<Value>;
  Value agreement = kernel.getAgreement(sums);
  Value norm = emit.sqrt(sums.gradientSquare);
  auto inF64 = [&]() -> Values {
    Tokens tokens =
        fromSums(emit, kernel, kernel.getWideSums(context, gradient));
    return {tokens.agreement, tokens.finite, tokens.active,
            tokens.gradientNorm};
  };
  // The flags are written again rather than captured: a captured value has to
  // be stored, and these are cheap.
  auto withZeros = [&]() -> Values {
    Value magnitude = emit.maximum(emit.abs(gradient),
                                   {Emitter::typeOf(gradient).getRank() - 1});
    Value zero = emit.compare(magnitude, stablehlo::ComparisonDirection::EQ,
                              emit.constant(0.0, magnitude));
    Value known = emit.logicalAnd(
        isInRange(emit, sums.contextSquare),
        emit.logicalOr(isInRange(emit, sums.gradientSquare), zero));
    return emit.ifElse(
        emit.all(known),
        [&]() -> Values {
          return {agreement, emit.flag(true, zero), emit.logicalNot(zero),
                  norm};
        },
        inF64);
  };
  Value known = emit.logicalAnd(isInRange(emit, sums.contextSquare),
                                isInRange(emit, sums.gradientSquare));
  auto asTheyAre = [&]() -> Values {
    Value yes = emit.flag(true, known);
    return {agreement, yes, yes, norm};
  };
  Values results = emit.ifElse(emit.all(known), asTheyAre, withZeros);
  for (Value result : results)
    emit.onSizes().noteAlike(result, known);
  return {results[0], results[1], results[2], results[3]};
}
