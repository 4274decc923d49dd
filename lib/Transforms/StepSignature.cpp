//===- StepSignature.cpp - More inputs and results for a step -------------===//

#include "StepSignature.h"

#include "Constants.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

#include <map>

using namespace mlir;
using namespace mlir::cegm;

Value StepSignature::getInput(Operation *around, Type type, StringRef name) {
  if (Value input = inputs.lookup(around))
    return input;
  inputType = type;
  inputName = name;
  auto function = dyn_cast<func::FuncOp>(around);
  if (!function) {
    Operation *outer =
        around->getParentWithTrait<OpTrait::IsIsolatedFromAbove>();
    Value whole = getInput(outer, type, name);
    return inputs[around] =
               cast<TrainingGraphOpInterface>(around).addOperand(whole);
  }
  unsigned index = function.getNumArguments();
  Location loc = NameLoc::get(StringAttr::get(function.getContext(), name));
  (void)function.insertArgument(index, type, DictionaryAttr(), loc);
  return inputs[around] = function.getArgument(index);
}

void StepSignature::addResult(Value value, const Site &site,
                              DenseIntElementsAttr groups) {
  auto function = value.getDefiningOp()->getParentOfType<func::FuncOp>();
  results[function].push_back({{}, &site, value, groups});
}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Number of ops around the value, up to its function.
static unsigned nestingOf(Value value) {
  unsigned nesting = 0;
  for (Operation *op = value.getParentBlock()->getParentOp();
       !isa<FunctionOpInterface>(op); op = op->getParentOp())
    ++nesting;
  return nesting;
}

/// The place of an iteration's layer as the graph computes it, if that is a
/// tensor of the loop's body.
static Value findIndex(Block *body, const Site::Repetition &repetition) {
  Value index = repetition.index;
  bool isInBody = index && index.getParentBlock() == body &&
                  isa<RankedTensorType>(index.getType());
  return isInBody ? index : Value();
}

/// Whether iterations can be numbered by the loop's counter, as in `scf`.
static bool hasNumbers(LoopLikeOpInterface loop) {
  auto isConstant = [](std::optional<OpFoldResult> bound) {
    return bound && getConstantIntValue(*bound);
  };
  std::optional<Value> counter = loop.getSingleInductionVar();
  return counter && counter->getType().isIntOrIndex() &&
         isConstant(loop.getSingleLowerBound()) &&
         isConstant(loop.getSingleStep());
}

/// The number of the iteration, or its distance from the last where the loop
/// begins with the last layer.
static Value createNumber(OpBuilder &builder, LoopLikeOpInterface loop,
                          const Site::Repetition &repetition) {
  ImplicitLocOpBuilder b(loop.getLoc(), builder);
  Value number = *loop.getSingleInductionVar();
  Type type = number.getType();
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(b, b.getIntegerAttr(type, value));
  };
  int64_t lower = *getConstantIntValue(*loop.getSingleLowerBound());
  int64_t step = *getConstantIntValue(*loop.getSingleStep());
  if (lower != 0)
    number = arith::SubIOp::create(b, number, constant(lower));
  if (step != 1)
    number = arith::DivUIOp::create(b, number, constant(step));
  if (repetition.isLayers && repetition.isReversed)
    number = arith::SubIOp::create(b, constant(*repetition.count - 1), number);
  if (type.isIndex())
    number = arith::IndexCastOp::create(b, b.getI64Type(), number);
  return tensor::FromElementsOp::create(
      b, RankedTensorType::get({}, number.getType()), number);
}

/// Carries tables through the loop with the given body, into which each
/// iteration puts one of the values, and lets the tables stand for the values.
LogicalResult StepSignature::leaveLoop(Block *body,
                                       ArrayRef<Exported *> values) {
  auto loop = dyn_cast<LoopLikeOpInterface>(body->getParentOp());
  SmallVector<Value> tables;
  SmallVector<std::pair<const Site::Repetition *, Value>> rows;
  OpBuilder builder(body->getParentOp());
  for (const Exported *exported : values) {
    const Site &site = *exported->site;
    auto *repetition = llvm::find_if(
        site.loops, [&](const Site::Repetition &r) { return r.body == body; });
    bool isKnown = loop && repetition != site.loops.end() && repetition->count;
    Value index = isKnown ? findIndex(body, *repetition) : Value();
    if (!isKnown || (!index && !hasNumbers(loop)))
      return emitError(body->getParentOp()->getLoc())
             << "inject-entanglement: option 'audit': this loop has no counter "
                "from 0 to a constant, so that the metrics of its iterations "
                "cannot be kept";
    auto type = cast<RankedTensorType>(exported->value.getType());
    SmallVector<int64_t> shape{*repetition->count};
    llvm::append_range(shape, type.getShape());
    type = type.clone(shape);
    tables.push_back(createConstantLike(builder, exported->value.getLoc(), loop,
                                        builder.getZeroAttr(type)));
    rows.emplace_back(repetition, index);
  }
  IRRewriter rewriter(builder);
  FailureOr<LoopLikeOpInterface> replaced = loop.replaceWithAdditionalYields(
      rewriter, tables, /*replaceInitOperandUsesInLoop=*/false,
      [&](OpBuilder &b, Location, ArrayRef<BlockArgument> carried) {
        SmallVector<Value> filled;
        for (auto [exported, table, row] :
             llvm::zip_equal(values, carried, rows)) {
          auto [repetition, index] = row;
          if (!index)
            index = createNumber(b, loop, *repetition);
          filled.push_back(RecordOp::create(b, exported->value.getLoc(),
                                            exported->value, table, index));
        }
        return filled;
      });
  if (failed(replaced))
    return emitError(body->getParentOp()->getLoc())
           << "inject-entanglement: option 'audit': '"
           << body->getParentOp()->getName()
           << "' cannot carry the metrics of its iterations";
  ResultRange results = (*replaced)->getResults();
  for (auto [exported, result] :
       llvm::zip_equal(values, results.take_back(values.size())))
    exported->value = result;
  return success();
}

/// Returns the values, which each device computes, from the body of `op`.
void StepSignature::leaveDevices(TrainingGraphOpInterface op,
                                 ArrayRef<Exported *> values) {
  SmallVector<Value> inside;
  SmallVector<DenseIntElementsAttr> groups;
  for (const Exported *exported : values) {
    inside.push_back(exported->value);
    groups.push_back(exported->groups);
  }
  for (auto [exported, result] :
       llvm::zip_equal(values, op.addResults(inside, groups)))
    exported->value = result;
}

/// Carries the values, computed somewhere in one function, to its body. A loop
/// is replaced once, when all that comes from inside of it is there.
LogicalResult StepSignature::leaveLoops(MutableArrayRef<Exported> values) {
  std::map<unsigned, llvm::MapVector<Block *, SmallVector<Exported *>>>
      byNesting;
  auto add = [&](Exported *exported) {
    Value value = exported->value;
    byNesting[nestingOf(value)][value.getParentBlock()].push_back(exported);
  };
  for (Exported &exported : values)
    add(&exported);
  while (!byNesting.empty() && byNesting.rbegin()->first > 0) {
    auto blocks = std::move(byNesting.rbegin()->second);
    byNesting.erase(std::prev(byNesting.end()));
    for (auto &[body, inside] : blocks) {
      auto interface = dyn_cast<TrainingGraphOpInterface>(body->getParentOp());
      if (interface && interface.runsBodyOnce())
        leaveDevices(interface, inside);
      else if (failed(leaveLoop(body, inside)))
        return failure();
      llvm::for_each(inside, add);
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

FailureOr<SmallVector<StepSignature::Exported>>
StepSignature::updateFunction(func::FuncOp function) {
  auto [it, inserted] = done.try_emplace(function);
  if (!inserted)
    return it->second;
  SmallVector<Exported> exported = results.lookup(function);

  for (func::CallOp call : callsInside.lookup(function)) {
    auto callee = symbolTables.lookupNearestSymbolFrom<func::FuncOp>(
        call, call.getCalleeAttr());
    if (!callee || callee.isExternal())
      continue;
    FailureOr<SmallVector<Exported>> inner = updateFunction(callee);
    if (failed(inner))
      return failure();
    bool takesInput = inputs.contains(callee);
    if (inner->empty() && !takesInput)
      continue;
    SmallVector<Value> operands(call.getOperands());
    if (takesInput)
      operands.push_back(
          getInput(call->getParentWithTrait<OpTrait::IsIsolatedFromAbove>(),
                   inputType, inputName));
    SmallVector<Type> types(call.getResultTypes());
    for (const Exported &result : *inner)
      types.push_back(result.value.getType());
    OpBuilder builder(call);
    auto updated = func::CallOp::create(builder, call.getLoc(),
                                        call.getCalleeAttr(), types, operands);
    updated->setDiscardableAttrs(call->getDiscardableAttrDictionary());
    unsigned first = call.getNumResults();
    for (auto [i, result] : llvm::enumerate(*inner)) {
      Path calls = result.calls;
      calls.push_back(call);
      exported.push_back({std::move(calls), result.site,
                          updated.getResult(first + i), result.groups});
    }
    call.replaceAllUsesWith(updated.getResults().take_front(first));
    call.erase();
  }
  if (failed(leaveLoops(exported)))
    return failure();

  if (function != entry && !exported.empty()) {
    Operation *terminator = function.getBody().front().getTerminator();
    for (const Exported &result : exported) {
      terminator->insertOperands(terminator->getNumOperands(), result.value);
      (void)function.insertResult(function.getNumResults(),
                                  result.value.getType(), DictionaryAttr());
    }
  }
  return done[function] = std::move(exported);
}

FailureOr<SmallVector<StepSignature::Exported>> StepSignature::update() {
  // Most steps have all their sites in the entry function.
  auto isEntry = [&](auto &entryOf) { return entryOf.first == entry; };
  if (!llvm::all_of(inputs, isEntry) || !llvm::all_of(results, isEntry))
    for (auto function : module.getOps<func::FuncOp>())
      function.walk(
          [&](func::CallOp call) { callsInside[function].push_back(call); });
  // Functions that the entry does not reach may call the changed ones too.
  for (auto function : module.getOps<func::FuncOp>())
    if (function != entry && !function.isExternal() &&
        failed(updateFunction(function)))
      return failure();
  return updateFunction(entry);
}
