//===- AuditToLinalg.cpp - cegm.audit, cegm.record, cegm.collect ----------===//

#include "Lowerings.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

/// The metrics of the parameter gradients. The inner products are made in f64,
/// where no square leaves the range.
static SmallVector<Value> compareGradients(Emitter &emit, AuditOp op,
                                           Type type) {
  Arithmetic s = emit.scalars();
  Type wide = s.getF64();
  Value parameter = op.getParameter();
  SmallVector<Value> inputs(op.getGradients());
  if (parameter)
    inputs.push_back(parameter);
  SmallVector<Value> zeros(parameter ? 5 : 3, s.constant(0.0, wide));
  SmallVector<Value> sums = emit.reduce(
      inputs, zeros,
      [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
        ValueRange soFar = elements.take_back(zeros.size());
        Value plain = a.convert(elements[0], wide);
        Value entangled = a.convert(elements[1], wide);
        SmallVector<Value> next = {
            a.accumulateProduct(soFar[0], plain, plain),
            a.accumulateProduct(soFar[1], entangled, entangled),
            a.accumulateProduct(soFar[2], plain, entangled)};
        if (parameter) {
          Value along = a.convert(elements[2], wide);
          next.push_back(a.accumulateProduct(soFar[3], along, along));
          next.push_back(
              a.accumulateProduct(soFar[4], along, a.sub(entangled, plain)));
        }
        return next;
      });
  Value plainNorm = s.sqrt(sums[0]), entangledNorm = s.sqrt(sums[1]);
  Value norms = s.mul(plainNorm, entangledNorm);
  Value cosine = s.select(s.isPositive(norms), s.div(sums[2], norms), 0.0);
  Value radial = s.constant(std::numeric_limits<double>::quiet_NaN(), wide);
  if (parameter)
    radial = s.select(s.isPositive(sums[3]), s.div(sums[4], sums[3]), radial);
  return {s.convert(plainNorm, type), s.convert(entangledNorm, type),
          s.convert(cosine, type), s.convert(radial, type)};
}

Value to_linalg::lowerAudit(Emitter &emit, AuditOp op) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  Type type = op.getScores().getType().getElementType();
  Arithmetic s = emit.scalars();
  Type wide = s.getF64();
  Value zero = s.constant(0.0, wide);
  Value highest = s.constant(inf, type), lowest = s.constant(-inf, type);

  // Sums and counts are in f64, extremes in the score type.
  SmallVector<Value> found = emit.reduce(
      {op.getScores(), op.getWeights(), op.getActive()},
      {zero, zero, zero, zero, highest, lowest, highest, lowest},
      [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
        Value score = elements[0], weight = elements[1], active = elements[2];
        ValueRange soFar = elements.drop_front(3);
        auto count = [&](Value soFar, Value flag) {
          return a.accumulate(soFar, a.convert(flag, wide));
        };
        auto least = [&](Value soFar, Value value) -> Value {
          return arith::MinimumFOp::create(a.getBuilder(), soFar,
                                           a.select(active, value, inf));
        };
        auto most = [&](Value soFar, Value value) -> Value {
          return arith::MaximumFOp::create(a.getBuilder(), soFar,
                                           a.select(active, value, -inf));
        };
        Value counted = a.convert(a.select(active, score, 0.0), wide);
        return {count(soFar[0], active),
                a.accumulate(soFar[1], counted),
                count(soFar[2], a.logicalAnd(active, a.isPositive(score))),
                count(soFar[3], a.isNaN(score)),
                least(soFar[4], score),
                most(soFar[5], score),
                least(soFar[6], weight),
                most(soFar[7], weight)};
      });
  Value count = found[0];
  Value divisor = s.max(count, 1.0);
  Value any = s.isPositive(count);
  Value mean = s.div(found[1], divisor);
  Value squares =
      emit.reduce(
              {op.getScores(), op.getActive()}, zero,
              [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                Value off = a.sub(a.convert(elements[0], wide), mean);
                Value term = a.select(elements[1], a.square(off), 0.0);
                return {a.accumulate(elements[2], term)};
              })
          .front();
  Value narrowMean = s.convert(mean, type);
  SmallVector<Value> row = {s.mul(extractStrength(emit, op.getStrength()), narrowMean),
                            narrowMean,
                            s.convert(s.sqrt(s.div(squares, divisor)), type),
                            s.select(any, found[4], 0.0),
                            s.select(any, found[5], 0.0),
                            s.select(any, found[6], 1.0),
                            s.select(any, found[7], 1.0),
                            s.convert(s.div(found[2], divisor), type),
                            s.convert(count, type),
                            s.convert(found[3], type)};
  if (!op.getGradients().empty())
    llvm::append_range(row, compareGradients(emit, op, type));
  assert(row.size() == getAuditMetricNames(!op.getGradients().empty()).size() &&
         "one value a metric");
  return tensor::FromElementsOp::create(emit.getBuilder(), emit.getLoc(),
                                        op.getType(), row);
}

Value to_linalg::lowerRecord(Emitter &emit, RecordOp op) {
  OpBuilder &b = emit.getBuilder();
  Location loc = emit.getLoc();
  auto indexType = cast<IntegerType>(op.getIndex().getType().getElementType());
  Value cell = op.getIndex();
  // Arithmetic is on integers without a sign.
  if (!indexType.isSignless())
    cell = tensor::BitcastOp::create(
        b, loc,
        RankedTensorType::get({}, b.getIntegerType(indexType.getWidth())),
        cell);
  Value number = emit.extract(cell);
  bool isUnsigned = indexType.isUnsigned() || indexType.isInteger(1);
  Value index =
      isUnsigned
          ? arith::IndexCastUIOp::create(b, loc, b.getIndexType(), number)
                .getResult()
          : arith::IndexCastOp::create(b, loc, b.getIndexType(), number);

  // The nearest slice.
  Arithmetic s = emit.scalars();
  Value size =
      getValueOrCreateConstantIndexOp(b, loc, emit.sizeOf(op.getTable(), 0));
  Value last = arith::SubIOp::create(b, loc, size, s.index(1));
  if (isUnsigned) {
    index = arith::MinUIOp::create(b, loc, index, last);
  } else {
    index = arith::MinSIOp::create(b, loc, index, last);
    index = arith::MaxSIOp::create(b, loc, index, s.index(0));
  }

  Emitter::Sizes sizes = {b.getIndexAttr(1)};
  llvm::append_range(sizes, emit.sizesOf(op.getRow()));
  Emitter::Sizes offsets(sizes.size(), b.getIndexAttr(0));
  offsets.front() = index;
  Emitter::Sizes strides(sizes.size(), b.getIndexAttr(1));
  return tensor::InsertSliceOp::create(b, loc, op.getRow(), op.getTable(),
                                       offsets, sizes, strides);
}

Value to_linalg::lowerCollect(Emitter &emit, CollectOp op) {
  OpBuilder &b = emit.getBuilder();
  Location loc = emit.getLoc();
  RankedTensorType type = op.getType();
  int64_t columns = type.getDimSize(1);
  Value result =
      tensor::EmptyOp::create(b, loc, type.getShape(), type.getElementType());
  int64_t start = 0;
  for (Value rows : op.getRows()) {
    int64_t rank = Emitter::typeOf(rows).getRank();
    // All dimensions but the last count rows.
    if (rank > 2)
      rows = tensor::CollapseShapeOp::create(
          b, loc, rows,
          ArrayRef<ReassociationIndices>{
              llvm::to_vector(llvm::seq<int64_t>(rank - 1)), {rank - 1}});
    int64_t count = rank == 1 ? 1 : Emitter::typeOf(rows).getDimSize(0);
    SmallVector<Range> ranges;
    for (auto [offset, size] : {std::pair(start, count), {0, columns}})
      ranges.push_back(
          {b.getIndexAttr(offset), b.getIndexAttr(size), b.getIndexAttr(1)});
    result = tensor::InsertSliceOp::create(b, loc, rows, result, ranges);
    start += count;
  }
  return result;
}
