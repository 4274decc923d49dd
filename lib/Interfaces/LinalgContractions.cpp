//===- LinalgContractions.cpp - Matrix products in linalg -----------------===//

#include "LinalgModels.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace mlir::cegm;
using linalg::LinalgOp;

static bool isZero(Value value) {
  if (auto fill = value.getDefiningOp<linalg::FillOp>())
    value = fill.value();
  return matchPattern(value, m_AnyZeroFloat()) || matchPattern(value, m_Zero());
}

static std::optional<unsigned> findDim(AffineMap map, unsigned loop) {
  return map.getResultPosition(getAffineDimExpr(loop, map.getContext()));
}

/// Describes the operand with the given number; `batch` and `contracted` are
/// loops.
static ContractionOperand describeOperand(LinalgOp op, unsigned number,
                                          ArrayRef<unsigned> batch,
                                          ArrayRef<unsigned> contracted) {
  AffineMap map = op.getIndexingMapsArray()[number];
  AffineMap resultMap = op.getIndexingMapsArray().back();
  ContractionOperand side;
  side.operandNumber = number;
  for (unsigned loop : batch)
    side.batchDims.push_back(*findDim(map, loop));
  for (unsigned loop : contracted)
    side.contractedDims.push_back(*findDim(map, loop));
  for (unsigned dim = 0; dim < map.getNumResults(); ++dim) {
    std::optional<unsigned> kept = findDim(resultMap, map.getDimPosition(dim));
    side.resultDims.push_back(kept ? int64_t(*kept) : -1);
  }
  return side;
}

std::optional<Contraction> cegm::detail::describeContraction(LinalgOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumReductionLoops() == 0 ||
      !linalg::isaContractionOpInterface(op) ||
      !isZero(op.getDpsInitOperand(0)->get()))
    return std::nullopt;
  // An outer product or a product with a vector lacks one of these groups.
  SmallVector<unsigned> batch, contracted;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop) {
    bool inLhs = findDim(maps[0], loop).has_value();
    bool inRhs = findDim(maps[1], loop).has_value();
    bool inResult = findDim(maps[2], loop).has_value();
    if (inLhs && inRhs)
      (inResult ? batch : contracted).push_back(loop);
    else if (!inResult || inLhs == inRhs)
      // Summed over or repeated in one operand alone.
      return std::nullopt;
  }
  if (contracted.empty())
    return std::nullopt;
  Contraction contraction;
  contraction.lhs = describeOperand(op, 0, batch, contracted);
  contraction.rhs = describeOperand(op, 1, batch, contracted);
  return contraction;
}

Value cegm::detail::createContraction(LinalgOp op, OpBuilder &builder,
                                      Location loc, Value lhs, Value rhs,
                                      bool swapped) {
  if (!swapped) {
    Operation *copy = builder.clone(*op);
    copy->setOperands(0, 2, {lhs, rhs});
    return copy->getResult(0);
  }
  Contraction contraction = *describeContraction(op);
  SmallVector<int64_t> exchanged;
  for (int64_t dim : contraction.lhs.batchDims)
    exchanged.push_back(contraction.lhs.resultDims[dim]);
  for (const ContractionOperand *side : {&contraction.rhs, &contraction.lhs})
    for (int64_t dim : side->freeDims())
      exchanged.push_back(side->resultDims[dim]);

  // The same loops, which write the result in another order.
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  maps[2] = maps[2].getSubMap(llvm::to_vector_of<unsigned>(exchanged));
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, loc, op.getDpsInitOperand(0)->get());
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  Value empty = tensor::EmptyOp::create(
      builder, loc,
      llvm::map_to_vector(exchanged, [&](int64_t dim) { return sizes[dim]; }),
      element);
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  Value init = linalg::FillOp::create(builder, loc, zero, empty).getResult(0);
  Block *body = op.getBlock();
  auto created = linalg::GenericOp::create(
      builder, loc, init.getType(), ValueRange{lhs, rhs}, init, maps,
      op.getIteratorTypesArray(),
      [&](OpBuilder &b, Location, ValueRange arguments) {
        IRMapping mapping;
        mapping.map(body->getArguments(), arguments);
        for (Operation &inner : *body)
          b.clone(inner, mapping);
      });
  return created.getResult(0);
}

Value cegm::detail::createPermutation(OpBuilder &builder, Location loc,
                                      Value source,
                                      ArrayRef<int64_t> permutation) {
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, source);
  Value empty = tensor::EmptyOp::create(
      builder, loc,
      llvm::map_to_vector(permutation, [&](int64_t dim) { return sizes[dim]; }),
      getElementTypeOrSelf(source.getType()));
  return linalg::TransposeOp::create(builder, loc, source, empty, permutation)
      ->getResult(0);
}

Value cegm::detail::createReshape(OpBuilder &builder, Location loc,
                                  Value source, ArrayRef<int64_t> shape) {
  auto from = cast<RankedTensorType>(source.getType());
  RankedTensorType to = from.clone(shape);
  if (from == to)
    return source;
  if (auto groups = getReassociationIndicesForReshape(from, to)) {
    if (from.getRank() > to.getRank())
      return tensor::CollapseShapeOp::create(builder, loc, to, source, *groups);
    return tensor::ExpandShapeOp::create(builder, loc, to, source, *groups);
  }
  // Dimensions that do not nest meet in a single one.
  int64_t count = from.getNumElements();
  if (count == 0)
    return tensor::EmptyOp::create(builder, loc, shape, from.getElementType());
  return createReshape(builder, loc, createReshape(builder, loc, source, count),
                       shape);
}
