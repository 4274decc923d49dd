//===- Levels.cpp - The hierarchy of windows of one score -----------------===//

#include "Levels.h"

#include "cegm/Dialect/Cegm/IR/ScoreFormulas.h"

#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::to_linalg;

static Value getLength(Emitter &emit, Value tokens) {
  int64_t sequence = Emitter::typeOf(tokens).getRank() - 1;
  return getValueOrCreateConstantIndexOp(emit.getBuilder(), emit.getLoc(),
                                         emit.sizeOf(tokens, sequence));
}

SmallVector<Level> to_linalg::getLevels(Emitter &emit, ScoreOp op,
                                        Value tokens) {
  Arithmetic s = emit.scalars();
  Type wide = s.getF64();
  int64_t length = Emitter::typeOf(tokens).getShape().back();
  SmallVector<int64_t> windows = getWindowLevels(op.getWindows(), length);
  double decay = op.getDecay().convertToDouble();

  SmallVector<Level> levels;
  if (!ShapedType::isDynamic(length)) {
    for (auto [window, weight] :
         llvm::zip_equal(windows, getLevelWeights(windows.size(), decay)))
      levels.push_back({window, s.constant(weight, wide), Value()});
    return levels;
  }

  // A level counts if the one before it is not the whole sequence.
  SmallVector<double> powers = getLevelPowers(windows.size(), decay);
  Value size = getLength(emit, tokens);
  Value total;
  for (auto [index, window] : llvm::enumerate(windows)) {
    Value power = s.constant(powers[index], wide);
    if (index > 0) {
      Value counts =
          arith::CmpIOp::create(s.getBuilder(), arith::CmpIPredicate::slt,
                                s.index(windows[index - 1]), size);
      power = s.select(counts, power, 0.0);
    }
    total = total ? s.add(total, power) : power;
    levels.push_back({window, power, Value()});
  }
  for (Level &level : levels)
    level.weight = s.div(level.weight, total);
  return levels;
}

LevelReader::LevelReader(Emitter &emit, Value tokens, bool isProduct)
    : rank(Emitter::typeOf(tokens).getRank()), length(getLength(emit, tokens)),
      isProduct(isProduct) {}

Value LevelReader::read(Arithmetic &a, const Level &level) const {
  ImplicitLocOpBuilder &b = a.getBuilder();
  SmallVector<Value> position;
  for (int64_t dim = 0; dim < rank; ++dim)
    position.push_back(linalg::IndexOp::create(b, dim));
  if (level.window == 0)
    position.back() = a.index(0);
  if (level.window > 1)
    position.back() =
        arith::DivUIOp::create(b, position.back(), a.index(level.window));
  Value agreement = tensor::ExtractOp::create(b, level.agreement, position);
  if (!isProduct || level.window <= 1)
    return agreement;

  // The last window may be shorter. That of the whole sequence is as long as
  // itself, and a common factor of all products does not matter.
  Value size = a.index(level.window);
  Value start = arith::MulIOp::create(b, position.back(), size);
  Value left = arith::SubIOp::create(b, length, start);
  Value inWindow = arith::MinUIOp::create(b, size, left);
  Value integer = arith::IndexCastOp::create(b, b.getI64Type(), inWindow);
  Value count = arith::SIToFPOp::create(b, a.getF64(), integer);
  return a.div(agreement, a.square(count));
}
