//===- LinalgToBlas.cpp - Matrix products as calls of a BLAS --------------===//

#include "BlasContraction.h"
#include "BufferRoots.h"

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Matchers.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_LINALGTOBLASPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using cegm::BlasContraction;
using cegm::BlasOperand;

/// Values of the C interface of BLAS.
static constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;

/// The op that fills the output with zeros just before, where nothing between
/// touches it: then the product need not be added.
static linalg::FillOp findZeroFill(linalg::LinalgOp op) {
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
/// Writes the loops and the call of one contraction.
class CallWriter {
public:
  CallWriter(OpBuilder &builder, linalg::LinalgOp op,
             const BlasContraction &product)
      : builder(builder), loc(op.getLoc()), product(product) {
    for (OpOperand &operand : op->getOpOperands())
      buffers.push_back(operand.get());
  }

  void write(func::FuncOp callee, bool accumulate) {
    SmallVector<Value> ivs;
    for (int64_t size : product.loopSizes) {
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value one = arith::ConstantIndexOp::create(builder, loc, 1);
      Value end = arith::ConstantIndexOp::create(builder, loc, size);
      auto loop = scf::ForOp::create(builder, loc, zero, end, one);
      ivs.push_back(loop.getInductionVar());
      builder.setInsertionPointToStart(loop.getBody());
    }
    const BlasOperand &a = product.operands[0], &b = product.operands[1],
                      &c = product.operands[2];
    Type type = cast<MemRefType>(buffers[2].getType()).getElementType();
    auto integer = [&](int64_t value) -> Value {
      return arith::ConstantIntOp::create(builder, loc, value, 32);
    };
    auto real = [&](double value) -> Value {
      return arith::ConstantOp::create(builder, loc,
                                       builder.getFloatAttr(type, value));
    };
    auto transposed = [&](const BlasOperand &operand) {
      return integer(operand.isTransposed ? kTranspose : kNoTranspose);
    };
    func::CallOp::create(
        builder, loc, callee,
        {integer(kRowMajor), transposed(a), transposed(b), integer(product.m),
         integer(product.n), integer(product.k), real(1), pointer(a, ivs),
         integer(a.leading), pointer(b, ivs), integer(b.leading),
         real(accumulate ? 1 : 0), pointer(c, ivs), integer(c.leading)});
  }

private:
  /// The address of the matrix in an iteration of the loops.
  Value pointer(const BlasOperand &operand, ArrayRef<Value> ivs) {
    Value buffer = buffers[operand.number];
    auto type = cast<MemRefType>(buffer.getType());
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(
        builder, loc, builder.getIndexType(), buffer);
    int64_t bytes = type.getElementTypeBitWidth() / 8;
    auto add = [&](Value value) {
      address = arith::AddIOp::create(builder, loc, address, value);
    };
    if (operand.offset != 0)
      add(arith::ConstantIndexOp::create(builder, loc, operand.offset * bytes));
    for (auto [iv, stride] : llvm::zip(ivs, operand.loopStrides)) {
      Value factor =
          arith::ConstantIndexOp::create(builder, loc, stride * bytes);
      add(arith::MulIOp::create(builder, loc, iv, factor));
    }
    Value word =
        arith::IndexCastOp::create(builder, loc, builder.getI64Type(), address);
    return LLVM::IntToPtrOp::create(
        builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), word);
  }

  OpBuilder &builder;
  Location loc;
  const BlasContraction &product;
  SmallVector<Value> buffers;
};

struct LinalgToBlas : cegm::impl::LinalgToBlasPassBase<LinalgToBlas> {
  using LinalgToBlasPassBase::LinalgToBlasPassBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      auto product = cegm::matchBlasContraction(op);
      if (!product || product->m * product->n * product->k < minSize)
        continue;
      linalg::FillOp fill =
          product->loopsAccumulate ? linalg::FillOp() : findZeroFill(op);
      Type type =
          cast<MemRefType>(op.getDpsInits().front().getType()).getElementType();
      OpBuilder builder(op);
      CallWriter(builder, op, *product).write(getCallee(type), !fill);
      if (fill)
        fill.erase();
      op.erase();
    }
  }

private:
  func::FuncOp getCallee(Type type) {
    StringRef name = type.isF32() ? "cblas_sgemm" : "cblas_dgemm";
    if (auto callee = getOperation().lookupSymbol<func::FuncOp>(name))
      return callee;
    OpBuilder builder(getOperation().getBodyRegion());
    Type i32 = builder.getI32Type();
    Type pointer = LLVM::LLVMPointerType::get(&getContext());
    auto callee = func::FuncOp::create(
        builder, getOperation().getLoc(), name,
        builder.getFunctionType({i32, i32, i32, i32, i32, i32, type, pointer,
                                 i32, pointer, i32, type, pointer, i32},
                                {}));
    callee.setPrivate();
    return callee;
  }
};
} // namespace
