//===- Mutations.cpp - The table of mutations and their helpers -----------===//

#include "Mutations.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::cegm;

ArrayRef<fuzz::Mutation> fuzz::getMutations() {
  static const SmallVector<Mutation> all = [] {
    SmallVector<Mutation> all;
    llvm::append_range(all, getOpMutations());
    llvm::append_range(all, getTypeMutations());
    llvm::append_range(all, getAttributeMutations());
    llvm::append_range(all, getRegionMutations());
    return all;
  }();
  return all;
}

SmallVector<Operation *> fuzz::collectOps(ModuleOp module) {
  SmallVector<Operation *> ops;
  module->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op != module)
      ops.push_back(op);
  });
  return ops;
}

SmallVector<Operation *> fuzz::collectBodyOps(ModuleOp module) {
  SmallVector<Operation *> ops = collectOps(module);
  llvm::erase_if(ops, [](Operation *op) {
    return isa<FunctionOpInterface, ModuleOp>(op) ||
           op->hasTrait<OpTrait::IsTerminator>();
  });
  return ops;
}

SmallVector<Value> fuzz::collectValuesBefore(Operation *op) {
  SmallVector<Value> values;
  for (; op && op->getBlock(); op = op->getParentOp()) {
    llvm::append_range(values, op->getBlock()->getArguments());
    for (Operation &before :
         llvm::make_range(op->getBlock()->begin(), Block::iterator(op)))
      llvm::append_range(values, before.getResults());
    Operation *parent = op->getParentOp();
    if (!parent || parent->hasTrait<OpTrait::IsIsolatedFromAbove>())
      break;
  }
  return values;
}

Value fuzz::findValueBefore(Operation *op, Type type, Random &random) {
  SmallVector<Value> values = collectValuesBefore(op);
  llvm::erase_if(values, [&](Value v) { return v.getType() != type; });
  return values.empty() ? Value() : random.pick(values);
}

Operation *fuzz::rebuild(Operation *op, StringRef name, ValueRange operands,
                         TypeRange types) {
  OperationState state(op->getLoc(), name, operands, types,
                       op->getAttrDictionary().getValue(), op->getSuccessors());
  for (unsigned i = 0, e = op->getNumRegions(); i != e; ++i)
    state.addRegion();
  // Creation ends the process where an attribute cannot become a property.
  std::optional<RegisteredOperationName> registered =
      state.name.getRegisteredInfo();
  if (!registered)
    return nullptr;
  SmallVector<char> storage;
  if (int size = state.name.getOpPropertyByteSize()) {
    storage.resize(size + alignof(std::max_align_t));
    void *place = reinterpret_cast<void *>(
        llvm::alignAddr(storage.data(), llvm::Align::Of<std::max_align_t>()));
    OpaqueProperties properties(place);
    state.name.initOpProperties(properties, /*init=*/nullptr);
    LogicalResult fits = state.name.setOpPropertiesFromAttribute(
        state.name, properties, op->getAttrDictionary(),
        [&] { return op->emitError(); });
    state.name.destroyOpProperties(properties);
    if (failed(fits))
      return nullptr;
  }
  OpBuilder builder(op);
  Operation *created = builder.create(state);
  for (auto [from, to] : llvm::zip(op->getRegions(), created->getRegions()))
    to.takeBody(from);
  for (auto [from, to] : llvm::zip(op->getResults(), created->getResults()))
    from.replaceAllUsesWith(to);
  if (!op->use_empty()) {
    // Fewer results than there were, and one that is used is gone.
    for (auto [from, to] : llvm::zip(op->getRegions(), created->getRegions()))
      from.takeBody(to);
    for (auto [from, to] : llvm::zip(op->getResults(), created->getResults()))
      to.replaceAllUsesWith(from);
    created->erase();
    return nullptr;
  }
  op->erase();
  return created;
}
