//===- Constants.cpp - Ops without operands -------------------------------===//

#include "Patterns.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// The same elements with the type that the conversion gives them.
static ElementsAttr convertElements(ElementsAttr value, RankedTensorType type) {
  Type element = type.getElementType();
  // A resource has a byte for each boolean, which no translation to LLVM reads.
  if (auto resource = dyn_cast<DenseBoolResourceElementsAttr>(value))
    if (std::optional<ArrayRef<bool>> flags = resource.tryGetAsArrayRef();
        flags && int64_t(flags->size()) == type.getNumElements())
      value = DenseElementsAttr::get(type, *flags);
  if (value.getElementType() == element) {
    if (auto dense = dyn_cast<DenseElementsAttr>(value))
      return dense.getType() == type ? dense : dense.reshape(type);
    return value;
  }
  if (auto dense = dyn_cast<DenseIntElementsAttr>(value))
    return dense.bitcast(element);
  return {};
}

/// The element of a constant that repeats one.
static Value createSplat(ImplicitLocOpBuilder &b, DenseElementsAttr value) {
  Type element = value.getElementType();
  if (auto complexType = dyn_cast<ComplexType>(element)) {
    auto number = value.getSplatValue<std::complex<APFloat>>();
    Type part = complexType.getElementType();
    return complex::ConstantOp::create(
        b, element,
        b.getArrayAttr({b.getFloatAttr(part, number.real()),
                        b.getFloatAttr(part, number.imag())}));
  }
  return arith::ConstantOp::create(
      b, cast<TypedAttr>(value.getSplatValue<Attribute>()));
}

/// The value of a constant: scalars as such, repeated ones by a fill, which
/// takes no memory of the program and fuses.
static Value createConstant(ImplicitLocOpBuilder &b, ElementsAttr value,
                            RankedTensorType type) {
  auto dense = dyn_cast<DenseElementsAttr>(value);
  if (!dense || !dense.isSplat() || type.getNumElements() == 0)
    return arith::ConstantOp::create(b, type, cast<TypedAttr>(value));
  Value scalar = createSplat(b, dense);
  return type.getRank() == 0 ? createScalarTensor(b, scalar)
                             : createFilled(b, type, scalar);
}

namespace {
template <typename OpTy> struct ConstantPattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = this->getType(op->getResult(0));
    if (!getElementKind(type.getElementType()))
      return this->reject(op, "its element type is not handled");
    // The result may leave a size open that the value has.
    auto known = type.clone(op.getValue().getShapedType().getShape());
    ElementsAttr value = convertElements(op.getValue(), known);
    if (!value)
      return this->reject(op, "its elements lie outside the module");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, castTo(b, type, createConstant(b, value, known)));
    return success();
  }
};

struct IotaPattern : public HloPattern<stablehlo::IotaOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::IotaOp op, Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getOutput());
    if (!type.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    rewriter.replaceOp(op, createIota(b, type, {}, op.getIotaDimension()));
    return success();
  }
};

struct ConstantLikePattern : public HloPattern<chlo::ConstantLikeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(chlo::ConstantLikeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    auto scalarType = RankedTensorType::get({}, op.getValue().getType());
    ElementsAttr value = convertElements(
        DenseElementsAttr::get(scalarType, Attribute(op.getValue())),
        RankedTensorType::get({}, type.getElementType()));
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value scalar = createSplat(b, cast<DenseElementsAttr>(value));
    if (type.getRank() == 0)
      rewriter.replaceOp(op, createScalarTensor(b, scalar));
    else
      rewriter.replaceOp(
          op, createFilled(b, type, scalar,
                           getDynamicSizes(b, type, adaptor.getOperand())));
    return success();
  }
};
} // namespace

Value from_stablehlo::createIota(ImplicitLocOpBuilder &builder,
                                 RankedTensorType type, ValueRange dynamicSizes,
                                 int64_t dimension) {
  auto body = [&](ImplicitLocOpBuilder &b, ValueRange) -> SmallVector<Value> {
    Value index = linalg::IndexOp::create(b, dimension);
    Type target = type.getElementType();
    if (isa<IndexType>(target))
      return {index};
    if (isa<IntegerType>(target))
      return {arith::IndexCastOp::create(b, target, index)};
    Value integer = arith::IndexCastOp::create(b, b.getI64Type(), index);
    if (auto complexType = dyn_cast<ComplexType>(target)) {
      Type part = complexType.getElementType();
      Value real = arith::SIToFPOp::create(b, part, integer);
      return {complex::CreateOp::create(b, target, real,
                                        createNumber(b, part, 0.0))};
    }
    return {arith::SIToFPOp::create(b, target, integer)};
  };
  return createElementwise(builder, type, dynamicSizes, {}, body);
}

void from_stablehlo::populateConstantPatterns(const TypeConverter &converter,
                                              RewritePatternSet &patterns) {
  patterns
      .add<ConstantPattern<stablehlo::ConstantOp>,
           ConstantPattern<chlo::ConstantOp>, ConstantPattern<sdy::ConstantOp>,
           ConstantLikePattern, IotaPattern>(converter, patterns.getContext());
}
