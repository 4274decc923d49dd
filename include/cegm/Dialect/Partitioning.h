//===- Partitioning.h - Whether devices share a module ----------*- C++ -*-===//

#ifndef CEGM_DIALECT_PARTITIONING_H
#define CEGM_DIALECT_PARTITIONING_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/BuiltinOps.h"

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

} // namespace mlir::cegm

#endif // CEGM_DIALECT_PARTITIONING_H
