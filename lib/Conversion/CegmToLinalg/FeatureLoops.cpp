//===- FeatureLoops.cpp - Loops over the features of a pair of rows -------===//

#include "FeatureLoops.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

SmallVector<Value> to_linalg::carryLoop(
    Arithmetic &a, Value start, Value end, Value step, ValueRange init,
    function_ref<SmallVector<Value>(Arithmetic &, Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(
      a.getBuilder(), start, end, step, init,
      [&](OpBuilder &b, Location loc, Value index, ValueRange carried) {
        Arithmetic inner(b, loc);
        scf::YieldOp::create(b, loc, body(inner, index, carried));
      });
  return SmallVector<Value>(loop.getResults());
}

SmallVector<Value> FeatureLoops::run(Arithmetic &a, ValueRange init,
                                     Body body) const {
  Position position;
  position.features.resize(sizes.size());
  return runOuter(a, 0, position, init, body);
}

SmallVector<Value> FeatureLoops::runOuter(Arithmetic &a, int64_t feature,
                                          Position &position, ValueRange init,
                                          Body body) const {
  if (feature == static_cast<int64_t>(sizes.size()))
    return runVectors(a, position, init, body);
  if (feature == vectorFeature)
    return runOuter(a, feature + 1, position, init, body);
  ImplicitLocOpBuilder &b = a.getBuilder();
  Value size = getValueOrCreateConstantIndexOp(b, b.getLoc(), sizes[feature]);
  return carryLoop(a, a.index(0), size, a.index(1), init,
                   [&](Arithmetic &a, Value index, ValueRange carried) {
                     position.features[feature] = index;
                     return runOuter(a, feature + 1, position, carried, body);
                   });
}

SmallVector<Value> FeatureLoops::runVectors(Arithmetic &a, Position &position,
                                            ValueRange init, Body body) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  OpFoldResult size = sizes[vectorFeature];
  Value end = getValueOrCreateConstantIndexOp(b, b.getLoc(), size);
  Value step = a.index(lanes);
  std::optional<int64_t> known = getConstantIntValue(size);
  Value fullEnd = end;
  if (known)
    fullEnd = a.index(*known - *known % lanes);
  else
    fullEnd =
        arith::SubIOp::create(b, end, arith::RemUIOp::create(b, end, step));
  auto stretch = [&](Value start, Value end, bool inside, ValueRange init) {
    return carryLoop(a, start, end, step, init,
                     [&](Arithmetic &a, Value index, ValueRange carried) {
                       position.features[vectorFeature] = index;
                       position.inside = inside;
                       return body(a, position, carried);
                     });
  };
  SmallVector<Value> results(init);
  if (!known || *known >= lanes)
    results = stretch(a.index(0), fullEnd, /*inside=*/true, results);
  if (!known || *known % lanes != 0)
    results = stretch(fullEnd, end, /*inside=*/false, results);
  return results;
}

Value FeatureLoops::read(Arithmetic &a, const Rows &rows,
                         ArrayRef<Value> tokens, const Position &position,
                         Type type) const {
  SmallVector<Value> indices(rows.tokens.size() + rows.features.size());
  for (auto [dim, index] : llvm::zip_equal(rows.tokens, tokens))
    indices[dim] = index;
  for (auto [dim, index] : llvm::zip_equal(rows.features, position.features))
    indices[dim] = index;
  ImplicitLocOpBuilder &b = a.getBuilder();
  Type element = Emitter::typeOf(rows.tensor).getElementType();
  Value vector = vector::TransferReadOp::create(
      b, getVectorType(element), rows.tensor, indices, a.constant(0.0, element),
      getMap(b.getContext(), indices.size(), rows.features[vectorFeature]),
      ArrayRef(position.inside));
  return a.convert(vector, type);
}

Value FeatureLoops::readFeatures(Arithmetic &a, Value tensor,
                                 const Position &position) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  Type element = Emitter::typeOf(tensor).getElementType();
  return vector::TransferReadOp::create(
      b, getVectorType(element), tensor, position.features,
      a.constant(0.0, element),
      getMap(b.getContext(), position.features.size(), vectorFeature),
      ArrayRef(position.inside));
}

Value FeatureLoops::writeFeatures(Arithmetic &a, Value vector, Value tensor,
                                  const Position &position) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  return vector::TransferWriteOp::create(
             b, vector, tensor, position.features,
             getMap(b.getContext(), position.features.size(), vectorFeature),
             ArrayRef(position.inside))
      .getResult();
}
