//===- VerifyCollectives.cpp - Checks of collectives ----------------------===//
//
// The sharding of the operand and the axes of the operation give the sharding
// of the result, which `out_sharding` must be.
//
//===----------------------------------------------------------------------===//

#include "ShardingChecks.h"

#include "llvm/ADT/BitVector.h"

using namespace mlir;
using namespace mlir::sdy;

namespace {
/// A collective, with the shardings that it changes.
class Collective {
public:
  enum Need { OperandSharding, Nothing };

  Collective(Operation *op, Value tensor, TensorShardingAttr result,
             SymbolTableCollection &symbols)
      : op(op), result(result), tensor(tensor), symbols(symbols) {}

  /// Checks what all of them have in common. Then the axes are there, or
  /// nothing is known about the operand.
  LogicalResult check(Need need, bool sameMesh = true);

  bool isKnown() const { return known; }
  const MeshAxes &getAxes() const { return *axes; }
  MeshAttr getOperandMesh() const { return operandMesh; }
  size_t getRank() const { return result.getRank(); }

  AxisParts getOperandDim(size_t dim) const {
    if (!operand)
      return {};
    return axes->get(operand.getDimShardings()[dim].getAxes());
  }
  AxisParts getResultDim(size_t dim) const {
    return axes->get(result.getDimShardings()[dim].getAxes());
  }
  AxisParts getUnreduced(TensorShardingAttr sharding) const {
    return sharding ? axes->get(sharding.getUnreducedAxes()) : AxisParts();
  }

  /// Checks a list of axes of the operation for each dimension.
  LogicalResult checkLists(ListOfAxisRefListsAttr lists, StringRef kind) const;
  /// Checks one list.
  LogicalResult checkList(AxisRefListAttr list, StringRef kind) const;

  /// Takes the parts off a dimension of the operand.
  FailureOr<AxisParts> remove(size_t dim, ArrayRef<AxisPart> parts,
                              StringRef kind) const;
  /// Adds the parts to a dimension of the operand.
  AxisParts append(size_t dim, ArrayRef<AxisPart> parts) const;

  LogicalResult expectDim(size_t dim, ArrayRef<AxisPart> expected) const;
  /// Checks that the unreduced axes of the result are those of the operand and
  /// `more`.
  LogicalResult expectUnreduced(ArrayRef<AxisPart> more) const;

  InFlightDiagnostic fail() const { return op->emitOpError(); }

  Operation *op;
  TensorShardingAttr operand, result;

private:
  Value tensor;
  SymbolTableCollection &symbols;
  std::optional<MeshAxes> axes;
  MeshAttr operandMesh;
  bool known = false;
};
} // namespace

LogicalResult Collective::check(Need need, bool sameMesh) {
  operand = findSharding(tensor);
  known = operand || need == Nothing || mayHaveSharding(tensor);
  if (!operand && known && need == OperandSharding)
    return fail() << "operand must have a sharding, for the result to follow "
                     "from";
  if (failed(checkSharding(result, tensor.getType(), op, &symbols,
                           [&] { return fail() << "out_sharding: "; })))
    return failure();
  MeshAttr mesh = findMesh(op, result.getMeshOrRef(), &symbols);
  axes.emplace(mesh);
  if (!operand)
    return success();
  operandMesh = findMesh(op, operand.getMeshOrRef(), &symbols);
  if (!operandMesh || (sameMesh && mesh != operandMesh))
    return fail() << "out_sharding is on the mesh " << mesh
                  << ", expected that of the operand, "
                  << (operandMesh ? Attribute(operandMesh)
                                  : operand.getMeshOrRef());
  // An error of the operand's own is reported there.
  if (operand.getRank() != result.getRank())
    return fail() << "out_sharding has " << result.getRank()
                  << " dimensions, expected " << operand.getRank()
                  << " as in the sharding of the operand";
  SmallVector<ArrayRef<AxisRefAttr>> lists = {operand.getReplicatedAxes(),
                                              operand.getUnreducedAxes()};
  for (DimensionShardingAttr dim : operand.getDimShardings())
    lists.push_back(dim.getAxes());
  MeshAxes own(operandMesh);
  for (ArrayRef<AxisRefAttr> list : lists)
    for (AxisRefAttr axis : list)
      if (!own.find(axis.getName()))
        return fail() << "operand is cut along " << toString(axis)
                      << ", but the mesh has " << own.getNames();
  return success();
}

LogicalResult Collective::checkLists(ListOfAxisRefListsAttr lists,
                                     StringRef kind) const {
  AxisListChecker checker(axes->getMesh(), [&] { return fail(); });
  for (AxisRefListAttr list : lists)
    if (failed(checker.add(list.getValue(), kind)))
      return failure();
  if (lists.size() != getRank())
    return fail() << kind << " has lists for " << lists.size()
                  << " dimensions, expected " << getRank();
  return success();
}

LogicalResult Collective::checkList(AxisRefListAttr list,
                                    StringRef kind) const {
  AxisListChecker checker(axes->getMesh(), [&] { return fail(); });
  return checker.addSorted(list.getValue(), kind);
}

FailureOr<AxisParts> Collective::remove(size_t dim, ArrayRef<AxisPart> parts,
                                        StringRef kind) const {
  AxisParts rest = getOperandDim(dim);
  for (const AxisPart &part : llvm::reverse(parts))
    if (!removeLastPart(rest, part))
      return fail() << kind << " has " << axes->toString(part)
                    << " for dimension " << dim
                    << ", but it is not the last that the operand is cut "
                       "along there: "
                    << axes->toString(getOperandDim(dim));
  return rest;
}

AxisParts Collective::append(size_t dim, ArrayRef<AxisPart> parts) const {
  AxisParts all = getOperandDim(dim);
  for (const AxisPart &part : parts)
    appendPart(all, part);
  return all;
}

LogicalResult Collective::expectDim(size_t dim,
                                    ArrayRef<AxisPart> expected) const {
  if (ArrayRef(getResultDim(dim)) == expected)
    return success();
  return fail() << "out_sharding has " << axes->toString(getResultDim(dim))
                << " in dimension " << dim << ", expected "
                << axes->toString(expected);
}

LogicalResult Collective::expectUnreduced(ArrayRef<AxisPart> more) const {
  AxisParts expected = getUnreduced(operand);
  llvm::append_range(expected, more);
  expected = sortParts(expected);
  if (getUnreduced(result) == expected)
    return success();
  return fail() << "out_sharding has the unreduced axes "
                << axes->toString(getUnreduced(result)) << ", expected "
                << axes->toString(expected);
}

/// Both make sums of nothing that is one.
static LogicalResult expectSum(const Collective &op) {
  if (op.result.getReductionOp() == ReductionOp::SUM)
    return success();
  return op.fail() << "out_sharding is to be reduced by "
                   << stringifyReductionOp(op.result.getReductionOp())
                   << ", expected sum";
}

//===----------------------------------------------------------------------===//
// The operations
//===----------------------------------------------------------------------===//

LogicalResult AllGatherOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::OperandSharding)) ||
      failed(op.checkLists(getGatheringAxes(), "gathering_axes")))
    return failure();
  if (!op.isKnown())
    return success();
  for (auto [dim, list] : llvm::enumerate(getGatheringAxes())) {
    auto rest =
        op.remove(dim, op.getAxes().get(list.getValue()), "gathering_axes");
    if (failed(rest) || failed(op.expectDim(dim, *rest)))
      return failure();
  }
  return success();
}

LogicalResult AllSliceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::Nothing)) ||
      failed(op.checkLists(getSlicingAxes(), "slicing_axes")))
    return failure();
  if (!op.isKnown())
    return success();
  for (auto [dim, list] : llvm::enumerate(getSlicingAxes()))
    if (failed(op.expectDim(dim,
                            op.append(dim, op.getAxes().get(list.getValue())))))
      return failure();
  return success();
}

LogicalResult AllToAllOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::OperandSharding)))
    return failure();
  if (getParams().empty())
    return emitOpError() << "moves no axes, expected at least one";
  int64_t rank = op.getRank(), last = -1;
  llvm::BitVector used(rank);
  AxisListChecker checker(op.getAxes().getMesh(),
                          [&] { return emitOpError(); });
  for (AllToAllParamAttr param : getParams()) {
    if (failed(checker.add(param.getAxes(), "the list")))
      return failure();
    for (auto [kind, dim] : {std::pair("source", param.getSrcDim()),
                             std::pair("target", param.getTgtDim())}) {
      if (dim < 0 || dim >= rank)
        return emitOpError() << kind << " dimension " << dim
                             << " must be at least 0 and less than " << rank;
      if (used.test(dim))
        return emitOpError() << kind << " dimension " << dim
                             << " is a source or target before, expected "
                                "each dimension at most once";
      used.set(dim);
    }
    if (param.getSrcDim() < last)
      return emitOpError() << "source dimension " << param.getSrcDim()
                           << " comes after " << last
                           << ", expected ascending order";
    last = param.getSrcDim();
  }
  if (!op.isKnown())
    return success();
  for (AllToAllParamAttr param : getParams()) {
    AxisParts parts = op.getAxes().get(param.getAxes());
    auto rest = op.remove(param.getSrcDim(), parts, "the list");
    if (failed(rest) || failed(op.expectDim(param.getSrcDim(), *rest)) ||
        failed(op.expectDim(param.getTgtDim(),
                            op.append(param.getTgtDim(), parts))))
      return failure();
  }
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!used.test(dim) && failed(op.expectDim(dim, op.getOperandDim(dim))))
      return failure();
  return success();
}

LogicalResult
CollectivePermuteOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::OperandSharding, /*sameMesh=*/false)))
    return failure();
  if (!op.isKnown())
    return success();
  MeshAttr mesh = op.getAxes().getMesh(), other = op.getOperandMesh();
  if (mesh.getAxes() != other.getAxes())
    return emitOpError() << "out_sharding is on the mesh " << mesh
                         << ", expected the axes of the operand's, " << other;
  if (op.operand.getMeshOrRef() != op.result.getMeshOrRef() && mesh == other)
    return emitOpError() << "out_sharding is on the mesh "
                         << op.result.getMeshOrRef()
                         << ", which has the devices in the same order as "
                         << op.operand.getMeshOrRef()
                         << " of the operand; name that";
  for (size_t dim = 0; dim < op.getRank(); ++dim) {
    int64_t before = countPieces(op.getOperandDim(dim));
    int64_t after = countPieces(op.getResultDim(dim));
    if (before != after)
      return emitOpError() << "out_sharding cuts dimension " << dim << " into "
                           << after << " pieces, expected " << before
                           << " as in the operand";
  }
  return success();
}

LogicalResult AllReduceOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::Nothing)) ||
      failed(op.checkList(getReductionAxes(), "reduction_axes")))
    return failure();
  if (!op.isKnown())
    return success();
  const MeshAxes &axes = op.getAxes();
  AxisParts cuts;
  for (size_t dim = 0; dim < op.getRank(); ++dim) {
    if (failed(op.expectDim(dim, op.getOperandDim(dim))))
      return failure();
    llvm::append_range(cuts, op.getOperandDim(dim));
  }
  AxisParts replicated;
  if (op.operand)
    replicated = axes.get(op.operand.getReplicatedAxes());
  for (const AxisPart &part : axes.get(getReductionAxes().getValue()))
    for (auto [kind, others] :
         {std::pair("cuts the operand", cuts),
          std::pair("is replicated in the operand", replicated),
          std::pair("is unreduced in out_sharding",
                    op.getUnreduced(op.result))})
      for (const AxisPart &other : others)
        if (part.overlaps(other))
          return emitOpError()
                 << "reduction_axes has " << axes.toString(part) << ", but "
                 << axes.toString(other) << ' ' << kind;
  return checkUnreducedAxes(*this, axes.getMesh(), op.operand, op.result,
                            std::nullopt,
                            getReductionOp().value_or(ReductionOp::SUM));
}

LogicalResult
ReduceScatterOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::Nothing)) ||
      failed(op.checkLists(getReduceScatterAxes(), "reduce_scatter_axes")))
    return failure();
  if (!op.isKnown())
    return success();
  if (failed(checkUnreducedAxes(*this, op.getAxes().getMesh(), op.operand,
                                op.result, std::nullopt,
                                getReductionOp().value_or(ReductionOp::SUM))))
    return failure();
  for (auto [dim, list] : llvm::enumerate(getReduceScatterAxes()))
    if (failed(op.expectDim(dim,
                            op.append(dim, op.getAxes().get(list.getValue())))))
      return failure();
  return success();
}

LogicalResult
ShardedToUnreducedOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::OperandSharding)) || failed(expectSum(op)) ||
      failed(op.checkLists(getAxes(), "axes")))
    return failure();
  if (!op.isKnown())
    return success();
  AxisParts moved;
  for (auto [dim, list] : llvm::enumerate(getAxes())) {
    AxisParts parts = op.getAxes().get(list.getValue());
    auto rest = op.remove(dim, parts, "axes");
    if (failed(rest) || failed(op.expectDim(dim, *rest)))
      return failure();
    llvm::append_range(moved, parts);
  }
  return op.expectUnreduced(moved);
}

LogicalResult
ReplicatedToUnreducedOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Collective op(*this, getTensor(), getOutSharding(), symbols);
  if (failed(op.check(Collective::OperandSharding)) || failed(expectSum(op)))
    return failure();
  if (getAxes().empty())
    return emitOpError() << "axes is empty, expected at least one";
  if (failed(op.checkList(getAxes(), "axes")))
    return failure();
  if (!op.isKnown())
    return success();
  const MeshAxes &axes = op.getAxes();
  AxisParts cuts;
  for (size_t dim = 0; dim < op.getRank(); ++dim) {
    if (failed(op.expectDim(dim, op.getOperandDim(dim))))
      return failure();
    llvm::append_range(cuts, op.getOperandDim(dim));
  }
  AxisParts parts = axes.get(getAxes().getValue());
  for (const AxisPart &part : parts)
    for (auto [kind, others] : {std::pair("cuts the operand", cuts),
                                std::pair("is unreduced in the operand",
                                          op.getUnreduced(op.operand))})
      for (const AxisPart &other : others)
        if (part.overlaps(other))
          return emitOpError() << "axes has " << axes.toString(part) << ", but "
                               << axes.toString(other) << ' ' << kind
                               << "; expected replicated axes";
  return op.expectUnreduced(parts);
}
