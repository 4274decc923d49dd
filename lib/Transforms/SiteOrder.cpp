//===- SiteOrder.cpp - Which of a site's ops come first -------------------===//

#include "SiteRewriter.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::cegm;

unsigned SiteRewriter::positionOf(Operation *op) {
  if (numberedBlocks.insert(op->getBlock()).second)
    for (auto [i, other] : llvm::enumerate(*op->getBlock()))
      positions[&other] = i;
  return positions.lookup(op);
}

bool SiteRewriter::isBefore(Operation *a, Operation *b) {
  unsigned position = positionOf(a);
  if (position != positionOf(b))
    return position < positionOf(b);
  for (Operation *op = a->getNextNode(); op && positionOf(op) == position;
       op = op->getNextNode())
    if (op == b)
      return true;
  return false;
}

LogicalResult SiteRewriter::moveBefore(Operation *op, Operation *anchor) {
  Block *block = anchor->getBlock();
  unsigned limit = positionOf(anchor);
  SetVector<Operation *> late;
  SmallVector<Operation *> worklist{op};
  auto visit = [&](Value value) {
    Operation *definition = value.getDefiningOp();
    if (definition && definition->getBlock() == block)
      worklist.push_back(definition);
  };
  while (!worklist.empty()) {
    Operation *current = worklist.pop_back_val();
    if (current == anchor)
      return failure();
    if (positionOf(current) < limit || isBefore(current, anchor) ||
        !late.insert(current))
      continue;
    llvm::for_each(current->getOperands(), visit);
    SetVector<Value> captured;
    getUsedValuesDefinedAbove(current->getRegions(), captured);
    llvm::for_each(captured, visit);
  }
  SmallVector<Operation *> order = late.takeVector();
  llvm::sort(order, [&](Operation *a, Operation *b) { return isBefore(a, b); });
  for (Operation *current : order) {
    current->moveBefore(anchor);
    positions[current] = limit;
  }
  return success();
}

LogicalResult SiteRewriter::makeAvailable(Value value, Operation *anchor) {
  Operation *definition = value.getDefiningOp();
  return definition ? moveBefore(definition, anchor) : success();
}

Operation *SiteRewriter::lastDefinition(ArrayRef<Value> values, Block *block) {
  Operation *last = nullptr;
  for (Value value : values) {
    Operation *definition = value.getDefiningOp();
    if (!definition || definition->getBlock() != block)
      continue;
    if (!last || isBefore(last, definition))
      last = definition;
  }
  return last;
}
