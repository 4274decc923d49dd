//===- LinalgToBlas.cpp - Matrix products as calls of a BLAS --------------===//

#include "BufferRoots.h"
#include "MatrixProduct.h"

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_LINALGTOBLASPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using cegm::MatrixOperand;
using cegm::MatrixProduct;
using cegm::ProductPart;

/// Values of the C interface of BLAS.
static constexpr int kRowMajor = 101, kNoTranspose = 111, kTranspose = 112;

/// Whether there is a BLAS function for the type of the elements.
static bool hasBlasType(linalg::LinalgOp op) {
  auto elementType = [&](unsigned i) {
    return cast<MemRefType>(op->getOperand(i).getType()).getElementType();
  };
  return (elementType(0).isF32() || elementType(0).isF64()) &&
         elementType(0) == elementType(1) && elementType(0) == elementType(2);
}

namespace {
/// Writes the call for one part of a product.
class CallWriter {
public:
  CallWriter(OpBuilder &builder, linalg::LinalgOp op,
             const MatrixProduct &product)
      : b(op.getLoc(), builder), product(product), operands(op->getOperands()) {
  }

  void write(func::FuncOp callee, const ProductPart &part, bool accumulate) {
    const MatrixOperand &a = product.operands[0], &b = product.operands[1],
                        &c = product.operands[2];
    func::CallOp::create(this->b, callee,
                         {integer(kRowMajor), transposed(a), transposed(b),
                          integer(part.m), integer(part.n), integer(product.k),
                          real(1), pointer(a, part.offsets[0]),
                          integer(a.leading), pointer(b, part.offsets[1]),
                          integer(b.leading), real(accumulate ? 1 : 0),
                          pointer(c, part.offsets[2]), integer(c.leading)});
  }

private:
  Value integer(int64_t value) {
    return arith::ConstantIntOp::create(b, value, 32);
  }
  Value integer(OpFoldResult size) {
    if (std::optional<int64_t> known = getConstantIntValue(size))
      return integer(*known);
    return arith::IndexCastOp::create(b, b.getI32Type(), cast<Value>(size));
  }
  Value real(double value) {
    Type type = cast<MemRefType>(operands[2].getType()).getElementType();
    return arith::ConstantOp::create(b, b.getFloatAttr(type, value));
  }
  Value transposed(const MatrixOperand &operand) {
    return integer(operand.isTransposed ? kTranspose : kNoTranspose);
  }

  /// The address of an element of the buffer of an operand.
  Value pointer(const MatrixOperand &operand, OpFoldResult offset) {
    Value buffer = operands[operand.number];
    auto type = cast<MemRefType>(buffer.getType());
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(
        b, b.getIndexType(), buffer);
    int64_t bytes = type.getElementTypeBitWidth() / 8;
    if (getConstantIntValue(offset) != 0) {
      OpFoldResult distance = affine::makeComposedFoldedAffineApply(
          b, b.getLoc(), b.getAffineDimExpr(0) * bytes, offset);
      address = arith::AddIOp::create(
          b, address, getValueOrCreateConstantIndexOp(b, b.getLoc(), distance));
    }
    Value word = arith::IndexCastOp::create(b, b.getI64Type(), address);
    return LLVM::IntToPtrOp::create(
        b, LLVM::LLVMPointerType::get(b.getContext()), word);
  }

  ImplicitLocOpBuilder b;
  const MatrixProduct &product;
  OperandRange operands;
};

struct LinalgToBlas : cegm::impl::LinalgToBlasPassBase<LinalgToBlas> {
  using LinalgToBlasPassBase::LinalgToBlasPassBase;

  void runOnOperation() override {
    SmallVector<linalg::LinalgOp> ops;
    getOperation().walk([&](linalg::LinalgOp op) { ops.push_back(op); });
    for (linalg::LinalgOp op : ops) {
      auto product = cegm::matchMatrixProduct(op);
      if (!product || !hasBlasType(op) || product->getSize() < minSize)
        continue;
      linalg::FillOp fill =
          product->loopsAccumulate ? linalg::FillOp() : cegm::findZeroFill(op);
      Type type =
          cast<MemRefType>(op.getDpsInits().front().getType()).getElementType();
      func::FuncOp callee = getCallee(type);
      OpBuilder builder(op);
      cegm::writeProductLoops(
          builder, op.getLoc(), *product, threads, minParallel,
          [&](const ProductPart &part) {
            CallWriter(builder, op, *product).write(callee, part, !fill);
          });
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
