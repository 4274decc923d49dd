//===- Random.cpp - Random numbers ----------------------------------------===//

#include "Patterns.h"
#include "RandomBits.h"
#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <numbers>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// The integer type with as many bits as a number, or none.
static IntegerType getBitsType(Type element) {
  if (!(getElementKind(element) & (Ints | Floats)) ||
      element.getIntOrFloatBitWidth() < 8)
    return {};
  return IntegerType::get(element.getContext(),
                          element.getIntOrFloatBitWidth());
}

namespace {
/// The state is a key and a counter. Philox' counter has 128 bits: with a state
/// of two numbers, the key is also its high half, which then does not change.
struct RngBitGeneratorPattern
    : public HloPattern<stablehlo::RngBitGeneratorOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::RngBitGeneratorOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getOutput());
    RankedTensorType stateType = getType(op.getInitialState());
    bool isThreefry =
        op.getRngAlgorithm() == stablehlo::RngAlgorithm::THREE_FRY;
    if (!type.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    IntegerType bitsType = getBitsType(type.getElementType());
    if (!bitsType)
      return this->reject(op, "its element type is not handled");
    if (!stateType.getElementType().isInteger(64) || stateType.getRank() != 1 ||
        !(stateType.getDimSize(0) == 2 ||
          (stateType.getDimSize(0) == 3 && !isThreefry)))
      return this->reject(op, isThreefry
                                  ? "its state is not two integers of 64 bits"
                                  : "its state is not two or three integers "
                                    "of 64 bits");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    SmallVector<Value> state;
    for (int64_t i = 0; i < stateType.getDimSize(0); ++i)
      state.push_back(tensor::ExtractOp::create(b, adaptor.getInitialState(),
                                                ValueRange(createIndex(b, i))));
    auto toNumber = [&](int64_t value) {
      return createInteger(b, b.getI64Type(), APInt(64, value));
    };
    RandomBits random;
    if (isThreefry) {
      random = createThreefryBits(b, type.clone(bitsType), state[0], state[1]);
      state[1] = arith::AddIOp::create(b, state[1], toNumber(random.blocks));
    } else {
      bool isWide = state.size() == 3;
      std::pair<Value, Value> counter = {state[1],
                                         isWide ? state[2] : state[0]};
      random = createPhiloxBits(b, type.clone(bitsType), state[0], counter);
      auto next = addToWide(b, counter, toNumber(random.blocks));
      state[1] = next.first;
      if (isWide)
        state[2] = next.second;
    }
    Value bits = random.bits;
    if (isa<FloatType>(type.getElementType()))
      bits = arith::BitcastOp::create(b, type, bits);
    Value next = tensor::FromElementsOp::create(b, stateType, state);
    rewriter.replaceOp(op, {next, bits});
    return success();
  }
};

/// Numbers from a state that the program keeps: how many blocks of Philox have
/// been drawn. Drawing is atomic, so that the function may run in threads.
struct RngPattern : public HloPattern<stablehlo::RngOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::RngOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    RankedTensorType type = getType(op.getResult());
    Type element = type.getElementType();
    if (!type.hasStaticShape())
      return this->reject(op, "its shape is dynamic");
    IntegerType bitsType = getBitsType(element);
    bool isNormal =
        op.getRngDistribution() == stablehlo::RngDistribution::NORMAL;
    if (!bitsType || (isNormal && !isa<FloatType>(element)))
      return this->reject(op, "its element type is not handled");
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value first = getScalar(b, adaptor.getA());
    Value second = getScalar(b, adaptor.getB());
    // A normal number takes two uniform ones, of f32 at least.
    if (isNormal && bitsType.getWidth() < 32)
      bitsType = b.getI32Type();
    SmallVector<int64_t> shape(type.getShape());
    if (isNormal)
      shape.insert(shape.begin(), 2);
    Value bits = draw(b, op, RankedTensorType::get(shape, bitsType));
    SmallVector<Value> parts = {bits};
    if (isNormal)
      parts = {getPart(b, bits, 0), getPart(b, bits, 1)};
    rewriter.replaceOp(
        op, createElementwise(b, type, {}, parts,
                              [&](ImplicitLocOpBuilder &nested,
                                  ValueRange args) -> SmallVector<Value> {
                                if (isNormal)
                                  return {createNormal(nested, element, first,
                                                       second, args)};
                                return {createUniform(nested, op, element,
                                                      first, second, args[0])};
                              }));
    return success();
  }

private:
  static Value draw(ImplicitLocOpBuilder &b, Operation *op,
                    RankedTensorType type) {
    memref::GlobalOp state = getState(b, op);
    Value key = createNumber(b, b.getI64Type(), 0x5eed);
    Value high = createNumber(b, b.getI64Type(), 0);
    int64_t perBlock = 128 / std::max(32u, type.getElementTypeBitWidth());
    Value blocks = createNumber(
        b, b.getI64Type(), llvm::divideCeil(type.getNumElements(), perBlock));
    Value buffer =
        memref::GetGlobalOp::create(b, state.getType(), state.getSymName());
    Value start = memref::AtomicRMWOp::create(b, b.getI64Type(),
                                              arith::AtomicRMWKind::addi,
                                              blocks, buffer, ValueRange());
    return createPhiloxBits(b, type, key, {start, high}).bits;
  }

  /// The state of the module, which starts at zero.
  static memref::GlobalOp getState(ImplicitLocOpBuilder &b, Operation *op) {
    auto module = op->getParentOfType<ModuleOp>();
    StringRef name = "cegm_random_state";
    if (auto state = module.lookupSymbol<memref::GlobalOp>(name))
      return state;
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(module.getBody());
    auto zero = DenseIntElementsAttr::get(
        RankedTensorType::get({}, b.getI64Type()), int64_t(0));
    return memref::GlobalOp::create(b, name, b.getStringAttr("private"),
                                    MemRefType::get({}, b.getI64Type()), zero,
                                    /*constant=*/false,
                                    /*alignment=*/IntegerAttr());
  }

  /// Slice `number` along the first dimension.
  static Value getPart(ImplicitLocOpBuilder &b, Value tensor, int64_t number) {
    auto type = cast<RankedTensorType>(tensor.getType());
    SmallVector<OpFoldResult> offsets(type.getRank(), b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(type.getRank(), b.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes =
        getAsIndexOpFoldResult(b.getContext(), type.getShape());
    offsets[0] = b.getIndexAttr(number);
    sizes[0] = b.getIndexAttr(1);
    return tensor::ExtractSliceOp::create(
        b,
        RankedTensorType::get(type.getShape().drop_front(),
                              type.getElementType()),
        tensor, offsets, sizes, strides);
  }

  /// A number of [0, 1), with all the digits that the type has at 1/2.
  static Value createFraction(ImplicitLocOpBuilder &b, FloatType type,
                              Value bits) {
    unsigned width = bits.getType().getIntOrFloatBitWidth();
    unsigned digits = APFloat::semanticsPrecision(type.getFloatSemantics());
    Value kept = arith::ShRUIOp::create(
        b, bits, createNumber(b, bits.getType(), width - digits));
    return arith::MulFOp::create(
        b, arith::UIToFPOp::create(b, type, kept).getResult(),
        createNumber(b, type, std::ldexp(1.0, -static_cast<int>(digits))));
  }

  /// A number of [low, high).
  static Value createUniform(ImplicitLocOpBuilder &b, stablehlo::RngOp op,
                             Type type, Value low, Value high, Value bits) {
    if (auto floatType = dyn_cast<FloatType>(type)) {
      Value extent = arith::SubFOp::create(b, high, low);
      Value number = arith::AddFOp::create(
          b, low,
          arith::MulFOp::create(b, createFraction(b, floatType, bits), extent)
              .getResult());
      // The sum may have been rounded up to the end.
      Value isInside =
          arith::CmpFOp::create(b, arith::CmpFPredicate::OLT, number, high);
      return arith::SelectOp::create(b, isInside, number, low);
    }
    // An empty interval gives its start.
    Value extent = arith::SubIOp::create(b, high, low);
    Value isEmpty =
        arith::CmpIOp::create(b,
                              isUnsignedElement(getElementTypeOrSelf(op.getA()))
                                  ? arith::CmpIPredicate::ule
                                  : arith::CmpIPredicate::sle,
                              high, low);
    Value divisor =
        arith::SelectOp::create(b, isEmpty, createNumber(b, type, 1), extent);
    return arith::AddIOp::create(
        b, low, arith::RemUIOp::create(b, bits, divisor).getResult());
  }

  /// The first of the two numbers of Box and Muller.
  static Value createNormal(ImplicitLocOpBuilder &b, Type type, Value mean,
                            Value deviation, ValueRange bits) {
    auto wide = cast<FloatType>(type);
    if (type.getIntOrFloatBitWidth() < 32)
      wide = b.getF32Type();
    // 1 - u, for the logarithm of 0 is infinite.
    Value u = arith::SubFOp::create(b, createNumber(b, wide, 1.0),
                                    createFraction(b, wide, bits[0]));
    Value radius = math::SqrtOp::create(
        b, arith::MulFOp::create(b, createNumber(b, wide, -2.0),
                                 math::LogOp::create(b, u).getResult())
               .getResult());
    Value angle =
        arith::MulFOp::create(b, createNumber(b, wide, 2.0 * std::numbers::pi),
                              createFraction(b, wide, bits[1]));
    Value number = arith::MulFOp::create(
        b, radius, math::CosOp::create(b, angle).getResult());
    if (wide != type)
      number = arith::TruncFOp::create(b, type, number);
    return arith::AddFOp::create(
        b, mean, arith::MulFOp::create(b, deviation, number).getResult());
  }
};
} // namespace

void from_stablehlo::populateRandomPatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<RngBitGeneratorPattern, RngPattern>(converter,
                                                   patterns.getContext());
}
