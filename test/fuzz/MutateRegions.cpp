//===- MutateRegions.cpp - Changes of regions, functions and symbols ------===//

#include "Mutations.h"

#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::cegm::fuzz;

static SmallVector<Block *> collectBlocks(ModuleOp module) {
  SmallVector<Block *> blocks;
  for (Operation *op : collectOps(module))
    for (Region &region : op->getRegions())
      for (Block &block : region)
        blocks.push_back(&block);
  return blocks;
}

static FunctionOpInterface pickFunction(ModuleOp module, Random &random) {
  SmallVector<FunctionOpInterface> functions;
  for (Operation *op : collectOps(module))
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      functions.push_back(function);
  return functions.empty() ? FunctionOpInterface() : random.pick(functions);
}

static bool swapRegions(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Operation *> ops = collectOps(module);
  llvm::erase_if(ops, [](Operation *op) { return op->getNumRegions() < 2; });
  if (ops.empty())
    return false;
  Operation *op = random.pick(ops);
  Region &first = op->getRegion(random.below(op->getNumRegions()));
  Region &second = op->getRegion(random.below(op->getNumRegions()));
  if (&first == &second)
    return false;
  Region kept;
  kept.takeBody(first);
  first.takeBody(second);
  second.takeBody(kept);
  return true;
}

/// Exchanges two arguments of a block, for their uses or for their types.
static bool swapBlockArguments(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Block *> blocks = collectBlocks(module);
  llvm::erase_if(blocks, [](Block *b) { return b->getNumArguments() < 2; });
  if (blocks.empty())
    return false;
  Block *block = random.pick(blocks);
  BlockArgument first =
      block->getArgument(random.below(block->getNumArguments()));
  BlockArgument second =
      block->getArgument(random.below(block->getNumArguments()));
  if (first == second)
    return false;
  if (random.chance(30)) {
    Type type = first.getType();
    first.setType(second.getType());
    second.setType(type);
    return true;
  }
  SmallVector<OpOperand *> uses;
  for (OpOperand &use : first.getUses())
    uses.push_back(&use);
  second.replaceAllUsesWith(first);
  for (OpOperand *use : uses)
    use->set(second);
  return true;
}

static bool changeBlockArguments(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Block *> blocks = collectBlocks(module);
  if (blocks.empty())
    return false;
  Block *block = random.pick(blocks);
  if (random.chance(50) && block->getNumArguments()) {
    unsigned i = random.below(block->getNumArguments());
    if (!block->getArgument(i).use_empty())
      return false;
    block->eraseArgument(i);
    return true;
  }
  Type type = block->getNumArguments()
                  ? random.pick(block->getArguments()).getType()
                  : Type(IndexType::get(module.getContext()));
  block->addArgument(type, module.getLoc());
  return true;
}

/// Removes the ops of a block, or the block.
static bool emptyBlock(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Block *> blocks = collectBlocks(module);
  if (blocks.empty())
    return false;
  Block *block = random.pick(blocks);
  bool keepTerminator = random.chance(50);
  // From the end, so that what the terminator reads stays with it.
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block)))
    if (op.use_empty() &&
        !(keepTerminator && op.hasTrait<OpTrait::IsTerminator>()))
      op.erase();
  if (block->empty() && block->use_empty() && random.chance(50)) {
    block->dropAllDefinedValueUses();
    block->erase();
  }
  return true;
}

/// Another order of what a function returns, or one result twice.
static bool permuteReturns(ModuleOp module, ModuleOp, Random &random) {
  FunctionOpInterface function = pickFunction(module, random);
  if (!function || function.isExternal() ||
      function.getFunctionBody().back().empty())
    return false;
  Operation *terminator = &function.getFunctionBody().back().back();
  unsigned n = terminator->getNumOperands();
  if (n < 2)
    return false;
  unsigned i = random.below(n), j = random.below(n);
  Value first = terminator->getOperand(i), second = terminator->getOperand(j);
  if (first.getType() != second.getType() || first == second)
    return false;
  terminator->setOperand(i, second);
  if (random.chance(50))
    terminator->setOperand(j, first);
  return true;
}

/// Results or arguments more or less, in the function and its type.
static bool changeSignature(ModuleOp module, ModuleOp, Random &random) {
  FunctionOpInterface function = pickFunction(module, random);
  if (!function || function.isExternal() ||
      function.getFunctionBody().back().empty())
    return false;
  Operation *terminator = &function.getFunctionBody().back().back();
  SmallVector<Value> returned(terminator->getOperands());
  // One of several mutations may have come between them.
  if (returned.size() != function.getNumResults())
    return false;
  switch (random.below(3)) {
  case 0:
    if (returned.empty())
      return false;
    if (failed(function.eraseResult(returned.size() - 1)))
      return false;
    returned.pop_back();
    break;
  case 1:
    if (collectValuesBefore(terminator).empty())
      return false;
    returned.push_back(random.pick(collectValuesBefore(terminator)));
    if (failed(function.insertResult(returned.size() - 1,
                                     returned.back().getType(), {})))
      return false;
    break;
  default:
    if (!function.getNumArguments())
      return false;
    return succeeded(function.insertArgument(
        random.below(function.getNumArguments() + 1),
        random.pick(function.getArgumentTypes()), {}, module.getLoc()));
  }
  terminator->setOperands(returned);
  return true;
}

static bool renameSymbol(ModuleOp module, ModuleOp, Random &random) {
  FunctionOpInterface function = pickFunction(module, random);
  if (!function)
    return false;
  const StringRef names[] = {"main", "a b", "x", "cegm", "_mlir_ciface_main"};
  StringAttr name =
      StringAttr::get(module.getContext(), random.pick(ArrayRef(names)));
  if (random.chance(50) &&
      failed(SymbolTable::replaceAllSymbolUses(function, name, module)))
    return false;
  SymbolTable::setSymbolName(function, name);
  return true;
}

static bool changeVisibility(ModuleOp module, ModuleOp, Random &random) {
  FunctionOpInterface function = pickFunction(module, random);
  if (!function)
    return false;
  bool isPublic = SymbolTable::getSymbolVisibility(function) ==
                  SymbolTable::Visibility::Public;
  SymbolTable::setSymbolVisibility(function,
                                   isPublic ? SymbolTable::Visibility::Private
                                            : SymbolTable::Visibility::Public);
  return true;
}

/// A function without its body, a copy of it, or none at all.
static bool changeFunction(ModuleOp module, ModuleOp, Random &random) {
  FunctionOpInterface function = pickFunction(module, random);
  if (!function)
    return false;
  switch (random.below(3)) {
  case 0:
    function.getFunctionBody().walk(
        [](Operation *op) { op->dropAllReferences(); });
    function.getFunctionBody().getBlocks().clear();
    SymbolTable::setSymbolVisibility(function,
                                     SymbolTable::Visibility::Private);
    return true;
  case 1: {
    OpBuilder builder(function);
    Operation *copy = builder.clone(*function);
    SymbolTable::setSymbolName(
        copy,
        (SymbolTable::getSymbolName(function).getValue() + "_copy").str());
    return true;
  }
  default:
    function->erase();
    return true;
  }
}

ArrayRef<Mutation> mlir::cegm::fuzz::getRegionMutations() {
  static const Mutation mutations[] = {
      {"swap-regions", swapRegions},
      {"swap-block-arguments", swapBlockArguments},
      {"change-block-arguments", changeBlockArguments},
      {"empty-block", emptyBlock},
      {"permute-returns", permuteReturns},
      {"change-signature", changeSignature},
      {"rename-symbol", renameSymbol},
      {"change-visibility", changeVisibility},
      {"change-function", changeFunction},
  };
  return mutations;
}
