//===- EmitterShapes.cpp - StableHLO that moves elements ------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Value Emitter::broadcast(Value value, Shape shape, Dims dims) {
  RankedTensorType type = typeOf(value).clone(inType(shape));
  if (type == value.getType())
    return value;
  if (type.hasStaticShape() && typeOf(value).hasStaticShape())
    return stablehlo::BroadcastInDimOp::create(
        builder, loc, type, value, builder.getDenseI64ArrayAttr(dims));
  return sizes.note(stablehlo::DynamicBroadcastInDimOp::create(
                        builder, loc, type, value, sizes.asVector(shape), dims,
                        /*known_expanding_dimensions=*/{},
                        /*known_nonexpanding_dimensions=*/{}),
                    shape);
}

Value Emitter::iota(Size size) {
  auto type = RankedTensorType::get(size.inType(), builder.getI32Type());
  IntegerAttr dim = builder.getI64IntegerAttr(0);
  if (size.isKnown())
    return stablehlo::IotaOp::create(builder, loc, type, dim);
  return sizes.note(stablehlo::DynamicIotaOp::create(builder, loc, type,
                                                     sizes.asVector(size), dim),
                    size);
}

Value Emitter::reshape(Value value, Shape shape) {
  RankedTensorType type = typeOf(value).clone(inType(shape));
  if (type == value.getType())
    return value;
  if (type.hasStaticShape() && typeOf(value).hasStaticShape())
    return create<stablehlo::ReshapeOp>(type, value);
  return sizes.note(
      create<stablehlo::DynamicReshapeOp>(type, {value, sizes.asVector(shape)}),
      shape);
}

Value Emitter::cast(Value value, RankedTensorType type) {
  if (type == value.getType())
    return value;
  SmallVector<Size> shape = shapeOf(value);
  for (auto [size, known] : llvm::zip_equal(shape, type.getShape()))
    if (!ShapedType::isDynamic(known))
      size = known;
  return sizes.note(
      create<stablehlo::DynamicReshapeOp>(type, {value, sizes.asVector(shape)}),
      shape);
}

Value Emitter::transpose(Value value, Dims permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(permutation.size())))
    return value;
  SmallVector<Size> shape;
  for (int64_t dim : permutation)
    shape.push_back(sizeOf(value, dim));
  return sizes.note(stablehlo::TransposeOp::create(
                        builder, loc, typeOf(value).clone(inType(shape)), value,
                        builder.getDenseI64ArrayAttr(permutation)),
                    shape);
}

Value Emitter::slice(Value value, int64_t dim, Size start, Size limit,
                     int64_t stride, std::optional<Size> count) {
  SmallVector<Size> limits = shapeOf(value);
  int64_t rank = limits.size();
  if (start.is(0) && limit == limits[dim] && stride == 1)
    return value;
  SmallVector<Size> shape = limits, starts(rank, 0);
  SmallVector<int64_t> strides(rank, 1);
  // Rounded up.
  shape[dim] =
      count ? *count
            : sizes.div(sizes.add(sizes.sub(limit, start), stride - 1), stride);
  starts[dim] = start;
  limits[dim] = limit;
  strides[dim] = stride;
  RankedTensorType type = typeOf(value).clone(inType(shape));
  if (typeOf(value).hasStaticShape() && start.isKnown() && limit.isKnown()) {
    if (type == value.getType())
      return value;
    return stablehlo::SliceOp::create(
        builder, loc, type, value, builder.getDenseI64ArrayAttr(inType(starts)),
        builder.getDenseI64ArrayAttr(inType(limits)),
        builder.getDenseI64ArrayAttr(strides));
  }
  return sizes.note(
      create<stablehlo::RealDynamicSliceOp>(
          type, {value, sizes.asVector(starts), sizes.asVector(limits),
                 sizes.asVector(asSizes(strides))}),
      shape);
}

Value Emitter::concatenate(ValueRange values, int64_t dim) {
  if (values.size() == 1)
    return values.front();
  SmallVector<Size> shape = shapeOf(values.front());
  shape[dim] = 0;
  for (Value value : values)
    shape[dim] = sizes.add(shape[dim], sizeOf(value, dim));
  return sizes.note(stablehlo::ConcatenateOp::create(
                        builder, loc,
                        typeOf(values.front()).clone(inType(shape)), values,
                        builder.getI64IntegerAttr(dim)),
                    shape);
}

Value Emitter::updateSlice(Value value, Value part, Value index) {
  SmallVector<Value> operands{value, part, index};
  int64_t rank = typeOf(value).getRank();
  if (rank > 1) {
    Value zero = constant(DenseElementsAttr::get(
        typeOf(index),
        builder.getIntegerAttr(typeOf(index).getElementType(), 0)));
    operands.append(rank - 1, zero);
  }
  return create<stablehlo::DynamicUpdateSliceOp>(value.getType(), operands);
}
