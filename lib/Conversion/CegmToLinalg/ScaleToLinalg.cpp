//===- ScaleToLinalg.cpp - cegm.scale and cegm.remove_radial --------------===//

#include "Lowerings.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

Value to_linalg::lowerScale(Emitter &emit, ScaleOp op) {
  RankedTensorType inputType = op.getInput().getType();
  Type element = inputType.getElementType();
  Type type = getScoreType(inputType, op.getWeights().getType());
  int64_t rank = inputType.getRank();
  AffineMap identity = emit.getBuilder().getMultiDimIdentityMap(rank);
  Access input{op.getInput(), identity};
  Access weights{op.getWeights(), emit.project(rank, op.getTokens())};
  Access result{emit.empty(emit.sizesOf(op.getInput()), element), identity};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return emit
      .loop({input, weights}, result, iterators,
            [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
              Value product = a.mul(a.convert(elements[0], type),
                                    a.convert(elements[1], type));
              return {a.convert(product, element)};
            })
      .front();
}

Value to_linalg::lowerRemoveRadial(Emitter &emit, RemoveRadialOp op) {
  RankedTensorType resultType = op.getType();
  Type element = resultType.getElementType();
  Type type = getScoreType(resultType, resultType);
  ValueRange operands = op.getOperands();

  // The inner products are made in f64, where no square leaves the range.
  Arithmetic s = emit.scalars();
  Type wide = s.getF64();
  Value zero = s.constant(0.0, wide);
  SmallVector<Value> sums = emit.reduce(
      operands, {zero, zero},
      [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
        Value entangled = a.convert(elements[0], wide);
        Value plain = a.convert(elements[1], wide);
        Value parameter = a.convert(elements[2], wide);
        return {a.accumulateProduct(elements[3], parameter, parameter),
                a.accumulateProduct(elements[4], parameter,
                                    a.sub(entangled, plain))};
      });
  Value square = sums[0], along = sums[1];
  Value share = s.convert(
      s.select(s.isPositive(square), s.div(along, square), 0.0), type);
  return emit.map({op.getEntangled(), op.getParameter()}, element,
                  [&](Arithmetic &a, ValueRange elements) {
                    Value radial = a.mul(a.convert(elements[1], type), share);
                    Value rest = a.sub(a.convert(elements[0], type), radial);
                    return a.convert(rest, element);
                  });
}
