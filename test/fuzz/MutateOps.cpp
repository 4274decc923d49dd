//===- MutateOps.cpp - Changes of ops and their operands ------------------===//

#include "Mutations.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::cegm::fuzz;

/// A random op with at least so many operands.
static Operation *pickUser(ModuleOp module, Random &random, unsigned operands) {
  SmallVector<Operation *> ops = collectOps(module);
  llvm::erase_if(
      ops, [&](Operation *op) { return op->getNumOperands() < operands; });
  return ops.empty() ? nullptr : random.pick(ops);
}

static Operation *pickBodyOp(ModuleOp module, Random &random) {
  SmallVector<Operation *> ops = collectBodyOps(module);
  return ops.empty() ? nullptr : random.pick(ops);
}

static bool replaceOperandBySameType(ModuleOp module, ModuleOp,
                                     Random &random) {
  Operation *op = pickUser(module, random, 1);
  if (!op)
    return false;
  OpOperand &operand = op->getOpOperand(random.below(op->getNumOperands()));
  Value other = findValueBefore(op, operand.get().getType(), random);
  if (!other || other == operand.get())
    return false;
  operand.set(other);
  return true;
}

static bool replaceOperandByAny(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickUser(module, random, 1);
  if (!op)
    return false;
  SmallVector<Value> values = collectValuesBefore(op);
  if (values.empty())
    return false;
  op->setOperand(random.below(op->getNumOperands()), random.pick(values));
  return true;
}

static bool swapOperands(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickUser(module, random, 2);
  if (!op)
    return false;
  unsigned i = random.below(op->getNumOperands());
  unsigned j = random.below(op->getNumOperands());
  if (op->getOperand(i) == op->getOperand(j))
    return false;
  Value first = op->getOperand(i);
  op->setOperand(i, op->getOperand(j));
  op->setOperand(j, first);
  return true;
}

static bool changeNumberOfOperands(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickUser(module, random, 1);
  if (!op)
    return false;
  SmallVector<Value> operands(op->getOperands());
  SmallVector<Value> values = collectValuesBefore(op);
  if (values.empty() || random.chance(50))
    operands.erase(operands.begin() + random.below(operands.size()));
  else
    operands.push_back(random.pick(values));
  op->setOperands(operands);
  return true;
}

/// Replaces all uses of the op by earlier values of the same types.
static bool replaceUses(Operation *op, Random &random) {
  for (Value result : op->getResults()) {
    if (result.use_empty())
      continue;
    Value other = findValueBefore(op, result.getType(), random);
    if (!other)
      return false;
    result.replaceAllUsesWith(other);
  }
  return true;
}

static bool eraseOp(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickBodyOp(module, random);
  if (!op || !replaceUses(op, random))
    return false;
  op->erase();
  return true;
}

static bool duplicateOp(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickBodyOp(module, random);
  if (!op)
    return false;
  OpBuilder builder(op->getContext());
  builder.setInsertionPointAfter(op);
  Operation *copy = builder.clone(*op);
  for (auto [result, copied] : llvm::zip(op->getResults(), copy->getResults()))
    result.replaceUsesWithIf(copied, [&](OpOperand &use) {
      return use.getOwner() != copy && random.chance(50);
    });
  return true;
}

static bool moveOp(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickBodyOp(module, random);
  if (!op)
    return false;
  SmallVector<Operation *> others;
  for (Operation &other : *op->getBlock())
    if (&other != op)
      others.push_back(&other);
  if (others.empty())
    return false;
  op->moveBefore(random.pick(others));
  return true;
}

/// Gives the op the name of another of its dialect.
static bool renameOp(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickBodyOp(module, random);
  if (!op || !op->getDialect())
    return false;
  SmallVector<StringRef> names;
  for (RegisteredOperationName name :
       op->getContext()->getRegisteredOperationsByDialect(
           op->getDialect()->getNamespace()))
    names.push_back(name.getStringRef());
  if (names.empty())
    return false;
  llvm::sort(names);
  return rebuild(op, random.pick(names), op->getOperands(),
                 op->getResultTypes());
}

static bool changeNumberOfResults(ModuleOp module, ModuleOp, Random &random) {
  Operation *op = pickBodyOp(module, random);
  if (!op)
    return false;
  SmallVector<Type> types(op->getResultTypes());
  SmallVector<Value> values = collectValuesBefore(op);
  if (!types.empty() && random.chance(50))
    types.pop_back();
  else if (!values.empty())
    types.push_back(random.pick(values).getType());
  else
    return false;
  return rebuild(op, op->getName().getStringRef(), op->getOperands(), types);
}

/// Copies an op of the donor to a place where there are values for its
/// operands.
static bool copyFromDonor(ModuleOp module, ModuleOp donor, Random &random) {
  Operation *place = pickBodyOp(module, random);
  Operation *op = pickBodyOp(donor, random);
  if (!place || !op)
    return false;
  IRMapping mapping;
  bool anyType = random.chance(20);
  for (Value operand : op->getOperands()) {
    Value value = findValueBefore(place, operand.getType(), random);
    SmallVector<Value> values = collectValuesBefore(place);
    if (!value && anyType && !values.empty())
      value = random.pick(values);
    if (!value)
      return false;
    mapping.map(operand, value);
  }
  // Values that its regions read from around it.
  bool isClosed = true;
  op->walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!mapping.contains(operand) &&
          !op->isAncestor(operand.getParentBlock()->getParentOp()))
        isClosed = false;
  });
  if (!isClosed)
    return false;
  OpBuilder builder(place);
  Operation *copy = builder.clone(*op, mapping);
  for (Value result : copy->getResults())
    for (Operation *user : collectOps(module))
      if (user->getBlock() == copy->getBlock() && copy->isBeforeInBlock(user))
        for (OpOperand &use : user->getOpOperands())
          if (use.get().getType() == result.getType() && random.chance(10))
            use.set(result);
  return true;
}

/// Lets a call reach another function, its own one included.
static bool retargetCall(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Operation *> calls;
  SmallVector<FunctionOpInterface> functions;
  for (Operation *op : collectOps(module)) {
    if (isa<CallOpInterface>(op))
      calls.push_back(op);
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      functions.push_back(function);
  }
  if (calls.empty())
    return false;
  auto call = cast<CallOpInterface>(random.pick(calls));
  Operation *function = random.pick(functions);
  call.setCalleeFromCallable(SymbolRefAttr::get(
      module.getContext(), SymbolTable::getSymbolName(function).getValue()));
  return true;
}

ArrayRef<Mutation> mlir::cegm::fuzz::getOpMutations() {
  static const Mutation mutations[] = {
      {"replace-operand", replaceOperandBySameType},
      {"replace-operand-by-any", replaceOperandByAny},
      {"swap-operands", swapOperands},
      {"change-number-of-operands", changeNumberOfOperands},
      {"erase-op", eraseOp},
      {"duplicate-op", duplicateOp},
      {"move-op", moveOp},
      {"rename-op", renameOp},
      {"change-number-of-results", changeNumberOfResults},
      {"copy-from-donor", copyFromDonor},
      {"retarget-call", retargetCall},
  };
  return mutations;
}
