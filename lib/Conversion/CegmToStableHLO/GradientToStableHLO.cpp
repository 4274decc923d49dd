//===- GradientToStableHLO.cpp - cegm.scale and cegm.remove_radial --------===//

#include "Lowerings.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Value to_stablehlo::lowerScale(Emitter &emit, ScaleOp op) {
  RankedTensorType inputType = op.getInput().getType();
  Type type = getScoreType(inputType, op.getWeights().getType());
  Value input = emit.convert(op.getInput(), type);
  Value weights = emit.convert(op.getWeights(), type);

  // A broadcast wants the dimensions of its operand in increasing order.
  SmallVector<int64_t> order =
      llvm::to_vector(llvm::seq<int64_t>(op.getTokens().size()));
  llvm::sort(order, [&](int64_t lhs, int64_t rhs) {
    return op.getTokens()[lhs] < op.getTokens()[rhs];
  });
  SmallVector<int64_t> dims;
  for (int64_t position : order)
    dims.push_back(op.getTokens()[position]);
  Value factors = emit.broadcast(emit.transpose(weights, order),
                                 emit.shapeOf(op.getInput()), dims);
  return emit.convert(emit.mul(input, factors), inputType.getElementType());
}

Value to_stablehlo::lowerRemoveRadial(Emitter &emit, RemoveRadialOp op) {
  RankedTensorType resultType = op.getType();
  Type type = getScoreType(resultType, resultType);
  Value entangled = emit.convert(op.getEntangled(), type);
  Value plain = emit.convert(op.getPlain(), type);
  Value parameter = emit.convert(op.getParameter(), type);

  // The inner products are made in f64, where no square leaves the range.
  Type wide = Float64Type::get(op.getContext());
  Value wideParameter = emit.convert(parameter, wide);
  Value change =
      emit.sub(emit.convert(entangled, wide), emit.convert(plain, wide));
  Value square = emit.sumAll(emit.square(wideParameter));
  Value along = emit.sumAll(emit.mul(wideParameter, change));
  Value share =
      emit.select(emit.isPositive(square), emit.div(along, square), 0.0);
  Value radial =
      emit.mul(parameter, emit.splat(emit.convert(share, type), parameter));
  return emit.convert(emit.sub(entangled, radial), resultType.getElementType());
}
