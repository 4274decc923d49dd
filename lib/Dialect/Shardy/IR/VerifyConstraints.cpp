//===- VerifyConstraints.cpp - Checks of constraints, edges and barriers --===//

#include "ShardingChecks.h"

#include "mlir/Interfaces/CallInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::sdy;

/// A constraint may reduce and split sums, but of nothing else make a sum.
template <typename OpTy>
static LogicalResult checkConstraint(OpTy op, SymbolTableCollection &symbols) {
  TensorShardingAttr result = op.getSharding();
  if (failed(checkSharding(result, op.getType(), op, &symbols, [&] {
        return op.emitOpError() << "sharding of the result: ";
      })))
    return failure();
  Value source = op.getInput();
  while (auto barrier = source.getDefiningOp<PropagationBarrierOp>())
    source = barrier.getInput();
  TensorShardingAttr operand = findSharding(source);
  if (!operand)
    return success();
  MeshAttr mesh = findMesh(op, result.getMeshOrRef(), &symbols);
  if (mesh != findMesh(op, operand.getMeshOrRef(), &symbols))
    return success();
  return checkUnreducedAxes(op, mesh, operand, result, ReductionOp::SUM,
                            operand.getReductionOp());
}

LogicalResult
ShardingConstraintOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkConstraint(*this, symbols);
}

LogicalResult ReshardOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return checkConstraint(*this, symbols);
}

LogicalResult PropagationBarrierOp::verify() {
  if (getAllowedDirection() == PropagationDirection::BOTH)
    return emitOpError() << "allowed_direction must be NONE, FORWARD or "
                            "BACKWARD, but is BOTH, which bars nothing";
  return success();
}

/// What both kinds of edges ask of the value that they stand for.
static LogicalResult checkEdge(Operation *op, Value value) {
  if (auto shaped = cast<ShapedType>(value.getType()); !shaped.hasStaticShape())
    return op->emitOpError()
           << "operand must have a static shape, but is " << value.getType();
  if (!value.hasOneUse())
    return op->emitOpError()
           << "operand must be used by this edge alone, but has "
           << std::distance(value.use_begin(), value.use_end()) << " uses";
  return success();
}

LogicalResult DataFlowEdgeOp::verify() {
  if (failed(checkEdge(*this, getInput())))
    return failure();
  Operation *owner = getInput().getDefiningOp();
  if (!owner || !isa<SdyDialect>(owner->getDialect()) ||
      isa<ManualComputationOp, NamedComputationOp>(owner))
    return success();
  return emitOpError() << "operand must be of an operation with a data flow, "
                          "but is of '"
                       << owner->getName() << "'";
}

LogicalResult DataFlowEdgeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getShardingAttr())
    return success();
  return checkSharding(getShardingAttr(), getType(), *this, &symbols,
                       [&] { return emitOpError() << "sharding: "; });
}

LogicalResult FuncDataFlowEdgeOp::verify() {
  if (failed(checkEdge(*this, getOperand())))
    return failure();
  if (auto argument = dyn_cast<BlockArgument>(getOperand())) {
    Operation *owner = argument.getOwner()->getParentOp();
    if (isa<FunctionOpInterface>(owner))
      return success();
    return emitOpError() << "operand must be an argument of a function or a "
                            "result of a call, but is an argument of '"
                         << owner->getName() << "'";
  }
  Operation *owner = getOperand().getDefiningOp();
  if (isa<CallOpInterface>(owner))
    return success();
  return emitOpError() << "operand must be an argument of a function or a "
                          "result of a call, but is a result of '"
                       << owner->getName() << "'";
}
