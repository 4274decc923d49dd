//===- StablehloOps.h - The StableHLO dialect -----------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_STABLEHLOOPS_H
#define CEGM_DIALECT_STABLEHLO_IR_STABLEHLOOPS_H

#include "cegm/Dialect/StableHLO/IR/StablehloAttrs.h"
#include "cegm/Dialect/StableHLO/IR/TypeInference.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::hlo::OpTrait {

/// `op(a, b)` is `op(b, a)`, and so a reduction by `op` may be abbreviated.
template <typename ConcreteType>
class IsCommutative
    : public mlir::OpTrait::TraitBase<ConcreteType, IsCommutative> {};

} // namespace mlir::hlo::OpTrait

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ElementwiseOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ShapeOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/DynamicShapeOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ContractionOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ControlFlowOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ReductionOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/IndexingOps.h.inc"
#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/CollectiveOps.h.inc"

#endif // CEGM_DIALECT_STABLEHLO_IR_STABLEHLOOPS_H
