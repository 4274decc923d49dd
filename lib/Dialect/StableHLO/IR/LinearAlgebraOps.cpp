//===- LinearAlgebraOps.cpp - Linear algebra and transforms ---------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// Whether `a` is a batch of square matrices.
static LogicalResult checkSquare(Operation *op, RankedTensorType a) {
  if (a.getRank() >= 2 &&
      areCompatibleSizes(a.getShape().drop_back().back(), a.getShape().back()))
    return success();
  return op->emitOpError() << "a has type " << a
                           << ", expected square matrices as the last two "
                              "dimensions";
}

LogicalResult CholeskyOp::verify() {
  // cholesky_c2 and cholesky_c3: a is a batch of square matrices.
  if (failed(checkSquare(*this, getA().getType())))
    return failure();
  // cholesky_c1: the result has its type.
  return checkType(*this, "result", getType(), getA().getType());
}

LogicalResult TriangularSolveOp::verify() {
  RankedTensorType a = getA().getType(), b = getB().getType();
  // triangular_solve_c2 and triangular_solve_c3: a is a batch of square
  // matrices.
  if (failed(checkSquare(*this, a)))
    return failure();
  // triangular_solve_c1 and triangular_solve_c4: the element types agree, and
  // the result has the type of b.
  if (failed(checkElementType(*this, "b", b, a)) ||
      failed(checkType(*this, "result", getType(), b)))
    return failure();
  // triangular_solve_c2 and triangular_solve_c3: b has the batch of a and fits
  // the side of a that it stands at.
  bool fits = a.getRank() == b.getRank();
  if (fits) {
    int64_t shared = b.getRank() - (getLeftSide() ? 2 : 1);
    fits = areCompatibleSizes(b.getDimSize(shared), a.getShape().back()) &&
           succeeded(verifyCompatibleShape(a.getShape().drop_back(2),
                                           b.getShape().drop_back(2)));
  }
  if (!fits)
    return emitOpError() << "b has type " << b << ", expected a batch of "
                         << (getLeftSide() ? "columns" : "rows")
                         << " for the matrices of a of type " << a;
  if (getTransposeA() == Transpose::TRANSPOSE_INVALID)
    return emitOpError() << "transpose_a is TRANSPOSE_INVALID, expected "
                            "NO_TRANSPOSE, TRANSPOSE or ADJOINT";
  return success();
}

LogicalResult FftOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  ArrayRef<int64_t> length = getFftLength();
  int64_t count = length.size(), rank = operand.getRank();
  // fft_c3 and fft_c1: one to three of the last dimensions.
  if (count < 1 || count > 3)
    return emitOpError() << "fft_length has " << count
                         << " entries, expected 1 to 3";
  if (count > rank)
    return emitOpError() << "fft_length has " << count << " entries, expected "
                         << rank << " at most, the rank of the operand";
  // fft_c2: each transform has its element types.
  FftType kind = getFftType();
  bool fromReal = kind == FftType::RFFT, toReal = kind == FftType::IRFFT;
  Type element = operand.getElementType();
  if (fromReal ? !element.isF32() && !element.isF64()
               : !isa<ComplexType>(element))
    return emitOpError() << "operand has element type " << element
                         << ", expected "
                         << (fromReal ? "f32 or f64" : "complex numbers")
                         << " for fft_type " << stringifyFftType(kind);
  if (failed(checkElementType(*this, "result", result,
                              fromReal ? complexElement(element)
                              : toReal ? realElement(element)
                                       : element)))
    return failure();
  // fft_c4 and fft_c5: a real tensor ends in the lengths, and its transform has
  // about half of the last one. The two have one shape else.
  SmallVector<int64_t> from(operand.getShape()), to(operand.getShape());
  if (fromReal || toReal) {
    MutableArrayRef<int64_t> real = fromReal ? from : to;
    llvm::copy(length, real.end() - count);
    if (toReal)
      llvm::copy(length.drop_back(), from.end() - count);
    int64_t half = length.back() == 0 ? 0 : length.back() / 2 + 1;
    (fromReal ? to : from).back() = half;
    if (fromReal)
      llvm::copy(length.drop_back(), to.end() - count);
  }
  if (failed(checkShape(*this, "operand", operand, from)))
    return failure();
  return checkShape(*this, "result", result, to);
}
