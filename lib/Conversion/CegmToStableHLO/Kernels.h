//===- Kernels.h - Agreement of rows of contexts and gradients ------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H

#include "Windows.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

namespace mlir::cegm::to_stablehlo {

/// What all kernels are made of: sums over the features of each row, which is a
/// token or a window. Token-shaped, in the element type of the rows.
struct Sums {
  /// `metric` has one number a feature, or is null. The sums are three
  /// reductions, or one if `together`.
  Sums(Emitter &emit, Value context, Value gradient, Value metric,
       bool together);

  Value contextSquare;
  Value gradientSquare;
  Value product;
};

/// Writes one kernel. Squares of f32 numbers may leave the range of f32 but not
/// that of f64, so the *agreement* of rows is an f32 cosine, or an f64 product
/// that normalisation brings back to f32.
class KernelEmitter {
public:
  /// `type` is the score type; `groups` are the devices whose tokens count
  /// together, or null.
  KernelEmitter(Emitter &emit, Kernel kernel, FloatType type, Value metric,
                DenseIntElementsAttr groups);

  FloatType getType() const { return type; }
  FloatType getWideType() const;

  /// The sums of rows in their own element type.
  Sums getSums(Value context, Value gradient) const;

  /// The sums of rows in f64, made in one reduction: XLA on CPUs fuses the
  /// conversion into it, and would store the operand of a single sum in f64.
  Sums getWideSums(Value context, Value gradient) const;

  /// The agreement of each row: the cosine, 0 where a norm is 0, or the
  /// product.
  Value getAgreement(const Sums &sums) const;

  /// The agreement of each token, given that of each window, with the root mean
  /// square over active tokens divided out if the kernel is a product.
  Value getKappa(Value agreement, int64_t window, Value active) const;

private:
  Value divideByRms(Value product, Value active) const;

  Emitter &emit;
  Kernel kernel;
  FloatType type;
  Value metric;
  DenseIntElementsAttr groups;
};

} // namespace mlir::cegm::to_stablehlo

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H
