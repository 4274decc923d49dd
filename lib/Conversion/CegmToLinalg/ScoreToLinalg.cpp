//===- ScoreToLinalg.cpp - cegm.score -------------------------------------===//
//
// Everything that scoring is made of is a sum: squares and products over the
// features of a token, and the rows of a window. From there on there is one
// number a token or a window, and all of it is in f64: the score is narrowed
// once, at the end.
//
//===----------------------------------------------------------------------===//

#include "Hierarchy.h"
#include "Levels.h"
#include "Lowerings.h"

#include "cegm/Dialect/Cegm/IR/ScoreFormulas.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

/// The metric in f64, scaled to a largest magnitude of 1, if there is one. A
/// common factor of all products does not matter, but their range does.
static Value getMetric(Emitter &emit, ScoreOp op) {
  if (!op.getMetric())
    return {};
  Arithmetic s = emit.scalars();
  Type wide = s.getF64();
  Value magnitude =
      emit.reduce(
              op.getMetric(), s.constant(0.0, wide),
              [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                Value size = a.abs(a.convert(elements[0], wide));
                return {arith::MaximumFOp::create(a.getBuilder(), elements[1],
                                                  size)};
              })
          .front();
  Value divisor = s.max(magnitude, std::numeric_limits<double>::min());
  return emit.map(op.getMetric(), wide,
                  [&](Arithmetic &a, ValueRange elements) {
                    return a.div(a.convert(elements[0], wide), divisor);
                  });
}

/// The agreement of each row: the cosine, 0 where a norm is 0, or the product.
static Value getAgreement(Arithmetic &a, Kernel kernel, ValueRange sums) {
  Value contextSquare = sums[0], gradientSquare = sums[1], product = sums[2];
  if (kernel != Kernel::Cosine)
    return product;
  // The root of each factor: their product may be out of range.
  Value norms = a.mul(a.sqrt(contextSquare), a.sqrt(gradientSquare));
  return a.select(a.isPositive(norms), a.div(product, norms), 0.0);
}

namespace {
/// Token-shaped facts about the tokens of a site.
struct Tokens {
  /// Whether both rows are free of NaN and infinity.
  Value finite;
  /// Whether the gradient is not zero, besides.
  Value active;
  /// The norm of the gradient, 0 where the token is not finite.
  Value gradientNorm;
};
} // namespace

static Tokens getTokens(Emitter &emit, const Sums &sums) {
  OpBuilder &b = emit.getBuilder();
  auto bothFinite = [](Arithmetic &a, ValueRange elements) {
    return a.logicalAnd(a.isFinite(elements[0]), a.isFinite(elements[1]));
  };
  Value finite = emit.map({sums.contextSquare, sums.gradientSquare},
                          b.getI1Type(), bothFinite);
  Value active = emit.map(
      {sums.contextSquare, sums.gradientSquare}, b.getI1Type(),
      [&](Arithmetic &a, ValueRange elements) {
        return a.logicalAnd(bothFinite(a, elements), a.isPositive(elements[1]));
      });
  Value norm =
      emit.map({finite, sums.gradientSquare}, b.getF64Type(),
               [&](Arithmetic &a, ValueRange elements) {
                 return a.select(elements[0], a.sqrt(elements[1]), 0.0);
               });
  return {finite, active, norm};
}

/// The agreement of rows that are tokens.
static Value getTokenAgreement(Emitter &emit, Kernel kernel, const Sums &sums) {
  return emit.map({sums.contextSquare, sums.gradientSquare, sums.product},
                  emit.scalars().getF64(),
                  [&](Arithmetic &a, ValueRange elements) {
                    return getAgreement(a, kernel, elements);
                  });
}

/// The agreement of rows that are windows of more than one position: 0 where
/// the gradients of a window cancel. `norms` are the sums of those of its
/// tokens.
static Value getWindowAgreement(Emitter &emit, Kernel kernel, const Sums &sums,
                                Value norms, double cancellation) {
  return emit.map(
      {sums.contextSquare, sums.gradientSquare, sums.product, norms},
      emit.scalars().getF64(), [&](Arithmetic &a, ValueRange elements) {
        Value agreement = getAgreement(a, kernel, elements);
        Value cancelled =
            a.compare(arith::CmpFPredicate::OLE, a.sqrt(elements[1]),
                      a.mul(elements[3], cancellation));
        return a.select(cancelled, 0.0, agreement);
      });
}

namespace {
/// The sums of the gradients' norms over windows.
class NormSums {
public:
  NormSums(Emitter &emit, Value norms) : emit(emit), sums({{1, norms}}) {}

  /// Those of a level, made from the coarsest before it that divides it.
  Value getSums(int64_t window) {
    for (auto [finer, finerSums] : llvm::reverse(sums)) {
      if (window % finer != 0)
        continue;
      int64_t rank = Emitter::typeOf(finerSums).getRank();
      Rows rows = sumWindows(emit, Rows::inOrder(finerSums, rank),
                             window / finer, Value());
      sums.emplace_back(window, rows.tensor);
      return rows.tensor;
    }
    llvm_unreachable("one position divides all windows");
  }

private:
  Emitter &emit;
  SmallVector<std::pair<int64_t, Value>> sums;
};
} // namespace

/// The root mean square of a product over the active tokens, for each level; of
/// no meaning for cosines.
static SmallVector<Value> getRootMeanSquares(Emitter &emit,
                                             ArrayRef<Level> levels,
                                             const LevelReader &reader,
                                             Value active) {
  Arithmetic s = emit.scalars();
  SmallVector<Value> zeros(levels.size() + 1, s.constant(0.0, s.getF64()));
  SmallVector<Value> sums = emit.reduce(
      active, zeros,
      [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
        ValueRange soFar = elements.drop_front();
        SmallVector<Value> next = {
            a.accumulate(soFar[0], a.convert(elements[0], a.getF64()))};
        for (auto [level, sum] : llvm::zip_equal(levels, soFar.drop_front())) {
          Value square = a.square(reader.read(a, level));
          next.push_back(a.accumulate(sum, a.select(elements[0], square, 0.0)));
        }
        return next;
      });
  Value count = s.max(sums.front(), 1.0);
  SmallVector<Value> roots;
  for (Value sum : ArrayRef(sums).drop_front())
    roots.push_back(s.sqrt(s.div(sum, count)));
  return roots;
}

SmallVector<Value> to_linalg::lowerScore(Emitter &emit, ScoreOp op,
                                         const ScoreOptions &options) {
  RankedTensorType resultType = op.getScores().getType();
  auto type = cast<FloatType>(resultType.getElementType());
  Kernel kernel = op.getKernel();
  bool isProduct = kernel != Kernel::Cosine;
  Rows context{op.getContexts(), llvm::to_vector(op.getContextTokens()),
               llvm::to_vector(op.getContextFeatures())};
  Rows gradient{op.getGradients(), llvm::to_vector(op.getGradientTokens()),
                llvm::to_vector(op.getGradientFeatures())};
  int64_t length = resultType.getShape().back();
  SmallVector<int64_t> windows = getWindowLevels(op.getWindows(), length);
  Hierarchy sums(emit, context, gradient, getMetric(emit, op), type,
                 length == 1 ? ArrayRef<int64_t>() : windows, options);
  Tokens tokens = getTokens(emit, sums.getTokens());
  sums.setFinite(tokens.finite);
  double cancellation =
      getCancellationShare(op.getGradients().getType().getElementType());

  SmallVector<Level> levels = getLevels(emit, op, tokens.active);
  NormSums norms(emit, tokens.gradientNorm);
  for (Level &level : levels)
    level.agreement =
        level.window == 1 || length == 1
            ? getTokenAgreement(emit, kernel, sums.getTokens())
            : getWindowAgreement(emit, kernel, sums.getWindows(level.window),
                                 norms.getSums(level.window), cancellation);

  LevelReader reader(emit, tokens.active, isProduct);
  SmallVector<Value> roots;
  if (isProduct)
    roots = getRootMeanSquares(emit, levels, reader, tokens.active);
  Value scores =
      emit.map(tokens.finite, type, [&](Arithmetic &a, ValueRange elements) {
        Value score;
        for (auto [index, level] : llvm::enumerate(levels)) {
          Value kappa = reader.read(a, level);
          if (isProduct)
            kappa = a.select(a.isPositive(roots[index]),
                             a.div(kappa, roots[index]), 0.0);
          Value share = a.mul(kappa, level.weight);
          score = score ? a.add(score, share) : share;
        }
        return a.select(elements[0], a.convert(score, type),
                        std::numeric_limits<double>::quiet_NaN());
      });
  return {scores, tokens.active};
}
