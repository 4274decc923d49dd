//===- Emitter.cpp - Short names for writing StableHLO --------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Value Emitter::constant(double value, RankedTensorType type) {
  return constant(DenseElementsAttr::get(
      type, builder.getFloatAttr(type.getElementType(), value)));
}

Value Emitter::flag(bool value, Value like) {
  return constant(
      DenseElementsAttr::get(typeOf(like), builder.getBoolAttr(value)));
}

Value Emitter::constant(DenseElementsAttr value) {
  return stablehlo::ConstantOp::create(builder, loc, value);
}

Value Emitter::convert(Value value, Type type) {
  RankedTensorType from = typeOf(value);
  if (from.getElementType() == type)
    return value;
  return create<stablehlo::ConvertOp>(from.clone(type), value);
}

Value Emitter::clamp(double low, Value value, double high) {
  auto scalar = RankedTensorType::get({}, typeOf(value).getElementType());
  return create<stablehlo::ClampOp>(
      value.getType(), {constant(low, scalar), value, constant(high, scalar)});
}

Value Emitter::compare(Value lhs, stablehlo::ComparisonDirection direction,
                       Value rhs) {
  return stablehlo::CompareOp::create(builder, loc, lhs, rhs, direction,
                                      stablehlo::ComparisonType::FLOAT);
}

Value Emitter::isFinite(Value value) {
  return create<stablehlo::IsFiniteOp>(typeOf(value).clone(builder.getI1Type()),
                                       value);
}

Value Emitter::select(Value predicate, Value onTrue, Value onFalse) {
  return create<stablehlo::SelectOp>(onTrue.getType(),
                                     {predicate, onTrue, onFalse});
}

template <typename Op>
SmallVector<Value> Emitter::reduce(ValueRange values, Dims dims,
                                   Attribute init) {
  if (dims.empty())
    return llvm::to_vector(values);
  RankedTensorType type = typeOf(values.front());
  SmallVector<int64_t> shape;
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      shape.push_back(size);
  SmallVector<int64_t> sorted(dims);
  llvm::sort(sorted);

  size_t count = values.size();
  auto scalar = RankedTensorType::get({}, type.getElementType());
  SmallVector<Value> starts(count,
                            constant(DenseElementsAttr::get(scalar, init)));
  SmallVector<Type> resultTypes(count, type.clone(shape));
  auto op = stablehlo::ReduceOp::create(builder, loc, TypeRange(resultTypes),
                                        values, ValueRange(starts),
                                        builder.getDenseI64ArrayAttr(sorted));
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Type> argumentTypes(2 * count, scalar);
  SmallVector<Location> locations(2 * count, loc);
  Block *body =
      builder.createBlock(&op.getBody(), {}, argumentTypes, locations);
  SmallVector<Value> results;
  for (size_t i = 0; i < count; ++i)
    results.push_back(create<Op>(
        scalar, {body->getArgument(i), body->getArgument(count + i)}));
  stablehlo::ReturnOp::create(builder, loc, results);
  return op->getResults();
}

/// The attribute of a floating-point value in the element type of `like`.
static FloatAttr
getAttr(Value like, function_ref<APFloat(const llvm::fltSemantics &)> get) {
  auto type = cast<FloatType>(Emitter::typeOf(like).getElementType());
  return FloatAttr::get(type, get(type.getFloatSemantics()));
}

Value Emitter::sum(Value value, Dims dims) {
  return sumTogether(value, dims).front();
}

SmallVector<Value> Emitter::sumTogether(ValueRange values, Dims dims) {
  // 0 rather than the neutral -0, as frontends write it: XLA looks for it.
  return reduce<stablehlo::AddOp>(
      values, dims,
      getAttr(values.front(), [](const llvm::fltSemantics &semantics) {
        return APFloat::getZero(semantics);
      }));
}

Value Emitter::maximum(Value value, Dims dims) {
  auto lowest = [](const llvm::fltSemantics &semantics) {
    return APFloat::getInf(semantics, /*Negative=*/true);
  };
  return reduce<stablehlo::MaxOp>(value, dims, getAttr(value, lowest)).front();
}

Value Emitter::minimum(Value value, Dims dims) {
  auto highest = [](const llvm::fltSemantics &semantics) {
    return APFloat::getInf(semantics);
  };
  return reduce<stablehlo::MinOp>(value, dims, getAttr(value, highest)).front();
}

Value Emitter::all(Value flags) {
  return reduce<stablehlo::AndOp>(flags, allDims(flags),
                                  builder.getBoolAttr(true))
      .front();
}

SmallVector<Value> Emitter::ifElse(Value predicate,
                                   function_ref<SmallVector<Value>()> ifTrue,
                                   function_ref<SmallVector<Value>()> ifFalse) {
  // The regions come first, since the types of what they return are those of
  // the op.
  Region regions[2];
  function_ref<SmallVector<Value>()> writers[] = {ifTrue, ifFalse};
  SmallVector<Type> types;
  for (auto [region, write] : llvm::zip_equal(regions, writers)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&region);
    SmallVector<Value> results = write();
    types = llvm::to_vector(ValueRange(results).getTypes());
    stablehlo::ReturnOp::create(builder, loc, results);
  }
  if (!isSharded) {
    auto op = stablehlo::IfOp::create(builder, loc, types, predicate);
    op.getTrueBranch().takeBody(regions[0]);
    op.getFalseBranch().takeBody(regions[1]);
    return op->getResults();
  }
  // Index 0 stands for false.
  Value index = convert(predicate, builder.getI32Type());
  auto op = stablehlo::CaseOp::create(builder, loc, types, index,
                                      /*branchesCount=*/2);
  op.getBranches()[0].takeBody(regions[1]);
  op.getBranches()[1].takeBody(regions[0]);
  return op->getResults();
}

Value Emitter::broadcast(Value value, Dims shape, Dims dims) {
  RankedTensorType type = typeOf(value).clone(shape);
  if (type == value.getType())
    return value;
  return stablehlo::BroadcastInDimOp::create(
      builder, loc, type, value, builder.getDenseI64ArrayAttr(dims));
}

Value Emitter::reshape(Value value, Dims shape) {
  RankedTensorType type = typeOf(value).clone(shape);
  if (type == value.getType())
    return value;
  return create<stablehlo::ReshapeOp>(type, value);
}

Value Emitter::transpose(Value value, Dims permutation) {
  if (llvm::equal(permutation, llvm::seq<int64_t>(permutation.size())))
    return value;
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation)
    shape.push_back(sizeOf(value, dim));
  return stablehlo::TransposeOp::create(
      builder, loc, typeOf(value).clone(shape), value,
      builder.getDenseI64ArrayAttr(permutation));
}

Value Emitter::slice(Value value, int64_t dim, int64_t start, int64_t limit,
                     int64_t stride) {
  RankedTensorType type = typeOf(value);
  SmallVector<int64_t> starts(type.getRank(), 0);
  SmallVector<int64_t> limits(type.getShape());
  SmallVector<int64_t> strides(type.getRank(), 1);
  SmallVector<int64_t> shape(type.getShape());
  starts[dim] = start;
  limits[dim] = limit;
  strides[dim] = stride;
  shape[dim] = llvm::divideCeil(limit - start, stride);
  if (type.getShape() == Dims(shape))
    return value;
  return stablehlo::SliceOp::create(builder, loc, type.clone(shape), value,
                                    builder.getDenseI64ArrayAttr(starts),
                                    builder.getDenseI64ArrayAttr(limits),
                                    builder.getDenseI64ArrayAttr(strides));
}

Value Emitter::concatenate(ValueRange values, int64_t dim) {
  if (values.size() == 1)
    return values.front();
  SmallVector<int64_t> shape(typeOf(values.front()).getShape());
  shape[dim] = 0;
  for (Value value : values)
    shape[dim] += sizeOf(value, dim);
  return stablehlo::ConcatenateOp::create(
      builder, loc, typeOf(values.front()).clone(shape), values,
      builder.getI64IntegerAttr(dim));
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

SmallVector<int64_t> Emitter::allDims(Value value) {
  return llvm::to_vector(llvm::seq<int64_t>(typeOf(value).getRank()));
}
