//===- Native.h - Compiled programs in Python -------------------*- C++ -*-===//

#ifndef CEGM_PYTHON_NATIVE_H
#define CEGM_PYTHON_NATIVE_H

#include <nanobind/nanobind.h>

namespace mlir::cegm::python {

/// Adds the functions that compile and the class of what they return.
void bindNative(nanobind::module_ &module);

} // namespace mlir::cegm::python

#endif // CEGM_PYTHON_NATIVE_H
