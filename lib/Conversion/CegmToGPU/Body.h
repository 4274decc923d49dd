//===- Body.h - Writes the body of a kernel -------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOGPU_BODY_H
#define CEGM_LIB_CONVERSION_CEGMTOGPU_BODY_H

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::to_gpu {

/// The threads of a warp.
inline constexpr int64_t warpSize = 32;

/// The quotient of sizes, rounded up.
inline int64_t divideCeil(int64_t size, int64_t step) {
  return (size + step - 1) / step;
}

/// Writes arithmetic on the device. Functions of two operands take two of one
/// type, an index, an integer, a number or a vector of numbers, and choose the
/// op by it. Sums of products may be fused.
class Body : public ImplicitLocOpBuilder {
public:
  /// Writes at the end of the entry of `kernel`.
  Body(Location loc, gpu::GPUFuncOp kernel);

  Value index(int64_t value);
  /// A number of the given type, which may be a vector.
  Value number(double value, Type type);
  Value zero(Type type) { return number(0.0, type); }

  Value threadId() { return threadIdValue; }
  /// The number of the thread among those of all blocks of `blockSize`.
  Value getGlobalThread(int64_t blockSize) {
    return add(mul(blockId(gpu::Dimension::x), blockSize), threadId());
  }
  Value blockId(gpu::Dimension dim);

  Value add(Value lhs, Value rhs);
  Value sub(Value lhs, Value rhs);
  Value mul(Value lhs, Value rhs);
  /// The quotient of numbers, or of indices that are not negative.
  Value div(Value lhs, Value rhs);
  Value rem(Value lhs, Value rhs);
  Value add(Value lhs, int64_t rhs) { return add(lhs, index(rhs)); }
  Value mul(Value lhs, int64_t rhs) { return mul(lhs, index(rhs)); }
  Value div(Value lhs, int64_t rhs) { return div(lhs, index(rhs)); }
  Value rem(Value lhs, int64_t rhs) { return rem(lhs, index(rhs)); }

  /// `lhs * rhs + addend`.
  Value fma(Value lhs, Value rhs, Value addend);
  Value square(Value value) { return mul(value, value); }
  Value negate(Value value);
  Value abs(Value value);
  Value sqrt(Value value);
  /// The smaller and larger of two; of numbers, that which is not a NaN.
  Value min(Value lhs, Value rhs);
  Value max(Value lhs, Value rhs);
  /// A number, or vector of numbers, in another element type.
  Value convert(Value value, Type element);
  /// An i1 as a number.
  Value fromFlag(Value flag, Type type);

  Value less(Value lhs, Value rhs);
  Value less(Value lhs, int64_t rhs) { return less(lhs, index(rhs)); }
  Value equal(Value lhs, Value rhs);
  Value lessOrEqual(Value lhs, Value rhs);
  Value isFinite(Value value);
  Value isNaN(Value value);
  Value flag(bool value);
  Value logicalAnd(Value lhs, Value rhs);
  Value logicalOr(Value lhs, Value rhs);
  Value logicalNot(Value value);
  Value select(Value condition, Value yes, Value no);

  Value load(Value buffer, Value position);
  /// The element of a buffer of rank 0.
  Value loadScalar(Value buffer);
  void store(Value value, Value buffer, Value position);
  /// `width` numbers at a position that `width` divides; one number, if 1.
  Value loadVector(Value buffer, Value position, int64_t width);
  void storeVector(Value value, Value buffer, Value position);
  /// The numbers of a vector, or the one number that it is.
  SmallVector<Value> unpack(Value vector);
  Value splat(Value value, Type type);
  Value sumElements(Value vector);

  /// A buffer that the threads of a block share.
  Value shared(Type element, int64_t size);
  void barrier();
  /// The value of the lane whose id differs by the bits in `mask`.
  Value shuffle(Value value, int64_t mask);

  using LoopBody =
      llvm::function_ref<SmallVector<Value>(Value, ValueRange carried)>;
  /// Runs for positions from `from` to below `to`; returns what is carried.
  SmallVector<Value> loop(Value from, Value to, int64_t step,
                          ValueRange initial, LoopBody body);
  void ifThen(Value condition, llvm::function_ref<void()> body);
  SmallVector<Value> ifElse(Value condition, TypeRange types,
                            llvm::function_ref<SmallVector<Value>()> thenBody,
                            llvm::function_ref<SmallVector<Value>()> elseBody);

private:
  gpu::GPUFuncOp kernel;
  Value threadIdValue;
};

/// The element type of a vector, or the type itself.
Type getElementType(Type type);

} // namespace mlir::cegm::to_gpu

#endif // CEGM_LIB_CONVERSION_CEGMTOGPU_BODY_H
