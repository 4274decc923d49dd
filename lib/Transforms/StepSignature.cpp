//===- StepSignature.cpp - More inputs and results for a step -------------===//

#include "StepSignature.h"

using namespace mlir;
using namespace mlir::cegm;

Value StepSignature::getInput(func::FuncOp function, Type type,
                              StringRef name) {
  Value &input = inputs[function];
  if (input)
    return input;
  inputType = type;
  inputName = name;
  unsigned index = function.getNumArguments();
  Location loc = NameLoc::get(StringAttr::get(function.getContext(), name));
  (void)function.insertArgument(index, type, DictionaryAttr(), loc);
  return input = function.getArgument(index);
}

const SmallVector<StepSignature::Exported> &
StepSignature::updateFunction(func::FuncOp function) {
  auto [it, inserted] = done.try_emplace(function);
  if (!inserted)
    return it->second;
  SmallVector<Exported> exported;
  for (auto [i, value] : llvm::enumerate(results.lookup(function)))
    exported.push_back({{}, unsigned(i), value});

  for (func::CallOp call : callsInside.lookup(function)) {
    auto callee = symbolTables.lookupNearestSymbolFrom<func::FuncOp>(
        call, call.getCalleeAttr());
    if (!callee || callee.isExternal())
      continue;
    SmallVector<Exported> inner = updateFunction(callee);
    bool takesInput = inputs.contains(callee);
    if (inner.empty() && !takesInput)
      continue;
    SmallVector<Value> operands(call.getOperands());
    if (takesInput)
      operands.push_back(getInput(function, inputType, inputName));
    SmallVector<Type> types(call.getResultTypes());
    for (const Exported &result : inner)
      types.push_back(result.value.getType());
    OpBuilder builder(call);
    auto updated = func::CallOp::create(builder, call.getLoc(),
                                        call.getCalleeAttr(), types, operands);
    updated->setDiscardableAttrs(call->getDiscardableAttrDictionary());
    unsigned first = call.getNumResults();
    for (auto [i, result] : llvm::enumerate(inner)) {
      Path calls = result.calls;
      calls.push_back(call);
      exported.push_back(
          {std::move(calls), result.index, updated.getResult(first + i)});
    }
    call.replaceAllUsesWith(updated.getResults().take_front(first));
    call.erase();
  }

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

SmallVector<StepSignature::Exported> StepSignature::update() {
  // Most steps have all their sites in the entry function.
  auto isEntry = [&](auto &entryOf) { return entryOf.first == entry; };
  if (!llvm::all_of(inputs, isEntry) || !llvm::all_of(results, isEntry))
    for (auto function : module.getOps<func::FuncOp>())
      function.walk(
          [&](func::CallOp call) { callsInside[function].push_back(call); });
  // Functions that the entry does not reach may call the changed ones too.
  for (auto function : module.getOps<func::FuncOp>())
    if (function != entry && !function.isExternal())
      updateFunction(function);
  return updateFunction(entry);
}
