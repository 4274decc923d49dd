//===- ShardingChecks.h - What the verifiers of Shardy share ----*- C++ -*-===//

#ifndef CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGCHECKS_H
#define CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGCHECKS_H

#include "AxisParts.h"

#include <functional>

namespace mlir::sdy {

/// Begins an error, at the operation and with the name of what is wrong.
using EmitError = llvm::function_ref<InFlightDiagnostic()>;

/// The mesh that an attribute of `op` is or names; null if there is none.
/// Without symbol tables, the operations of the module are looked through:
/// meshes come first there.
MeshAttr findMesh(Operation *op, Attribute meshOrRef,
                  SymbolTableCollection *symbols = nullptr);

/// Lists of axes of one mesh, none of which may overlap with another.
class AxisListChecker {
public:
  AxisListChecker(MeshAttr mesh, std::function<InFlightDiagnostic()> emitError)
      : axes(mesh), emitError(std::move(emitError)) {}

  /// Checks a list, of axes that each exist and are not in the lists before.
  /// `kind` says what the axes do, for the error.
  LogicalResult add(ArrayRef<AxisRefAttr> list, const Twine &kind);

  /// The same, for a list that has to be in the order of the mesh.
  LogicalResult addSorted(ArrayRef<AxisRefAttr> list, const Twine &kind);

private:
  LogicalResult checkPart(AxisRefAttr axis);

  MeshAxes axes;
  std::function<InFlightDiagnostic()> emitError;
  AxisParts seen;
};

/// Checks a sharding of a value of `type`, used by `op`.
LogicalResult checkSharding(TensorShardingAttr sharding, Type type,
                            Operation *op, SymbolTableCollection *symbols,
                            EmitError emitError);

/// Checks a sharding for each of the values. `kind` is what they are, say
/// "result", and stands in the error with the number of the value.
LogicalResult checkShardings(TensorShardingPerValueAttr shardings,
                             TypeRange types, Operation *op,
                             SymbolTableCollection *symbols, StringRef kind);

/// Checks that no axis of `names` is one that a manual computation around `op`
/// handles.
LogicalResult checkFreeAxes(ArrayRef<StringRef> names, Operation *op,
                            EmitError emitError);

/// The sharding that the owner of a value gives it; null if it gives none.
TensorShardingAttr findSharding(Value value);

/// Whether the owner of a value could give it a sharding: not the arguments of
/// loops and branches.
bool mayHaveSharding(Value value);

/// Checks how unreduced axes change from an operand to a result. Axes may be
/// added only if `added` says what is to be reduced along them, and only those
/// go that were to be reduced by `removed`.
LogicalResult checkUnreducedAxes(Operation *op, MeshAttr mesh,
                                 TensorShardingAttr operand,
                                 TensorShardingAttr result,
                                 std::optional<ReductionOp> added,
                                 ReductionOp removed);

LogicalResult checkShardingRule(OpShardingRuleAttr rule, Operation *op);
LogicalResult checkPropagationEdges(PropagationEdgesAttr edges, Operation *op);

} // namespace mlir::sdy

#endif // CEGM_LIB_DIALECT_SHARDY_IR_SHARDINGCHECKS_H
