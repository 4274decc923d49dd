//===- Bitcasts.cpp - The same bits as another element type ---------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// A number as an integer of its width, and back.
static Value toBits(ImplicitLocOpBuilder &b, Value value) {
  Type type = b.getIntegerType(value.getType().getIntOrFloatBitWidth());
  return b.createOrFold<arith::BitcastOp>(type, value);
}

static Value fromBits(ImplicitLocOpBuilder &b, Type type, Value bits) {
  return b.createOrFold<arith::BitcastOp>(type, bits);
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
    constexpr unsigned handled = Ints | Floats;
    if (!(getElementKind(source.getElementType()) & handled) ||
        !(getElementKind(type.getElementType()) & handled))
      return this->reject(op, "its element type is not handled");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Type element = type.getElementType();
    unsigned from = source.getElementTypeBitWidth();
    unsigned to = type.getElementTypeBitWidth();
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
      Type bits = nested.getIntegerType(element.getIntOrFloatBitWidth());
      unsigned width = element.getIntOrFloatBitWidth() / count;
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
