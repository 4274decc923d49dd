//===- WindowOps.cpp - Reductions of moving windows -----------------------===//

#include "Windows.h"

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

LogicalResult ReduceWindowOp::verify() {
  auto inputs = getInputs();
  // reduce_window_c1: there is an input.
  if (failed(checkInputGroups(*this, "initial values")))
    return failure();
  auto first = cast<RankedTensorType>(inputs.front().getType());
  // reduce_window_c2: the inputs have one shape.
  if (failed(checkSameShapes(*this, "input", inputs.getTypes())))
    return failure();
  // reduce_window_c4 and reduce_window_c5: the window has a size of 1 or more
  // in each dimension.
  if (failed(checkEntries(*this, "window_dimensions",
                          getWindowDimensions().size(), first.getRank(),
                          "the inputs")) ||
      failed(
          checkAtLeast(*this, "window_dimensions", getWindowDimensions(), 1)))
    return failure();
  // reduce_window_c6 to reduce_window_c12: so have strides, dilations and
  // padding.
  Windows windows{llvm::to_vector(getWindowDimensions()), getWindowStrides(),
                  getBaseDilations(), getWindowDilations(), getPaddingAttr()};
  if (failed(windows.verify(*this, "the inputs")))
    return failure();
  // reduce_window_c3 and reduce_window_c13: the region takes accumulators and
  // elements.
  if (failed(checkReducer(*this, getBody(), "body", inputs.getTypes(),
                          getInitValues().getTypes(), getWindowDimensions())))
    return failure();
  // reduce_window_c14 to reduce_window_c16: the results have an element for
  // each place of the window.
  return checkReduced(*this, getBody(), windows.count(first.getShape()));
}

LogicalResult SelectAndScatterOp::verify() {
  RankedTensorType operand = getOperand().getType();
  ArrayRef<int64_t> dimensions =
      getWindowDimensions().value_or(ArrayRef<int64_t>());
  Type scalar = RankedTensorType::get({}, operand.getElementType());
  // select_and_scatter_c9: select compares two elements of the operand.
  Type pred = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (failed(checkArguments(*this, getSelect(), "select",
                            TypeRange({scalar, scalar}))) ||
      failed(checkReturned(*this, getSelect(), "select", TypeRange(pred))))
    return failure();
  // select_and_scatter_c3 and select_and_scatter_c10: scatter adds an element
  // to an accumulator.
  if (failed(checkReducer(*this, getScatter(), "scatter", TypeRange(operand),
                          getInitValue().getType())))
    return failure();
  // select_and_scatter_c4 and select_and_scatter_c5: the window has a size of 1
  // or more in each dimension.
  if (failed(checkEntries(*this, "window_dimensions", dimensions.size(),
                          operand.getRank(), "the operand")) ||
      failed(checkAtLeast(*this, "window_dimensions", dimensions, 1)))
    return failure();
  // select_and_scatter_c6 to select_and_scatter_c8: so have strides and
  // padding.
  Windows windows{llvm::to_vector(dimensions), getWindowStrides(), std::nullopt,
                  std::nullopt, getPaddingAttr()};
  if (failed(windows.verify(*this, "the operand")))
    return failure();
  // select_and_scatter_c1 and select_and_scatter_c2: the source has an element
  // for each place of the window.
  if (failed(checkType(*this, "source", getSource().getType(),
                       RankedTensorType::get(windows.count(operand.getShape()),
                                             operand.getElementType()))))
    return failure();
  // select_and_scatter_c11 and select_and_scatter_c12: the result has the shape
  // of the operand and the elements of the accumulator.
  return checkReduced(*this, getScatter(), operand.getShape());
}
