//===- Contractions.cpp - Products of tensors -----------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// What a dimension of an operand is to a product.
enum Role { Batch, Rows, Columns, Contracted };

/// A product whose operand dimensions are described by loops: batch, rows,
/// columns, contracted, in this order.
struct Product {
  Product(stablehlo::DotGeneralOp op);

  /// Dimensions of each operand, as loops of the product.
  SmallVector<int64_t> lhs, rhs, result;
  SmallVector<Role> roles;
  /// Of each loop, or dynamic.
  SmallVector<int64_t> sizes;

  /// Joins loops that are neighbours, in the same order, wherever they occur:
  /// what remains are tensors with the fewest dimensions, and no copy.
  void joinLoops();

  /// The groups of dimensions that `joinLoops` has made of each operand.
  SmallVector<ReassociationIndices> lhsGroups, rhsGroups, resultGroups;
};
} // namespace

Product::Product(stablehlo::DotGeneralOp op) {
  auto lhsType = cast<RankedTensorType>(op.getLhs().getType());
  auto rhsType = cast<RankedTensorType>(op.getRhs().getType());
  stablehlo::DotDimensionNumbersAttr numbers = op.getDotDimensionNumbers();
  lhs.assign(lhsType.getRank(), -1);
  rhs.assign(rhsType.getRank(), -1);
  auto addLoop = [&](Role role, int64_t size) {
    roles.push_back(role);
    sizes.push_back(size);
    return static_cast<int64_t>(roles.size()) - 1;
  };
  // What both operands have is known if either knows it.
  auto addShared = [&](Role role, int64_t left, int64_t right) {
    int64_t size = lhsType.isDynamicDim(left) ? rhsType.getDimSize(right)
                                              : lhsType.getDimSize(left);
    lhs[left] = rhs[right] = addLoop(role, size);
  };
  for (auto [left, right] : llvm::zip_equal(numbers.getLhsBatchingDimensions(),
                                            numbers.getRhsBatchingDimensions()))
    addShared(Batch, left, right);
  SmallVector<int64_t> lhsFree = lhs, rhsFree = rhs;
  for (int64_t dim : numbers.getLhsContractingDimensions())
    lhsFree[dim] = 0;
  for (int64_t dim : numbers.getRhsContractingDimensions())
    rhsFree[dim] = 0;
  for (auto [dim, size] : llvm::enumerate(lhsType.getShape()))
    if (lhsFree[dim] < 0)
      lhs[dim] = addLoop(Rows, size);
  for (auto [dim, size] : llvm::enumerate(rhsType.getShape()))
    if (rhsFree[dim] < 0)
      rhs[dim] = addLoop(Columns, size);
  result = llvm::to_vector(llvm::seq<int64_t>(0, roles.size()));
  for (auto [left, right] :
       llvm::zip_equal(numbers.getLhsContractingDimensions(),
                       numbers.getRhsContractingDimensions()))
    addShared(Contracted, left, right);
}

void Product::joinLoops() {
  // In which loop each loop ends up.
  SmallVector<int64_t> leader =
      llvm::to_vector(llvm::seq<int64_t>(0, roles.size()));
  auto follows = [](ArrayRef<int64_t> dims, int64_t loop, int64_t next) {
    const auto *place = llvm::find(dims, loop);
    if (place == dims.end())
      return !llvm::is_contained(dims, next);
    return std::next(place) != dims.end() && *std::next(place) == next;
  };
  for (int64_t loop = 0, end = roles.size(); loop + 1 < end; ++loop)
    for (int64_t next = 0; next < end; ++next)
      if (next != loop && roles[next] == roles[loop] &&
          follows(lhs, loop, next) && follows(rhs, loop, next) &&
          follows(result, loop, next))
        leader[next] = loop;
  for (int64_t &first : leader)
    while (leader[first] != first)
      first = leader[first];

  // Number the loops that are left and rewrite the operands.
  SmallVector<int64_t> renumbered(roles.size(), -1);
  SmallVector<Role> newRoles;
  SmallVector<int64_t> newSizes;
  for (auto [loop, first] : llvm::enumerate(leader)) {
    if (static_cast<int64_t>(loop) != first)
      continue;
    renumbered[loop] = newRoles.size();
    newRoles.push_back(roles[loop]);
    newSizes.push_back(1);
  }
  for (auto [loop, first] : llvm::enumerate(leader)) {
    int64_t &size = newSizes[renumbered[first]];
    bool isDynamic =
        llvm::any_of(ArrayRef{size, sizes[loop]}, ShapedType::isDynamic);
    size = isDynamic ? ShapedType::kDynamic : size * sizes[loop];
  }
  auto join = [&](SmallVector<int64_t> &dims,
                  SmallVector<ReassociationIndices> &groups) {
    SmallVector<int64_t> joined;
    for (auto [dim, loop] : llvm::enumerate(dims)) {
      if (leader[loop] != loop) {
        groups.back().push_back(dim);
        continue;
      }
      joined.push_back(renumbered[loop]);
      groups.push_back({static_cast<int64_t>(dim)});
    }
    dims = std::move(joined);
  };
  join(lhs, lhsGroups);
  join(rhs, rhsGroups);
  join(result, resultGroups);
  roles = std::move(newRoles);
  sizes = std::move(newSizes);
}

/// The type in which products are summed: at least f32 of floating-point
/// numbers.
static Type getSumType(stablehlo::DotGeneralOp op, Type lhs, Type rhs,
                       Type result) {
  auto floatType = dyn_cast<FloatType>(result);
  if (!floatType)
    return result;
  Type widest = Float32Type::get(op.getContext());
  if (auto algorithm = op.getAlgorithmAttr())
    if (algorithm.getAccumulationType().isF64())
      widest = algorithm.getAccumulationType();
  for (Type type : {lhs, rhs, result})
    if (isa<FloatType>(type) &&
        type.getIntOrFloatBitWidth() > widest.getIntOrFloatBitWidth())
      widest = type;
  return widest;
}

namespace {
struct DotGeneralPattern : public HloPattern<stablehlo::DotGeneralOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::DotGeneralOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs();
    auto lhsType = cast<RankedTensorType>(lhs.getType());
    auto rhsType = cast<RankedTensorType>(rhs.getType());
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Product product(op);
    SmallVector<OpFoldResult> wholeSizes = getResultSizes(b, product, lhs, rhs);
    product.joinLoops();
    auto collapse = [&](Value value,
                        ArrayRef<ReassociationIndices> groups) -> Value {
      auto valueType = cast<RankedTensorType>(value.getType());
      if (static_cast<int64_t>(groups.size()) == valueType.getRank())
        return value;
      return tensor::CollapseShapeOp::create(b, value, groups);
    };
    lhs = collapse(lhs, product.lhsGroups);
    rhs = collapse(rhs, product.rhsGroups);

    Type sumType = getSumType(op, lhsType.getElementType(),
                              rhsType.getElementType(), type.getElementType());
    SmallVector<int64_t> shape;
    SmallVector<Value> sizes;
    dispatchIndexOpFoldResults(getResultSizes(b, product, lhs, rhs), sizes,
                               shape);
    auto joinedType = RankedTensorType::get(shape, sumType);
    Value zeros =
        createFilled(b, joinedType, createNumber(b, sumType, 0.0), sizes);
    Value result = createContraction(b, op, product, lhs, rhs, zeros);

    result = createRounded(b, joinedType.clone(type.getElementType()), sizes,
                           result);
    if (joinedType.getRank() != type.getRank())
      result = tensor::ExpandShapeOp::create(
          b, type.clone(decomposeMixedValues(wholeSizes).first), result,
          product.resultGroups, wholeSizes);
    rewriter.replaceOp(op, castTo(b, type, result));
    return success();
  }

private:
  /// The sizes of the result, whose dimensions are those of operands.
  static SmallVector<OpFoldResult> getResultSizes(ImplicitLocOpBuilder &b,
                                                  const Product &product,
                                                  Value lhs, Value rhs) {
    SmallVector<OpFoldResult> sizes;
    for (int64_t loop : product.result) {
      if (!ShapedType::isDynamic(product.sizes[loop])) {
        sizes.push_back(b.getIndexAttr(product.sizes[loop]));
        continue;
      }
      const auto *place = llvm::find(product.lhs, loop);
      bool isLeft = place != product.lhs.end();
      int64_t dim = isLeft
                        ? place - product.lhs.begin()
                        : llvm::find(product.rhs, loop) - product.rhs.begin();
      sizes.push_back(getAsOpFoldResult(
          b.createOrFold<tensor::DimOp>(isLeft ? lhs : rhs, dim)));
    }
    return sizes;
  }

  /// A named matrix product, of a batch or not, where one loop of each kind is
  /// left, and else a linalg.contract.
  static Value createContraction(ImplicitLocOpBuilder &b,
                                 stablehlo::DotGeneralOp op,
                                 const Product &product, Value lhs, Value rhs,
                                 Value init) {
    int64_t loops = product.roles.size();
    auto getMap = [&](ArrayRef<int64_t> dims) {
      SmallVector<AffineExpr> exprs;
      for (int64_t loop : dims)
        exprs.push_back(b.getAffineDimExpr(loop));
      return AffineMap::get(loops, 0, exprs, b.getContext());
    };
    ArrayAttr maps = b.getAffineMapArrayAttr(
        {getMap(product.lhs), getMap(product.rhs), getMap(product.result)});
    SmallVector<NamedAttribute> attributes;
    if (isUnsignedElement(getElementTypeOrSelf(op.getLhs())))
      attributes.push_back(b.getNamedAttr(
          "cast", linalg::TypeFnAttr::get(b.getContext(),
                                          linalg::TypeFn::cast_unsigned)));
    Type types[] = {init.getType()};
    SmallVector<Value> operands = {lhs, rhs};
    auto count = [&](Role role) { return llvm::count(product.roles, role); };
    if (count(Contracted) == 0)
      return createOuterProduct(b, op, operands, init,
                                {getMap(product.lhs), getMap(product.rhs)});
    bool isMatmul =
        count(Rows) == 1 && count(Columns) == 1 && count(Contracted) == 1;
    if (isMatmul && count(Batch) == 0)
      return createNamed<linalg::MatmulOp>(b, types, operands, init, maps,
                                           attributes);
    if (isMatmul && count(Batch) == 1)
      return createNamed<linalg::BatchMatmulOp>(b, types, operands, init, maps,
                                                attributes);
    return linalg::ContractOp::create(b, types, operands, init, maps,
                                      attributes)
        .getResult(0);
  }

  /// Each element is one product: an elementwise op on two broadcast operands.
  static Value createOuterProduct(ImplicitLocOpBuilder &b,
                                  stablehlo::DotGeneralOp op,
                                  ValueRange operands, Value init,
                                  ArrayRef<AffineMap> maps) {
    auto type = cast<RankedTensorType>(init.getType());
    bool isUnsigned = isUnsignedElement(getElementTypeOrSelf(op.getLhs()));
    return createParallel(
        b, type, getDynamicSizes(b, type, init), operands, maps,
        [&](ImplicitLocOpBuilder &nested,
            ValueRange args) -> SmallVector<Value> {
          Type element = type.getElementType();
          Value lhs = convertScalarToDtype(nested, nested.getLoc(), args[0],
                                           element, isUnsigned);
          Value rhs = convertScalarToDtype(nested, nested.getLoc(), args[1],
                                           element, isUnsigned);
          if (isa<ComplexType>(element))
            return {complex::MulOp::create(nested, lhs, rhs)};
          if (isa<FloatType>(element))
            return {arith::MulFOp::create(nested, lhs, rhs)};
          return {arith::MulIOp::create(nested, lhs, rhs)};
        });
  }

  /// Operands that are stored the other way round are told by the maps.
  template <typename OpTy>
  static Value createNamed(ImplicitLocOpBuilder &b, TypeRange types,
                           ValueRange inputs, Value init, ArrayAttr maps,
                           ArrayRef<NamedAttribute> attributes) {
    auto op = OpTy::create(b, types, inputs, init, attributes);
    op.setIndexingMapsAttr(maps);
    return op.getResult(0);
  }
};
} // namespace

void from_stablehlo::populateContractionPatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<DotGeneralPattern>(converter, patterns.getContext());
}
