//===- ScalarComparisons.cpp - Comparisons and choices --------------------===//

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;
using stablehlo::ComparisonDirection;

static arith::CmpIPredicate getPredicate(ComparisonDirection direction,
                                         bool isUnsigned) {
  using Predicate = arith::CmpIPredicate;
  switch (direction) {
  case ComparisonDirection::EQ:
    return Predicate::eq;
  case ComparisonDirection::NE:
    return Predicate::ne;
  case ComparisonDirection::GE:
    return isUnsigned ? Predicate::uge : Predicate::sge;
  case ComparisonDirection::GT:
    return isUnsigned ? Predicate::ugt : Predicate::sgt;
  case ComparisonDirection::LE:
    return isUnsigned ? Predicate::ule : Predicate::sle;
  case ComparisonDirection::LT:
    return isUnsigned ? Predicate::ult : Predicate::slt;
  }
  llvm_unreachable("a comparison has one of six directions");
}

/// NaN is unequal to everything, and nothing else holds of it.
static arith::CmpFPredicate getFloatPredicate(ComparisonDirection direction) {
  using Predicate = arith::CmpFPredicate;
  switch (direction) {
  case ComparisonDirection::EQ:
    return Predicate::OEQ;
  case ComparisonDirection::NE:
    return Predicate::UNE;
  case ComparisonDirection::GE:
    return Predicate::OGE;
  case ComparisonDirection::GT:
    return Predicate::OGT;
  case ComparisonDirection::LE:
    return Predicate::OLE;
  case ComparisonDirection::LT:
    return Predicate::OLT;
  }
  llvm_unreachable("a comparison has one of six directions");
}

Value from_stablehlo::createOrderKey(ImplicitLocOpBuilder &b, Value value) {
  unsigned width = value.getType().getIntOrFloatBitWidth();
  Type type = b.getIntegerType(width);
  Value bits = arith::BitcastOp::create(b, type, value);
  Value isNegative =
      arith::CmpIOp::create(b, arith::CmpIPredicate::slt, bits,
                            createInteger(b, type, APInt::getZero(width)));
  Value mirrored = arith::XOrIOp::create(
      b, bits, createInteger(b, type, APInt::getSignedMaxValue(width)));
  return arith::SelectOp::create(b, isNegative, mirrored, bits);
}

static Value lowerCompare(ImplicitLocOpBuilder &b, stablehlo::CompareOp op,
                          ValueRange args) {
  ComparisonDirection direction = op.getComparisonDirection();
  Type element = getElementTypeOrSelf(op.getLhs());
  if (isa<ComplexType>(element)) {
    if (direction == ComparisonDirection::EQ)
      return complex::EqualOp::create(b, args[0], args[1]);
    return complex::NotEqualOp::create(b, args[0], args[1]);
  }
  if (!isa<FloatType>(element))
    return arith::CmpIOp::create(
        b, getPredicate(direction, isUnsignedElement(element)), args[0],
        args[1]);
  if (op.getCompareType() == stablehlo::ComparisonType::TOTALORDER)
    return arith::CmpIOp::create(b, getPredicate(direction, false),
                                 createOrderKey(b, args[0]),
                                 createOrderKey(b, args[1]));
  return arith::CmpFOp::create(b, getFloatPredicate(direction), args[0],
                               args[1]);
}

void from_stablehlo::addComparisons(ScalarTable &table) {
  using Builder = ImplicitLocOpBuilder;
  table.add<stablehlo::CompareOp>(AnyElement, lowerCompare);
  table.add<stablehlo::SelectOp>(AnyElement, [](Builder &b, Operation *,
                                                ValueRange args) {
    return arith::SelectOp::create(b, args[0], args[1], args[2]).getResult();
  });
  auto isInfinite = [](Builder &b, Operation *, ValueRange args) {
    return math::IsInfOp::create(b, args[0]).getResult();
  };
  auto equals = [](double number) {
    return [number](Builder &b, Operation *, ValueRange args) {
      return arith::CmpFOp::create(b, arith::CmpFPredicate::OEQ, args[0],
                                   createNumber(b, args[0].getType(), number))
          .getResult();
    };
  };
  constexpr double infinity = std::numeric_limits<double>::infinity();
  table.add<stablehlo::IsFiniteOp>(
      Floats | Bools, [](Builder &b, Operation *, ValueRange args) {
        return math::IsFiniteOp::create(b, args[0]).getResult();
      });
  table.add<chlo::IsInfOp>(Floats | Bools, isInfinite);
  table.add<chlo::IsPosInfOp>(Floats | Bools, equals(infinity));
  table.add<chlo::IsNegInfOp>(Floats | Bools, equals(-infinity));
}
