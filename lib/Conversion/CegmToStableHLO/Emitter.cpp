//===- Emitter.cpp - Short names for writing StableHLO --------------------===//

#include "Emitter.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_stablehlo;

Value Emitter::constant(TypedAttr value, Value like) {
  RankedTensorType type = typeOf(like).clone(value.getType());
  if (type.hasStaticShape())
    return constant(DenseElementsAttr::get(type, value));
  auto scalar = RankedTensorType::get({}, value.getType());
  return splat(constant(DenseElementsAttr::get(scalar, value)), like);
}

Value Emitter::scalar(double value, Type type) {
  return constant(DenseElementsAttr::get(RankedTensorType::get({}, type),
                                         builder.getFloatAttr(type, value)));
}

Value Emitter::constant(double value, Value like) {
  return constant(builder.getFloatAttr(typeOf(like).getElementType(), value),
                  like);
}

Value Emitter::flag(bool value, Value like) {
  return constant(builder.getBoolAttr(value), like);
}

Value Emitter::constant(DenseElementsAttr value) {
  return stablehlo::ConstantOp::create(builder, loc, value);
}

Value Emitter::convert(Value value, Type type) {
  RankedTensorType from = typeOf(value);
  if (from.getElementType() == type)
    return value;
  return sizes.noteAlike(create<stablehlo::ConvertOp>(from.clone(type), value),
                         value);
}

Value Emitter::clamp(double low, Value value, double high) {
  Type type = typeOf(value).getElementType();
  return sizes.noteAlike(
      create<stablehlo::ClampOp>(
          value.getType(), {scalar(low, type), value, scalar(high, type)}),
      value);
}

Value Emitter::compare(Value lhs, stablehlo::ComparisonDirection direction,
                       Value rhs) {
  return sizes.noteAlike(
      stablehlo::CompareOp::create(builder, loc, lhs, rhs, direction,
                                   stablehlo::ComparisonType::FLOAT),
      lhs);
}

Value Emitter::isLess(Value lhs, Value rhs) {
  return sizes.noteAlike(
      stablehlo::CompareOp::create(builder, loc, lhs, rhs,
                                   stablehlo::ComparisonDirection::LT,
                                   stablehlo::ComparisonType::SIGNED),
      lhs);
}

Value Emitter::isFinite(Value value) {
  return sizes.noteAlike(create<stablehlo::IsFiniteOp>(
                             typeOf(value).clone(builder.getI1Type()), value),
                         value);
}

Value Emitter::select(Value predicate, Value onTrue, Value onFalse) {
  return sizes.noteAlike(create<stablehlo::SelectOp>(
                             onTrue.getType(), {predicate, onTrue, onFalse}),
                         onTrue);
}

template <typename Op>
SmallVector<Value> Emitter::reduce(ValueRange values, Dims dims,
                                   Attribute init) {
  if (dims.empty())
    return llvm::to_vector(values);
  RankedTensorType type = typeOf(values.front());
  SmallVector<Size> shape;
  for (auto [dim, size] : llvm::enumerate(shapeOf(values.front())))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      shape.push_back(size);
  SmallVector<int64_t> sorted(dims);
  llvm::sort(sorted);

  size_t count = values.size();
  auto scalar = RankedTensorType::get({}, type.getElementType());
  SmallVector<Value> starts(count,
                            constant(DenseElementsAttr::get(scalar, init)));
  SmallVector<Type> resultTypes(count, type.clone(inType(shape)));
  auto op = stablehlo::ReduceOp::create(builder, loc, TypeRange(resultTypes),
                                        values, ValueRange(starts),
                                        builder.getDenseI64ArrayAttr(sorted));
  createReduction<Op>(op.getBody(), count, type.getElementType());
  for (Value result : op->getResults())
    sizes.note(result, shape);
  return op->getResults();
}

template <typename Op>
void Emitter::createReduction(Region &region, size_t count, Type elementType) {
  OpBuilder::InsertionGuard guard(builder);
  auto scalar = RankedTensorType::get({}, elementType);
  SmallVector<Type> argumentTypes(2 * count, scalar);
  SmallVector<Location> locations(2 * count, loc);
  Block *body = builder.createBlock(&region, {}, argumentTypes, locations);
  SmallVector<Value> results;
  for (size_t i = 0; i < count; ++i)
    results.push_back(create<Op>(
        scalar, {body->getArgument(i), body->getArgument(count + i)}));
  stablehlo::ReturnOp::create(builder, loc, results);
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

template <typename Op>
SmallVector<Value> Emitter::reduceOverDevices(ValueRange values,
                                              DenseIntElementsAttr groups) {
  if (!groups || groups.getType().getDimSize(1) == 1)
    return llvm::to_vector(values);
  SmallVector<Value> reduced;
  for (Value value : values) {
    auto op = stablehlo::AllReduceOp::create(
        builder, loc, TypeRange(value.getType()), ValueRange(value), groups,
        // Where devices share a program their numbers are global ones, and
        // otherwise those of replicas. The number of the channel has no meaning
        // but that there is one; 1 stands for one between devices.
        isSharded ? stablehlo::ChannelHandleAttr::get(builder.getContext(),
                                                      /*handle=*/1, /*type=*/1)
                  : stablehlo::ChannelHandleAttr(),
        /*use_global_device_ids=*/isSharded);
    createReduction<Op>(op.getComputation(), /*count=*/1,
                        typeOf(value).getElementType());
    reduced.push_back(sizes.noteAlike(op->getResult(0), value));
  }
  return reduced;
}

SmallVector<Value> Emitter::sumOverDevices(ValueRange values,
                                           DenseIntElementsAttr groups) {
  return reduceOverDevices<stablehlo::AddOp>(values, groups);
}

Value Emitter::maximumOverDevices(Value value, DenseIntElementsAttr groups) {
  return reduceOverDevices<stablehlo::MaxOp>(value, groups).front();
}

Value Emitter::minimumOverDevices(Value value, DenseIntElementsAttr groups) {
  return reduceOverDevices<stablehlo::MinOp>(value, groups).front();
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
    SizeEmitter::Scope scope(sizes);
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

SmallVector<int64_t> Emitter::allDims(Value value) {
  return llvm::to_vector(llvm::seq<int64_t>(typeOf(value).getRank()));
}
