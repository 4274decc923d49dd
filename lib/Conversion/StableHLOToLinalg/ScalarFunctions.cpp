//===- ScalarFunctions.cpp - Functions that math and complex have ---------===//

#include "ComplexFunctions.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// An op of math for floating-point numbers.
template <typename FloatOp>
static Value createFloat(ImplicitLocOpBuilder &b, Operation *,
                         ValueRange args) {
  return FloatOp::create(b, args);
}

/// An op of math for floating-point numbers, and one of complex.
template <typename FloatOp, typename ComplexOp>
static Value createEither(ImplicitLocOpBuilder &b, Operation *,
                          ValueRange args) {
  if (isa<ComplexType>(args[0].getType()))
    return ComplexOp::create(b, args[0].getType(), args);
  return FloatOp::create(b, args);
}

/// An op of math for floating-point numbers, and code of ours for complex ones.
template <typename FloatOp, ComplexParts create(FloatCode &, ComplexParts)>
static Value createOrExpand(ImplicitLocOpBuilder &b, Operation *,
                            ValueRange args) {
  auto type = dyn_cast<ComplexType>(args[0].getType());
  if (!type)
    return FloatOp::create(b, args);
  FloatCode code(b, type.getElementType());
  ComplexParts result = create(code, {complex::ReOp::create(b, args[0]),
                                      complex::ImOp::create(b, args[0])});
  return complex::CreateOp::create(b, type, result.real, result.imaginary);
}

/// 1 / (1 + exp(-x)). Large |x| give 0 and 1, never NaN.
static Value createLogistic(ImplicitLocOpBuilder &b, Operation *,
                            ValueRange args) {
  Type type = args[0].getType();
  Value one = createNumber(b, type, 1.0);
  if (isa<ComplexType>(type)) {
    Value power = complex::ExpOp::create(b, complex::NegOp::create(b, args[0]));
    return complex::DivOp::create(b, one,
                                  complex::AddOp::create(b, one, power));
  }
  Value power = math::ExpOp::create(b, arith::NegFOp::create(b, args[0]));
  return arith::DivFOp::create(b, one, arith::AddFOp::create(b, one, power));
}

void from_stablehlo::addFunctions(ScalarTable &table) {
  constexpr unsigned both = Floats | Complexes;
  table.add<stablehlo::Atan2Op>(both,
                                createEither<math::Atan2Op, complex::Atan2Op>);
  table.add<stablehlo::CosineOp>(both,
                                 createEither<math::CosOp, complex::CosOp>);
  table.add<stablehlo::ExpOp>(both, createEither<math::ExpOp, complex::ExpOp>);
  table.add<stablehlo::Expm1Op>(both,
                                createEither<math::ExpM1Op, complex::Expm1Op>);
  table.add<stablehlo::LogOp>(both, createEither<math::LogOp, complex::LogOp>);
  table.add<stablehlo::Log1pOp>(both,
                                createEither<math::Log1pOp, complex::Log1pOp>);
  table.add<stablehlo::LogisticOp>(both, createLogistic);
  table.add<stablehlo::RsqrtOp>(both,
                                createEither<math::RsqrtOp, complex::RsqrtOp>);
  table.add<stablehlo::SineOp>(both, createEither<math::SinOp, complex::SinOp>);
  table.add<stablehlo::SqrtOp>(both,
                               createEither<math::SqrtOp, complex::SqrtOp>);
  table.add<stablehlo::TanOp>(both, createEither<math::TanOp, complex::TanOp>);
  table.add<chlo::TanOp>(both, createEither<math::TanOp, complex::TanOp>);
  table.add<stablehlo::TanhOp>(both,
                               createEither<math::TanhOp, complex::TanhOp>);

  table.add<chlo::AcosOp>(both,
                          createOrExpand<math::AcosOp, createComplexAcos>);
  table.add<chlo::AcoshOp>(both,
                           createOrExpand<math::AcoshOp, createComplexAcosh>);
  table.add<chlo::AsinOp>(both,
                          createOrExpand<math::AsinOp, createComplexAsin>);
  table.add<chlo::AsinhOp>(both,
                           createOrExpand<math::AsinhOp, createComplexAsinh>);
  table.add<chlo::AtanOp>(both,
                          createOrExpand<math::AtanOp, createComplexAtan>);
  table.add<chlo::AtanhOp>(both,
                           createOrExpand<math::AtanhOp, createComplexAtanh>);
  table.add<chlo::CoshOp>(both,
                          createOrExpand<math::CoshOp, createComplexCosh>);
  table.add<chlo::SinhOp>(both,
                          createOrExpand<math::SinhOp, createComplexSinh>);

  table.add<stablehlo::CbrtOp>(Floats, createFloat<math::CbrtOp>);
  table.add<stablehlo::CeilOp>(Floats, createFloat<math::CeilOp>);
  table.add<stablehlo::FloorOp>(Floats, createFloat<math::FloorOp>);
  table.add<stablehlo::RoundOp>(Floats, createFloat<math::RoundOp>);
  table.add<stablehlo::RoundNearestEvenOp>(Floats,
                                           createFloat<math::RoundEvenOp>);
  table.add<chlo::ErfOp>(Floats, createFloat<math::ErfOp>);
  table.add<chlo::ErfcOp>(Floats, createFloat<math::ErfcOp>);
}
