//===- Kernels.h - Agreement of rows of contexts and gradients ------------===//

#ifndef CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H
#define CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H

#include "Windows.h"

namespace mlir::cegm {

/// Rows, one a token or a window, with what scoring needs to know of them.
/// Squares of rows may underflow or overflow, so rows are scaled to a largest
/// magnitude of 1 first.
struct Rows {
  Rows(Emitter &emit, const Layout &layout, Value values);

  Value values;
  /// The largest magnitude of each row, token-shaped. NaN or infinite where the
  /// row has such an element.
  Value magnitude;
  /// The rows divided by their magnitude.
  Value scaled;
};

/// `<c, g> / (||c|| ||g||)`, and 0 where a norm is 0; token-shaped.
Value emitCosine(Emitter &emit, const Layout &layout, const Rows &context,
                 const Rows &gradient);

/// `<c, g>`, or `sum_k m_k c_k g_k` if there is a metric, with everything that
/// is needed to compare it among the tokens of the contraction.
class InnerProduct {
public:
  /// `metric` has the feature dimensions of the layout, or is null.
  InnerProduct(Emitter &emit, const Layout &layout, const Rows &context,
               const Rows &gradient, Value metric);

  /// The products of the windows means, one a token, divided by their root mean
  /// square over the `active` tokens; 0 if that is 0. `finite` are the tokens
  /// that may count. The factors of the product are kept apart until here,
  /// where they are scaled by the largest of each, since the product itself may
  /// be out of range.
  Value emitNormalized(Emitter &emit, const Layout &layout, int64_t window,
                       Value active, Value finite) const;

private:
  Value product;
  Value contextMagnitude;
  Value gradientMagnitude;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_CONVERSION_CEGMTOSTABLEHLO_KERNELS_H
