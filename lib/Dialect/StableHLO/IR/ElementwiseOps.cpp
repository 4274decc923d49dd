//===- ElementwiseOps.cpp - Elementwise operations ------------------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ElementwiseOps.cpp.inc"

void StablehloDialect::registerElementwiseOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/ElementwiseOps.cpp.inc"
      >();
}

OpFoldResult ConvertOp::fold(FoldAdaptor) {
  return getOperand().getType() == getType() ? getOperand() : Value();
}

//===----------------------------------------------------------------------===//
// ClampOp
//===----------------------------------------------------------------------===//

LogicalResult ClampOp::verify() {
  // clamp_c1 and clamp_c2: min and max are scalars or have the shape of the
  // operand.
  RankedTensorType type = getOperand().getType();
  for (auto [name, bound] :
       {std::pair("min", getMin()), std::pair("max", getMax())}) {
    RankedTensorType boundType = bound.getType();
    if (boundType.getRank() != 0 &&
        failed(verifyCompatibleShape(boundType, type)))
      return emitOpError() << name << " has type " << boundType
                           << ", expected a scalar or the shape of the "
                              "operand of type "
                           << type;
    // clamp_c3: the element types agree.
    if (!areCompatibleTypes(boundType.clone(ArrayRef<int64_t>{}),
                            type.clone(ArrayRef<int64_t>{})))
      return emitOpError() << name << " has element type "
                           << boundType.getElementType() << ", expected "
                           << type.getElementType();
  }
  // clamp_c4: the result has the type of the operand.
  if (!areCompatibleTypes(getType(), type))
    return emitOpError() << "result has type " << getType() << ", expected "
                         << type;
  return success();
}

//===----------------------------------------------------------------------===//
// CompareOp
//===----------------------------------------------------------------------===//

LogicalResult CompareOp::verify() {
  // compare_c3: the comparison type fits the element type. No type at all
  // stands for the natural one, as frontends omit it.
  std::optional<ComparisonType> type = getCompareType();
  if (!type || *type == ComparisonType::NOTYPE)
    return success();
  Type element = getLhs().getType().getElementType();
  bool fits = true;
  if (auto integer = dyn_cast<IntegerType>(element))
    // The specification wants UNSIGNED for i1; torch-mlir writes SIGNED, which
    // orders false and true differently but compares for equality alike.
    fits = integer.getWidth() == 1
               ? *type == ComparisonType::UNSIGNED ||
                     *type == ComparisonType::SIGNED
               : *type == (integer.isUnsigned() ? ComparisonType::UNSIGNED
                                                : ComparisonType::SIGNED);
  else if (isa<FloatType>(element))
    fits =
        *type == ComparisonType::FLOAT || *type == ComparisonType::TOTALORDER;
  else if (isa<ComplexType>(element))
    fits = *type == ComparisonType::FLOAT;
  if (!fits)
    return emitOpError() << "compare_type " << stringifyComparisonType(*type)
                         << " does not fit elements of type " << element;
  return success();
}

//===----------------------------------------------------------------------===//
// ReducePrecisionOp
//===----------------------------------------------------------------------===//

LogicalResult ReducePrecisionOp::verify() {
  // reduce_precision_c2: there is an exponent.
  if (static_cast<int32_t>(getExponentBits()) < 1)
    return emitOpError() << "exponent_bits is "
                         << static_cast<int32_t>(getExponentBits())
                         << ", expected 1 or more";
  // reduce_precision_c3: the mantissa may be empty.
  if (static_cast<int32_t>(getMantissaBits()) < 0)
    return emitOpError() << "mantissa_bits is "
                         << static_cast<int32_t>(getMantissaBits())
                         << ", expected 0 or more";
  return success();
}

//===----------------------------------------------------------------------===//
// SelectOp
//===----------------------------------------------------------------------===//

LogicalResult SelectOp::inferReturnTypes(
    MLIRContext *context, std::optional<Location> location, ValueRange operands,
    DictionaryAttr attributes, OpaqueProperties properties, RegionRange regions,
    SmallVectorImpl<Type> &results) {
  // select_c2: both branches and the result have one type.
  return inferElementwise(getOperationName(), location, operands.drop_front(),
                          sameElement, results);
}

LogicalResult SelectOp::verify() {
  // select_c1: the predicate is a scalar or has the shape of the branches.
  RankedTensorType pred = getPred().getType();
  RankedTensorType branch = getOnTrue().getType();
  if (pred.getRank() != 0 && failed(verifyCompatibleShape(pred, branch)))
    return emitOpError() << "pred has type " << pred
                         << ", expected a scalar or the shape of on_true of "
                            "type "
                         << branch;
  return success();
}
