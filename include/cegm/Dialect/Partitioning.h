//===- Partitioning.h - How devices share a module --------------*- C++ -*-===//

#ifndef CEGM_DIALECT_PARTITIONING_H
#define CEGM_DIALECT_PARTITIONING_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace mlir::cegm {

/// Whether the module has a mesh of more than one device.
inline bool isPartitioned(ModuleOp module) {
  if (!module)
    return false;
  return llvm::any_of(module.getOps<sdy::MeshOp>(), [](sdy::MeshOp op) {
    return llvm::any_of(op.getMesh().getAxes(), [](sdy::MeshAxisAttr axis) {
      return axis.getSize() > 1;
    });
  });
}

/// The mesh that an attribute of `op` is or names; null if there is none.
inline sdy::MeshAttr getMesh(Operation *op, Attribute meshOrRef) {
  if (auto name = dyn_cast_or_null<FlatSymbolRefAttr>(meshOrRef)) {
    auto mesh = SymbolTable::lookupNearestSymbolFrom<sdy::MeshOp>(op, name);
    return mesh ? mesh.getMesh() : sdy::MeshAttr();
  }
  return dyn_cast_or_null<sdy::MeshAttr>(meshOrRef);
}

/// The number of parts that an axis, or a part of one, cuts a dimension into.
inline int64_t getAxisSize(sdy::MeshAttr mesh, sdy::AxisRefAttr axis) {
  if (axis.getSubAxisInfo())
    return axis.getSubAxisInfo().getSize();
  for (sdy::MeshAxisAttr other : mesh.getAxes())
    if (other.getName() == axis.getName())
      return other.getSize();
  return 1;
}

/// How an argument is divided; null if the function does not say.
inline sdy::TensorShardingAttr getArgumentSharding(FunctionOpInterface function,
                                                   unsigned argument) {
  return function.getArgAttrOfType<sdy::TensorShardingAttr>(argument,
                                                            "sdy.sharding");
}

} // namespace mlir::cegm

#endif // CEGM_DIALECT_PARTITIONING_H
