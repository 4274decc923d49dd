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
  /// Dimensions of `table` that pair with a dimension of the indices: a table
  /// for each example, say.
  SmallVector<int64_t> tableBatchDims;
};

/// One slice of a stack of equal tensors, read from it or put into it: a
/// layer's weight in a loop over layers, or an activation that such a loop
/// saves.
struct StackAccess {
  enum class Kind { Read, Write };
  Kind kind = Kind::Read;
  /// The stack before the access, and the slice, with or without the stacked
  /// dimension.
  Value stack, slice;
  /// The place in the stack: a scalar, or a vector that has it for each
  /// dimension; a number if `index` is null.
  Value index;
  int64_t staticIndex = 0;
  /// The dimension of the stack along which the slices lie.
  int64_t dim = 0;
};

/// A tensor and a part of it: cut out, or put into a larger tensor.
struct TensorPart {
  Value whole, part;
  /// The only dimension along which the part is smaller, and its place there;
  /// none where it is smaller along several, has gaps, or stands where the
  /// graph computes.
  struct Place {
    int64_t dim = 0, offset = 0;
  };
  std::optional<Place> place;
};

/// Whether a result is a new state of an operand.
enum class Passing {
  No,
  /// The operand with something added to it, or limited.
  Yes,
  /// The operand, or another one in its place.
  Chosen,
  /// The same, with the sign changed.
  Negated,
  /// The operand times the others: a new state of it if those are no data.
  Scaled,
};

} // namespace mlir::cegm

#include "cegm/Interfaces/TrainingGraphOpInterface.h.inc"

namespace mlir::cegm {

/// Teaches the StableHLO ops to answer `TrainingGraphOpInterface`.
void registerStableHLOTrainingGraphModels(DialectRegistry &registry);

/// Teaches linalg on tensors, as torch-mlir prints it, the same.
void registerLinalgTrainingGraphModels(DialectRegistry &registry);

} // namespace mlir::cegm

#endif // CEGM_INTERFACES_TRAININGGRAPHOPINTERFACE_H
