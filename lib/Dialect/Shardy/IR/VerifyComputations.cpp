//===- VerifyComputations.cpp - Checks of regions with shardings ----------===//

#include "ShardingChecks.h"

using namespace mlir;
using namespace mlir::sdy;

//===----------------------------------------------------------------------===//
// ManualComputationOp
//===----------------------------------------------------------------------===//

namespace {
/// The operands or the results of a manual computation.
struct Boundary {
  StringRef kind;
  TensorShardingPerValueAttr shardings;
  TypeRange global, local;
};
} // namespace

/// The type inside of a value that is `global` outside; null if there is an
/// error.
static Type getLocalType(ManualComputationOp op, Type global,
                         TensorShardingAttr sharding, MeshAttr mesh,
                         EmitError emitError) {
  auto tensor = dyn_cast<RankedTensorType>(global);
  if (!tensor || sharding.getRank() != tensor.getRank())
    return global;
  auto isManual = [&](AxisRefAttr axis) {
    return llvm::any_of(op.getManualAxes(), [&](StringAttr name) {
      return name.getValue() == axis.getName();
    });
  };
  MeshAxes axes(mesh);
  SmallVector<int64_t> shape(tensor.getShape());
  for (auto [dim, entry] : llvm::enumerate(sharding.getDimShardings())) {
    int64_t pieces = 1;
    AxisRefAttr free;
    for (AxisRefAttr axis : entry.getAxes()) {
      if (!isManual(axis)) {
        free = axis;
        continue;
      }
      if (free) {
        emitError() << "dimension " << dim << " has the manual axis "
                    << toString(axis) << " after " << toString(free)
                    << ", which is not manual; manual axes come first";
        return {};
      }
      pieces *= axes.get(axis).getSize();
    }
    if (ShapedType::isDynamic(shape[dim]))
      continue;
    if (shape[dim] % pieces != 0) {
      emitError() << "dimension " << dim << " has size " << shape[dim]
                  << ", which " << pieces
                  << ", the product of its manual axes, does not divide";
      return {};
    }
    shape[dim] /= pieces;
  }
  return RankedTensorType::get(shape, tensor.getElementType());
}

static LogicalResult checkBoundary(ManualComputationOp op,
                                   const Boundary &boundary,
                                   SymbolTableCollection &symbols) {
  auto [kind, shardings, global, local] = boundary;
  if (global.size() != local.size())
    return op.emitOpError() << "region has " << local.size() << ' ' << kind
                            << "s, expected " << global.size();
  if (global.empty() && shardings.empty())
    return success();
  if (failed(checkShardings(shardings, global, op, &symbols, kind)))
    return failure();
  for (auto [index, sharding] : llvm::enumerate(shardings.getShardings())) {
    // A module of no values may have one sharding.
    if (index >= global.size())
      break;
    auto emitError = [&, index = index] {
      return op.emitOpError() << "sharding of " << kind << ' ' << index << ": ";
    };
    MeshAttr mesh = findMesh(op, sharding.getMeshOrRef(), &symbols);
    Type expected = getLocalType(op, global[index], sharding, mesh, emitError);
    if (!expected)
      return failure();
    auto actual = dyn_cast<RankedTensorType>(local[index]);
    bool isSame =
        actual ? RankedTensorType::get(actual.getShape(),
                                       actual.getElementType()) == expected
               : local[index] == expected;
    if (!isSame)
      return op.emitOpError()
             << kind << ' ' << index << " of the region must be " << expected
             << ", what a device has of " << global[index] << ", but is "
             << local[index];
  }
  return success();
}

/// The mesh of all shardings but empty ones; null if there are several.
static FailureOr<MeshAttr> getCommonMesh(ManualComputationOp op,
                                         SymbolTableCollection &symbols) {
  MeshAttr common;
  for (auto shardings : {op.getInShardings(), op.getOutShardings()}) {
    for (TensorShardingAttr sharding : shardings.getShardings()) {
      MeshAttr mesh = findMesh(op, sharding.getMeshOrRef(), &symbols);
      if (!mesh || mesh.getAxes().empty())
        continue;
      if (common && mesh != common)
        return op.emitOpError() << "has shardings on the meshes " << common
                                << " and " << mesh << ", expected one mesh";
      common = mesh;
    }
  }
  return common;
}

static SmallVector<StringRef> getNames(ManualAxesAttr axes) {
  return llvm::map_to_vector(axes,
                             [](StringAttr axis) { return axis.getValue(); });
}

LogicalResult ManualComputationOp::verify() {
  return checkFreeAxes(getNames(getManualAxes()), *this,
                       [&] { return emitOpError(); });
}

LogicalResult
ManualComputationOp::verifySymbolUses(SymbolTableCollection &symbols) {
  Block &body = getBody().front();
  SmallVector<Boundary, 2> boundaries = {
      {"operand", getInShardings(), getOperandTypes(), body.getArgumentTypes()},
      {"result", getOutShardings(), getResultTypes(),
       body.getTerminator()->getOperandTypes()}};
  for (const Boundary &boundary : boundaries)
    if (failed(checkBoundary(*this, boundary, symbols)))
      return failure();
  if (getInShardings().empty() && getOutShardings().empty())
    return success();
  FailureOr<MeshAttr> mesh = getCommonMesh(*this, symbols);
  if (failed(mesh))
    return failure();
  for (StringRef name : getNames(getManualAxes())) {
    if (!*mesh)
      return emitOpError() << "has the manual axis \"" << name
                           << "\", but no sharding is on a mesh with axes";
    MeshAxes axes(*mesh);
    if (!axes.find(name))
      return emitOpError() << "has the manual axis \"" << name
                           << "\", but the mesh has " << axes.getNames();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// NamedComputationOp
//===----------------------------------------------------------------------===//

/// Checks that the region takes and gives what the operation does.
static LogicalResult checkTypes(NamedComputationOp op, TypeRange outer,
                                TypeRange inner, StringRef kind) {
  if (outer.size() != inner.size())
    return op.emitOpError() << "region has " << inner.size() << ' ' << kind
                            << "s, expected " << outer.size();
  for (auto [index, expected, actual] : llvm::enumerate(outer, inner))
    if (expected != actual)
      return op.emitOpError()
             << kind << ' ' << index << " of the region must be " << expected
             << ", but is " << actual;
  return success();
}

LogicalResult NamedComputationOp::verify() {
  Block &body = getBody().front();
  return failure(
      failed(checkTypes(*this, getOperandTypes(), body.getArgumentTypes(),
                        "operand")) ||
      failed(checkTypes(*this, getResultTypes(),
                        body.getTerminator()->getOperandTypes(), "result")));
}

LogicalResult
NamedComputationOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (auto shardings = getInShardingsAttr())
    if (failed(checkShardings(shardings, getOperandTypes(), *this, &symbols,
                              "operand")))
      return failure();
  if (auto shardings = getOutShardingsAttr())
    return checkShardings(shardings, getResultTypes(), *this, &symbols,
                          "result");
  return success();
}
