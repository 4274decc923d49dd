//===- Tensors.h - Building blocks on tensors -----------------------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TENSORS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TENSORS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::from_stablehlo {

/// Writes the body of a loop nest: elements of the inputs, then of the outputs.
using BodyBuilder =
    function_ref<SmallVector<Value>(ImplicitLocOpBuilder &, ValueRange)>;

//===----------------------------------------------------------------------===//
// Tensors without dimensions
//===----------------------------------------------------------------------===//

/// The element of a tensor<T>, and a tensor<T> of an element. They cancel.
Value getScalar(ImplicitLocOpBuilder &builder, Value tensor);
Value createScalarTensor(ImplicitLocOpBuilder &builder, Value scalar);

/// An integer as an index; it has a sign unless `isUnsigned`.
Value createIndex(ImplicitLocOpBuilder &builder, Value integer,
                  bool isUnsigned = false);
Value createIndex(ImplicitLocOpBuilder &builder, int64_t value);

/// `value` moved into [0, limit].
Value clampIndex(ImplicitLocOpBuilder &builder, Value value, Value limit);

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

/// The sizes of the dimensions of `tensor` that are dynamic in `type`.
SmallVector<Value> getDynamicSizes(ImplicitLocOpBuilder &builder,
                                   RankedTensorType type, Value tensor);

Value createEmpty(ImplicitLocOpBuilder &builder, RankedTensorType type,
                  ValueRange dynamicSizes = {});
Value createFilled(ImplicitLocOpBuilder &builder, RankedTensorType type,
                   Value scalar, ValueRange dynamicSizes = {});

//===----------------------------------------------------------------------===//
// Loop nests
//===----------------------------------------------------------------------===//

/// A loop nest over the elements of a new tensor. `maps` say which element of
/// an input belongs to an element of the result.
Value createParallel(ImplicitLocOpBuilder &builder, RankedTensorType type,
                     ValueRange dynamicSizes, ValueRange inputs,
                     ArrayRef<AffineMap> maps, BodyBuilder body);

/// The same with identity maps.
Value createElementwise(ImplicitLocOpBuilder &builder, RankedTensorType type,
                        ValueRange dynamicSizes, ValueRange inputs,
                        BodyBuilder body);

/// `value` rounded to the element type of `type`, which is a narrower float;
/// `value` itself where it has that element type already.
Value createRounded(ImplicitLocOpBuilder &builder, RankedTensorType type,
                    ValueRange dynamicSizes, Value value);

/// The type in which numbers of the type `element` are added up: floats in f32
/// at least.
Type getSumType(Type element);

/// A new tensor whose elements are their index along `dimension`.
Value createIota(ImplicitLocOpBuilder &builder, RankedTensorType type,
                 ValueRange dynamicSizes, int64_t dimension);

/// `tensor`, whose type agrees up to what is known of the shape, as a `type`.
Value castTo(ImplicitLocOpBuilder &builder, RankedTensorType type,
             Value tensor);

/// The elements of `tensor` in row-major order, in the static shape of `type`.
Value createReshape(ImplicitLocOpBuilder &builder, RankedTensorType type,
                    Value tensor);

/// `operand` with `scalar` before, after and between its elements; negative
/// amounts before and after remove elements.
Value createPad(ImplicitLocOpBuilder &builder, Value operand, Value scalar,
                ArrayRef<int64_t> low, ArrayRef<int64_t> high,
                ArrayRef<int64_t> interior);

/// `operand` read from the other end along `dims`.
Value createReverse(ImplicitLocOpBuilder &builder, Value operand,
                    ArrayRef<int64_t> dims);

/// Component `component` of the index vectors, which lie along `vectorDim` of
/// `indices`, or are single numbers if there is no such dimension.
Value getIndexComponent(ImplicitLocOpBuilder &builder, Value indices,
                        int64_t vectorDim, int64_t component);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TENSORS_H
