//===- Arithmetic.cpp - Short names for numbers and vectors ---------------===//

#include "Arithmetic.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"

#include <limits>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

/// `element`, or the vector of it that has the shape of `like`.
static Type withElement(Type like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like))
    return vector.clone(element);
  return element;
}

Value Arithmetic::constant(double value, Type type) {
  TypedAttr attribute = b.getFloatAttr(getElementTypeOrSelf(type), value);
  if (auto vector = dyn_cast<VectorType>(type))
    attribute = DenseElementsAttr::get(vector, attribute);
  return arith::ConstantOp::create(b, attribute);
}

Value Arithmetic::flag(bool value) {
  return arith::ConstantOp::create(b, b.getBoolAttr(value));
}

Value Arithmetic::index(int64_t value) {
  return arith::ConstantIndexOp::create(b, value);
}

Value Arithmetic::convert(Value value, Type type) {
  Type from = getElementTypeOrSelf(value.getType());
  if (from == type)
    return value;
  Type result = withElement(value.getType(), type);
  if (from.isInteger(1))
    return arith::UIToFPOp::create(b, result, value);
  unsigned fromWidth = from.getIntOrFloatBitWidth();
  unsigned toWidth = type.getIntOrFloatBitWidth();
  if (fromWidth < toWidth)
    return arith::ExtFOp::create(b, result, value);
  assert(fromWidth > toWidth && "f16 and bf16 meet in f32 only");
  return arith::TruncFOp::create(b, result, value);
}

Value Arithmetic::clamp(double low, Value value, double high) {
  Value raised = arith::MaximumFOp::create(b, value, constant(low, value));
  return arith::MinimumFOp::create(b, raised, constant(high, value));
}

static constexpr auto anyOrder =
    arith::FastMathFlags::reassoc | arith::FastMathFlags::contract;

Value Arithmetic::accumulate(Value sum, Value term) {
  return arith::AddFOp::create(b, sum, term, anyOrder);
}

Value Arithmetic::accumulateProduct(Value sum, Value lhs, Value rhs) {
  return accumulate(sum, arith::MulFOp::create(b, lhs, rhs, anyOrder));
}

Value Arithmetic::sumOf(Value vector) {
  return vector::ReductionOp::create(b, vector::CombiningKind::ADD, vector,
                                     anyOrder);
}

Value Arithmetic::isFinite(Value value) {
  Value infinity = constant(std::numeric_limits<double>::infinity(), value);
  return compare(arith::CmpFPredicate::OLT, abs(value), infinity);
}

Value Arithmetic::logicalNot(Value flag) {
  Value yes = arith::ConstantOp::create(b, b.getOneAttr(flag.getType()));
  return arith::XOrIOp::create(b, flag, yes);
}
