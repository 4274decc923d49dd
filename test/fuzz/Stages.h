//===- Stages.h - What is done with a mutant --------------------*- C++ -*-===//

#ifndef CEGM_TEST_FUZZ_STAGES_H
#define CEGM_TEST_FUZZ_STAGES_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::cegm::fuzz {

/// Something that should not be: its kind and what there is to say.
struct Finding {
  std::string kind;
  std::string detail;
};

/// Prints the module, as text in both forms and as bytecode, and reads each
/// back. A module that does not verify has to be refused with an error.
std::optional<Finding> checkReading(ModuleOp module, bool verifies);

/// Runs the pipeline on the module and reads the result back. An error is no
/// finding if a pass reported it.
std::optional<Finding> checkPipeline(ModuleOp module, StringRef pipeline);

} // namespace mlir::cegm::fuzz

#endif // CEGM_TEST_FUZZ_STAGES_H
