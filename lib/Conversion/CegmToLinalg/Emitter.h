//===- Emitter.h - Loops over tensors -------------------------------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOLINALG_EMITTER_H
#define CEGM_LIB_CONVERSION_CEGMTOLINALG_EMITTER_H

#include "Arithmetic.h"

#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/BuiltinTypes.h"

namespace mlir::cegm::to_linalg {

/// A tensor and where a loop reads or writes it.
struct Access {
  Value tensor;
  AffineMap map;
};

/// Writes linalg ops in destination style at one place of a program, all with
/// one location. Sizes are attributes where they are known and values of index
/// type where they are not.
class Emitter {
public:
  using Sizes = SmallVector<OpFoldResult>;
  using Body = function_ref<SmallVector<Value>(Arithmetic &, ValueRange)>;
  using ElementBody = function_ref<Value(Arithmetic &, ValueRange)>;

  Emitter(OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}

  static RankedTensorType typeOf(Value value) {
    return cast<RankedTensorType>(value.getType());
  }
  OpBuilder &getBuilder() { return builder; }
  Location getLoc() const { return loc; }
  MLIRContext *getContext() const { return builder.getContext(); }
  /// Arithmetic beside the loops, on numbers.
  Arithmetic scalars() { return Arithmetic(builder, loc); }

  OpFoldResult sizeOf(Value tensor, int64_t dim);
  Sizes sizesOf(Value tensor);
  Sizes sizesOf(Value tensor, ArrayRef<int64_t> dims);

  Value empty(ArrayRef<OpFoldResult> sizes, Type element);
  Value filled(ArrayRef<OpFoldResult> sizes, Type element, double value);
  /// The one element of a tensor of rank 0.
  Value extract(Value tensor);

  /// The map of the given dimensions out of `rank` loops.
  AffineMap project(int64_t rank, ArrayRef<int64_t> dims);

  /// A `linalg.generic`. The body gets the elements of the inputs, then of the
  /// outputs.
  SmallVector<Value> loop(ArrayRef<Access> inputs, ArrayRef<Access> outputs,
                          ArrayRef<utils::IteratorType> iterators, Body body);

  /// One number for each position, from tensors of one shape.
  Value map(ValueRange inputs, Type element, ElementBody body);

  /// Numbers from all elements of tensors of one shape; `inits` are what is
  /// there without any. The body gets the elements, then the numbers so far.
  SmallVector<Value> reduce(ValueRange inputs, ValueRange inits, Body body);

  /// `count` positions of a dimension, from `start`.
  Value slice(Value tensor, int64_t dim, OpFoldResult start,
              OpFoldResult count);
  /// `tensor` with `part` written over the positions of a dimension from
  /// `start`.
  Value insert(Value part, Value tensor, int64_t dim, OpFoldResult start);

private:
  OpBuilder &builder;
  Location loc;
};

} // namespace mlir::cegm::to_linalg

#endif // CEGM_LIB_CONVERSION_CEGMTOLINALG_EMITTER_H
