//===- Sizes.cpp - Sizes that are numbers or values -----------------------===//

#include "Sizes.h"

#include "cegm/Dialect/StableHLO.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

SmallVector<int64_t> to_stablehlo::inType(ArrayRef<Size> sizes) {
  return llvm::map_to_vector(sizes, [](Size size) { return size.inType(); });
}

SmallVector<Size> to_stablehlo::asSizes(ArrayRef<int64_t> numbers) {
  return llvm::map_to_vector(numbers,
                             [](int64_t number) { return Size(number); });
}

static RankedTensorType getVectorType(OpBuilder &builder, int64_t count) {
  return RankedTensorType::get(count, builder.getI32Type());
}

SmallVector<Size> SizeEmitter::of(Value tensor) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (type.hasStaticShape())
    return asSizes(type.getShape());
  while (Value other = alike.lookup(tensor))
    tensor = other;
  if (auto known = shapes.find(tensor); known != shapes.end())
    return known->second;

  type = cast<RankedTensorType>(tensor.getType());
  SmallVector<Size> shape = asSizes(type.getShape());
  auto scalar = RankedTensorType::get({}, builder.getI32Type());
  for (int64_t dim = 0; dim < type.getRank(); ++dim)
    if (type.isDynamicDim(dim))
      shape[dim] =
          stablehlo::GetDimensionSizeOp::create(builder, loc, scalar, tensor,
                                                builder.getI64IntegerAttr(dim))
              .getResult();
  shapes[tensor] = shape;
  return shape;
}

Size SizeEmitter::of(Value tensor, int64_t dim) {
  auto type = cast<RankedTensorType>(tensor.getType());
  if (!type.isDynamicDim(dim))
    return type.getDimSize(dim);
  return of(tensor)[dim];
}

Value SizeEmitter::note(Value tensor, ArrayRef<Size> shape) {
  if (!cast<RankedTensorType>(tensor.getType()).hasStaticShape())
    shapes[tensor] = llvm::to_vector(shape);
  return tensor;
}

Value SizeEmitter::noteAlike(Value tensor, Value other) {
  if (tensor != other &&
      !cast<RankedTensorType>(tensor.getType()).hasStaticShape())
    alike[tensor] = other;
  return tensor;
}

template <typename Op> Value SizeEmitter::binary(Size lhs, Size rhs) {
  Value first = asScalar(lhs);
  return Op::create(builder, loc, TypeRange(first.getType()),
                    ValueRange{first, asScalar(rhs)},
                    ArrayRef<NamedAttribute>())
      ->getResult(0);
}

Size SizeEmitter::add(Size lhs, Size rhs) {
  if (lhs.isKnown() && rhs.isKnown())
    return lhs.getNumber() + rhs.getNumber();
  if (lhs.is(0) || rhs.is(0))
    return lhs.is(0) ? rhs : lhs;
  return binary<stablehlo::AddOp>(lhs, rhs);
}

Size SizeEmitter::sub(Size lhs, Size rhs) {
  if (lhs.isKnown() && rhs.isKnown())
    return lhs.getNumber() - rhs.getNumber();
  return rhs.is(0) ? lhs : Size(binary<stablehlo::SubtractOp>(lhs, rhs));
}

Size SizeEmitter::mul(Size lhs, Size rhs) {
  if (lhs.isKnown() && rhs.isKnown())
    return lhs.getNumber() * rhs.getNumber();
  if (lhs.is(1) || rhs.is(1))
    return lhs.is(1) ? rhs : lhs;
  return binary<stablehlo::MulOp>(lhs, rhs);
}

Size SizeEmitter::div(Size lhs, Size rhs) {
  if (lhs.isKnown() && rhs.isKnown())
    return lhs.getNumber() / rhs.getNumber();
  return rhs.is(1) ? lhs : Size(binary<stablehlo::DivOp>(lhs, rhs));
}

Size SizeEmitter::min(Size lhs, Size rhs) {
  if (lhs.isKnown() && rhs.isKnown())
    return std::min(lhs.getNumber(), rhs.getNumber());
  // No size is negative.
  if (lhs.is(0) || rhs.is(0))
    return 0;
  return binary<stablehlo::MinOp>(lhs, rhs);
}

Size SizeEmitter::product(ArrayRef<Size> sizes) {
  Size result = 1;
  for (Size size : sizes)
    result = mul(result, size);
  return result;
}

Value SizeEmitter::asScalar(Size size) {
  if (!size.isKnown())
    return size.getValue();
  auto type = RankedTensorType::get({}, builder.getI32Type());
  auto number = static_cast<int32_t>(size.getNumber());
  return stablehlo::ConstantOp::create(builder, loc,
                                       DenseIntElementsAttr::get(type, number));
}

Value SizeEmitter::asVector(ArrayRef<Size> sizes) {
  for (auto &[known, vector] : vectors)
    if (ArrayRef<Size>(known) == sizes)
      return vector;
  Value result;
  if (llvm::all_of(sizes, [](Size size) { return size.isKnown(); })) {
    SmallVector<int32_t> numbers = llvm::map_to_vector(sizes, [](Size size) {
      return static_cast<int32_t>(size.getNumber());
    });
    auto type = getVectorType(builder, numbers.size());
    result = stablehlo::ConstantOp::create(
        builder, loc, DenseIntElementsAttr::get(type, ArrayRef(numbers)));
  } else {
    SmallVector<Value> parts;
    for (Size size : sizes) {
      if (size.isKnown()) {
        parts.push_back(asVector({size}));
        continue;
      }
      parts.push_back(stablehlo::ReshapeOp::create(
          builder, loc, getVectorType(builder, 1), size.getValue()));
    }
    result = parts.size() == 1
                 ? parts.front()
                 : stablehlo::ConcatenateOp::create(
                       builder, loc, getVectorType(builder, parts.size()),
                       parts, builder.getI64IntegerAttr(0))
                       .getResult();
  }
  vectors.emplace_back(llvm::to_vector(sizes), result);
  return result;
}
