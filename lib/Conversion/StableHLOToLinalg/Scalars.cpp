//===- Scalars.cpp - The table of elementwise ops -------------------------===//

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

unsigned from_stablehlo::getElementKind(Type element) {
  if (element.isInteger(1))
    return Bools;
  if (isa<IntegerType, IndexType>(element))
    return Ints;
  if (element.isF16() || element.isBF16() || element.isF32() || element.isF64())
    return Floats;
  if (isa<ComplexType>(element))
    return Complexes;
  return 0;
}

bool from_stablehlo::isUnsignedElement(Type element) {
  return element.isUnsignedInteger() || element.isInteger(1);
}

Type from_stablehlo::getSignlessElement(Type element) {
  auto integer = dyn_cast<IntegerType>(element);
  if (!integer || integer.isSignless())
    return element;
  return IntegerType::get(element.getContext(), integer.getWidth());
}

bool ScalarTable::contains(Operation *op) const {
  auto entry = entries.find(op->getName().getTypeID());
  if (entry == entries.end())
    return false;
  auto isHandled = [&](Type type) {
    unsigned kind = getElementKind(getElementTypeOrSelf(type));
    return kind != 0 && (kind & ~entry->second.elements) == 0;
  };
  return llvm::all_of(op->getOperandTypes(), isHandled) &&
         llvm::all_of(op->getResultTypes(), isHandled);
}

Value ScalarTable::lower(ImplicitLocOpBuilder &builder, Operation *op,
                         ValueRange args) const {
  return entries.find(op->getName().getTypeID())
      ->second.lower(builder, op, args);
}

const ScalarTable &ScalarTable::get() {
  static const ScalarTable table = [] {
    ScalarTable table;
    addArithmetic(table);
    addBitwise(table);
    addComparisons(table);
    addConversions(table);
    addFunctions(table);
    addSpecialFunctions(table);
    return table;
  }();
  return table;
}

Value from_stablehlo::createInteger(ImplicitLocOpBuilder &builder, Type type,
                                    const APInt &value) {
  return arith::ConstantOp::create(builder,
                                   builder.getIntegerAttr(type, value));
}

Value from_stablehlo::createNumber(ImplicitLocOpBuilder &builder, Type type,
                                   double value) {
  if (auto complexType = dyn_cast<ComplexType>(type)) {
    Type part = complexType.getElementType();
    return complex::CreateOp::create(builder, type,
                                     createNumber(builder, part, value),
                                     createNumber(builder, part, 0.0));
  }
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(builder,
                                     builder.getFloatAttr(type, value));
  return arith::ConstantOp::create(
      builder, builder.getIntegerAttr(type, static_cast<int64_t>(value)));
}
