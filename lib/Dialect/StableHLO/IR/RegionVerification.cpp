//===- RegionVerification.cpp - Checks of regions -------------------------===//

#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

static TypeRange getReturned(Region &region) {
  return region.front().getTerminator()->getOperandTypes();
}

/// Whether the region has `count` arguments or returned values.
static LogicalResult checkCount(Operation *op, const Twine &name,
                                StringRef verb, size_t count, size_t expected,
                                StringRef what = "") {
  if (count == expected)
    return success();
  return op->emitOpError() << name << " " << verb << " " << count
                           << " values, expected " << expected << what;
}

static LogicalResult checkEach(Operation *op, const Twine &name, StringRef verb,
                               TypeRange types, TypeRange expected) {
  if (failed(checkCount(op, name, verb, types.size(), expected.size())))
    return failure();
  for (auto [index, pair] : llvm::enumerate(llvm::zip_equal(types, expected)))
    if (auto [from, to] = pair; !stablehlo::areCompatibleTypes(from, to))
      return op->emitOpError() << name << " " << verb << " type " << from
                               << " as value " << index << ", expected " << to;
  return success();
}

LogicalResult stablehlo::checkArguments(Operation *op, Region &region,
                                        const Twine &name, TypeRange expected) {
  return checkEach(op, name, "takes", TypeRange(region.getArgumentTypes()),
                   expected);
}

LogicalResult stablehlo::checkReturned(Operation *op, Region &region,
                                       const Twine &name, TypeRange expected) {
  return checkEach(op, name, "returns", getReturned(region), expected);
}

/// Whether `shape` is what remains of `sizes` without some of them.
static bool isPartOf(ArrayRef<int64_t> shape, ArrayRef<int64_t> sizes) {
  for (int64_t size : sizes)
    if (!shape.empty() && stablehlo::areCompatibleSizes(shape.front(), size))
      shape = shape.drop_front();
  return shape.empty();
}

LogicalResult stablehlo::checkReducer(Operation *op, Region &region,
                                      const Twine &name, TypeRange inputs,
                                      TypeRange inits, ArrayRef<int64_t> sizes,
                                      StringRef initName) {
  TypeRange arguments(region.getArgumentTypes());
  TypeRange returned = getReturned(region);
  size_t count = inputs.size();
  if (failed(checkCount(op, name, "takes", arguments.size(), 2 * count,
                        ", an accumulator and an element for each input")) ||
      failed(checkCount(op, name, "returns", returned.size(), count,
                        ", an accumulator for each input")))
    return failure();
  for (size_t i = 0; i < count; ++i) {
    // What is returned is the next accumulator.
    if (!areCompatibleTypes(returned[i], arguments[i]))
      return op->emitOpError()
             << name << " returns type " << returned[i] << " as value " << i
             << ", expected " << arguments[i];
    auto accumulator = dyn_cast<RankedTensorType>(arguments[i]);
    auto element = dyn_cast<RankedTensorType>(arguments[count + i]);
    if (!accumulator || !isPartOf(accumulator.getShape(), sizes)) {
      InFlightDiagnostic diag = op->emitOpError()
                                << name << " takes type " << arguments[i]
                                << " as value " << i
                                << ", expected a tensor of rank 0";
      if (!sizes.empty())
        diag << " or of some of the sizes [" << sizes << "]";
      return diag;
    }
    bool isFloat = isa<FloatType>(accumulator.getElementType()) && element &&
                   isa<FloatType>(element.getElementType());
    if (!element || failed(verifyCompatibleShape(accumulator, element)) ||
        !(isFloat || areCompatibleElements(element, accumulator)))
      return op->emitOpError()
             << name << " takes type " << arguments[count + i] << " as value "
             << count + i << ", expected " << accumulator;
    // The elements and the first accumulator fit into the accumulator.
    if (!isPromotable(inputs[i], accumulator))
      return op->emitOpError() << name << " accumulates in type " << accumulator
                               << ", which does not fit the elements of input "
                               << i << " of type " << inputs[i];
    if (failed(verifyCompatibleShape(inits[i], accumulator)) ||
        !isPromotable(inits[i], accumulator))
      return op->emitOpError() << name << " accumulates in type " << accumulator
                               << ", which does not fit " << initName << " "
                               << i << " of type " << inits[i];
  }
  return success();
}

LogicalResult stablehlo::checkReduced(Operation *op, Region &region,
                                      ArrayRef<int64_t> shape) {
  TypeRange returned = getReturned(region);
  if (op->getNumResults() != returned.size())
    return op->emitOpError() << "has " << op->getNumResults()
                             << " results, expected one for each of the "
                             << returned.size() << " inputs";
  for (auto [index, type] : llvm::enumerate(returned))
    if (failed(checkType(
            op, "result " + Twine(index), op->getResult(index).getType(),
            RankedTensorType::get(shape, getElementTypeOrSelf(type)))))
      return failure();
  return success();
}
