//===- TrainingGraphOpInterface.h - What a frontend's op does ---*- C++ -*-===//
//
// The three facts about an op that the analysis of a training graph asks for,
// as plain data, and the interface through which an input dialect gives them.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_H
#define CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"

#include <optional>

namespace mlir::cegm {

/// One side of a contraction, by dimensions of that operand.
struct ContractionOperand {
  unsigned operandNumber = 0;
  SmallVector<int64_t> batchDims;
  SmallVector<int64_t> contractedDims;
  /// For each dimension of the operand the dimension of the result that it
  /// becomes, -1 for a contracted one.
  SmallVector<int64_t> resultDims;

  /// The dimensions that are neither batch nor contracted, in operand order.
  SmallVector<int64_t> freeDims() const;
};

/// A generalised matrix product: batch dimension i of the left operand pairs
/// with batch dimension i of the right one, contracted dimensions likewise.
struct Contraction {
  ContractionOperand lhs, rhs;

  const ContractionOperand &side(unsigned i) const { return i ? rhs : lhs; }
};

/// A result that only shows an operand in another way.
struct TensorView {
  enum class Kind {
    /// Dimension i of the result is dimension i of the source; the element
    /// type may differ.
    Same,
    /// Dimension i of the result is dimension `permutation[i]` of the source.
    Permuted,
    /// The elements in row-major order under another shape.
    Reshaped,
  };
  Kind kind = Kind::Same;
  Value source;
  SmallVector<int64_t> permutation;
};

/// Rows of a table read by index (`rows = table[indices]`) or added to one
/// (`table + scatter(indices, rows)`).
struct TableAccess {
  enum class Kind { Read, Accumulate };
  Kind kind = Kind::Read;
  Value table, indices, rows;
  /// Dimensions of `rows` that the indices span, and those of a single row.
  SmallVector<int64_t> tokenDims, featureDims;
};

} // namespace mlir::cegm

#include "cegm/Interfaces/TrainingGraphOpInterface.h.inc"

namespace mlir::cegm {

/// Teaches the StableHLO ops to answer `TrainingGraphOpInterface`.
void registerStableHLOTrainingGraphModels(DialectRegistry &registry);

} // namespace mlir::cegm

#endif // CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_H
