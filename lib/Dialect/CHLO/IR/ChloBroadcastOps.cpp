//===- ChloBroadcastOps.cpp - Operations with implicit broadcasting -------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::chlo;

/// Which dimension of the result each of an operand becomes: the last ones,
/// unless `given` says which for an operand of smaller rank.
static FailureOr<SmallVector<int64_t>>
getPlaces(Operation *op, int64_t rank, int64_t resultRank,
          std::optional<ArrayRef<int64_t>> given) {
  if (!given || rank == resultRank)
    return llvm::to_vector(llvm::seq(resultRank - rank, resultRank));
  if (failed(stablehlo::checkEntries(op, "broadcast_dimensions", given->size(),
                                     rank, "the operand of smaller rank")) ||
      failed(stablehlo::checkDims(op, "broadcast_dimensions", *given,
                                  resultRank, "the result", /*sorted=*/true)))
    return failure();
  return llvm::to_vector(*given);
}

/// Adds the sizes of an operand to those of the result. Fails where they differ
/// and neither is 1.
static LogicalResult addSizes(Operation *op, size_t index, Type type,
                              ArrayRef<int64_t> places,
                              MutableArrayRef<int64_t> shape) {
  ArrayRef<int64_t> sizes = cast<RankedTensorType>(type).getShape();
  for (auto [dim, size, place] : llvm::enumerate(sizes, places)) {
    int64_t &joined = shape[place];
    if (size == 1 || (ShapedType::isDynamic(size) && joined != 1))
      continue;
    if (joined != 1 && !stablehlo::areCompatibleSizes(joined, size))
      return op->emitOpError()
             << "operand " << index << " has type " << type
             << ", expected 1 or " << joined << " in dimension " << dim
             << ", as another operand has";
    joined = size;
  }
  return success();
}

namespace mlir::chlo {

/// Whether the operands have one element type, unless `inferElement` is null,
/// and shapes that broadcast to that of the result.
static LogicalResult checkBroadcast(Operation *op, ValueRange operands,
                                    std::optional<ArrayRef<int64_t>> given,
                                    Type (*inferElement)(Type)) {
  auto first = cast<RankedTensorType>(operands.front().getType());
  int64_t resultRank = 0;
  for (auto [index, operand] : llvm::enumerate(operands)) {
    auto type = cast<RankedTensorType>(operand.getType());
    resultRank = std::max(resultRank, type.getRank());
    if (inferElement && failed(stablehlo::checkElementType(
                            op, "operand " + Twine(index), type, first)))
      return failure();
  }
  SmallVector<int64_t> shape(resultRank, 1);
  for (auto [index, operand] : llvm::enumerate(operands)) {
    Type type = operand.getType();
    auto places = getPlaces(op, cast<RankedTensorType>(type).getRank(),
                            resultRank, given);
    if (failed(places) || failed(addSizes(op, index, type, *places, shape)))
      return failure();
  }
  Type result = op->getResult(0).getType();
  if (inferElement &&
      failed(stablehlo::checkElementType(op, "result", result,
                                         inferElement(first.getElementType()))))
    return failure();
  return stablehlo::checkShape(op, "result", result, shape);
}

} // namespace mlir::chlo

#define GET_OP_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloBroadcastOps.cpp.inc"

void ChloDialect::registerBroadcastOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/CHLO/IR/ChloBroadcastOps.cpp.inc"
      >();
}

LogicalResult BroadcastSelectOp::verify() {
  Type type = getOnTrue().getType();
  if (failed(stablehlo::checkElementType(*this, "on_false",
                                         getOnFalse().getType(), type)) ||
      failed(stablehlo::checkElementType(*this, "result", getType(), type)))
    return failure();
  return checkBroadcast(*this, {getPred(), getOnTrue(), getOnFalse()},
                        /*given=*/std::nullopt, /*inferElement=*/nullptr);
}
