//===- Fourier.cpp - Discrete Fourier transforms --------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <numbers>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static RankedTensorType typeOf(Value value) {
  return cast<RankedTensorType>(value.getType());
}

/// `tensor` with dimension `i` of the result its dimension `order[i]`.
static Value createTranspose(ImplicitLocOpBuilder &b, Value tensor,
                             ArrayRef<int64_t> order) {
  SmallVector<int64_t> shape;
  SmallVector<AffineExpr> exprs(order.size());
  for (auto [dim, source] : llvm::enumerate(order)) {
    shape.push_back(typeOf(tensor).getDimSize(source));
    exprs[source] = b.getAffineDimExpr(dim);
  }
  AffineMap map = AffineMap::get(order.size(), 0, exprs, b.getContext());
  return createParallel(
      b, typeOf(tensor).clone(shape), {}, tensor, map,
      [](ImplicitLocOpBuilder &, ValueRange args) -> SmallVector<Value> {
        return {args[0]};
      });
}

namespace {
/// Transforms of the rows of matrices, as products of transforms of the factors
/// of their length: n times the sum of the factors, where the definition takes
/// n times n.
class RowTransform {
public:
  /// `sign` is that of the exponent.
  RowTransform(ImplicitLocOpBuilder &b, ComplexType element, int sign)
      : b(b), element(element), sign(sign) {}

  /// With n = p q, element j1 q + j2 of a row takes part in transforms of p
  /// elements over j1, whose results are turned by a root of unity and take
  /// part in transforms of q elements over j2; those are elements k1 + p k2.
  Value create(Value rows) {
    int64_t count = typeOf(rows).getDimSize(0);
    int64_t n = typeOf(rows).getDimSize(1);
    if (n == 1)
      return rows;
    int64_t p = getFactor(n), q = n / p;
    Value parts =
        createReshape(b, RankedTensorType::get({count, p, q}, element), rows);
    parts = createSmall(parts);
    if (q == 1)
      return createReshape(b, typeOf(rows), parts);
    parts = turn(parts, n);
    parts =
        createReshape(b, RankedTensorType::get({count * p, q}, element), parts);
    parts = createReshape(b, RankedTensorType::get({count, p, q}, element),
                          create(parts));
    return createReshape(b, typeOf(rows), createTranspose(b, parts, {0, 2, 1}));
  }

private:
  /// A factor of n: 4 where it has it, else the smallest prime.
  static int64_t getFactor(int64_t n) {
    if (n % 4 == 0)
      return 4;
    for (int64_t factor = 2; factor * factor <= n; ++factor)
      if (n % factor == 0)
        return factor;
    return n;
  }

  /// Element (i, j) is the n-th root of unity to the power of i j.
  Value createRoots(int64_t rows, int64_t columns, int64_t n) {
    const llvm::fltSemantics &format =
        cast<FloatType>(element.getElementType()).getFloatSemantics();
    auto convert = [&](double value) {
      APFloat number(value);
      bool isInexact;
      number.convert(format, llvm::RoundingMode::NearestTiesToEven, &isInexact);
      return number;
    };
    SmallVector<std::complex<APFloat>> roots;
    for (int64_t i = 0; i < rows; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        double angle = sign * 2 * std::numbers::pi *
                       static_cast<double>(i * j % n) / static_cast<double>(n);
        roots.emplace_back(convert(std::cos(angle)), convert(std::sin(angle)));
      }
    auto type = RankedTensorType::get({rows, columns}, element);
    return arith::ConstantOp::create(b, DenseElementsAttr::get(type, roots));
  }

  AffineMap getMap(int64_t loops, ArrayRef<int64_t> dims) {
    SmallVector<AffineExpr> exprs;
    for (int64_t dim : dims)
      exprs.push_back(b.getAffineDimExpr(dim));
    return AffineMap::get(loops, 0, exprs, b.getContext());
  }

  /// The transform over the middle dimension, by its definition.
  Value createSmall(Value parts) {
    RankedTensorType type = typeOf(parts);
    int64_t p = type.getDimSize(1);
    Value roots = createRoots(p, p, p);
    Value zeros = createFilled(b, type, createNumber(b, element, 0.0));
    using utils::IteratorType;
    IteratorType iterators[] = {IteratorType::parallel, IteratorType::parallel,
                                IteratorType::reduction,
                                IteratorType::parallel};
    return linalg::GenericOp::create(
               b, TypeRange(type), ValueRange{parts, roots}, ValueRange(zeros),
               {getMap(4, {0, 2, 3}), getMap(4, {1, 2}), getMap(4, {0, 1, 3})},
               iterators,
               [&](OpBuilder &nested, Location loc, ValueRange args) {
                 ImplicitLocOpBuilder body(loc, nested);
                 Value term = complex::MulOp::create(body, args[0], args[1]);
                 linalg::YieldOp::create(
                     body,
                     complex::AddOp::create(body, args[2], term).getResult());
               })
        .getResult(0);
  }

  Value turn(Value parts, int64_t n) {
    RankedTensorType type = typeOf(parts);
    Value roots = createRoots(type.getDimSize(1), type.getDimSize(2), n);
    return createParallel(
        b, type, {}, {parts, roots}, {getMap(3, {0, 1, 2}), getMap(3, {1, 2})},
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          return {complex::MulOp::create(body, args[0], args[1])};
        });
  }

  ImplicitLocOpBuilder &b;
  ComplexType element;
  int sign;
};

/// Roots of unity are constants of the module: as many as a row has elements,
/// and the square of each prime factor.
constexpr int64_t kMaxLength = int64_t(1) << 24;
constexpr int64_t kMaxFactor = int64_t(1) << 11;

static int64_t largestPrimeFactor(int64_t number) {
  int64_t largest = 1;
  for (int64_t factor = 2; factor * factor <= number; ++factor)
    for (; number % factor == 0; number /= factor)
      largest = factor;
  return std::max(largest, number);
}

struct FftPattern : public HloPattern<stablehlo::FftOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::FftOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    Value operand = adaptor.getOperand();
    if (!type.hasStaticShape() || !typeOf(operand).hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ArrayRef<int64_t> sizes = type.getShape();
    for (int64_t length : llvm::concat<const int64_t>(
             op.getFftLength(), sizes.take_back(op.getFftLength().size())))
      if (length > kMaxLength || largestPrimeFactor(length) > kMaxFactor)
        return this->reject(
            op, "its length " + Twine(length) + " is more than " +
                    Twine(kMaxLength) + " or has a prime factor of more than " +
                    Twine(kMaxFactor) +
                    ", for which the roots of unity would fill the module");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    if (type.getNumElements() == 0) {
      rewriter.replaceOp(op, createEmpty(b, type));
      return success();
    }
    auto element = dyn_cast<ComplexType>(type.getElementType());
    if (!element)
      element = cast<ComplexType>(typeOf(operand).getElementType());
    bool isInverse = op.getFftType() == stablehlo::FftType::IFFT ||
                     op.getFftType() == stablehlo::FftType::IRFFT;
    RowTransform transform(b, element, isInverse ? 1 : -1);
    int64_t rank = type.getRank(), count = op.getFftLength().size();
    int64_t total = 1;
    for (int64_t length : op.getFftLength())
      total *= length;

    // Only the last dimension may be half: first on the way there, last on the
    // way back.
    if (op.getFftType() == stablehlo::FftType::RFFT)
      operand = toComplex(b, operand, element);
    SmallVector<int64_t> dims =
        llvm::to_vector(llvm::seq<int64_t>(rank - count, rank - 1));
    dims.insert(isInverse ? dims.end() : dims.begin(), rank - 1);
    for (int64_t dim : dims) {
      if (dim == rank - 1 && op.getFftType() == stablehlo::FftType::IRFFT)
        operand = createWhole(b, operand, op.getFftLength().back());
      operand = createAlong(b, transform, operand, dim);
      if (dim == rank - 1 && op.getFftType() == stablehlo::FftType::RFFT)
        operand = createHalf(b, operand);
    }
    if (isInverse)
      operand = scale(b, operand, type, 1.0 / static_cast<double>(total));
    rewriter.replaceOp(op, operand);
    return success();
  }

private:
  static Value toComplex(ImplicitLocOpBuilder &b, Value operand,
                         ComplexType element) {
    return createElementwise(
        b, typeOf(operand).clone(element), {}, operand,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          Value zero = createNumber(body, element.getElementType(), 0.0);
          return {complex::CreateOp::create(body, element, args[0], zero)};
        });
  }

  static Value createAlong(ImplicitLocOpBuilder &b, RowTransform &transform,
                           Value operand, int64_t dim) {
    RankedTensorType type = typeOf(operand);
    int64_t last = type.getRank() - 1;
    // Swapping twice gives back the order.
    SmallVector<int64_t> order =
        llvm::to_vector(llvm::seq<int64_t>(0, type.getRank()));
    std::swap(order[dim], order[last]);
    if (dim != last)
      operand = createTranspose(b, operand, order);
    RankedTensorType swapped = typeOf(operand);
    int64_t length = type.getDimSize(dim);
    auto rows = swapped.clone({type.getNumElements() / length, length});
    operand = transform.create(createReshape(b, rows, operand));
    operand = createReshape(b, swapped, operand);
    return dim == last ? operand : createTranspose(b, operand, order);
  }

  /// The first n / 2 + 1 elements of each row.
  static Value createHalf(ImplicitLocOpBuilder &b, Value operand) {
    RankedTensorType type = typeOf(operand);
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = shape.back() / 2 + 1;
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(
        b, type.clone(shape), operand, offsets,
        getAsIndexOpFoldResult(b.getContext(), shape), strides);
  }

  /// Rows of n elements, of which the second half mirrors the first.
  static Value createWhole(ImplicitLocOpBuilder &b, Value operand, int64_t n) {
    RankedTensorType type = typeOf(operand);
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = n;
    return createParallel(
        b, type.clone(shape), {}, {}, {},
        [&](ImplicitLocOpBuilder &body, ValueRange) -> SmallVector<Value> {
          SmallVector<Value> place;
          for (int64_t dim = 0; dim < type.getRank(); ++dim)
            place.push_back(linalg::IndexOp::create(body, dim));
          Value mirrored =
              arith::SubIOp::create(body, createIndex(body, n), place.back());
          Value isMirrored =
              arith::CmpIOp::create(body, arith::CmpIPredicate::sgt,
                                    place.back(), createIndex(body, n / 2));
          place.back() =
              arith::SelectOp::create(body, isMirrored, mirrored, place.back());
          Value number = tensor::ExtractOp::create(body, operand, place);
          Value conjugate = complex::ConjOp::create(body, number);
          return {arith::SelectOp::create(body, isMirrored, conjugate, number)
                      .getResult()};
        });
  }

  /// The numbers times a factor, or their real parts.
  static Value scale(ImplicitLocOpBuilder &b, Value operand,
                     RankedTensorType type, double factor) {
    return createElementwise(
        b, type, {}, operand,
        [&](ImplicitLocOpBuilder &body, ValueRange args) -> SmallVector<Value> {
          Value real = complex::ReOp::create(body, args[0]);
          Value number = createNumber(body, real.getType(), factor);
          real = arith::MulFOp::create(body, real, number);
          if (!isa<ComplexType>(type.getElementType()))
            return {real};
          Value imaginary = arith::MulFOp::create(
              body, complex::ImOp::create(body, args[0]).getResult(), number);
          return {complex::CreateOp::create(body, type.getElementType(), real,
                                            imaginary)};
        });
  }
};
} // namespace

void from_stablehlo::populateFourierPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<FftPattern>(converter, patterns.getContext());
}
