//===- IndexingOps.cpp - Gather, scatter and random numbers ---------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/IndexingOps.cpp.inc"

void StablehloDialect::registerIndexingOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/IndexingOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Random numbers
//===----------------------------------------------------------------------===//

LogicalResult RngOp::verify() {
  RankedTensorType result = getType();
  // rng_c1: the element types agree.
  if (failed(checkElementType(*this, "a", getA().getType(), result)) ||
      failed(checkElementType(*this, "b", getB().getType(), result)))
    return failure();
  // rng_c2: normal numbers are floats.
  if (getRngDistribution() == RngDistribution::NORMAL &&
      !isa<FloatType>(result.getElementType()))
    return emitOpError() << "result has element type "
                         << result.getElementType()
                         << ", expected floats for distribution NORMAL";
  // rng_c3: the result has the shape.
  int64_t size = getShape().getType().getDimSize(0);
  if (size != result.getRank())
    return emitOpError() << "shape has " << size
                         << " elements, expected one for each of the "
                         << result.getRank() << " dimensions of the result";
  if (auto shape = getConstantInts(getShape()))
    return checkShape(*this, "result", result, *shape);
  return success();
}

LogicalResult RngBitGeneratorOp::verify() {
  RankedTensorType state = getInitialState().getType();
  // rng_bit_generator_c1: the state keeps its type.
  if (failed(
          checkType(*this, "output_state", getOutputState().getType(), state)))
    return failure();
  // rng_bit_generator_c2: each algorithm has its sizes of a state.
  if (!state.hasStaticShape())
    return success();
  int64_t size = state.getNumElements();
  RngAlgorithm algorithm = getRngAlgorithm();
  bool fits = size == 2   ? true
              : size == 3 ? algorithm != RngAlgorithm::THREE_FRY
                          : algorithm == RngAlgorithm::DEFAULT;
  if (!fits)
    return emitOpError() << "initial_state has type " << state << ", expected "
                         << (algorithm == RngAlgorithm::PHILOX ? "2 or 3" : "2")
                         << " elements for algorithm "
                         << stringifyRngAlgorithm(algorithm);
  return success();
}
