//===- TMTensorOps.h - Tensor ops that linalg lacks -------------*- C++ -*-===//

#ifndef CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_H
#define CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorDialect.h.inc"

#define GET_OP_CLASSES
#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h.inc"

#endif // CEGM_DIALECT_TMTENSOR_IR_TMTENSOROPS_H
