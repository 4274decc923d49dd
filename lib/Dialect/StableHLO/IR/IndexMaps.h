//===- IndexMaps.h - What gather and scatter have in common ---------------===//

#ifndef CEGM_LIB_DIALECT_STABLEHLO_IR_INDEXMAPS_H
#define CEGM_LIB_DIALECT_STABLEHLO_IR_INDEXMAPS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::stablehlo {

/// How indices name places of an operand, by the names that gather and scatter
/// have for it.
struct IndexMap {
  RankedTensorType indices;
  StringRef indicesName;
  int64_t indexVectorDim;
  StringRef mapName;
  ArrayRef<int64_t> map;
  StringRef operandName;
  RankedTensorType operand;
  StringRef operandBatchName;
  ArrayRef<int64_t> operandBatch;
  StringRef indicesBatchName;
  ArrayRef<int64_t> indicesBatch;

  LogicalResult verify(Operation *op) const;

  /// The shape of the indices without the dimension of the vectors.
  SmallVector<int64_t> getBatchShape() const;
};

} // namespace mlir::stablehlo

#endif // CEGM_LIB_DIALECT_STABLEHLO_IR_INDEXMAPS_H
