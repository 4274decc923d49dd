//===- VerifyShardingRules.cpp - Checks of sharding rules -----------------===//

#include "ShardingChecks.h"
#include "ShardingRules.h"

#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace mlir::sdy;

/// Checks the factors of one dimension of a value.
static LogicalResult checkDim(DimMappingAttr dim, ArrayRef<int64_t> sizes,
                              BitVector &used, EmitError emitError) {
  ArrayRef<int64_t> factors = dim.getFactorIndices();
  if (factors.empty())
    return emitError() << "has no factor, expected at least one";
  for (int64_t factor : factors) {
    if (factor < 0 || factor >= static_cast<int64_t>(sizes.size()))
      return emitError() << "has the factor " << getFactorName(factor)
                         << ", whose size the rule does not give: it has "
                         << sizes.size() << " factors";
    if (used.test(factor))
      return emitError() << "has the factor " << getFactorName(factor)
                         << " again, expected it once in a value";
    if (sizes[factor] == 1 && factors.size() > 1)
      return emitError() << "has the factor " << getFactorName(factor)
                         << " of size 1 beside others; leave it out";
    used.set(factor);
  }
  return success();
}

/// Checks the mappings of all operands or all results, and collects the factors
/// in them.
static LogicalResult checkMappings(Operation *op, TypeRange types,
                                   ArrayRef<TensorMappingAttr> mappings,
                                   ArrayRef<int64_t> sizes, BitVector &all,
                                   StringRef kind) {
  auto fail = [&] { return op->emitOpError() << "sharding rule "; };
  if (types.size() != mappings.size())
    return fail() << "has " << mappings.size() << " mappings of " << kind
                  << "s, expected " << types.size();
  if (mappings.empty())
    return fail() << "has no mappings of " << kind
                  << "s, expected at least one";
  for (auto [index, type, mapping] : llvm::enumerate(types, mappings)) {
    auto shaped = dyn_cast<ShapedType>(type);
    if (!shaped || !shaped.hasStaticShape())
      return fail() << "expects static shapes, but " << kind << ' ' << index
                    << " is " << type;
    ArrayRef<DimMappingAttr> dims = mapping.getDimMappings();
    if (static_cast<int64_t>(dims.size()) != shaped.getRank())
      return fail() << "has " << dims.size() << " dimensions for " << kind
                    << ' ' << index << ", expected " << shaped.getRank()
                    << " as in " << type;
    BitVector used(sizes.size());
    for (auto [number, dim] : llvm::enumerate(dims)) {
      auto emitError = [&, index = index, number = number] {
        return fail() << "dimension " << number << " of " << kind << ' '
                      << index << ' ';
      };
      if (failed(checkDim(dim, sizes, used, emitError)))
        return failure();
    }
    all |= used;
  }
  return success();
}

/// Checks a list of factors with something in common.
static LogicalResult checkList(ArrayRef<int64_t> factors, int64_t count,
                               EmitError emitError) {
  for (auto [index, factor] : llvm::enumerate(factors)) {
    if (factor < 0 || factor >= count)
      return emitError() << "have " << getFactorName(factor)
                         << ", but the rule has " << count << " factors";
    if (index == 0 || factors[index - 1] < factor)
      continue;
    if (factors[index - 1] == factor)
      return emitError() << "have " << getFactorName(factor)
                         << " twice, expected it once";
    return emitError() << "have " << getFactorName(factor) << " after "
                       << getFactorName(factors[index - 1])
                       << ", expected alphabetical order";
  }
  return success();
}

LogicalResult sdy::checkShardingRule(OpShardingRuleAttr rule, Operation *op) {
  ArrayRef<int64_t> sizes = rule.getFactorSizes();
  BitVector inOperands(sizes.size()), inResults(sizes.size());
  if (failed(checkMappings(op, op->getOperandTypes(), rule.getOperandMappings(),
                           sizes, inOperands, "operand")) ||
      failed(checkMappings(op, op->getResultTypes(), rule.getResultMappings(),
                           sizes, inResults, "result")))
    return failure();
  BitVector used = inOperands;
  used |= inResults;
  auto fail = [&] { return op->emitOpError() << "sharding rule "; };
  if (int unused = used.find_first_unset(); unused >= 0)
    return fail() << "has the factor " << getFactorName(unused)
                  << ", which no operand or result uses";

  // Factors of three kinds, which exclude each other.
  SmallVector<StringRef> kinds(sizes.size());
  for (auto [kind, factors] :
       {std::pair("reduction", rule.getReductionFactors()),
        std::pair("need_replication", rule.getNeedReplicationFactors()),
        std::pair("permutation", rule.getPermutationFactors())}) {
    auto emitError = [&, kind = kind] { return fail() << kind << " factors "; };
    if (failed(checkList(factors, sizes.size(), emitError)))
      return failure();
    for (int64_t factor : factors) {
      if (!kinds[factor].empty())
        return emitError() << "have " << getFactorName(factor)
                           << ", which is among the " << kinds[factor]
                           << " factors already";
      kinds[factor] = kind;
    }
  }
  if (failed(checkList(rule.getBlockedPropagationFactors(), sizes.size(), [&] {
        return fail() << "blocked_propagation factors ";
      })))
    return failure();
  for (int64_t factor : rule.getReductionFactors())
    if (inResults.test(factor))
      return fail() << "has the reduction factor " << getFactorName(factor)
                    << " in a result, expected it in operands only";
  return success();
}
