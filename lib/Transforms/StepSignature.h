//===- StepSignature.h - More inputs and results for a step -----*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_STEPSIGNATURE_H
#define CEGM_LIB_TRANSFORMS_STEPSIGNATURE_H

#include "cegm/Analysis/TrainingGraph.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::cegm {

/// Adds an input to the entry function, and results that ops deep inside of the
/// functions it calls compute, through all calls on the way.
class StepSignature {
public:
  StepSignature(ModuleOp module, func::FuncOp entry)
      : module(module), entry(entry) {}

  /// The added input, of the given type, as seen in `function`.
  Value getInput(func::FuncOp function, Type type, StringRef name);

  /// Makes `value`, computed in `function`, available in the entry function,
  /// once for each way in which calls lead to `function`.
  void addResult(func::FuncOp function, Value value) {
    results[function].push_back(value);
  }

  /// Rewrites all functions and calls. Returns the values that stand for the
  /// added results in the entry function, by the calls that lead to them and
  /// their number in the function that computes them.
  using Path = SmallVector<Operation *, 2>;
  struct Exported {
    /// Calls from the innermost to the entry's; they may have been replaced
    /// since and are names only.
    Path calls;
    unsigned index;
    Value value;
  };
  SmallVector<Exported> update();

private:
  const SmallVector<Exported> &updateFunction(func::FuncOp function);

  ModuleOp module;
  func::FuncOp entry;
  SymbolTableCollection symbolTables;
  DenseMap<Operation *, Value> inputs;
  llvm::MapVector<Operation *, SmallVector<Value>> results;
  DenseMap<Operation *, SmallVector<func::CallOp>> callsInside;
  DenseMap<Operation *, SmallVector<Exported>> done;
  Type inputType;
  StringRef inputName;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_STEPSIGNATURE_H
