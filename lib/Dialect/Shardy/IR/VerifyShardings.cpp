//===- VerifyShardings.cpp - Checks of attributes of any operation --------===//

#include "ShardingChecks.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::sdy;

/// Checks the attribute of an argument or a result of a function.
static LogicalResult checkValueAttr(NamedAttribute attr, Type type,
                                    Operation *op, const Twine &name) {
  if (attr.getName() != "sdy.sharding")
    return success();
  auto sharding = dyn_cast<TensorShardingAttr>(attr.getValue());
  if (!sharding)
    return op->emitOpError()
           << "attribute sdy.sharding of " << name
           << " must be a #sdy.sharding, but is " << attr.getValue();
  return checkSharding(sharding, type, op, /*symbols=*/nullptr, [&] {
    return op->emitOpError() << "sharding of " << name << ": ";
  });
}

LogicalResult SdyDialect::verifyRegionArgAttribute(Operation *op,
                                                   unsigned regionIndex,
                                                   unsigned argIndex,
                                                   NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return success();
  return checkValueAttr(attr, function.getArgumentTypes()[argIndex], op,
                        "argument " + Twine(argIndex));
}

LogicalResult SdyDialect::verifyRegionResultAttribute(Operation *op,
                                                      unsigned regionIndex,
                                                      unsigned resultIndex,
                                                      NamedAttribute attr) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return success();
  return checkValueAttr(attr, function.getResultTypes()[resultIndex], op,
                        "result " + Twine(resultIndex));
}

/// The attribute as what it has to be; an error at `op` if it is not.
template <typename Attr>
static Attr expect(Operation *op, NamedAttribute attr, StringRef kind) {
  auto value = dyn_cast<Attr>(attr.getValue());
  if (!value)
    op->emitOpError() << "attribute " << attr.getName().getValue()
                      << " must be " << kind << ", but is " << attr.getValue();
  return value;
}

LogicalResult SdyDialect::verifyOperationAttribute(Operation *op,
                                                   NamedAttribute attr) {
  StringRef name = attr.getName();
  if (name == "sdy.sharding") {
    auto shardings = expect<TensorShardingPerValueAttr>(
        op, attr, "a #sdy.sharding_per_value");
    return failure(!shardings ||
                   failed(checkShardings(shardings, op->getResultTypes(), op,
                                         /*symbols=*/nullptr, "result")));
  }
  if (name == "sdy.sharding_rule") {
    auto rule = expect<OpShardingRuleAttr>(op, attr, "a #sdy.op_sharding_rule");
    return failure(!rule || failed(checkShardingRule(rule, op)));
  }
  if (name == "sdy.propagation_edges") {
    auto edges =
        expect<PropagationEdgesAttr>(op, attr, "a #sdy.propagation_edges");
    return failure(!edges || failed(checkPropagationEdges(edges, op)));
  }
  if (name == "sdy.result_propagation_edges" ||
      name == "sdy.block_arg_propagation_edges") {
    auto list = dyn_cast<ArrayAttr>(attr.getValue());
    if (!list || !llvm::all_of(list, llvm::IsaPred<PropagationEdgesAttr>))
      return op->emitOpError()
             << "attribute " << name
             << " must be a list of #sdy.propagation_edges, but is "
             << attr.getValue();
  }
  return success();
}
