//===- Verification.cpp - Checks of types and numbers ---------------------===//

#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

bool stablehlo::areCompatibleSizes(int64_t lhs, int64_t rhs) {
  return ShapedType::isDynamic(lhs) || ShapedType::isDynamic(rhs) || lhs == rhs;
}

bool stablehlo::areCompatibleElements(Type lhs, Type rhs) {
  lhs = getElementTypeOrSelf(lhs);
  rhs = getElementTypeOrSelf(rhs);
  return lhs == rhs || isQuantizedElement(lhs) || isQuantizedElement(rhs);
}

bool stablehlo::isPromotable(Type from, Type to) {
  if (areCompatibleElements(from, to))
    return true;
  from = getElementTypeOrSelf(from);
  to = getElementTypeOrSelf(to);
  if (isa<FloatType>(from))
    return isa<FloatType>(to);
  if (auto complex = dyn_cast<ComplexType>(from);
      complex && isa<ComplexType>(to))
    return complex.getElementType().getIntOrFloatBitWidth() <=
           cast<ComplexType>(to).getElementType().getIntOrFloatBitWidth();
  return isa<IntegerType>(from) && isa<IntegerType>(to) &&
         from.getIntOrFloatBitWidth() <= to.getIntOrFloatBitWidth();
}

LogicalResult stablehlo::checkElementType(Operation *op, const Twine &name,
                                          Type type, Type expected) {
  if (areCompatibleElements(type, expected))
    return success();
  return op->emitOpError() << name << " has element type "
                           << getElementTypeOrSelf(type) << ", expected "
                           << getElementTypeOrSelf(expected);
}

LogicalResult stablehlo::checkProductTypes(Operation *op, Type result, Type lhs,
                                           Type rhs) {
  auto kindOf = [](Type type) -> StringRef {
    Type element = getElementTypeOrSelf(type);
    return isa<ComplexType>(element)   ? "complex"
           : isa<IntegerType>(element) ? "integer"
                                       : "real";
  };
  StringRef kind = kindOf(lhs);
  if (kindOf(rhs) != kind)
    return op->emitOpError() << "rhs has type " << rhs << ", expected " << kind
                             << " elements as those of lhs, " << lhs;
  if ((kindOf(result) == "complex") != (kind == "complex"))
    return op->emitOpError()
           << "result has type " << result << ", expected "
           << (kind == "complex" ? "complex" : "integer or real")
           << " elements as those of the operands, " << lhs;
  return success();
}

LogicalResult stablehlo::checkShape(Operation *op, const Twine &name, Type type,
                                    ArrayRef<int64_t> expected) {
  auto tensor = cast<RankedTensorType>(type);
  if (succeeded(verifyCompatibleShape(tensor.getShape(), expected)))
    return success();
  return op->emitOpError() << name << " has type " << type << ", expected "
                           << RankedTensorType::get(expected,
                                                    tensor.getElementType());
}

LogicalResult stablehlo::checkType(Operation *op, const Twine &name, Type type,
                                   Type expected) {
  if (areCompatibleTypes(type, expected))
    return success();
  return op->emitOpError() << name << " has type " << type << ", expected "
                           << expected;
}

LogicalResult stablehlo::checkTypes(Operation *op, const Twine &name,
                                    TypeRange types, TypeRange expected) {
  if (types.size() != expected.size())
    return op->emitOpError() << "has " << types.size() << " " << name
                             << "s, expected " << expected.size();
  for (auto [index, pair] : llvm::enumerate(llvm::zip_equal(types, expected)))
    if (failed(checkType(op, name + " " + Twine(index), std::get<0>(pair),
                         std::get<1>(pair))))
      return failure();
  return success();
}

LogicalResult stablehlo::checkSameShapes(Operation *op, const Twine &name,
                                         TypeRange types) {
  for (auto [index, type] : llvm::enumerate(types))
    if (failed(verifyCompatibleShape(type, types.front())))
      return op->emitOpError() << name << " " << index << " has type " << type
                               << ", expected the shape of " << name
                               << " 0 of type " << types.front();
  return success();
}

LogicalResult stablehlo::checkInputGroups(Operation *op, StringRef partners,
                                          unsigned numOthers) {
  unsigned count = op->getNumOperands() - numOthers;
  if (count == 0)
    return op->emitOpError() << "has no inputs, expected one at least";
  if (count % 2)
    return op->emitOpError() << "has " << count << " inputs and " << partners
                             << " together, expected an even number: as many "
                             << partners << " as inputs";
  return success();
}

SmallVector<Type> stablehlo::getScalarTypes(TypeRange types) {
  SmallVector<Type> scalars;
  for (Type type : types)
    scalars.push_back(RankedTensorType::get({}, getElementTypeOrSelf(type)));
  return scalars;
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

LogicalResult stablehlo::checkEntries(Operation *op, const Twine &name,
                                      int64_t size, int64_t rank,
                                      const Twine &of) {
  if (size == rank)
    return success();
  return op->emitOpError() << name << " has " << size
                           << " entries, expected one for each of the " << rank
                           << " dimensions of " << of;
}

LogicalResult stablehlo::checkDim(Operation *op, const Twine &name, int64_t dim,
                                  int64_t rank, const Twine &of) {
  if (dim >= 0 && dim < rank)
    return success();
  return op->emitOpError() << name << " is " << dim
                           << ", expected a dimension of " << of << " of rank "
                           << rank;
}

LogicalResult stablehlo::checkDims(Operation *op, const Twine &name,
                                   ArrayRef<int64_t> dims, int64_t rank,
                                   const Twine &of, bool sorted) {
  llvm::SmallBitVector seen(rank);
  for (auto [index, dim] : llvm::enumerate(dims)) {
    if (dim < 0 || dim >= rank)
      return op->emitOpError()
             << name << " has " << dim << ", expected a dimension of " << of
             << " of rank " << rank;
    if (seen.test(dim))
      return op->emitOpError()
             << name << " names dimension " << dim << " twice";
    seen.set(dim);
    if (sorted && index && dims[index - 1] > dim)
      return op->emitOpError()
             << name << " has " << dims[index - 1] << " before " << dim
             << ", expected ascending order";
  }
  return success();
}

LogicalResult stablehlo::checkDisjoint(Operation *op, const Twine &lhsName,
                                       ArrayRef<int64_t> lhs,
                                       const Twine &rhsName,
                                       ArrayRef<int64_t> rhs) {
  for (int64_t dim : lhs)
    if (llvm::is_contained(rhs, dim))
      return op->emitOpError() << "dimension " << dim << " is in " << lhsName
                               << " and in " << rhsName;
  return success();
}

LogicalResult stablehlo::checkAtLeast(Operation *op, const Twine &name,
                                      ArrayRef<int64_t> values, int64_t least) {
  for (auto [index, value] : llvm::enumerate(values))
    if (value < least)
      return op->emitOpError() << name << "[" << index << "] is " << value
                               << ", expected " << least << " or more";
  return success();
}

LogicalResult stablehlo::checkPrecision(Operation *op, ArrayAttr precision) {
  if (!precision || precision.size() <= 2)
    return success();
  return op->emitOpError() << "precision_config has " << precision.size()
                           << " entries, expected one for each of 2 operands";
}

LogicalResult stablehlo::checkBroadcast(Operation *op, RankedTensorType operand,
                                        RankedTensorType result,
                                        ArrayRef<int64_t> dims) {
  if (failed(checkEntries(op, "broadcast_dimensions", dims.size(),
                          operand.getRank(), "the operand")))
    return failure();
  llvm::SmallBitVector seen(result.getRank());
  for (auto [index, dim] : llvm::enumerate(dims)) {
    if (failed(checkDim(op, "broadcast_dimensions[" + Twine(index) + "]", dim,
                        result.getRank(), "the result")))
      return failure();
    if (seen.test(dim))
      return op->emitOpError() << "broadcast_dimensions names dimension " << dim
                               << " of the result twice";
    seen.set(dim);
    int64_t from = operand.getDimSize(index), to = result.getDimSize(dim);
    if (from != 1 && !areCompatibleSizes(from, to))
      return op->emitOpError()
             << "operand has size " << from << " in dimension " << index
             << ", result has " << to << " in dimension " << dim;
  }
  return success();
}

std::optional<SmallVector<int64_t>> stablehlo::getConstantInts(Value value) {
  DenseIntElementsAttr constant;
  if (!matchPattern(value, m_Constant(&constant)))
    return std::nullopt;
  return llvm::map_to_vector(
      constant.getValues<APInt>(),
      [](const APInt &number) { return number.getSExtValue(); });
}
