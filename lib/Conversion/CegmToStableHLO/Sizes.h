//===- Sizes.h - Sizes that are numbers or values -------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_SIZES_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_SIZES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/DenseMap.h"

namespace mlir::cegm::to_stablehlo {

/// The size of a dimension, or a position in it: a number, or a tensor of rank
/// 0 that holds one.
class Size {
public:
  Size(int64_t number) : number(number) {}
  Size(Value value) : number(ShapedType::kDynamic), value(value) {}

  bool isKnown() const { return !value; }
  /// Whether it is that number whatever the program runs on.
  bool is(int64_t other) const { return isKnown() && number == other; }
  int64_t getNumber() const {
    assert(isKnown() && "a size that the program computes");
    return number;
  }
  /// How a type has it.
  int64_t inType() const { return number; }
  Value getValue() const { return value; }

  bool operator==(const Size &other) const {
    return number == other.number && value == other.value;
  }

private:
  int64_t number;
  Value value;
};

/// What a type has of these sizes.
SmallVector<int64_t> inType(ArrayRef<Size> sizes);

/// Numbers as sizes.
SmallVector<Size> asSizes(ArrayRef<int64_t> numbers);

/// Computes with sizes, in 32 bits as JAX does, and knows the shapes of the
/// tensors that were made from them, so that no size is asked for twice. On
/// numbers alone it writes nothing.
class SizeEmitter {
public:
  SizeEmitter(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  Size of(Value tensor, int64_t dim);
  SmallVector<Size> of(Value tensor);
  /// Notes the shape of a tensor that was made of that shape.
  Value note(Value tensor, ArrayRef<Size> shape);
  /// Notes that a tensor has the shape of another.
  Value noteAlike(Value tensor, Value other);

  Size add(Size lhs, Size rhs);
  Size sub(Size lhs, Size rhs);
  Size mul(Size lhs, Size rhs);
  /// The quotient of numbers that are not negative, rounded down.
  Size div(Size lhs, Size rhs);
  Size min(Size lhs, Size rhs);
  Size product(ArrayRef<Size> sizes);

  /// As a tensor of rank 0 and of rank 1.
  Value asScalar(Size size);
  Value asVector(ArrayRef<Size> sizes);

  /// While one lives, what is found out about values is forgotten when it dies:
  /// it may be written into a region that others do not see.
  class Scope {
  public:
    explicit Scope(SizeEmitter &sizes)
        : sizes(sizes), shapes(sizes.shapes), vectors(sizes.vectors) {}
    ~Scope() {
      sizes.shapes = std::move(shapes);
      sizes.vectors = std::move(vectors);
    }

  private:
    SizeEmitter &sizes;
    DenseMap<Value, SmallVector<Size>> shapes;
    SmallVector<std::pair<SmallVector<Size>, Value>> vectors;
  };

private:
  template <typename Op> Value binary(Size lhs, Size rhs);

  OpBuilder &builder;
  Location loc;
  DenseMap<Value, SmallVector<Size>> shapes;
  /// From a tensor to one of the same shape.
  DenseMap<Value, Value> alike;
  SmallVector<std::pair<SmallVector<Size>, Value>> vectors;
};

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_SIZES_H
