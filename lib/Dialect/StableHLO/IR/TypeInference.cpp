//===- TypeInference.cpp - Element types and inferred results -------------===//

#include "cegm/Dialect/StableHLO/IR/TypeInference.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;

bool stablehlo::isIntegerElement(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.isSigned())
    return false;
  unsigned width = integer.getWidth();
  if (width == 1)
    return integer.isSignless();
  return width == 2 || width == 4 || width == 8 || width == 16 || width == 32 ||
         width == 64;
}

bool stablehlo::isComplexElement(Type type) {
  auto complex = dyn_cast<ComplexType>(type);
  return complex &&
         (complex.getElementType().isF32() || complex.getElementType().isF64());
}

bool stablehlo::isQuantizedElement(Type type) {
  return isa<quant::QuantizedType>(type);
}

Type stablehlo::sameElement(Type type) { return type; }

Type stablehlo::realElement(Type type) {
  auto complex = dyn_cast<ComplexType>(type);
  return complex ? complex.getElementType() : type;
}

Type stablehlo::predElement(Type type) {
  return IntegerType::get(type.getContext(), 1);
}

Type stablehlo::complexElement(Type type) { return ComplexType::get(type); }

/// Whether two element types may meet in one elementwise operation.
static bool agree(Type lhs, Type rhs) {
  return lhs == rhs || stablehlo::isQuantizedElement(lhs) ||
         stablehlo::isQuantizedElement(rhs);
}

LogicalResult
stablehlo::inferElementwise(StringRef opName, std::optional<Location> location,
                            ValueRange operands,
                            llvm::function_ref<Type(Type)> inferElement,
                            SmallVectorImpl<Type> &results) {
  auto first = dyn_cast<RankedTensorType>(operands.front().getType());
  if (!first)
    return emitOptionalError(location, "'", opName,
                             "' op operand 0 must be a ranked tensor, but is ",
                             operands.front().getType());
  SmallVector<int64_t> shape(first.getShape());
  for (auto [index, operand] : llvm::enumerate(operands.drop_front())) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || !agree(type.getElementType(), first.getElementType()) ||
        failed(verifyCompatibleShape(shape, type.getShape())))
      return emitOptionalError(location, "'", opName, "' op operand ",
                               index + 1, " has type ", operand.getType(),
                               ", which does not agree with operand 0 of type ",
                               first);
    for (auto [known, size] : llvm::zip_equal(shape, type.getShape()))
      if (ShapedType::isDynamic(known))
        known = size;
  }
  results.push_back(RankedTensorType::get(
      shape, inferElement(first.getElementType()), first.getEncoding()));
  return success();
}

bool stablehlo::areCompatibleTypes(Type lhs, Type rhs) {
  if (lhs == rhs)
    return true;
  auto lhsTensor = dyn_cast<RankedTensorType>(lhs);
  auto rhsTensor = dyn_cast<RankedTensorType>(rhs);
  return lhsTensor && rhsTensor &&
         agree(lhsTensor.getElementType(), rhsTensor.getElementType()) &&
         succeeded(verifyCompatibleShape(lhsTensor, rhsTensor));
}

bool stablehlo::areCompatibleTypes(TypeRange lhs, TypeRange rhs) {
  return lhs.size() == rhs.size() &&
         llvm::all_of(llvm::zip_equal(lhs, rhs), [](auto pair) {
           return areCompatibleTypes(std::get<0>(pair), std::get<1>(pair));
         });
}
