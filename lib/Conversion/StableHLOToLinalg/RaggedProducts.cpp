//===- RaggedProducts.cpp - Products of groups of unequal sizes -----------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// A ragged product as loops. Each dimension of an operand and of the result is
/// one of the loops or, marked `group`, has a place for each group.
struct RaggedProduct {
  RaggedProduct(chlo::RaggedDotOp op);

  static constexpr int64_t group = -1;
  SmallVector<int64_t> lhs, rhs, result;
  SmallVector<int64_t> sizes;
  /// The loop that the groups divide.
  int64_t ragged;
  /// The loops that the group sizes depend on, in their order.
  SmallVector<int64_t> prefix;
};

/// Where in the loops a slice of each operand lies.
struct RaggedPlace {
  SmallVector<Value> prefix;
  Value group, start, size;
};
} // namespace

RaggedProduct::RaggedProduct(chlo::RaggedDotOp op) {
  auto numbers = op.getRaggedDotDimensionNumbers();
  auto lhsType = cast<RankedTensorType>(op.getLhs().getType());
  auto rhsType = cast<RankedTensorType>(op.getRhs().getType());
  constexpr int64_t unknown = -2;
  lhs.assign(lhsType.getRank(), unknown);
  rhs.assign(rhsType.getRank(), unknown);
  auto addLoop = [&](int64_t size) -> int64_t {
    sizes.push_back(size);
    return sizes.size() - 1;
  };
  auto addPairs = [&](ArrayRef<int64_t> left, ArrayRef<int64_t> right) {
    for (auto [l, r] : llvm::zip_equal(left, right))
      lhs[l] = rhs[r] = addLoop(lhsType.getDimSize(l));
  };
  addPairs(numbers.getLhsBatchingDimensions(),
           numbers.getRhsBatchingDimensions());
  int64_t batchLoops = sizes.size();
  addPairs(numbers.getLhsContractingDimensions(),
           numbers.getRhsContractingDimensions());
  int64_t firstFree = sizes.size();
  for (int64_t dim : numbers.getRhsGroupDimensions())
    rhs[dim] = group;
  for (auto [dim, size] : llvm::enumerate(lhsType.getShape()))
    if (lhs[dim] == unknown)
      lhs[dim] = addLoop(size);
  for (auto [dim, size] : llvm::enumerate(rhsType.getShape()))
    if (rhs[dim] == unknown)
      rhs[dim] = addLoop(size);
  ragged = lhs[numbers.getLhsRaggedDimensions()[0]];
  if (numbers.getRhsGroupDimensions().empty())
    result.push_back(group);
  llvm::append_range(result, llvm::seq<int64_t>(0, batchLoops));
  llvm::append_range(result, llvm::seq<int64_t>(firstFree, sizes.size()));
  // The batch, and what stands before the ragged loop among its kind.
  llvm::append_range(prefix, llvm::seq<int64_t>(0, batchLoops));
  int64_t first = ragged < firstFree ? batchLoops : firstFree;
  llvm::append_range(prefix, llvm::seq<int64_t>(first, ragged));
}

namespace {
/// One product for each group, of the slices that belong to it: no more is
/// multiplied than dense products of the same sizes would. Rows after the last
/// group are zero, and sizes are cut to what is there.
struct RaggedDotPattern : public HloPattern<chlo::RaggedDotOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(chlo::RaggedDotOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto isStatic = [](Value value) {
      return cast<RankedTensorType>(value.getType()).hasStaticShape();
    };
    if (!llvm::all_of(op->getOperands(), isStatic) || !isStatic(op.getResult()))
      return this->reject(op, "its shape is dynamic");
    RankedTensorType type = getType(op.getResult());
    if (!(getElementKind(type.getElementType()) & (Ints | Floats)))
      return this->reject(op, "its element type is not handled");
    auto numbers = op.getRaggedDotDimensionNumbers();
    if (numbers.getLhsRaggedDimensions().size() != 1)
      return this->reject(op, "it has not one ragged dimension");
    if (numbers.getLhsContractingDimensions().empty())
      return this->reject(op, "it contracts no dimension");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    // Groups of a batch change nothing.
    if (llvm::is_contained(numbers.getLhsBatchingDimensions(),
                           numbers.getLhsRaggedDimensions()[0])) {
      rewriter.replaceOp(op, createDense(b, op));
      return success();
    }
    RaggedProduct product(op);
    size_t prefix = getType(op.getGroupSizes()).getRank() - 1;
    if (prefix != 0 && prefix != product.prefix.size())
      return this->reject(op, "its group sizes have " + Twine(prefix + 1) +
                                  " dimensions, expected 1 or " +
                                  Twine(product.prefix.size() + 1));
    product.prefix.truncate(prefix);

    Type sumType = getSumType(type.getElementType());
    Value zeros =
        createFilled(b, type.clone(sumType), createNumber(b, sumType, 0.0));
    // Slices of tensors without elements are invalid, and add nothing.
    bool isEmpty = llvm::is_contained(product.sizes, 0);
    Value result =
        isEmpty ? zeros : createLoops(b, op, adaptor, product, zeros);
    rewriter.replaceOp(op, createRounded(b, type, {}, result));
    return success();
  }

private:
  static Value createDense(ImplicitLocOpBuilder &b, chlo::RaggedDotOp op) {
    auto numbers = op.getRaggedDotDimensionNumbers();
    return stablehlo::DotGeneralOp::create(
        b, op.getType(), op.getLhs(), op.getRhs(),
        stablehlo::DotDimensionNumbersAttr::get(
            b.getContext(), numbers.getLhsBatchingDimensions(),
            numbers.getRhsBatchingDimensions(),
            numbers.getLhsContractingDimensions(),
            numbers.getRhsContractingDimensions()),
        /*precision_config=*/nullptr, /*algorithm=*/nullptr);
  }

  /// Over what the group sizes depend on, and then over the groups, whose start
  /// is the sum of the sizes before.
  static Value createLoops(ImplicitLocOpBuilder &b, chlo::RaggedDotOp op,
                           Adaptor adaptor, const RaggedProduct &product,
                           Value init) {
    Value zero = createIndex(b, 0), one = createIndex(b, 1);
    int64_t groups =
        cast<RankedTensorType>(op.getGroupSizes().getType()).getShape().back();
    bool isUnsigned =
        getElementTypeOrSelf(op.getGroupSizes()).isUnsignedInteger();
    SmallVector<Value> zeros(product.prefix.size(), zero), bounds;
    SmallVector<Value> ones(product.prefix.size(), one);
    for (int64_t loop : product.prefix)
      bounds.push_back(createIndex(b, product.sizes[loop]));
    auto overGroups = [&](ImplicitLocOpBuilder &outer, ValueRange places,
                          Value current) -> Value {
      Value extent = createIndex(outer, product.sizes[product.ragged]);
      return scf::ForOp::create(
                 outer, zero, createIndex(outer, groups), one,
                 ValueRange{zero, current},
                 [&](OpBuilder &nested, Location loc, Value group,
                     ValueRange carried) {
                   ImplicitLocOpBuilder body(loc, nested);
                   SmallVector<Value> place(places);
                   place.push_back(group);
                   Value size =
                       createIndex(body,
                                   tensor::ExtractOp::create(
                                       body, adaptor.getGroupSizes(), place),
                                   isUnsigned);
                   Value start = carried[0];
                   Value room = arith::SubIOp::create(body, extent, start);
                   size = clampIndex(body, size, room);
                   Value next = arith::AddIOp::create(body, start, size);
                   Value sum = createProduct(
                       body, op, adaptor, product,
                       {SmallVector<Value>(places), group, start, size},
                       carried[1]);
                   scf::YieldOp::create(body, ValueRange{next, sum});
                 })
          .getResult(1);
    };
    if (zeros.empty())
      return overGroups(b, {}, init);
    return scf::buildLoopNest(b, b.getLoc(), zeros, bounds, ones, init,
                              [&](OpBuilder &nested, Location loc,
                                  ValueRange places,
                                  ValueRange carried) -> scf::ValueVector {
                                ImplicitLocOpBuilder body(loc, nested);
                                return {overGroups(body, places, carried[0])};
                              })
        .results[0];
  }

  /// A slice of a tensor: its offsets and sizes, and the loops it still has.
  struct Slice {
    SmallVector<OpFoldResult> offsets, sizes;
    SmallVector<int64_t> loops, shape;
  };

  static Slice getSlice(ImplicitLocOpBuilder &b, const RaggedProduct &product,
                        ArrayRef<int64_t> dims, const RaggedPlace &place) {
    Slice slice;
    for (int64_t loop : dims) {
      const int64_t *prefix = llvm::find(product.prefix, loop);
      if (loop == RaggedProduct::group || prefix != product.prefix.end()) {
        slice.offsets.push_back(
            loop == RaggedProduct::group
                ? place.group
                : place.prefix[prefix - product.prefix.begin()]);
        slice.sizes.push_back(b.getIndexAttr(1));
        continue;
      }
      bool isRagged = loop == product.ragged;
      slice.offsets.push_back(isRagged ? OpFoldResult(place.start)
                                       : b.getIndexAttr(0));
      slice.sizes.push_back(isRagged ? OpFoldResult(place.size)
                                     : b.getIndexAttr(product.sizes[loop]));
      slice.loops.push_back(loop);
      slice.shape.push_back(isRagged ? ShapedType::kDynamic
                                     : product.sizes[loop]);
    }
    return slice;
  }

  /// Adds the product of one group to the result.
  static Value createProduct(ImplicitLocOpBuilder &b, chlo::RaggedDotOp op,
                             Adaptor adaptor, const RaggedProduct &product,
                             const RaggedPlace &place, Value result) {
    // Loops of the contraction are numbered anew, those of the place left out.
    SmallVector<int64_t> numbers(product.sizes.size(), -1);
    int64_t loops = 0;
    for (size_t loop = 0; loop < numbers.size(); ++loop)
      if (!llvm::is_contained(product.prefix, static_cast<int64_t>(loop)))
        numbers[loop] = loops++;
    SmallVector<AffineMap> maps;
    auto extract = [&](Value tensor, const Slice &slice) -> Value {
      SmallVector<AffineExpr> exprs;
      for (int64_t loop : slice.loops)
        exprs.push_back(b.getAffineDimExpr(numbers[loop]));
      maps.push_back(AffineMap::get(loops, 0, exprs, b.getContext()));
      SmallVector<OpFoldResult> strides(slice.offsets.size(),
                                        b.getIndexAttr(1));
      return tensor::ExtractSliceOp::create(
          b, RankedTensorType::get(slice.shape, getElementTypeOrSelf(tensor)),
          tensor, slice.offsets, slice.sizes, strides);
    };
    Value lhs =
        extract(adaptor.getLhs(), getSlice(b, product, product.lhs, place));
    Value rhs =
        extract(adaptor.getRhs(), getSlice(b, product, product.rhs, place));
    Slice slice = getSlice(b, product, product.result, place);
    Value init = extract(result, slice);
    SmallVector<NamedAttribute> attributes;
    if (isUnsignedElement(getElementTypeOrSelf(op.getLhs())))
      attributes.push_back(b.getNamedAttr(
          "cast", linalg::TypeFnAttr::get(b.getContext(),
                                          linalg::TypeFn::cast_unsigned)));
    Value sum = linalg::ContractOp::create(
                    b, TypeRange(init.getType()), ValueRange{lhs, rhs},
                    ValueRange(init), b.getAffineMapArrayAttr(maps), attributes)
                    .getResult(0);
    SmallVector<OpFoldResult> strides(slice.offsets.size(), b.getIndexAttr(1));
    return tensor::InsertSliceOp::create(b, sum, result, slice.offsets,
                                         slice.sizes, strides);
  }
};
} // namespace

void from_stablehlo::populateRaggedProductPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<RaggedDotPattern>(converter, patterns.getContext());
}
