//===- ProductLoops.cpp - Loops and threads around a product --------------===//

#include "BufferRoots.h"
#include "MatrixProduct.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using cegm::MatrixProduct;
using cegm::ProductPart;

/// Parts of a matrix have a multiple of so many rows or columns, whole vectors
/// and cache lines.
static constexpr int64_t partMultiple = 16;

linalg::FillOp cegm::findZeroFill(linalg::LinalgOp op) {
  Value output = op.getDpsInits().front();
  for (Operation *before = op->getPrevNode(); before;
       before = before->getPrevNode()) {
    if (auto fill = dyn_cast<linalg::FillOp>(before);
        fill && fill.getOutputs().front() == output)
      return matchPattern(fill.getInputs().front(), m_AnyZeroFloat()) ? fill
                                                                      : nullptr;
    if (before->getNumRegions() > 0 && !isa<linalg::LinalgOp>(before))
      return nullptr;
    if (isMemoryEffectFree(before) || isa<memref::AllocOp>(before))
      continue;
    for (Value operand : before->getOperands())
      if (isa<BaseMemRefType>(operand.getType()) &&
          cegm::mayShareMemory(operand, output))
        return nullptr;
  }
  return nullptr;
}

namespace {
class LoopWriter {
public:
  LoopWriter(OpBuilder &builder, Location loc, const MatrixProduct &product)
      : b(loc, builder), product(product),
        start{b.getIndexAttr(0), b.getIndexAttr(0)},
        size{b.getIndexAttr(product.m), b.getIndexAttr(product.n)} {}

  /// Ends inside of the loops.
  ProductPart enter(int64_t threads, bool isParallel) {
    bool loopIsParallel = isParallel && !product.loopsAccumulate &&
                          !product.loopSizes.empty() &&
                          product.loopSizes.front() >= threads;
    if (isParallel && !loopIsParallel)
      divide(product.m >= product.n ? 0 : 1, threads);
    for (auto [number, extent] : llvm::enumerate(product.loopSizes))
      ivs.push_back(number == 0 && loopIsParallel ? enterParallel(extent)
                                                  : enterLoop(extent));
    return {size[0], size[1], {getOffset(0), getOffset(1), getOffset(2)}};
  }

  OpBuilder::InsertPoint getInsertionPoint() { return b.saveInsertionPoint(); }

private:
  Value enterLoop(int64_t count) {
    Value zero = arith::ConstantIndexOp::create(b, 0);
    Value one = arith::ConstantIndexOp::create(b, 1);
    Value end = arith::ConstantIndexOp::create(b, count);
    auto loop = scf::ForOp::create(b, zero, end, one);
    b.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVar();
  }

  Value enterParallel(int64_t count) {
    auto loop = scf::ForallOp::create(
        b, ArrayRef<OpFoldResult>(b.getIndexAttr(count)), ValueRange(),
        /*mapping=*/std::nullopt);
    b.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVars().front();
  }

  /// Gives each thread a part of the rows (0) or columns (1).
  void divide(unsigned dim, int64_t threads) {
    int64_t whole = dim == 0 ? product.m : product.n;
    int64_t length =
        llvm::alignTo(llvm::divideCeil(whole, threads), partMultiple);
    int64_t count = llvm::divideCeil(whole, length);
    if (count == 1)
      return;
    OpFoldResult iv = enterParallel(count);
    AffineExpr d0 = b.getAffineDimExpr(0);
    start[dim] =
        affine::makeComposedFoldedAffineApply(b, b.getLoc(), d0 * length, iv);
    size[dim] = b.getIndexAttr(length);
    if (whole % length != 0)
      size[dim] = affine::makeComposedFoldedAffineMin(
          b, b.getLoc(),
          AffineMap::get(1, 0,
                         {b.getAffineConstantExpr(length), whole - d0 * length},
                         b.getContext()),
          iv);
  }

  OpFoldResult getOffset(unsigned number) {
    const cegm::MatrixOperand &operand = product.operands[number];
    SmallVector<OpFoldResult> counts(ivs.begin(), ivs.end());
    SmallVector<int64_t> strides(operand.loopStrides);
    if (number != 1) {
      counts.push_back(start[0]);
      strides.push_back(operand.getRowStride());
    }
    if (number != 0) {
      counts.push_back(start[1]);
      strides.push_back(operand.getColumnStride());
    }
    AffineExpr offset = b.getAffineConstantExpr(operand.offset);
    for (auto [dim, stride] : llvm::enumerate(strides))
      offset = offset + b.getAffineDimExpr(dim) * stride;
    return affine::makeComposedFoldedAffineApply(
        b, b.getLoc(), AffineMap::get(counts.size(), 0, offset), counts);
  }

  ImplicitLocOpBuilder b;
  const MatrixProduct &product;
  SmallVector<Value> ivs;
  /// Of rows and columns.
  std::array<OpFoldResult, 2> start, size;
};
} // namespace

void cegm::writeProductLoops(
    OpBuilder &builder, Location loc, const MatrixProduct &product,
    int64_t threads, int64_t minParallel,
    function_ref<void(const ProductPart &)> writePart) {
  int64_t work = product.getSize();
  for (int64_t extent : product.loopSizes)
    work *= extent;
  OpBuilder::InsertionGuard guard(builder);
  LoopWriter writer(builder, loc, product);
  ProductPart part = writer.enter(threads, threads > 1 && work >= minParallel);
  builder.restoreInsertionPoint(writer.getInsertionPoint());
  writePart(part);
}
