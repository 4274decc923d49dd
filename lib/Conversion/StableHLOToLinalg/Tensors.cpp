//===- Tensors.cpp - Building blocks on tensors ---------------------------===//

#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/ReshapeOpsUtils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

//===----------------------------------------------------------------------===//
// Tensors without dimensions
//===----------------------------------------------------------------------===//

Value from_stablehlo::getScalar(ImplicitLocOpBuilder &builder, Value tensor) {
  return builder.createOrFold<tensor::ExtractOp>(tensor, ValueRange());
}

Value from_stablehlo::createScalarTensor(ImplicitLocOpBuilder &builder,
                                         Value scalar) {
  auto type = RankedTensorType::get({}, scalar.getType());
  return tensor::FromElementsOp::create(builder, type, scalar);
}

Value from_stablehlo::createIndex(ImplicitLocOpBuilder &builder, Value integer,
                                  bool isUnsigned) {
  Type type = builder.getIndexType();
  if (isUnsigned)
    return builder.createOrFold<arith::IndexCastUIOp>(type, integer);
  return builder.createOrFold<arith::IndexCastOp>(type, integer);
}

Value from_stablehlo::createIndex(ImplicitLocOpBuilder &builder,
                                  int64_t value) {
  return arith::ConstantIndexOp::create(builder, value);
}

Value from_stablehlo::clampIndex(ImplicitLocOpBuilder &builder, Value value,
                                 Value limit) {
  Value positive =
      builder.createOrFold<arith::MaxSIOp>(value, createIndex(builder, 0));
  return builder.createOrFold<arith::MinSIOp>(positive, limit);
}

//===----------------------------------------------------------------------===//
// Destinations
//===----------------------------------------------------------------------===//

SmallVector<Value>
from_stablehlo::getDynamicSizes(ImplicitLocOpBuilder &builder,
                                RankedTensorType type, Value tensor) {
  SmallVector<Value> sizes;
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (ShapedType::isDynamic(size))
      sizes.push_back(builder.createOrFold<tensor::DimOp>(tensor, dim));
  return sizes;
}

Value from_stablehlo::createEmpty(ImplicitLocOpBuilder &builder,
                                  RankedTensorType type,
                                  ValueRange dynamicSizes) {
  return tensor::EmptyOp::create(builder, type, dynamicSizes);
}

Value from_stablehlo::createFilled(ImplicitLocOpBuilder &builder,
                                   RankedTensorType type, Value scalar,
                                   ValueRange dynamicSizes) {
  Value empty = createEmpty(builder, type, dynamicSizes);
  return linalg::FillOp::create(builder, scalar, empty).getResult(0);
}

//===----------------------------------------------------------------------===//
// Loop nests
//===----------------------------------------------------------------------===//

Value from_stablehlo::createParallel(ImplicitLocOpBuilder &builder,
                                     RankedTensorType type,
                                     ValueRange dynamicSizes, ValueRange inputs,
                                     ArrayRef<AffineMap> maps,
                                     BodyBuilder body) {
  Value empty = createEmpty(builder, type, dynamicSizes);
  SmallVector<AffineMap> allMaps(maps);
  allMaps.push_back(builder.getMultiDimIdentityMap(type.getRank()));
  SmallVector<utils::IteratorType> iterators(type.getRank(),
                                             utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, TypeRange(type), inputs, ValueRange(empty), allMaps,
             iterators,
             [&](OpBuilder &nested, Location loc, ValueRange args) {
               ImplicitLocOpBuilder b(loc, nested);
               linalg::YieldOp::create(b, body(b, args));
             })
      .getResult(0);
}

Value from_stablehlo::createElementwise(ImplicitLocOpBuilder &builder,
                                        RankedTensorType type,
                                        ValueRange dynamicSizes,
                                        ValueRange inputs, BodyBuilder body) {
  SmallVector<AffineMap> maps(inputs.size(),
                              builder.getMultiDimIdentityMap(type.getRank()));
  return createParallel(builder, type, dynamicSizes, inputs, maps, body);
}

Value from_stablehlo::createRounded(ImplicitLocOpBuilder &builder,
                                    RankedTensorType type,
                                    ValueRange dynamicSizes, Value value) {
  Type element = type.getElementType();
  if (cast<RankedTensorType>(value.getType()).getElementType() == element)
    return value;
  return createElementwise(
      builder, type, dynamicSizes, value,
      [&](ImplicitLocOpBuilder &nested, ValueRange args) -> SmallVector<Value> {
        return {arith::TruncFOp::create(nested, element, args[0])};
      });
}

Type from_stablehlo::getSumType(Type element) {
  if (isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32)
    return Float32Type::get(element.getContext());
  return element;
}

Value from_stablehlo::castTo(ImplicitLocOpBuilder &builder,
                             RankedTensorType type, Value tensor) {
  if (tensor.getType() == type)
    return tensor;
  return tensor::CastOp::create(builder, type, tensor);
}

//===----------------------------------------------------------------------===//
// Reshapes
//===----------------------------------------------------------------------===//

/// Dimensions of two shapes in groups of as many elements, as fine as possible.
/// None of the sizes is 0, and the shapes have as many elements.
static void findGroups(ArrayRef<int64_t> from, ArrayRef<int64_t> to,
                       SmallVectorImpl<ReassociationIndices> &fromGroups,
                       SmallVectorImpl<ReassociationIndices> &toGroups) {
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    ReassociationIndices fromGroup = {static_cast<int64_t>(i)};
    ReassociationIndices toGroup = {static_cast<int64_t>(j)};
    int64_t fromSize = from[i++], toSize = to[j++];
    while (fromSize != toSize) {
      if (fromSize < toSize) {
        fromSize *= from[i];
        fromGroup.push_back(i++);
      } else {
        toSize *= to[j];
        toGroup.push_back(j++);
      }
    }
    fromGroups.push_back(std::move(fromGroup));
    toGroups.push_back(std::move(toGroup));
  }
  // What is left on either side has size 1.
  for (; i < from.size(); ++i)
    fromGroups.back().push_back(i);
  for (; j < to.size(); ++j)
    toGroups.back().push_back(j);
}

Value from_stablehlo::createReshape(ImplicitLocOpBuilder &builder,
                                    RankedTensorType type, Value tensor) {
  auto source = cast<RankedTensorType>(tensor.getType());
  if (source == type)
    return tensor;
  if (type.getNumElements() == 0)
    return createEmpty(builder, type);
  if (source.getRank() == 0)
    return tensor::ExpandShapeOp::create(builder, type, tensor,
                                         ArrayRef<ReassociationIndices>());
  if (type.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, type, tensor,
                                           ArrayRef<ReassociationIndices>());
  SmallVector<ReassociationIndices> fromGroups, toGroups;
  findGroups(source.getShape(), type.getShape(), fromGroups, toGroups);
  SmallVector<int64_t> common;
  for (const ReassociationIndices &group : fromGroups) {
    int64_t size = 1;
    for (int64_t dim : group)
      size *= source.getDimSize(dim);
    common.push_back(size);
  }
  auto middle = RankedTensorType::get(common, type.getElementType());
  if (middle.getRank() != source.getRank())
    tensor =
        tensor::CollapseShapeOp::create(builder, middle, tensor, fromGroups);
  if (middle.getRank() != type.getRank())
    tensor = tensor::ExpandShapeOp::create(builder, type, tensor, toGroups);
  return tensor;
}
