//===- Matrices.h - Batches of matrices, element by element -----*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_MATRICES_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_MATRICES_H

#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::cegm::from_stablehlo {

/// Arithmetic on real or complex numbers.
struct NumberCode {
  Value subtractProduct(Value from, Value lhs, Value rhs) {
    if (isComplex())
      return complex::SubOp::create(b, from,
                                    complex::MulOp::create(b, lhs, rhs));
    return arith::SubFOp::create(b, from, arith::MulFOp::create(b, lhs, rhs));
  }
  Value divide(Value lhs, Value rhs) {
    if (isComplex())
      return complex::DivOp::create(b, lhs, rhs);
    return arith::DivFOp::create(b, lhs, rhs);
  }
  Value conjugate(Value value) {
    if (isComplex())
      return complex::ConjOp::create(b, value);
    return value;
  }
  /// The root of a number whose imaginary part, if it has one, is zero.
  Value squareRoot(Value value) {
    if (!isComplex())
      return math::SqrtOp::create(b, value);
    Value real = complex::ReOp::create(b, value);
    Value zero = createNumber(b, real.getType(), 0.0);
    return complex::CreateOp::create(b, element, math::SqrtOp::create(b, real),
                                     zero);
  }
  Value convert(Value value, Type type) {
    if (value.getType() == type)
      return value;
    if (value.getType().getIntOrFloatBitWidth() < type.getIntOrFloatBitWidth())
      return arith::ExtFOp::create(b, type, value);
    return arith::TruncFOp::create(b, type, value);
  }
  Value zero() { return createNumber(b, element, 0.0); }
  bool isComplex() const { return isa<ComplexType>(element); }

  ImplicitLocOpBuilder &b;
  Type element;
};

/// A batch of matrices, whose last two dimensions are rows and columns.
struct Matrices {
  Matrices(ImplicitLocOpBuilder &b, Value tensor)
      : b(b), type(cast<RankedTensorType>(tensor.getType())),
        sizes(getDynamicSizes(b, type, tensor)), rank(type.getRank()) {}

  /// Element (row, column) of the matrix of this step of a loop nest.
  Value extract(ImplicitLocOpBuilder &body, Value tensor, Value row,
                Value column) const {
    SmallVector<Value> places;
    for (int64_t dim = 0; dim < rank - 2; ++dim)
      places.push_back(linalg::IndexOp::create(body, dim));
    places.append({row, column});
    return tensor::ExtractOp::create(body, tensor, places);
  }

  /// The same with new elements, in place.
  Value update(Value tensor, ValueRange inputs, ArrayRef<AffineMap> maps,
               BodyBuilder create) const {
    SmallVector<AffineMap> allMaps(maps);
    allMaps.push_back(b.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> iterators(rank,
                                               utils::IteratorType::parallel);
    return linalg::GenericOp::create(
               b, TypeRange(tensor.getType()), inputs, ValueRange(tensor),
               allMaps, iterators,
               [&](OpBuilder &nested, Location loc, ValueRange args) {
                 ImplicitLocOpBuilder body(loc, nested);
                 linalg::YieldOp::create(body, create(body, args));
               })
        .getResult(0);
  }

  /// Which of the vectors over all dimensions but one belongs to an element.
  AffineMap getVectorMap(int64_t without) const {
    return b.getMultiDimIdentityMap(rank).dropResult(without);
  }

  /// A vector over all dimensions but one.
  Value createVectors(Type element, int64_t without, BodyBuilder body) const {
    SmallVector<int64_t> shape(type.getShape());
    SmallVector<Value> kept;
    size_t next = 0;
    for (int64_t dim = 0; dim < rank; ++dim)
      if (type.isDynamicDim(dim)) {
        if (dim != without)
          kept.push_back(sizes[next]);
        ++next;
      }
    shape.erase(shape.begin() + without);
    return createElementwise(b, RankedTensorType::get(shape, element), kept, {},
                             body);
  }

  ImplicitLocOpBuilder &b;
  RankedTensorType type;
  SmallVector<Value> sizes;
  int64_t rank;
};

/// A loop over the columns, which hands a tensor on.
inline Value createColumnLoop(
    ImplicitLocOpBuilder &b, Value count, Value init,
    function_ref<Value(ImplicitLocOpBuilder &, Value, Value)> step) {
  return scf::ForOp::create(
             b, createIndex(b, 0), count, createIndex(b, 1), init,
             [&](OpBuilder &nested, Location loc, Value column,
                 ValueRange carried) {
               ImplicitLocOpBuilder body(loc, nested);
               scf::YieldOp::create(body, step(body, column, carried[0]));
             })
      .getResult(0);
}

inline Value createLess(ImplicitLocOpBuilder &b, Value lhs, Value rhs) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, lhs, rhs);
}

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_MATRICES_H
