//===- Bitcasts.cpp - The same bits as another element type ---------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static unsigned getWidth(Type element) {
  if (auto complexType = dyn_cast<ComplexType>(element))
    return 2 * getWidth(complexType.getElementType());
  return element.getIntOrFloatBitWidth();
}

/// A number as an integer of its width, and back. The real part of a complex
/// number has the low bits, as it comes first in memory.
static Value toBits(ImplicitLocOpBuilder &b, Value value) {
  Type type = b.getIntegerType(getWidth(value.getType()));
  auto complexType = dyn_cast<ComplexType>(value.getType());
  if (!complexType)
    return b.createOrFold<arith::BitcastOp>(type, value);
  auto widen = [&](Value part) -> Value {
    return arith::ExtUIOp::create(b, type, toBits(b, part));
  };
  Value high = arith::ShLIOp::create(
      b, widen(complex::ImOp::create(b, value)),
      createNumber(b, type, getWidth(complexType.getElementType())));
  return arith::OrIOp::create(b, widen(complex::ReOp::create(b, value)), high);
}

static Value fromBits(ImplicitLocOpBuilder &b, Type type, Value bits) {
  auto complexType = dyn_cast<ComplexType>(type);
  if (!complexType)
    return b.createOrFold<arith::BitcastOp>(type, bits);
  Type part = complexType.getElementType();
  auto narrow = [&](Value from) {
    Type bitsType = b.getIntegerType(getWidth(part));
    return fromBits(b, part, arith::TruncIOp::create(b, bitsType, from));
  };
  Value high = arith::ShRUIOp::create(
      b, bits, createNumber(b, bits.getType(), getWidth(part)));
  return complex::CreateOp::create(b, type, narrow(bits), narrow(high));
}

namespace {
/// Elements of other widths become one dimension more or less, the lowest bits
/// first.
struct BitcastConvertPattern : public HloPattern<stablehlo::BitcastConvertOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::BitcastConvertOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    Value operand = adaptor.getOperand();
    auto source = cast<RankedTensorType>(operand.getType());
    if (source.getElementType() == type.getElementType()) {
      rewriter.replaceOp(op, operand);
      return success();
    }
    for (Type element : {source.getElementType(), type.getElementType()}) {
      unsigned kind = getElementKind(element);
      if (kind == Bools)
        return this->reject(op,
                            "a boolean is a byte in memory and a bit in the "
                            "specification; convert it instead");
      if (kind == 0)
        return this->reject(op, "its element type is not handled");
    }
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type element = type.getElementType();
    unsigned from = getWidth(source.getElementType());
    unsigned to = getWidth(element);
    if (from == to && type.getRank() == 0) {
      rewriter.replaceOp(
          op, createScalarTensor(
                  b, fromBits(b, element, toBits(b, getScalar(b, operand)))));
      return success();
    }
    SmallVector<Value> sizes = type.hasStaticShape()
                                   ? SmallVector<Value>()
                                   : getDynamicSizes(b, type, operand);
    if (from == to) {
      rewriter.replaceOp(
          op, createElementwise(b, type, sizes, operand,
                                [&](ImplicitLocOpBuilder &nested,
                                    ValueRange args) -> SmallVector<Value> {
                                  return {fromBits(nested, element,
                                                   toBits(nested, args[0]))};
                                }));
      return success();
    }
    rewriter.replaceOp(op, from < to ? join(b, type, sizes, operand, to / from)
                                     : split(b, type, sizes, operand, to));
    return success();
  }

private:
  /// The last dimension of the operand holds the `count` parts of an element.
  static Value join(ImplicitLocOpBuilder &b, RankedTensorType type,
                    ValueRange sizes, Value operand, unsigned count) {
    auto body = [&](ImplicitLocOpBuilder &nested,
                    ValueRange) -> SmallVector<Value> {
      Type element = type.getElementType();
      Type bits = nested.getIntegerType(getWidth(element));
      unsigned width = getWidth(element) / count;
      SmallVector<Value> place;
      for (int64_t dim = 0; dim < type.getRank(); ++dim)
        place.push_back(linalg::IndexOp::create(nested, dim));
      place.push_back({});
      Value whole = createNumber(nested, bits, 0);
      for (unsigned part = 0; part < count; ++part) {
        place.back() = createIndex(nested, part);
        Value value = arith::ExtUIOp::create(
            nested, bits,
            toBits(nested, tensor::ExtractOp::create(nested, operand, place)));
        Value shifted = arith::ShLIOp::create(
            nested, value, createNumber(nested, bits, part * width));
        whole = arith::OrIOp::create(nested, whole, shifted);
      }
      return {fromBits(nested, element, whole)};
    };
    if (type.getRank() > 0)
      return createElementwise(b, type, sizes, {}, body);
    return createScalarTensor(b, body(b, {})[0]);
  }

  /// The last dimension of the result holds the parts of an element.
  static Value split(ImplicitLocOpBuilder &b, RankedTensorType type,
                     ValueRange sizes, Value operand, unsigned width) {
    int64_t last = type.getRank() - 1;
    AffineMap map = b.getMultiDimIdentityMap(type.getRank()).dropResult(last);
    return createParallel(
        b, type, sizes, operand, map,
        [&](ImplicitLocOpBuilder &nested,
            ValueRange args) -> SmallVector<Value> {
          Value bits = toBits(nested, args[0]);
          Value part = arith::IndexCastOp::create(
              nested, bits.getType(), linalg::IndexOp::create(nested, last));
          Value amount = arith::MulIOp::create(
              nested, part, createNumber(nested, bits.getType(), width));
          Value low = arith::TruncIOp::create(
              nested, nested.getIntegerType(width),
              arith::ShRUIOp::create(nested, bits, amount));
          return {fromBits(nested, type.getElementType(), low)};
        });
  }
};
} // namespace

void from_stablehlo::populateBitcastPatterns(const TypeConverter &converter,
                                             RewritePatternSet &patterns) {
  patterns.add<BitcastConvertPattern>(converter, patterns.getContext());
}
