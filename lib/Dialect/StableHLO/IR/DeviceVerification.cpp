//===- DeviceVerification.cpp - Checks of groups of devices ---------------===//

#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

/// Whether groups that are given by their numbers are the rows of a matrix.
static LogicalResult checkIsMatrix(Operation *op, DenseIntElementsAttr ids) {
  if (ids.getType().getRank() == 2)
    return success();
  return op->emitOpError() << "replica_groups has type " << ids.getType()
                           << ", expected a matrix with a row for each group";
}

LogicalResult stablehlo::checkReplicaGroups(Operation *op, Attribute groups,
                                            bool sameSize) {
  auto ids = dyn_cast<DenseIntElementsAttr>(groups);
  if (!ids)
    return success();
  if (failed(checkIsMatrix(op, ids)))
    return failure();
  // Only rows that are shorter than others are filled up.
  int64_t count = 0;
  for (int64_t id : ids.getValues<int64_t>())
    count += id != -1;
  if (sameSize && count != ids.getNumElements())
    return op->emitOpError()
           << "replica_groups has process -1, expected groups of one size";
  llvm::BitVector seen(count);
  for (int64_t id : ids.getValues<int64_t>()) {
    if (id == -1)
      continue;
    if (id < 0 || id >= count)
      return op->emitOpError()
             << "replica_groups has process " << id
             << ", expected each of 0 to " << count - 1 << " once";
    if (seen.test(id))
      return op->emitOpError()
             << "replica_groups has process " << id
             << " twice, expected each of 0 to " << count - 1 << " once";
    seen.set(id);
  }
  return success();
}

LogicalResult stablehlo::checkPartialGroups(Operation *op, Attribute groups) {
  auto ids = dyn_cast<DenseIntElementsAttr>(groups);
  if (!ids)
    return success();
  if (failed(checkIsMatrix(op, ids)))
    return failure();
  DenseSet<int64_t> seen;
  for (int64_t id : ids.getValues<int64_t>()) {
    if (id < 0)
      return op->emitOpError()
             << "replica_groups has process " << id << ", expected 0 or more";
    if (!seen.insert(id).second)
      return op->emitOpError() << "replica_groups has process " << id
                               << " twice, expected once at most";
  }
  return success();
}

LogicalResult stablehlo::checkSourceTargetPairs(Operation *op,
                                                DenseIntElementsAttr pairs) {
  ShapedType type = pairs.getType();
  if (type.getRank() != 2 || type.getDimSize(1) != 2)
    return op->emitOpError() << "source_target_pairs has type " << type
                             << ", expected a matrix of two columns";
  DenseSet<int64_t> sources, targets;
  for (auto [index, process] : llvm::enumerate(pairs.getValues<int64_t>())) {
    bool isSource = index % 2 == 0;
    if (process < 0)
      return op->emitOpError() << "source_target_pairs has process " << process
                               << ", expected 0 or more";
    if (!(isSource ? sources : targets).insert(process).second)
      return op->emitOpError()
             << "source_target_pairs has process " << process << " twice as a "
             << (isSource ? "source" : "target") << ", expected once at most";
  }
  return success();
}

LogicalResult stablehlo::checkMeshSymbol(Operation *op, Attribute groups,
                                         SymbolTableCollection &symbolTable) {
  auto axes = dyn_cast<ReplicaGroupMeshAxesAttr>(groups);
  auto mesh = axes ? dyn_cast<SymbolRefAttr>(axes.getMesh()) : SymbolRefAttr();
  if (!mesh || symbolTable.lookupNearestSymbolFrom(op, mesh))
    return success();
  return op->emitOpError() << "replica_groups names mesh " << mesh
                           << ", which is not a symbol of the module";
}
