//===- DropBoundResults.cpp - Results that arguments receive --------------===//

#include "cegm/Codegen/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_DROPBOUNDRESULTSPASS
#include "cegm/Codegen/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;

namespace {
struct DropBoundResults
    : cegm::impl::DropBoundResultsPassBase<DropBoundResults> {
  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (!function.isExternal())
        dropResults(function);
  }

private:
  void dropResults(func::FuncOp function) {
    BitVector bound(function.getNumResults());
    for (BlockArgument argument : function.getArguments()) {
      auto number = function.getArgAttrOfType<IntegerAttr>(
          argument.getArgNumber(), cegm::kResultAttrName);
      if (!number)
        continue;
      bound.set(number.getInt());
    }
    function.front().getTerminator()->eraseOperands(bound);
    (void)function.eraseResults(bound);
  }
};
} // namespace
