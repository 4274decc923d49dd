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

  /// The added input, of the given type, as seen in `around`: a function, or
  /// an op in one that sees nothing of its surroundings and runs its body once.
  Value getInput(Operation *around, Type type, StringRef name);

  /// Makes `value`, computed for `site`, available at the end of the entry
  /// function, once for each way in which calls lead to the function around it.
  /// Where loops lie between, there is one value for each iteration, in a table
  /// with a leading dimension for each loop, the outermost first. Where it is
  /// computed on each device, the values of the devices are kept apart along a
  /// dimension before the last; those of `groups`, which have the same, are
  /// one.
  void addResult(Value value, const Site &site, DenseIntElementsAttr groups);

  /// Rewrites all functions, loops and calls. Returns the values that stand for
  /// the added results in the entry function, by the calls that lead to them
  /// and the site's gradient op, which may be gone by then. Fails if a loop
  /// does not tell the number of its iterations.
  using Path = SmallVector<Operation *, 2>;
  struct Exported {
    /// Calls from the innermost to the entry's; they may have been replaced
    /// since and are names only.
    Path calls;
    const Site *site;
    Value value;
    DenseIntElementsAttr groups;
  };
  FailureOr<SmallVector<Exported>> update();

private:
  FailureOr<SmallVector<Exported>> updateFunction(func::FuncOp function);
  LogicalResult leaveLoops(MutableArrayRef<Exported> values);
  LogicalResult leaveLoop(Block *body, ArrayRef<Exported *> values);
  void leaveDevices(TrainingGraphOpInterface op, ArrayRef<Exported *> values);

  ModuleOp module;
  func::FuncOp entry;
  SymbolTableCollection symbolTables;
  DenseMap<Operation *, Value> inputs;
  llvm::MapVector<Operation *, SmallVector<Exported>> results;
  DenseMap<Operation *, SmallVector<func::CallOp>> callsInside;
  DenseMap<Operation *, SmallVector<Exported>> done;
  Type inputType;
  StringRef inputName;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_STEPSIGNATURE_H
