//===- TMTensorOps.cpp - Tensor ops that linalg lacks ---------------------===//

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "cegm/Dialect/FreelyInlined.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::tm_tensor;

#include "cegm/Dialect/TMTensor/IR/TMTensorDialect.cpp.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/TMTensor/IR/TMTensorOps.cpp.inc"

void TMTensorDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/TMTensor/IR/TMTensorOps.cpp.inc"
      >();
  addInterfaces<cegm::FreelyInlined>();
}

//===----------------------------------------------------------------------===//
// What several operations verify
//===----------------------------------------------------------------------===//

static LogicalResult verifyCounts(Operation *op, ValueRange inputs,
                                  ArrayRef<size_t> inputCounts,
                                  ValueRange outputs, size_t outputCount) {
  if (!llvm::is_contained(inputCounts, inputs.size())) {
    InFlightDiagnostic error = op->emitOpError("expected ");
    llvm::interleave(inputCounts, error, " or ");
    return error << " inputs, but got " << inputs.size();
  }
  if (outputs.size() != outputCount)
    return op->emitOpError("expected ")
           << outputCount << " outputs, but got " << outputs.size();
  return success();
}

/// The body takes `arguments` and yields one value of type `result`.
static LogicalResult verifyBody(Operation *op, ArrayRef<Type> arguments,
                                Type result) {
  Block &body = op->getRegion(0).front();
  if (!llvm::equal(body.getArgumentTypes(), arguments))
    return op->emitOpError("expected a body with arguments (")
           << arguments << "), but got (" << body.getArgumentTypes() << ")";
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  if (!yield || !llvm::equal(yield.getOperandTypes(), ArrayRef(result)))
    return op->emitOpError("expected a body that yields ") << result;
  return success();
}

static LogicalResult verifyDimension(Operation *op, int64_t dimension,
                                     Value tensor) {
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  if (dimension < 0 || dimension >= rank)
    return op->emitOpError("dimension ")
           << dimension << " is not one of " << tensor.getType();
  return success();
}

static bool isKnownToDiffer(int64_t a, int64_t b) {
  return !ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) && a != b;
}

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

//===----------------------------------------------------------------------===//
// Verifiers
//===----------------------------------------------------------------------===//

int64_t ScatterOp::getFirstWindowDim() {
  return typeOf(getOriginal()).getRank() - typeOf(getUpdates()).getRank() + 1;
}

LogicalResult ScatterOp::verify() {
  if (failed(verifyCounts(*this, getInputs(), {2}, getOutputs(), 1)))
    return failure();
  RankedTensorType updates = typeOf(getUpdates()),
                   indices = typeOf(getIndices()),
                   original = typeOf(getOriginal());
  ArrayRef<int64_t> map = getDimensionMap();
  if (indices.getRank() != 2 || !indices.getElementType().isSignlessInteger())
    return emitOpError("expected rows of integers for indices, but got ")
           << indices;
  if (isKnownToDiffer(indices.getDimSize(1), map.size()))
    return emitOpError("expected a dimension for each of the ")
           << indices.getDimSize(1) << " columns of the indices, but got "
           << map.size();
  if (updates.getRank() < 1 || getFirstWindowDim() < 0)
    return emitOpError("updates ")
           << updates << " have too many dimensions, or none, for " << original;
  if (isKnownToDiffer(updates.getDimSize(0), indices.getDimSize(0)))
    return emitOpError("has ") << updates.getDimSize(0) << " updates, but "
                               << indices.getDimSize(0) << " rows of indices";
  SmallVector<int64_t> sorted(map);
  llvm::sort(sorted);
  for (auto [i, dim] : llvm::enumerate(sorted))
    if (dim < 0 || dim >= original.getRank() || (i && sorted[i - 1] == dim))
      return emitOpError("dimension_map has ")
             << dim << ", which is no dimension of " << original
             << " or stands there twice";
  for (int64_t dim = 0; dim < original.getRank(); ++dim) {
    if (dim < getFirstWindowDim()) {
      if (!llvm::is_contained(map, dim))
        return emitOpError("neither the updates nor dimension_map say where "
                           "in dimension ")
               << dim << " an update goes";
      continue;
    }
    int64_t size = updates.getDimSize(dim - getFirstWindowDim() + 1);
    if (!ShapedType::isDynamic(size) && !original.isDynamicDim(dim) &&
        size > original.getDimSize(dim))
      return emitOpError("updates ") << updates << " are larger than "
                                     << original << " in dimension " << dim;
  }
  Type element = original.getElementType();
  return verifyBody(*this, {updates.getElementType(), element}, element);
}

LogicalResult ScanOp::verify() {
  if (failed(verifyCounts(*this, getInputs(), {1}, getOutputs(), 2)) ||
      failed(verifyDimension(*this, getDimension(), getInputs()[0])))
    return failure();
  RankedTensorType input = typeOf(getInputs()[0]);
  SmallVector<int64_t> shape(input.getShape());
  if (failed(verifyCompatibleShape(shape, typeOf(getOutputs()[0]).getShape())))
    return emitOpError("expected an output with the shape of ") << input;
  shape.erase(shape.begin() + getDimension());
  if (failed(verifyCompatibleShape(shape, typeOf(getOutputs()[1]).getShape())))
    return emitOpError("expected an accumulator with the shape of ")
           << input << " without dimension " << getDimension();
  Type element = input.getElementType();
  return verifyBody(*this, {element, element}, element);
}

LogicalResult SortOp::verify() {
  if (getOutputs().empty())
    return emitOpError("expected an output at least");
  if (failed(verifyCounts(*this, getInputs(), {0}, getOutputs(),
                          getOutputs().size())) ||
      failed(verifyDimension(*this, getDimension(), getOutputs()[0])))
    return failure();
  SmallVector<Type> arguments;
  for (Value output : getOutputs()) {
    if (failed(
            verifyCompatibleShape(output.getType(), getOutputs()[0].getType())))
      return emitOpError("expected outputs of one shape, but got ")
             << getOutputs().getTypes();
    arguments.append(2, typeOf(output).getElementType());
  }
  return verifyBody(*this, arguments, IntegerType::get(getContext(), 1));
}

LogicalResult TopkOp::verify() {
  if (failed(verifyCounts(*this, getInputs(), {1, 2}, getOutputs(), 2)) ||
      failed(verifyDimension(*this, getDimension(), getInputs()[0])))
    return failure();
  RankedTensorType input = typeOf(getInputs()[0]);
  for (Value output : getOutputs()) {
    SmallVector<int64_t> shape(typeOf(output).getShape());
    if (shape.size() == size_t(input.getRank()))
      shape[getDimension()] = input.getDimSize(getDimension());
    if (failed(verifyCompatibleShape(shape, input.getShape())))
      return emitOpError("expected outputs with the shape of ")
             << input << " but for dimension " << getDimension() << ", but got "
             << output.getType();
  }
  Type element = input.getElementType();
  if (typeOf(getOutputs()[0]).getElementType() != element ||
      !typeOf(getOutputs()[1]).getElementType().isIntOrIndex())
    return emitOpError("expected outputs of ")
           << element << " and of integers, but got "
           << getOutputs().getTypes();
  return verifyBody(*this, {element, element},
                    IntegerType::get(getContext(), 1));
}

LogicalResult AttentionOp::verify() {
  if (failed(verifyCounts(*this, getInputs(), {3, 4}, getOutputs(), 1)))
    return failure();
  RankedTensorType query = typeOf(getInputs()[0]), key = typeOf(getInputs()[1]),
                   value = typeOf(getInputs()[2]);
  int64_t rank = query.getRank();
  if (rank < 2 || key.getRank() != rank || value.getRank() != rank)
    return emitOpError("expected query, key and value of one rank, 2 at "
                       "least, but got ")
           << getInputs().getTypes();
  if (isKnownToDiffer(query.getDimSize(rank - 1), key.getDimSize(rank - 1)))
    return emitOpError("query has ")
           << query.getDimSize(rank - 1) << " features, but key has "
           << key.getDimSize(rank - 1);
  if (isKnownToDiffer(key.getDimSize(rank - 2), value.getDimSize(rank - 2)))
    return emitOpError("key has ")
           << key.getDimSize(rank - 2) << " tokens, but value has "
           << value.getDimSize(rank - 2);
  // In front of tokens and features all have the same dimensions.
  auto check = [&](StringRef name, Value tensor, int64_t tokens,
                   int64_t features) -> LogicalResult {
    SmallVector<int64_t> shape(query.getShape().drop_back(2));
    shape.append({tokens, features});
    if (succeeded(verifyCompatibleShape(typeOf(tensor).getShape(), shape)))
      return success();
    return emitOpError(name) << " has type " << tensor.getType()
                             << ", expected " << typeOf(tensor).clone(shape);
  };
  int64_t tokens = key.getDimSize(rank - 2);
  if (failed(check("key", getInputs()[1], tokens, key.getDimSize(rank - 1))) ||
      failed(
          check("value", getInputs()[2], tokens, value.getDimSize(rank - 1))) ||
      failed(check("output", getOutputs()[0], query.getDimSize(rank - 2),
                   value.getDimSize(rank - 1))))
    return failure();
  if (getInputs().size() == 4)
    return check("mask", getInputs()[3], query.getDimSize(rank - 2), tokens);
  return success();
}
