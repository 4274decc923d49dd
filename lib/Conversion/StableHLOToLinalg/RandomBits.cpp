//===- RandomBits.cpp - Counter-based random bits -------------------------===//
//
// Threefry and Philox are those of Salmon, Moraes, Dror and Shaw, "Parallel
// random numbers: as easy as 1, 2, 3" (2011). How the words of a block become
// elements of a tensor is what XLA does, which the specification leaves open.
//
//===----------------------------------------------------------------------===//

#include "RandomBits.h"

#include "Scalars.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

//===----------------------------------------------------------------------===//
// One block
//===----------------------------------------------------------------------===//

namespace {
/// Code on words of 32 bits.
struct WordCode {
  ImplicitLocOpBuilder &b;

  Value word(uint32_t value) {
    return createInteger(b, b.getI32Type(), APInt(32, value));
  }
  Value add(Value x, Value y) { return arith::AddIOp::create(b, x, y); }
  Value add(Value x, uint32_t y) { return add(x, word(y)); }
  Value exclusiveOr(Value x, Value y) { return arith::XOrIOp::create(b, x, y); }
  Value rotate(Value x, unsigned distance) {
    return arith::OrIOp::create(
        b, arith::ShLIOp::create(b, x, word(distance)).getResult(),
        arith::ShRUIOp::create(b, x, word(32 - distance)).getResult());
  }

  /// The low and the high word of a number of 64 bits, and the other way.
  std::array<Value, 2> split(Value number) {
    Value shift = createNumber(b, b.getI64Type(), 32);
    Value high = arith::ShRUIOp::create(b, number, shift);
    return {arith::TruncIOp::create(b, b.getI32Type(), number),
            arith::TruncIOp::create(b, b.getI32Type(), high)};
  }
  Value join(Value low, Value high) {
    Value shift = createNumber(b, b.getI64Type(), 32);
    Value wide = arith::ExtUIOp::create(b, b.getI64Type(), high);
    return arith::OrIOp::create(
        b, arith::ExtUIOp::create(b, b.getI64Type(), low).getResult(),
        arith::ShLIOp::create(b, wide, shift).getResult());
  }
};
} // namespace

static SmallVector<Value> createThreefryBlock(ImplicitLocOpBuilder &b,
                                              std::array<Value, 2> key,
                                              std::array<Value, 2> x) {
  constexpr unsigned distances[2][4] = {{13, 15, 26, 6}, {17, 29, 16, 24}};
  WordCode code{b};
  Value parity =
      code.exclusiveOr(code.exclusiveOr(key[0], key[1]), code.word(0x1BD11BDA));
  Value keys[] = {key[0], key[1], parity};
  x = {code.add(x[0], keys[0]), code.add(x[1], keys[1])};
  for (unsigned group = 0; group < 5; ++group) {
    for (unsigned distance : distances[group % 2]) {
      x[0] = code.add(x[0], x[1]);
      x[1] = code.exclusiveOr(code.rotate(x[1], distance), x[0]);
    }
    x[0] = code.add(x[0], keys[(group + 1) % 3]);
    x[1] = code.add(code.add(x[1], keys[(group + 2) % 3]), group + 1);
  }
  return {x[0], x[1]};
}

static SmallVector<Value> createPhiloxBlock(ImplicitLocOpBuilder &b,
                                            std::array<Value, 2> key,
                                            std::array<Value, 4> x) {
  WordCode code{b};
  Value factors[] = {code.word(0xD2511F53), code.word(0xCD9E8D57)};
  for (unsigned round = 0; round < 10; ++round) {
    auto even = arith::MulUIExtendedOp::create(b, x[0], factors[0]);
    auto odd = arith::MulUIExtendedOp::create(b, x[2], factors[1]);
    x = {code.exclusiveOr(code.exclusiveOr(odd.getHigh(), x[1]), key[0]),
         odd.getLow(),
         code.exclusiveOr(code.exclusiveOr(even.getHigh(), x[3]), key[1]),
         even.getLow()};
    key = {code.add(key[0], 0x9E3779B9), code.add(key[1], 0xBB67AE85)};
  }
  return {x[0], x[1], x[2], x[3]};
}

//===----------------------------------------------------------------------===//
// Tensors of bits
//===----------------------------------------------------------------------===//

/// Writes the words of block `number`, an i64.
using BlockBuilder =
    function_ref<SmallVector<Value>(ImplicitLocOpBuilder &b, Value number)>;

/// Elements of `word` from blocks in the shape `outer` x `inner`. Those of one
/// block, `perBlock`, are neighbours between outer and inner: the result has
/// the shape outer x perBlock x inner.
static Value createBlocks(ImplicitLocOpBuilder &b, IntegerType word,
                          int64_t outer, int64_t perBlock, int64_t inner,
                          BlockBuilder createBlock) {
  auto flat = RankedTensorType::get({outer * inner}, word);
  SmallVector<Value> empties;
  for (int64_t i = 0; i < perBlock; ++i)
    empties.push_back(createEmpty(b, flat));
  SmallVector<AffineMap> maps(perBlock, b.getMultiDimIdentityMap(1));
  auto generic = linalg::GenericOp::create(
      b, ValueRange(empties).getTypes(), ValueRange(), empties, maps,
      utils::IteratorType::parallel,
      [&](OpBuilder &nested, Location loc, ValueRange) {
        ImplicitLocOpBuilder body(loc, nested);
        Value number = arith::IndexCastOp::create(
            body, body.getI64Type(), linalg::IndexOp::create(body, 0));
        SmallVector<Value> words = createBlock(body, number);
        if (word.getWidth() == 64) {
          WordCode code{body};
          for (int64_t i = 0; i < perBlock; ++i)
            words[i] = code.join(words[2 * i], words[2 * i + 1]);
        }
        words.truncate(perBlock);
        linalg::YieldOp::create(body, words);
      });
  if (perBlock == 1)
    return createReshape(b, RankedTensorType::get({outer, 1, inner}, word),
                         generic.getResult(0));
  Value result =
      createEmpty(b, RankedTensorType::get({outer, perBlock, inner}, word));
  SmallVector<OpFoldResult> sizes = {b.getIndexAttr(outer), b.getIndexAttr(1),
                                     b.getIndexAttr(inner)};
  SmallVector<OpFoldResult> strides(3, b.getIndexAttr(1));
  for (int64_t i = 0; i < perBlock; ++i) {
    Value part = createReshape(b, RankedTensorType::get({outer, inner}, word),
                               generic.getResult(i));
    SmallVector<OpFoldResult> offsets = {b.getIndexAttr(0), b.getIndexAttr(i),
                                         b.getIndexAttr(0)};
    result =
        tensor::InsertSliceOp::create(b, part, result, offsets, sizes, strides);
  }
  return result;
}

/// The first `size` of the middle dimension of three, in the shape of `type`;
/// of words wider than its elements, the low bits.
static Value createElements(ImplicitLocOpBuilder &b, RankedTensorType type,
                            Value words, int64_t size) {
  auto source = cast<RankedTensorType>(words.getType());
  if (source.getDimSize(1) != size) {
    SmallVector<int64_t> shape(source.getShape());
    shape[1] = size;
    SmallVector<OpFoldResult> offsets(3, b.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(3, b.getIndexAttr(1));
    words = tensor::ExtractSliceOp::create(
        b, source.clone(shape), words, offsets,
        getAsIndexOpFoldResult(b.getContext(), shape), strides);
  }
  words = createReshape(b, type.clone(source.getElementType()), words);
  if (source.getElementType() == type.getElementType())
    return words;
  return createElementwise(
      b, type, {}, words,
      [&](ImplicitLocOpBuilder &nested, ValueRange args) -> SmallVector<Value> {
        return {
            arith::TruncIOp::create(nested, type.getElementType(), args[0])};
      });
}

/// What elements are cut from: words of 32 bits, or pairs of them.
static IntegerType getWord(RankedTensorType type) {
  unsigned width = type.getElementTypeBitWidth();
  return IntegerType::get(type.getContext(), width == 64 ? 64 : 32);
}

RandomBits from_stablehlo::createThreefryBits(ImplicitLocOpBuilder &b,
                                              RankedTensorType type, Value key,
                                              Value counter) {
  std::array<Value, 2> keyWords = WordCode{b}.split(key);
  auto createBlock = [&](ImplicitLocOpBuilder &nested, Value number) {
    WordCode code{nested};
    Value place = arith::AddIOp::create(nested, counter, number);
    return createThreefryBlock(nested, keyWords, code.split(place));
  };
  IntegerType word = getWord(type);
  ArrayRef<int64_t> shape = type.getShape();
  if (word.getWidth() == 64 || shape.empty()) {
    int64_t blocks = type.getNumElements();
    return {createElements(b, type,
                           createBlocks(b, word, blocks, 1, 1, createBlock), 1),
            blocks};
  }
  const int64_t *split =
      llvm::find_if(shape, [](int64_t size) { return size % 2 == 0; });
  if (split == shape.end())
    split = std::max_element(shape.begin(), shape.end());
  int64_t outer = 1, inner = 1, half = llvm::divideCeil(*split, 2);
  for (int64_t size : llvm::make_range(shape.begin(), split))
    outer *= size;
  for (int64_t size : llvm::make_range(split + 1, shape.end()))
    inner *= size;
  Value words = createBlocks(b, word, outer * half, 2, inner, createBlock);
  words = createReshape(
      b, RankedTensorType::get({outer, half * 2, inner}, word), words);
  return {createElements(b, type, words, *split), outer * half * inner};
}

std::pair<Value, Value> from_stablehlo::addToWide(ImplicitLocOpBuilder &b,
                                                  std::pair<Value, Value> wide,
                                                  Value number) {
  auto low = arith::AddUIExtendedOp::create(b, wide.first, number);
  Value carry =
      arith::ExtUIOp::create(b, wide.second.getType(), low.getOverflow());
  return {low.getSum(), arith::AddIOp::create(b, wide.second, carry)};
}

RandomBits from_stablehlo::createPhiloxBits(ImplicitLocOpBuilder &b,
                                            RankedTensorType type, Value key,
                                            std::pair<Value, Value> counter) {
  std::array<Value, 2> keyWords = WordCode{b}.split(key);
  auto createBlock = [&](ImplicitLocOpBuilder &nested, Value number) {
    WordCode code{nested};
    auto [low, high] = addToWide(nested, counter, number);
    std::array<Value, 2> lows = code.split(low), highs = code.split(high);
    return createPhiloxBlock(nested, keyWords,
                             {lows[0], lows[1], highs[0], highs[1]});
  };
  IntegerType word = getWord(type);
  int64_t perBlock = 128 / word.getWidth();
  int64_t count = type.getNumElements();
  int64_t blocks = llvm::divideCeil(count, perBlock);
  Value words = createBlocks(b, word, blocks, perBlock, 1, createBlock);
  words = createReshape(
      b, RankedTensorType::get({1, blocks * perBlock, 1}, word), words);
  return {createElements(b, type, words, count), blocks};
}
