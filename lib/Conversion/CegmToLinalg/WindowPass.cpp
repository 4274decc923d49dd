//===- WindowPass.cpp - The sums of one window of tokens ------------------===//
//
// A window of the sequence is one unit of work: row after row, whose sums over
// features stay in registers while the sums over the window are added to a row
// that stays in the nearest cache. Several rows at a time would need fewer
// loads of the latter, but they are as many streams from memory, each too short
// for the processor to fetch ahead. All is in the score type. Nearly always
// that is enough: where the squares of all rows are well inside of its range,
// they tell that every token is finite and active. A square that is zero, tiny,
// huge or not a number is ambiguous, and the rows of such a window are looked
// at again, in f64, while they are still in a cache.
//
//===----------------------------------------------------------------------===//

#include "WindowPass.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

SmallVector<Value> WindowPass::run(Arithmetic &a,
                                   ArrayRef<Value> results) const {
  SmallVector<Value> values(results.take_front(NumTokenSums));
  llvm::append_range(values, clearWindows(a, results.drop_front(NumTokenSums)));
  values.push_back(a.flag(true));
  values = sumRows(a, values);
  Value allKnown = values.pop_back_val();

  auto choice = scf::IfOp::create(
      a.getBuilder(), allKnown,
      [&](OpBuilder &b, Location loc) { scf::YieldOp::create(b, loc, values); },
      [&](OpBuilder &b, Location loc) {
        Arithmetic inner(b, loc);
        SmallVector<Value> repaired = repairTokens(inner, values);
        repaired = repairWindows(inner, repaired);
        scf::YieldOp::create(b, loc, repaired);
      });
  return SmallVector<Value>(choice.getResults());
}

/// The indices of the token `row` of the window.
SmallVector<Value> WindowPass::getToken(Arithmetic &a, Value row) const {
  SmallVector<Value> token(batch);
  token.push_back(arith::AddIOp::create(a.getBuilder(), start, row));
  return token;
}

SmallVector<Value> WindowPass::clearWindows(Arithmetic &a,
                                            ValueRange windows) const {
  Value zero = a.constant(0.0, type);
  SmallVector<Value> cleared;
  for (Value sums : windows)
    cleared.push_back(
        linalg::FillOp::create(a.getBuilder(), zero, sums).getResult(0));
  return cleared;
}

/// Whether the square of a row tells all: above `least`, the squares of single
/// elements that fall below the range are too small to matter, and up to `most`
/// nothing overflows. Nothing is wider than f64.
Value WindowPass::isKnown(Arithmetic &a, Value square) const {
  if (type.isF64())
    return a.isFinite(square);
  constexpr double least = 1e-28, most = 1e30;
  auto bound = [&](arith::CmpFPredicate predicate, double value) {
    return a.compare(predicate, square, a.constant(value, square.getType()));
  };
  return a.logicalAnd(bound(arith::CmpFPredicate::OGE, least),
                      bound(arith::CmpFPredicate::OLE, most));
}

//===----------------------------------------------------------------------===//
// The sums in the score type
//===----------------------------------------------------------------------===//

/// `results` end with a flag, which becomes false if a row is not known.
SmallVector<Value> WindowPass::sumRows(Arithmetic &a,
                                       ValueRange results) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  Value end = getValueOrCreateConstantIndexOp(b, b.getLoc(), length);
  return carryLoop(a, a.index(0), end, a.index(1), results,
                   [&](Arithmetic &a, Value row, ValueRange carried) {
                     return sumRow(a, row, carried);
                   });
}

SmallVector<Value> WindowPass::sumRow(Arithmetic &a, Value row,
                                      ValueRange carried) const {
  SmallVector<Value> token = getToken(a, row);
  SmallVector<Value> init(NumTokenSums,
                          a.constant(0.0, loops.getVectorType(type)));
  llvm::append_range(init, carried.drop_front(NumTokenSums).drop_back());
  SmallVector<Value> sums = loops.run(
      a, init,
      [&](Arithmetic &a, const FeatureLoops::Position &at,
          ValueRange soFar) -> SmallVector<Value> {
        Value c = loops.read(a, context, token, at, type);
        Value g = loops.read(a, gradient, token, at, type);
        SmallVector<Value> next = {a.accumulateProduct(soFar[0], c, c),
                                   a.accumulateProduct(soFar[1], g, g),
                                   a.accumulateProduct(soFar[2], c, g)};
        Value rows[] = {c, g};
        for (auto [row, window] :
             llvm::zip(rows, soFar.drop_front(NumTokenSums))) {
          Value sum = a.add(loops.readFeatures(a, window, at), row);
          next.push_back(loops.writeFeatures(a, sum, window, at));
        }
        return next;
      });

  SmallVector<Value> results(carried.take_front(NumTokenSums));
  Value allKnown = carried.back();
  for (int64_t index = 0; index < NumTokenSums; ++index) {
    Value sum = a.sumOf(sums[index]);
    if (index < 2)
      allKnown = a.logicalAnd(allKnown, isKnown(a, sum));
    results[index] = tensor::InsertOp::create(
        a.getBuilder(), a.convert(sum, a.getF64()), results[index], row);
  }
  llvm::append_range(results, ArrayRef(sums).drop_front(NumTokenSums));
  results.push_back(allKnown);
  return results;
}

//===----------------------------------------------------------------------===//
// The sums of windows with rows that are not known
//===----------------------------------------------------------------------===//

/// The sums over the features of one token, in f64.
SmallVector<Value> WindowPass::sumWide(Arithmetic &a, Value row) const {
  SmallVector<Value> token = getToken(a, row);
  Type wide = a.getF64();
  SmallVector<Value> zeros(NumTokenSums,
                           a.constant(0.0, loops.getVectorType(wide)));
  SmallVector<Value> sums =
      loops.run(a, zeros,
                [&](Arithmetic &a, const FeatureLoops::Position &at,
                    ValueRange soFar) -> SmallVector<Value> {
                  Value c = loops.read(a, context, token, at, wide);
                  Value g = loops.read(a, gradient, token, at, wide);
                  return {a.accumulateProduct(soFar[0], c, c),
                          a.accumulateProduct(soFar[1], g, g),
                          a.accumulateProduct(soFar[2], c, g)};
                });
  for (Value &sum : sums)
    sum = a.sumOf(sum);
  return sums;
}

/// The sums of tokens with those that are not known made in f64, the sums of
/// windows as they are, and whether all tokens are finite.
SmallVector<Value> WindowPass::repairTokens(Arithmetic &a,
                                            ValueRange results) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  Value end = getValueOrCreateConstantIndexOp(b, b.getLoc(), length);
  SmallVector<Value> init(results.take_front(NumTokenSums));
  init.push_back(a.flag(true));
  auto body = [&](Arithmetic &a, Value row, ValueRange carried) {
    ImplicitLocOpBuilder &b = a.getBuilder();
    SmallVector<Value> next;
    SmallVector<Value> sums;
    for (Value tensor : carried.take_front(NumTokenSums))
      sums.push_back(tensor::ExtractOp::create(b, tensor, row));
    // Nothing is wider than f64.
    if (!type.isF64())
      sums = repairSums(a, row, sums);
    for (auto [sum, tensor] : llvm::zip_equal(sums, carried.drop_back()))
      next.push_back(tensor::InsertOp::create(b, sum, tensor, row));
    Value finite = a.logicalAnd(a.isFinite(sums[0]), a.isFinite(sums[1]));
    next.push_back(a.logicalAnd(carried.back(), finite));
    return next;
  };
  SmallVector<Value> values =
      carryLoop(a, a.index(0), end, a.index(1), init, body);
  Value allFinite = values.pop_back_val();
  llvm::append_range(values, results.drop_front(NumTokenSums));
  values.push_back(allFinite);
  return values;
}

/// The sums of one token as they are where they are known, else in f64.
SmallVector<Value> WindowPass::repairSums(Arithmetic &a, Value row,
                                          ValueRange sums) const {
  Value known = a.logicalAnd(isKnown(a, sums[0]), isKnown(a, sums[1]));
  auto choice = scf::IfOp::create(
      a.getBuilder(), known,
      [&](OpBuilder &b, Location loc) { scf::YieldOp::create(b, loc, sums); },
      [&](OpBuilder &b, Location loc) {
        Arithmetic inner(b, loc);
        scf::YieldOp::create(b, loc, sumWide(inner, row));
      });
  return SmallVector<Value>(choice.getResults());
}

/// The sums of the window made again without the rows that are not finite, if
/// there are any.
SmallVector<Value> WindowPass::repairWindows(Arithmetic &a,
                                             ValueRange results) const {
  SmallVector<Value> values(results.take_front(NumTokenSums));
  ValueRange windows = results.drop_front(NumTokenSums).drop_back();
  if (windows.empty())
    return values;
  auto choice = scf::IfOp::create(
      a.getBuilder(), results.back(),
      [&](OpBuilder &b, Location loc) {
        scf::YieldOp::create(b, loc, windows);
      },
      [&](OpBuilder &b, Location loc) {
        Arithmetic inner(b, loc);
        scf::YieldOp::create(b, loc, sumFinite(inner, values, windows));
      });
  llvm::append_range(values, choice.getResults());
  return values;
}

/// The sums of the window without the rows that are not finite.
SmallVector<Value> WindowPass::sumFinite(Arithmetic &a, ValueRange tokenSums,
                                         ValueRange windows) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  Value end = getValueOrCreateConstantIndexOp(b, b.getLoc(), length);
  return carryLoop(
      a, a.index(0), end, a.index(1), clearWindows(a, windows),
      [&](Arithmetic &a, Value row, ValueRange carried) {
        ImplicitLocOpBuilder &b = a.getBuilder();
        auto isFinite = [&](Value tensor) {
          return a.isFinite(tensor::ExtractOp::create(b, tensor, row));
        };
        Value finite =
            a.logicalAnd(isFinite(tokenSums[0]), isFinite(tokenSums[1]));
        SmallVector<Value> token = getToken(a, row);
        const Rows *tensors[] = {&context, &gradient};
        return loops.run(
            a, carried,
            [&](Arithmetic &a, const FeatureLoops::Position &at,
                ValueRange soFar) {
              SmallVector<Value> next;
              for (auto [rows, window] : llvm::zip_equal(tensors, soFar)) {
                Value added = loops.read(a, *rows, token, at, type);
                added = a.select(finite, added, 0.0);
                Value sum = a.add(loops.readFeatures(a, window, at), added);
                next.push_back(loops.writeFeatures(a, sum, window, at));
              }
              return next;
            });
      });
}
