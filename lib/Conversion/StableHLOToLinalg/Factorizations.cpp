//===- Factorizations.cpp - Cholesky factors and triangular systems -------===//
//
// Loops over the columns of a batch of matrices, with elementwise ops on all of
// the batch inside.
//
//===----------------------------------------------------------------------===//

#include "Matrices.h"
#include "Patterns.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// Gaussian elimination, a column of the factor at a time: what is to its right
/// loses the product of the column with itself. Only the triangle that is read
/// is ever looked at, and the other one of the result is zero.
struct CholeskyPattern : public HloPattern<stablehlo::CholeskyOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CholeskyOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value a = adaptor.getA();
    Matrices matrices(b, a);
    RankedTensorType type = matrices.type;
    Type element = getSumType(type.getElementType());
    RankedTensorType wide = type.clone(element);
    int64_t rank = matrices.rank;
    // The upper factor is the conjugate transposed of the lower one of the
    // transposed matrix.
    AffineMap map = b.getMultiDimIdentityMap(rank);
    if (!op.getLower()) {
      SmallVector<unsigned> order =
          llvm::to_vector(llvm::seq<unsigned>(0, rank));
      std::swap(order[rank - 2], order[rank - 1]);
      map = AffineMap::getPermutationMap(order, b.getContext());
    }
    auto adjoin = [&](NumberCode code, Value value) {
      return op.getLower() ? value : code.conjugate(value);
    };
    Value work = createParallel(
        b, wide, matrices.sizes, a, map,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          NumberCode code{body, element};
          return {adjoin(code, code.convert(args[0], element))};
        });
    Value count = b.createOrFold<tensor::DimOp>(a, rank - 1);
    Value factor = createColumnLoop(
        b, count, work,
        [&](ImplicitLocOpBuilder &outer, Value column, Value current) {
          return eliminate(outer, column, current, element);
        });
    Value result = createParallel(
        b, type, matrices.sizes, factor, map,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          NumberCode code{body, element};
          Value row = linalg::IndexOp::create(body, rank - 2);
          Value column = linalg::IndexOp::create(body, rank - 1);
          if (!op.getLower())
            std::swap(row, column);
          Value kept = arith::SelectOp::create(
              body, createLess(body, row, column), code.zero(), args[0]);
          return {code.convert(adjoin(code, kept), type.getElementType())};
        });
    rewriter.replaceOp(op, result);
    return success();
  }

private:
  static Value eliminate(ImplicitLocOpBuilder &b, Value column, Value current,
                         Type element) {
    Matrices matrices(b, current);
    int64_t rank = matrices.rank;
    Value factors = matrices.createVectors(
        element, rank - 1,
        [&](ImplicitLocOpBuilder &body, ValueRange) -> SmallVector<Value> {
          NumberCode code{body, element};
          Value row = linalg::IndexOp::create(body, rank - 2);
          Value pivot = matrices.extract(body, current, column, column);
          Value value = matrices.extract(body, current, row, column);
          return {code.divide(value, code.squareRoot(pivot))};
        });
    AffineMap map = matrices.getVectorMap(rank - 1);
    AffineMap mapOfColumns = matrices.getVectorMap(rank - 2);
    return matrices.update(
        current, {factors, factors}, {map, mapOfColumns},
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          NumberCode code{body, element};
          Value place = linalg::IndexOp::create(body, rank - 1);
          Value rest =
              code.subtractProduct(args[2], args[0], code.conjugate(args[1]));
          Value isRight = createLess(body, column, place);
          Value isLeft = createLess(body, place, column);
          Value other = arith::SelectOp::create(body, isLeft, args[2], args[0]);
          return {arith::SelectOp::create(body, isRight, rest, other)};
        });
  }
};

/// Substitution. The unknowns are the rows of the result, or its columns where
/// the matrix stands on the right: then the system is that of the transposed.
struct TriangularSolvePattern
    : public HloPattern<stablehlo::TriangularSolveOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::TriangularSolveOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    if (op.getTransposeA() == stablehlo::Transpose::TRANSPOSE_INVALID)
      return this->reject(op, "its transpose_a is TRANSPOSE_INVALID");
    Matrices right(b, adaptor.getB());
    Type element = getSumType(type.getElementType());
    Value init = convertAll(b, right, adaptor.getB(), element);
    Value count = b.createOrFold<tensor::DimOp>(adaptor.getA(), right.rank - 1);
    bool isLower = op.getLower() != isTransposed(op);
    Value result = createColumnLoop(
        b, count, init,
        [&](ImplicitLocOpBuilder &body, Value number, Value current) {
          Value unknown = number;
          if (!isLower)
            unknown = arith::SubIOp::create(
                body, arith::SubIOp::create(body, count, createIndex(body, 1)),
                number);
          return substitute(body, op, adaptor.getA(), isLower, unknown,
                            current);
        });
    rewriter.replaceOp(
        op,
        castTo(b, type, convertAll(b, right, result, type.getElementType())));
    return success();
  }

private:
  /// Whether the system has the coefficients of `a` transposed.
  static bool isTransposed(stablehlo::TriangularSolveOp op) {
    bool transposes = op.getTransposeA() != stablehlo::Transpose::NO_TRANSPOSE;
    return transposes == op.getLeftSide();
  }

  static Value convertAll(ImplicitLocOpBuilder &b, const Matrices &matrices,
                          Value tensor, Type element) {
    auto type = cast<RankedTensorType>(tensor.getType());
    if (type.getElementType() == element)
      return tensor;
    return createElementwise(
        b, type.clone(element), matrices.sizes, tensor,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          return {NumberCode{body, element}.convert(args[0], element)};
        });
  }

  /// Solves for one unknown of each system, and takes its part from the right
  /// sides of those that follow.
  static Value substitute(ImplicitLocOpBuilder &b,
                          stablehlo::TriangularSolveOp op, Value a,
                          bool isLower, Value unknown, Value current) {
    Matrices matrices(b, current);
    Type element = matrices.type.getElementType();
    int64_t dim = matrices.rank - (op.getLeftSide() ? 2 : 1);
    auto coefficient = [&](ImplicitLocOpBuilder &body, Value row) {
      Value places[] = {row, unknown};
      if (isTransposed(op))
        std::swap(places[0], places[1]);
      NumberCode code{body, element};
      Value value = code.convert(
          matrices.extract(body, a, places[0], places[1]), element);
      return op.getTransposeA() == stablehlo::Transpose::ADJOINT
                 ? code.conjugate(value)
                 : value;
    };
    Value solved = matrices.createVectors(
        element, dim,
        [&](ImplicitLocOpBuilder &body, ValueRange) -> SmallVector<Value> {
          SmallVector<Value> places;
          for (int64_t i = 0; i < matrices.rank; ++i)
            places.push_back(
                i == dim ? unknown
                         : linalg::IndexOp::create(body, i < dim ? i : i - 1));
          Value value = tensor::ExtractOp::create(body, current, places);
          if (op.getUnitDiagonal())
            return {value};
          return {NumberCode{body, element}.divide(value,
                                                   coefficient(body, unknown))};
        });
    return matrices.update(
        current, solved, matrices.getVectorMap(dim),
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          NumberCode code{body, element};
          Value row = linalg::IndexOp::create(body, dim);
          Value rest =
              code.subtractProduct(args[1], coefficient(body, row), args[0]);
          Value follows = isLower ? createLess(body, unknown, row)
                                  : createLess(body, row, unknown);
          Value isThis = arith::CmpIOp::create(body, arith::CmpIPredicate::eq,
                                               row, unknown);
          Value other = arith::SelectOp::create(body, isThis, args[0], args[1]);
          return {arith::SelectOp::create(body, follows, rest, other)};
        });
  }
};
} // namespace

void from_stablehlo::populateFactorizationPatterns(
    const TypeConverter &converter, RewritePatternSet &patterns) {
  patterns.add<CholeskyPattern, TriangularSolvePattern>(converter,
                                                        patterns.getContext());
}
