//===- WeighToLinalg.cpp - cegm.couple and cegm.weigh ---------------------===//

#include "Lowerings.h"

#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

Value to_linalg::lowerCouple(Emitter &emit, CoupleOp op) {
  if (op.getParents().empty())
    return op.getScores();
  double coupling = op.getCoupling().convertToDouble();
  return emit.map(
      op.getOperands(), op.getType().getElementType(),
      [&](Arithmetic &a, ValueRange elements) {
        Value own = elements.front();
        Type type = own.getType();
        Value sum = a.constant(0.0, type), count = sum;
        for (Value parent : elements.drop_front()) {
          Value missing = a.isNaN(parent);
          sum = a.add(sum, a.select(missing, 0.0, parent));
          count = a.add(count, a.select(missing, 0.0, a.constant(1.0, type)));
        }
        Value mean = a.div(sum, a.max(count, 1.0));
        Value blend = a.add(a.mul(own, 1.0 - coupling), a.mul(mean, coupling));
        return a.select(a.isPositive(count), blend, own);
      });
}

Value to_linalg::extractStrength(Emitter &emit, Value strength) {
  Value number = emit.extract(strength);
  // The range of constants is checked where they come from.
  if (matchPattern(strength, m_Constant()))
    return number;
  Arithmetic s = emit.scalars();
  Value zero = s.constant(0.0, number.getType());
  Value one = s.constant(1.0, number.getType());
  Value inRange =
      s.logicalAnd(s.compare(arith::CmpFPredicate::OGE, number, zero),
                   s.compare(arith::CmpFPredicate::OLT, number, one));
  return s.select(inRange, number, std::numeric_limits<double>::quiet_NaN());
}

namespace {
/// The parts of one `cegm.weigh`. Sums over tokens are made in f64; they are
/// over one number a token.
class Weighing {
public:
  Weighing(Emitter &emit, WeighOp op)
      : emit(emit), op(op), type(op.getType().getElementType()),
        wide(emit.scalars().getF64()),
        strength(extractStrength(emit, op.getStrength())) {}

  Value lower() {
    Value delta = op.getWeighting() == Weighting::Softmax ? getSoftmax()
                                                          : getElementwise();
    // One plus the mean of the difference from one: exact at strength 0.
    Value mean;
    if (op.getNormalization() == Normalization::Mean)
      mean = getMean(delta);
    return emit.map({op.getScores(), op.getActive(), delta}, type,
                    [&](Arithmetic &a, ValueRange elements) {
                      Value weight = a.add(elements[2], 1.0);
                      if (mean)
                        weight = a.div(weight, mean);
                      return a.select(isLive(a, elements), weight, 1.0);
                    });
  }

private:
  /// Whether a token counts, from its score and flag.
  static Value isLive(Arithmetic &a, ValueRange elements) {
    return a.logicalAnd(elements[1], a.logicalNot(a.isNaN(elements[0])));
  }

  /// The score in units of the temperature, with its sign.
  Value getUnits(Arithmetic &a, ValueRange elements) {
    Value u = a.select(isLive(a, elements), elements[0], 0.0);
    if (op.getSign() == Sign::Negative)
      u = a.negate(u);
    if (op.getSign() == Sign::Magnitude)
      u = a.abs(u);
    return a.mul(u, 1.0 / op.getTemperature().convertToDouble());
  }

  /// The difference from 1 of each weight, which depends on no other token.
  Value getElementwise() {
    return emit.map({op.getScores(), op.getActive()}, type,
                    [&](Arithmetic &a, ValueRange elements) {
                      Value u = getUnits(a, elements);
                      if (op.getWeighting() == Weighting::Tanh)
                        return a.mul(strength, a.tanh(u));
                      Value scaled = a.mul(strength, a.clamp(-1.0, u, 1.0));
                      return op.getWeighting() == Weighting::Exp
                                 ? a.expm1(scaled)
                                 : scaled;
                    });
  }

  /// `A softmax(u)_t - 1` over the `A` active tokens of the sequence, times
  /// the strength. A sequence without active tokens gives numbers that no one
  /// reads.
  Value getSoftmax() {
    int64_t rank = op.getType().getRank(), sequence = rank - 1;
    AffineMap perToken = emit.getBuilder().getMultiDimIdentityMap(rank);
    AffineMap perSequence =
        emit.project(rank, llvm::to_vector(llvm::seq(sequence)));
    SmallVector<utils::IteratorType> parallel(rank,
                                              utils::IteratorType::parallel);
    SmallVector<utils::IteratorType> reduced = parallel;
    reduced.back() = utils::IteratorType::reduction;
    Emitter::Sizes batch = emit.sizesOf(op.getScores());
    batch.pop_back();
    Access scores{op.getScores(), perToken}, active{op.getActive(), perToken};

    double lowest = -std::numeric_limits<double>::infinity();
    Access least{emit.filled(batch, type, lowest), perSequence};
    Value largest =
        emit.loop(
                {scores, active}, least, reduced,
                [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                  Value u = a.select(isLive(a, elements), getUnits(a, elements),
                                     lowest);
                  return {arith::MaximumFOp::create(a.getBuilder(), elements[2],
                                                    u)};
                })
            .front();
    auto getPower = [&](Arithmetic &a, ValueRange elements) {
      Value power = a.exp(a.sub(getUnits(a, elements), elements[2]));
      return a.select(isLive(a, elements), power, 0.0);
    };
    Access zero{emit.filled(batch, wide, 0.0), perSequence};
    SmallVector<Value> sums = emit.loop(
        {scores, active, {largest, perSequence}}, {zero, zero}, reduced,
        [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
          Value power = a.convert(getPower(a, elements), wide);
          Value one = a.convert(isLive(a, elements), wide);
          return {a.accumulate(elements[3], power),
                  a.accumulate(elements[4], one)};
        });
    Access result{emit.empty(emit.sizesOf(op.getScores()), type), perToken};
    return emit
        .loop({scores,
               active,
               {largest, perSequence},
               {sums[0], perSequence},
               {sums[1], perSequence}},
              result, parallel,
              [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                // The largest power is 1, so the total is at least 1 if any
                // token is active.
                Value factor = a.convert(
                    a.div(elements[4], a.max(elements[3], 1.0)), type);
                Value share = a.mul(getPower(a, elements), factor);
                return {a.mul(strength, a.sub(share, 1.0))};
              })
        .front();
  }

  Value getMean(Value delta) {
    Arithmetic s = emit.scalars();
    Value zero = s.constant(0.0, wide);
    SmallVector<Value> sums = emit.reduce(
        {op.getScores(), op.getActive(), delta}, {zero, zero},
        [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
          Value live = isLive(a, elements);
          Value term = a.convert(a.select(live, elements[2], 0.0), wide);
          return {a.accumulate(elements[3], term),
                  a.accumulate(elements[4], a.convert(live, wide))};
        });
    Value mean = s.div(sums[0], s.max(sums[1], 1.0));
    return s.convert(s.add(mean, 1.0), type);
  }

  Emitter &emit;
  WeighOp op;
  Type type;
  Type wide;
  Value strength;
};
} // namespace

Value to_linalg::lowerWeigh(Emitter &emit, WeighOp op) {
  return Weighing(emit, op).lower();
}
