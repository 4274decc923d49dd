//===- ExchangeOps.cpp - Exchanges between devices ------------------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

LogicalResult AllToAllOp::verify() {
  int64_t split = getSplitDimension(), concat = getConcatDimension();
  int64_t count = getSplitCount();
  // all_to_all_c5 to all_to_all_c7: each process is in one group.
  if (failed(checkReplicaGroups(*this, getReplicaGroups(), /*sameSize=*/true)))
    return failure();
  // all_to_all_c4: there is a part.
  if (count <= 0)
    return emitOpError() << "split_count is " << count
                         << ", expected 1 or more";
  // all_to_all_c8: there is a part for each process of a group.
  if (auto groups = dyn_cast<DenseIntElementsAttr>(getReplicaGroups());
      groups && groups.getType().getDimSize(1) != count)
    return emitOpError() << "replica_groups has groups of size "
                         << groups.getType().getDimSize(1)
                         << ", expected the split_count " << count;
  SmallVector<Type> expected;
  for (Type type : getOperands().getTypes()) {
    auto operand = cast<RankedTensorType>(type);
    // all_to_all_c1 and all_to_all_c3: both are dimensions of the operands.
    if (failed(checkDim(*this, "split_dimension", split, operand.getRank(),
                        "the operand")) ||
        failed(checkDim(*this, "concat_dimension", concat, operand.getRank(),
                        "the operand")))
      return failure();
    SmallVector<int64_t> shape(operand.getShape());
    // all_to_all_c2: the parts have one size.
    if (!ShapedType::isDynamic(shape[split]) && shape[split] % count != 0)
      return emitOpError() << "operand has size " << shape[split]
                           << " in split_dimension " << split
                           << ", expected a multiple of split_count " << count;
    // all_to_all_c9: one dimension shrinks and the other grows.
    if (!ShapedType::isDynamic(shape[split]))
      shape[split] /= count;
    if (!ShapedType::isDynamic(shape[concat]))
      shape[concat] *= count;
    expected.push_back(operand.clone(shape));
  }
  return checkTypes(*this, "result", getResultTypes(), expected);
}

LogicalResult CollectivePermuteOp::verify() {
  // collective_permute_c1 to collective_permute_c4: each process is a source
  // and a target once at most.
  if (failed(checkSourceTargetPairs(*this, getSourceTargetPairs())))
    return failure();
  // collective_permute_c5: the result has the type of the operand.
  return checkType(*this, "result", getType(), getOperand().getType());
}
