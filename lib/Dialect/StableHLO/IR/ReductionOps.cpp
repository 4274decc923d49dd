//===- ReductionOps.cpp - Reductions, sorting, normalisation --------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

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
  if (failed(checkInputGroups(*this, "initial values")))
    return failure();
  auto first = cast<RankedTensorType>(inputs.front().getType());
  // reduce_c1: the inputs have one shape.
  // reduce_c4 and reduce_c5: dimensions are different ones of the inputs.
  if (failed(checkSameShapes(*this, "input", inputs.getTypes())) ||
      failed(checkDims(*this, "dimensions", getDimensions(), first.getRank(),
                       "the inputs")))
    return failure();
  // reduce_c2 and reduce_c6: the region takes accumulators and elements, and
  // returns accumulators.
  SmallVector<int64_t> shape = dropDims(first.getShape(), getDimensions());
  if (failed(checkReducer(*this, getBody(), "region", inputs.getTypes(),
                          getInitValues().getTypes(), shape)))
    return failure();
  // reduce_c3, reduce_c7 and reduce_c8: the results have the shape that
  // remains, and the element types of the accumulators.
  return checkReduced(*this, getBody(), shape);
}

//===----------------------------------------------------------------------===//
// MapOp and SortOp
//===----------------------------------------------------------------------===//

LogicalResult MapOp::verify() {
  // map_c2: there is an input.
  if (getInputs().empty())
    return emitOpError() << "has no inputs, expected one at least";
  // map_c1: inputs and result have one shape.
  auto first = cast<RankedTensorType>(getInputs().front().getType());
  if (failed(checkSameShapes(*this, "input", getInputs().getTypes())) ||
      failed(checkShape(*this, "result", getType(), first.getShape())))
    return failure();
  // map_c3: dimensions are all of them, in order.
  if (!llvm::equal(getDimensions(), llvm::seq<int64_t>(0, first.getRank())))
    return emitOpError() << "dimensions is [" << getDimensions()
                         << "], expected all of the " << first.getRank()
                         << " dimensions of the inputs, in order";
  // map_c4: the region takes elements of the inputs, and returns one of the
  // result.
  if (failed(checkArguments(*this, getComputation(), "computation",
                            getScalarTypes(getInputs().getTypes()))))
    return failure();
  return checkReturned(*this, getComputation(), "computation",
                       getScalarTypes(getType()));
}

LogicalResult SortOp::verify() {
  // sort_c1: there is an input.
  if (getInputs().empty())
    return emitOpError() << "has no inputs, expected one at least";
  // sort_c2 and sort_c3: the results have the types of the inputs, all of one
  // shape.
  if (failed(checkSameShapes(*this, "input", getInputs().getTypes())) ||
      failed(checkTypes(*this, "result", getResultTypes(),
                        getInputs().getTypes())))
    return failure();
  // sort_c4: the dimension is one of the inputs, or counts from the last one.
  int64_t rank =
      cast<RankedTensorType>(getInputs().front().getType()).getRank();
  if (int64_t dim = getDimension(); rank != 0 && (dim < -rank || dim >= rank))
    return emitOpError() << "dimension is " << dim << ", expected " << -rank
                         << " to " << rank - 1 << ", for the inputs have rank "
                         << rank;
  // sort_c5: the region compares two elements of each input.
  SmallVector<Type> arguments;
  for (Type scalar : getScalarTypes(getInputs().getTypes()))
    arguments.append(2, scalar);
  if (failed(checkArguments(*this, getComparator(), "comparator", arguments)))
    return failure();
  Type pred = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  return checkReturned(*this, getComparator(), "comparator", TypeRange(pred));
}
