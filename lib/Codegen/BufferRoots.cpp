//===- BufferRoots.cpp - Which buffers share memory -----------------------===//

#include "BufferRoots.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;

Value cegm::findRoot(Value memref) {
  while (auto view = memref.getDefiningOp<ViewLikeOpInterface>())
    memref = view.getViewSource();
  return memref;
}

/// A function's argument whose memory no other argument shares: the caller says
/// so on the argument or, of an entry function, by the calling convention.
static bool isUnsharedArgument(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return false;
  auto function =
      dyn_cast<FunctionOpInterface>(argument.getOwner()->getParentOp());
  if (!function || !argument.getOwner()->isEntryBlock())
    return false;
  return function->hasAttr(LLVM::LLVMDialect::getEmitCWrapperAttrName()) ||
         function.getArgAttr(argument.getArgNumber(),
                             LLVM::LLVMDialect::getNoAliasAttrName());
}

/// Memory of a value that is nobody else's when it comes into being.
static bool isDistinct(Value root) {
  Operation *owner = root.getDefiningOp();
  return isUnsharedArgument(root) ||
         (owner &&
          isa<memref::AllocOp, memref::AllocaOp, memref::GetGlobalOp>(owner));
}

bool cegm::mayShareMemory(Value a, Value b) {
  a = findRoot(a);
  b = findRoot(b);
  if (a == b)
    return true;
  auto globalA = a.getDefiningOp<memref::GetGlobalOp>();
  auto globalB = b.getDefiningOp<memref::GetGlobalOp>();
  if (globalA && globalB)
    return globalA.getName() == globalB.getName();
  auto isArgument = [](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument &&
           isa<FunctionOpInterface>(argument.getOwner()->getParentOp());
  };
  // One unshared argument is enough; an allocation and an argument differ.
  if (isArgument(a) && isArgument(b))
    return !isUnsharedArgument(a) && !isUnsharedArgument(b);
  return !(isDistinct(a) || isArgument(a)) || !(isDistinct(b) || isArgument(b));
}
