//===- ReductionOps.cpp - Reductions, sorting, normalisation --------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ReductionOps.cpp.inc"

void StablehloDialect::registerReductionOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/ReductionOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// ReduceOp
//===----------------------------------------------------------------------===//

/// The shape that remains without `dims`.
static SmallVector<int64_t> dropDims(ArrayRef<int64_t> shape,
                                     ArrayRef<int64_t> dims) {
  SmallVector<int64_t> kept;
  for (auto [dim, size] : llvm::enumerate(shape))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      kept.push_back(size);
  return kept;
}

void ReduceOp::build(OpBuilder &builder, OperationState &state,
                     ValueRange inputs, ValueRange initValues,
                     DenseI64ArrayAttr dimensions, TypeRange elementTypes) {
  SmallVector<Type> results;
  for (auto [input, element] : llvm::zip_equal(inputs, elementTypes))
    results.push_back(RankedTensorType::get(
        dropDims(cast<RankedTensorType>(input.getType()).getShape(),
                 dimensions),
        element));
  build(builder, state, results, inputs, initValues, dimensions);
}

LogicalResult ReduceOp::verify() {
  // reduce_c3: there is an input.
  auto inputs = getInputs();
  if (inputs.empty())
    return emitOpError() << "has no inputs, expected one at least";
  auto first = cast<RankedTensorType>(inputs.front().getType());
  // reduce_c1: the inputs have one shape.
  for (auto [index, input] : llvm::enumerate(inputs.drop_front()))
    if (auto type = cast<RankedTensorType>(input.getType());
        failed(verifyCompatibleShape(type, first)))
      return emitOpError() << "input " << index + 1 << " has type " << type
                           << ", expected the shape of input 0 of type "
                           << first;
  llvm::SmallBitVector seen(first.getRank());
  for (int64_t dim : getDimensions()) {
    // reduce_c4: each is a dimension of the inputs.
    if (dim < 0 || dim >= first.getRank())
      return emitOpError() << "dimensions has " << dim
                           << ", expected a dimension of the inputs of rank "
                           << first.getRank();
    // reduce_c5: no dimension occurs twice.
    if (seen.test(dim))
      return emitOpError() << "dimensions names dimension " << dim << " twice";
    seen.set(dim);
  }
  // reduce_c6: the region takes accumulators and elements, and returns
  // accumulators.
  unsigned count = inputs.size();
  TypeRange arguments(getBody().getArgumentTypes());
  TypeRange returned(getBody().front().getTerminator()->getOperandTypes());
  if (arguments.size() != 2 * count)
    return emitOpError() << "region takes " << arguments.size()
                         << " values, expected " << 2 * count
                         << ", an accumulator and an element for each input";
  if (returned.size() != count)
    return emitOpError() << "region returns " << returned.size()
                         << " values, expected " << count
                         << ", an accumulator for each input";
  for (unsigned i = 0; i < count; ++i)
    if (!areCompatibleTypes(returned[i], arguments[i]))
      return emitOpError() << "region returns type " << returned[i]
                           << " as value " << i << ", expected "
                           << arguments[i];
  // reduce_c7 and reduce_c8: the results have the shape that remains, and the
  // element types of the accumulators.
  if (getNumResults() != count)
    return emitOpError() << "has " << getNumResults()
                         << " results, expected one for each of the " << count
                         << " inputs";
  SmallVector<int64_t> shape = dropDims(first.getShape(), getDimensions());
  for (unsigned i = 0; i < count; ++i) {
    auto accumulator = dyn_cast<RankedTensorType>(arguments[i]);
    if (!accumulator || accumulator.getRank() != 0)
      return emitOpError() << "region takes type " << arguments[i]
                           << " as value " << i
                           << ", expected a tensor of rank 0";
    auto expected = RankedTensorType::get(shape, accumulator.getElementType());
    if (!areCompatibleTypes(getResult(i).getType(), expected))
      return emitOpError() << "result " << i << " has type "
                           << getResult(i).getType() << ", expected "
                           << expected;
    auto init = cast<RankedTensorType>(getInitValues()[i].getType());
    if (init.getRank() != 0)
      return emitOpError() << "init value " << i << " has type " << init
                           << ", expected a tensor of rank 0";
  }
  return success();
}
