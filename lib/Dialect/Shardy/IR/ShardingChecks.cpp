//===- ShardingChecks.cpp - Checks of shardings ---------------------------===//

#include "ShardingChecks.h"

#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::sdy;

MeshAttr sdy::findMesh(Operation *op, Attribute meshOrRef,
                       SymbolTableCollection *symbols) {
  auto name = dyn_cast<FlatSymbolRefAttr>(meshOrRef);
  if (!name)
    return dyn_cast<MeshAttr>(meshOrRef);
  auto module = op->getParentOfType<ModuleOp>();
  if (!module)
    return {};
  if (symbols) {
    auto mesh = symbols->lookupSymbolIn<MeshOp>(module, name);
    return mesh ? mesh.getMesh() : MeshAttr();
  }
  for (auto mesh : module.getOps<MeshOp>())
    if (mesh.getSymNameAttr() == name.getAttr())
      return mesh.getMesh();
  return {};
}

//===----------------------------------------------------------------------===//
// Lists of axes
//===----------------------------------------------------------------------===//

LogicalResult AxisListChecker::checkPart(AxisRefAttr axis) {
  SubAxisInfoAttr part = axis.getSubAxisInfo();
  if (!part)
    return success();
  int64_t preSize = part.getPreSize(), size = part.getSize();
  int64_t whole = axes.getSize(*axes.find(axis.getName()));
  if (preSize < 1)
    return emitError() << "the size to the left of the part " << toString(axis)
                       << " must be at least 1, but is " << preSize;
  if (size < 2)
    return emitError() << "the size of the part " << toString(axis)
                       << " must be at least 2, but is " << size;
  if (size == whole)
    return emitError() << "the part " << toString(axis)
                       << " is the whole axis; write \"" << axis.getName()
                       << "\"";
  if (preSize > whole || size > whole || whole % (preSize * size) != 0)
    return emitError() << "the axis of the part " << toString(axis)
                       << " has size " << whole << ", which " << preSize
                       << " times " << size << " does not divide";
  return success();
}

LogicalResult AxisListChecker::add(ArrayRef<AxisRefAttr> list,
                                   const Twine &kind) {
  std::optional<AxisPart> last;
  for (AxisRefAttr axis : list) {
    if (!axes.find(axis.getName()))
      return emitError() << kind << " has the axis " << toString(axis)
                         << ", but the mesh has " << axes.getNames();
    if (failed(checkPart(axis)))
      return failure();
    AxisPart part = axes.get(axis);
    for (const AxisPart &other : seen)
      if (part.overlaps(other))
        return emitError() << kind << " has " << axes.toString(part)
                           << ", which overlaps with " << axes.toString(other)
                           << " of the same sharding or list";
    if (last && last->touches(part))
      return emitError() << kind << " has " << axes.toString(*last) << " and "
                         << axes.toString(part) << " beside it; write "
                         << axes.toString(
                                AxisPart{part.axis, last->begin, part.end});
    seen.push_back(part);
    last = part;
  }
  return success();
}

LogicalResult AxisListChecker::addSorted(ArrayRef<AxisRefAttr> list,
                                         const Twine &kind) {
  if (failed(add(list, kind)))
    return failure();
  AxisParts parts = axes.get(list);
  if (llvm::is_sorted(parts))
    return success();
  AxisParts sorted = parts;
  llvm::sort(sorted);
  return emitError() << kind << " must be in the order of the mesh, "
                     << axes.toString(sorted) << ", but is "
                     << axes.toString(parts);
}

LogicalResult sdy::checkFreeAxes(ArrayRef<StringRef> names, Operation *op,
                                 EmitError emitError) {
  for (auto manual = op->getParentOfType<ManualComputationOp>(); manual;
       manual = manual->getParentOfType<ManualComputationOp>()) {
    for (StringAttr axis : manual.getManualAxes()) {
      if (!llvm::is_contained(names, axis.getValue()))
        continue;
      InFlightDiagnostic error = emitError()
                                 << "the axis " << axis
                                 << " is manual here, and may not be used";
      error.attachNote(manual.getLoc()) << "by this manual_computation";
      return error;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Shardings
//===----------------------------------------------------------------------===//

/// Whether the sharding uses no axis and says nothing of dimensions.
static bool isBare(TensorShardingAttr sharding) {
  return sharding.getRank() == 0 && sharding.getReplicatedAxes().empty() &&
         sharding.getUnreducedAxes().empty();
}

static LogicalResult checkPriorities(TensorShardingAttr sharding,
                                     EmitError emitError) {
  for (auto [dim, entry] : llvm::enumerate(sharding.getDimShardings())) {
    if (!entry.getPriority())
      continue;
    if (*entry.getPriority() < 0)
      return emitError() << "dimension " << dim << " has the priority "
                         << *entry.getPriority() << ", expected at least 0";
    if (entry.getIsClosed() && entry.getAxes().empty())
      return emitError() << "dimension " << dim
                         << " has a priority, but neither axes nor ?";
  }
  return success();
}

static LogicalResult checkAxes(TensorShardingAttr sharding, Operation *op,
                               MeshAttr mesh, EmitError emitError) {
  AxisListChecker checker(mesh, emitError);
  SmallVector<StringRef> names;
  auto note = [&](ArrayRef<AxisRefAttr> axes) {
    for (AxisRefAttr axis : axes)
      names.push_back(axis.getName());
    return axes;
  };
  for (auto [dim, entry] : llvm::enumerate(sharding.getDimShardings()))
    if (failed(checker.add(note(entry.getAxes()), "dimension " + Twine(dim))))
      return failure();
  if (failed(checker.addSorted(note(sharding.getReplicatedAxes()),
                               "replicated")) ||
      failed(checker.addSorted(note(sharding.getUnreducedAxes()), "unreduced")))
    return failure();
  return checkFreeAxes(names, op, emitError);
}

LogicalResult sdy::checkSharding(TensorShardingAttr sharding, Type type,
                                 Operation *op, SymbolTableCollection *symbols,
                                 EmitError emitError) {
  MeshAttr mesh = findMesh(op, sharding.getMeshOrRef(), symbols);
  if (!mesh)
    return emitError() << "the mesh " << sharding.getMeshOrRef()
                       << " is not in the module";
  if (mesh.isMaximal()) {
    if (!isBare(sharding))
      return emitError() << "a mesh of one explicit device has no axes, "
                            "expected a sharding without dimensions and axes, "
                            "but got "
                         << sharding;
    return success();
  }
  if (auto tuple = dyn_cast<TupleType>(type); tuple && tuple.size() == 1)
    type = tuple.getType(0);
  auto shaped = dyn_cast<ShapedType>(type);
  if (!shaped) {
    if (!isBare(sharding))
      return emitError() << type
                         << " has no dimensions, expected a sharding without "
                            "dimensions and axes, but got "
                         << sharding;
    return success();
  }
  if (!shaped.hasRank())
    return emitError() << "has a sharding, but " << type
                       << " has no rank; only ranked tensors can be cut";
  if (sharding.getRank() != shaped.getRank())
    return emitError() << "has " << sharding.getRank()
                       << " dimensions, expected " << shaped.getRank()
                       << " as in " << type;
  if (failed(checkPriorities(sharding, emitError)))
    return failure();
  return checkAxes(sharding, op, mesh, emitError);
}

LogicalResult sdy::checkShardings(TensorShardingPerValueAttr shardings,
                                  TypeRange types, Operation *op,
                                  SymbolTableCollection *symbols,
                                  StringRef kind) {
  // An operation without results may still say where it runs.
  if (types.empty() && shardings.size() == 1) {
    TensorShardingAttr only = shardings.getSharding(0);
    MeshAttr mesh = findMesh(op, only.getMeshOrRef(), symbols);
    if (mesh && isBare(only))
      return success();
  }
  if (shardings.size() != types.size())
    return op->emitOpError() << "has " << shardings.size() << " shardings of "
                             << kind << "s, expected " << types.size();
  for (auto [index, sharding, type] :
       llvm::enumerate(shardings.getShardings(), types)) {
    auto emitError = [&, index = index] {
      return op->emitOpError()
             << "sharding of " << kind << ' ' << index << ": ";
    };
    if (failed(checkSharding(sharding, type, op, symbols, emitError)))
      return failure();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// The sharding of a value
//===----------------------------------------------------------------------===//

/// What is left of a sharding inside a manual computation.
static TensorShardingAttr dropAxes(TensorShardingAttr sharding,
                                   ManualAxesAttr manual) {
  auto drop = [&](ArrayRef<AxisRefAttr> axes) {
    return llvm::filter_to_vector(axes, [&](AxisRefAttr axis) {
      return llvm::none_of(manual, [&](StringAttr name) {
        return name.getValue() == axis.getName();
      });
    });
  };
  MLIRContext *context = sharding.getContext();
  auto dims = llvm::map_to_vector(
      sharding.getDimShardings(), [&](DimensionShardingAttr dim) {
        return DimensionShardingAttr::get(context, drop(dim.getAxes()),
                                          dim.getIsClosed(), dim.getPriority());
      });
  return TensorShardingAttr::get(context, sharding.getMeshOrRef(), dims,
                                 drop(sharding.getReplicatedAxes()),
                                 drop(sharding.getUnreducedAxes()),
                                 sharding.getReductionOp());
}

static TensorShardingAttr getEntry(TensorShardingPerValueAttr shardings,
                                   size_t index) {
  if (!shardings || index >= shardings.size())
    return {};
  return shardings.getSharding(index);
}

bool sdy::mayHaveSharding(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  return !argument || isa_and_present<FunctionOpInterface, ManualComputationOp,
                                      NamedComputationOp>(
                          argument.getOwner()->getParentOp());
}

TensorShardingAttr sdy::findSharding(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned number = argument.getArgNumber();
    Operation *owner = argument.getOwner()->getParentOp();
    if (!owner || !argument.getOwner()->isEntryBlock())
      return {};
    return TypeSwitch<Operation *, TensorShardingAttr>(owner)
        .Case([&](FunctionOpInterface function) {
          return function.getArgAttrOfType<TensorShardingAttr>(number,
                                                               "sdy.sharding");
        })
        .Case([&](ManualComputationOp manual) {
          auto sharding = getEntry(manual.getInShardings(), number);
          return sharding ? dropAxes(sharding, manual.getManualAxes())
                          : sharding;
        })
        .Case([&](NamedComputationOp named) {
          return getEntry(named.getInShardingsAttr(), number);
        })
        .Default(TensorShardingAttr());
  }
  auto result = cast<OpResult>(value);
  unsigned number = result.getResultNumber();
  return TypeSwitch<Operation *, TensorShardingAttr>(result.getOwner())
      .Case<ShardingConstraintOp, ReshardOp>(
          [](auto op) { return op.getSharding(); })
      .Case<AllGatherOp, AllReduceOp, AllSliceOp, AllToAllOp,
            CollectivePermuteOp, ReduceScatterOp, ReplicatedToUnreducedOp,
            ShardedToUnreducedOp>([](auto op) { return op.getOutSharding(); })
      .Case([](DataFlowEdgeOp edge) { return edge.getShardingAttr(); })
      .Case([&](ManualComputationOp manual) {
        return getEntry(manual.getOutShardings(), number);
      })
      .Case([&](NamedComputationOp named) {
        return getEntry(named.getOutShardingsAttr(), number);
      })
      .Default([&](Operation *op) {
        return getEntry(
            op->getAttrOfType<TensorShardingPerValueAttr>("sdy.sharding"),
            number);
      });
}

//===----------------------------------------------------------------------===//
// Unreduced axes
//===----------------------------------------------------------------------===//

LogicalResult sdy::checkUnreducedAxes(Operation *op, MeshAttr mesh,
                                      TensorShardingAttr operand,
                                      TensorShardingAttr result,
                                      std::optional<ReductionOp> added,
                                      ReductionOp removed) {
  MeshAxes axes(mesh);
  AxisParts before, after = axes.get(result.getUnreducedAxes());
  ReductionOp kind = result.getReductionOp();
  if (operand) {
    // An error of the operand's own is reported there.
    for (AxisRefAttr axis : operand.getUnreducedAxes())
      if (!axes.find(axis.getName()))
        return success();
    before = axes.get(operand.getUnreducedAxes());
    if (kind != operand.getReductionOp() && !before.empty() &&
        subtractParts(after, before) != after)
      return op->emitOpError()
             << "unreduced axes of the result are to be reduced by "
             << stringifyReductionOp(kind) << ", those of the operand by "
             << stringifyReductionOp(operand.getReductionOp());
  }
  AxisParts more = subtractParts(after, before);
  if (!more.empty() && !added)
    return op->emitOpError()
           << "out_sharding has the unreduced axes " << axes.toString(more)
           << ", which the operand has not";
  if (!more.empty() && *added != kind)
    return op->emitOpError()
           << "adds the unreduced axes " << axes.toString(more)
           << " to be reduced by " << stringifyReductionOp(kind)
           << ", expected " << stringifyReductionOp(*added);
  AxisParts fewer = subtractParts(before, after);
  if (!fewer.empty() && operand.getReductionOp() != removed)
    return op->emitOpError() << "reduces by " << stringifyReductionOp(removed)
                             << ", but the axes " << axes.toString(fewer)
                             << " of the operand are to be reduced by "
                             << stringifyReductionOp(operand.getReductionOp());
  return success();
}
