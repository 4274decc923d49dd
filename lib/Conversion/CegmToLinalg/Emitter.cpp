//===- Emitter.cpp - Loops over tensors -----------------------------------===//

#include "Emitter.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

OpFoldResult Emitter::sizeOf(Value tensor, int64_t dim) {
  return tensor::getMixedSize(builder, loc, tensor, dim);
}

Emitter::Sizes Emitter::sizesOf(Value tensor) {
  return tensor::getMixedSizes(builder, loc, tensor);
}

Emitter::Sizes Emitter::sizesOf(Value tensor, ArrayRef<int64_t> dims) {
  Sizes sizes;
  for (int64_t dim : dims)
    sizes.push_back(sizeOf(tensor, dim));
  return sizes;
}

Value Emitter::empty(ArrayRef<OpFoldResult> sizes, Type element) {
  return tensor::EmptyOp::create(builder, loc, sizes, element);
}

Value Emitter::filled(ArrayRef<OpFoldResult> sizes, Type element,
                      double value) {
  Value number = scalars().constant(value, element);
  Value init = empty(sizes, element);
  return linalg::FillOp::create(builder, loc, number, init).getResult(0);
}

Value Emitter::extract(Value tensor) {
  return tensor::ExtractOp::create(builder, loc, tensor, ValueRange());
}

AffineMap Emitter::project(int64_t rank, ArrayRef<int64_t> dims) {
  SmallVector<AffineExpr> exprs;
  for (int64_t dim : dims)
    exprs.push_back(builder.getAffineDimExpr(dim));
  return AffineMap::get(rank, 0, exprs, getContext());
}

SmallVector<Value> Emitter::loop(ArrayRef<Access> inputs,
                                 ArrayRef<Access> outputs,
                                 ArrayRef<utils::IteratorType> iterators,
                                 Body body) {
  SmallVector<Value> ins, outs;
  SmallVector<AffineMap> maps;
  SmallVector<Type> types;
  for (const Access &input : inputs) {
    ins.push_back(input.tensor);
    maps.push_back(input.map);
  }
  for (const Access &output : outputs) {
    outs.push_back(output.tensor);
    maps.push_back(output.map);
    types.push_back(output.tensor.getType());
  }
  auto op = linalg::GenericOp::create(
      builder, loc, types, ins, outs, maps, iterators,
      [&](OpBuilder &b, Location loc, ValueRange elements) {
        Arithmetic arithmetic(b, loc);
        SmallVector<Value> results = body(arithmetic, elements);
        linalg::YieldOp::create(b, loc, results);
      });
  return SmallVector<Value>(op.getResults());
}

Value Emitter::map(ValueRange inputs, Type element, ElementBody body) {
  int64_t rank = typeOf(inputs.front()).getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  SmallVector<Access> accesses;
  for (Value input : inputs)
    accesses.push_back({input, identity});
  Access output{empty(sizesOf(inputs.front()), element), identity};
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::parallel);
  return loop(accesses, output, iterators,
              [&](Arithmetic &a, ValueRange elements) -> SmallVector<Value> {
                return {body(a, elements.drop_back())};
              })
      .front();
}

SmallVector<Value> Emitter::reduce(ValueRange inputs, ValueRange inits,
                                   Body body) {
  int64_t rank = typeOf(inputs.front()).getRank();
  SmallVector<Access> accesses, outputs;
  for (Value input : inputs)
    accesses.push_back({input, builder.getMultiDimIdentityMap(rank)});
  for (Value init : inits) {
    Value cell = empty({}, init.getType());
    Value start = linalg::FillOp::create(builder, loc, init, cell).getResult(0);
    outputs.push_back({start, project(rank, {})});
  }
  SmallVector<utils::IteratorType> iterators(rank,
                                             utils::IteratorType::reduction);
  SmallVector<Value> numbers;
  for (Value result : loop(accesses, outputs, iterators, body))
    numbers.push_back(extract(result));
  return numbers;
}

/// Whether the tensor has a dimension of size 0: an offset 0 lies outside of
/// it, so that slices of it are invalid.
static bool isOfNothing(Value tensor) {
  return llvm::is_contained(Emitter::typeOf(tensor).getShape(), 0);
}

Value Emitter::slice(Value tensor, int64_t dim, OpFoldResult start,
                     OpFoldResult count) {
  Sizes sizes = sizesOf(tensor);
  Sizes offsets(sizes.size(), builder.getIndexAttr(0));
  Sizes strides(sizes.size(), builder.getIndexAttr(1));
  offsets[dim] = start;
  sizes[dim] = count;
  if (isOfNothing(tensor))
    return tensor::EmptyOp::create(builder, loc, sizes,
                                   typeOf(tensor).getElementType());
  return tensor::ExtractSliceOp::create(builder, loc, tensor, offsets, sizes,
                                        strides);
}

Value Emitter::insert(Value part, Value tensor, int64_t dim,
                      OpFoldResult start) {
  Sizes sizes = sizesOf(part);
  Sizes offsets(sizes.size(), builder.getIndexAttr(0));
  Sizes strides(sizes.size(), builder.getIndexAttr(1));
  offsets[dim] = start;
  if (isOfNothing(part))
    return tensor;
  return tensor::InsertSliceOp::create(builder, loc, part, tensor, offsets,
                                       sizes, strides);
}
