//===- Native.h - Compiled programs in Python -------------------*- C++ -*-===//

#ifndef CEGM_PYTHON_NATIVE_H
#define CEGM_PYTHON_NATIVE_H

#include "Session.h"

#include "cegm/Native/Program.h"

#include <memory>
#include <nanobind/nanobind.h>

namespace mlir::cegm::python {

/// The outcome of a compilation: a program where it succeeded.
struct Compiled {
  Outcome outcome;
  std::shared_ptr<Program> program;
  EntrySignature signature;
};

/// Runs `preparation`, which may be empty, and `pipeline`, which ends in the
/// LLVM dialect, on `source` and compiles its entry function for this process:
/// it is called as it is between the two. `libraries` are shared libraries that
/// it calls.
Compiled compileProgram(const std::string &source,
                        const std::string &preparation,
                        const std::string &pipeline, const Target &target,
                        const std::vector<std::string> &libraries);

/// Adds the functions that compile and the class of what they return.
void bindNative(nanobind::module_ &module);

} // namespace mlir::cegm::python

#endif // CEGM_PYTHON_NATIVE_H
