//===- OutlineKernels.cpp - One function for each linalg op ---------------===//

#include "BufferRoots.h"
#include "MatrixProduct.h"

#include "cegm/Codegen/Passes.h"

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

/// All values from outside that `ops`, which have no results, read: their
/// operands and those of the ops in their regions.
static llvm::SetVector<Value> findInputs(ArrayRef<Operation *> ops) {
  llvm::SetVector<Value> inputs;
  for (Operation *op : ops) {
    inputs.insert_range(op->getOperands());
    getUsedValuesDefinedAbove(op->getRegions(), inputs);
  }
  return inputs;
}

/// A linalg op or a parallel loop, of which only the memory remains.
static bool isKernel(Operation *op) {
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return linalgOp.hasPureBufferSemantics() && linalgOp.getNumLoops() > 0;
  return isa<scf::ForallOp, scf::ParallelOp>(op) && op->getNumResults() == 0;
}

static bool sharesMemory(Value value, ArrayRef<Value> others) {
  return llvm::any_of(others, [&](Value other) {
    return other != value && isa<BaseMemRefType>(other.getType()) &&
           cegm::mayShareMemory(value, other);
  });
}

/// Copies between buffers one of which is not contiguous as linalg ops, or they
/// would be calls of MLIR's runtime library.
static void expandCopies(ModuleOp module) {
  SmallVector<memref::CopyOp> copies;
  module.walk([&](memref::CopyOp copy) {
    auto isContiguous = [](Value value) {
      auto type = dyn_cast<MemRefType>(value.getType());
      return !type || type.getLayout().isIdentity();
    };
    if (!isContiguous(copy.getSource()) || !isContiguous(copy.getTarget()))
      copies.push_back(copy);
  });
  for (memref::CopyOp copy : copies) {
    OpBuilder builder(copy);
    linalg::makeMemRefCopyOp(builder, copy.getLoc(), copy.getSource(),
                             copy.getTarget());
    copy.erase();
  }
}

namespace {
struct OutlineKernels : cegm::impl::OutlineKernelsPassBase<OutlineKernels> {
  void runOnOperation() override {
    expandCopies(getOperation());
    SmallVector<Operation *> kernels;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!isKernel(op))
        return WalkResult::advance();
      kernels.push_back(op);
      return WalkResult::skip();
    });
    // Zeros and the product that is added to them are one kernel.
    llvm::DenseMap<Operation *, Operation *> fills;
    llvm::SmallPtrSet<Operation *, 8> taken;
    for (Operation *op : kernels)
      if (auto product = dyn_cast<linalg::LinalgOp>(op);
          product && linalg::isaContractionOpInterface(product))
        if (Operation *fill = cegm::findZeroFill(product)) {
          fill->moveBefore(op);
          fills[op] = fill;
          taken.insert(fill);
        }
    SymbolTable symbols(getOperation());
    for (Operation *op : kernels) {
      if (taken.contains(op))
        continue;
      if (Operation *fill = fills.lookup(op))
        outline({fill, op}, symbols);
      else
        outline(op, symbols);
    }
  }

private:
  /// Moves neighbours to a function.
  void outline(ArrayRef<Operation *> ops, SymbolTable &symbols) {
    SmallVector<Value> arguments;
    SmallVector<Operation *> constants;
    for (Value input : findInputs(ops)) {
      Operation *owner = input.getDefiningOp();
      if (owner && owner->hasTrait<OpTrait::ConstantLike>())
        constants.push_back(owner);
      else
        arguments.push_back(input);
    }
    OpBuilder builder(&getContext());
    SmallVector<Type> types(ValueRange(arguments).getTypes());
    Location loc = ops.back()->getLoc();
    auto kernel =
        func::FuncOp::create(loc, "kernel", builder.getFunctionType(types, {}));
    kernel.setPrivate();
    // Inlined again, it would be part of a large function after all.
    kernel->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    symbols.insert(kernel);

    Block *body = kernel.addEntryBlock();
    builder.setInsertionPointToEnd(body);
    IRMapping mapping;
    mapping.map(arguments, body->getArguments());
    for (Operation *constant : constants)
      builder.clone(*constant, mapping);
    for (Operation *op : ops)
      builder.clone(*op, mapping);
    func::ReturnOp::create(builder, loc);
    markArguments(kernel, arguments);

    builder.setInsertionPoint(ops.back());
    func::CallOp::create(builder, loc, kernel, arguments);
    for (Operation *op : ops)
      op->erase();
  }

  void markArguments(func::FuncOp kernel, ArrayRef<Value> arguments) {
    auto fitsPointer = [](Value value) {
      auto memref = dyn_cast<BaseMemRefType>(value.getType());
      return !memref || LLVMTypeConverter::canConvertToBarePtr(memref);
    };
    // A descriptor holds two pointers to the same memory, which must not be
    // said to be distinct.
    if (!llvm::all_of(arguments, fitsPointer))
      return;
    UnitAttr unit = UnitAttr::get(&getContext());
    kernel->setAttr("llvm.bareptr", unit);
    for (auto [number, value] : llvm::enumerate(arguments))
      if (isa<BaseMemRefType>(value.getType()) &&
          !sharesMemory(value, arguments))
        kernel.setArgAttr(number, LLVM::LLVMDialect::getNoAliasAttrName(),
                          unit);
  }
};
} // namespace
