//===- XlaKernels.h - Kernels that XLA calls --------------------*- C++ -*-===//

#ifndef CEGM_PYTHON_XLAKERNELS_H
#define CEGM_PYTHON_XLAKERNELS_H

#include <nanobind/nanobind.h>

namespace mlir::cegm::python {

/// Adds what `jax.ffi` registers: the handler of the custom calls that
/// --convert-cegm-to-custom-call makes, and the type of its state.
void bindXlaKernels(nanobind::module_ &module);

} // namespace mlir::cegm::python

#endif // CEGM_PYTHON_XLAKERNELS_H
