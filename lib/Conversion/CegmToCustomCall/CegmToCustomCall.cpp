//===- CegmToCustomCall.cpp - Calls of compiled kernels from XLA ----------===//

#include "cegm/Conversion/Passes.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"
#include "cegm/Dialect/Partitioning.h"
#include "cegm/Dialect/StableHLO.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CONVERTCEGMTOCUSTOMCALLPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;

/// The tensor whose rows decide the work of an op that reads rows; null for
/// other ops.
static Value getContexts(Operation *op) {
  if (auto entangle = dyn_cast<EntangleOp>(op))
    return entangle.getContexts();
  if (auto score = dyn_cast<ScoreOp>(op))
    return score.getContexts();
  return nullptr;
}

static bool isStatic(TypeRange types) {
  return llvm::all_of(types, [](Type type) {
    return cast<RankedTensorType>(type).hasStaticShape();
  });
}

/// Whether the op sums over devices, which a kernel has no means to.
static bool isAcrossDevices(Operation *op) {
  if (auto entangle = dyn_cast<EntangleOp>(op))
    return entangle.getDeviceGroups().has_value();
  return cast<ScoreOp>(op).getDeviceGroups().has_value();
}

/// Whether a partitioner will divide what `op` works on. It cannot divide a
/// call, and would gather the operands. A manual computation is divided
/// already.
static bool isDividedLater(Operation *op) {
  return isPartitioned(op->getParentOfType<ModuleOp>()) &&
         !op->getParentOfType<sdy::ManualComputationOp>();
}

/// A function of the operands of `op` that returns `results`, as text.
static std::string printKernel(Operation *op, ValueRange results) {
  OpBuilder builder(op->getContext());
  Location unknown = builder.getUnknownLoc();
  auto type =
      builder.getFunctionType(op->getOperandTypes(), results.getTypes());
  OwningOpRef<func::FuncOp> kernel =
      func::FuncOp::create(builder, unknown, "kernel", type);
  Block *body = kernel->addEntryBlock();
  builder.setInsertionPointToStart(body);
  Operation *copy = builder.clone(*op);
  copy->setOperands(body->getArguments());
  copy->setDiscardableAttrs(ArrayRef<NamedAttribute>());
  SmallVector<Value> returned;
  for (Value result : results)
    returned.push_back(
        copy->getResult(cast<OpResult>(result).getResultNumber()));
  func::ReturnOp::create(builder, unknown, returned);
  std::string text;
  llvm::raw_string_ostream(text) << *kernel;
  return text;
}

/// Row-major order for each of the types, as the layouts of a call are written.
static ArrayAttr getRowMajorLayouts(Builder &builder, TypeRange types) {
  SmallVector<Attribute> layouts;
  for (Type type : types) {
    int64_t rank = cast<RankedTensorType>(type).getRank();
    auto order = llvm::to_vector(llvm::reverse(llvm::seq<int64_t>(rank)));
    layouts.push_back(builder.getIndexTensorAttr(order));
  }
  return builder.getArrayAttr(layouts);
}

/// Replaces the results of `op` that are used by those of a call.
static void replaceByCall(IRRewriter &rewriter, Operation *op,
                          StringRef target) {
  SmallVector<Value> used;
  for (Value result : op->getResults())
    if (!result.use_empty())
      used.push_back(result);
  TypeRange types = ValueRange(used).getTypes();
  rewriter.setInsertionPoint(op);
  auto call = stablehlo::CustomCallOp::create(rewriter, op->getLoc(), types,
                                              op->getOperands());
  call.setCallTargetName(target);
  call.setApiVersion(stablehlo::CustomCallApiVersion::API_VERSION_TYPED_FFI);
  call.setBackendConfigAttr(rewriter.getDictionaryAttr(rewriter.getNamedAttr(
      "kernel", rewriter.getStringAttr(printKernel(op, used)))));
  call.setOperandLayoutsAttr(
      getRowMajorLayouts(rewriter, op->getOperandTypes()));
  call.setResultLayoutsAttr(getRowMajorLayouts(rewriter, types));
  for (auto [result, replacement] : llvm::zip(used, call.getResults()))
    rewriter.replaceAllUsesWith(result, replacement);
  rewriter.eraseOp(op);
}

namespace {
struct ConvertCegmToCustomCallPass
    : cegm::impl::ConvertCegmToCustomCallPassBase<ConvertCegmToCustomCallPass> {
  using Base::Base;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](Operation *op) {
      Value contexts = getContexts(op);
      if (!contexts || op->use_empty() || !isStatic(op->getOperandTypes()) ||
          isAcrossDevices(op) || isDividedLater(op))
        return;
      int64_t elements =
          cast<RankedTensorType>(contexts.getType()).getNumElements();
      if (elements != 0 && elements >= minElements)
        replaceByCall(rewriter, op, callTarget);
    });
  }
};
} // namespace
