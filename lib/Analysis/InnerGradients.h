//===- InnerGradients.h - Gradients that only move weights ------*- C++ -*-===//
//
// A step may differentiate more than once: sharpness-aware training perturbs
// the weights by a first gradient, meta-learning adapts them in an inner loop.
// Such a gradient does not update its parameter. It makes other weights, with
// which the step goes on.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_ANALYSIS_INNERGRADIENTS_H
#define CEGM_LIB_ANALYSIS_INNERGRADIENTS_H

#include "Dataflow.h"

namespace mlir::cegm {

/// Which of the nodes `gradients`, those of the candidate sites, compute inner
/// gradients, or come after one: a gradient that is taken at the weights that
/// an inner gradient made. `moments` are other sums over all tokens; an
/// optimizer may contract a gradient with them.
DenseSet<uint32_t> findInnerGradients(const FlowGraph &graph,
                                      ArrayRef<ArgumentRole> roles,
                                      const Reach &reach,
                                      const UpdateFlow &updates,
                                      const DenseSet<uint32_t> &gradients,
                                      const DenseSet<uint32_t> &moments);

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_INNERGRADIENTS_H
