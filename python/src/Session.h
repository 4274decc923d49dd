//===- Session.h - One run of a pass pipeline on text ---------------------===//

#ifndef CEGM_PYTHON_SESSION_H
#define CEGM_PYTHON_SESSION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mlir::cegm::python {

/// A diagnostic of MLIR with its notes, as plain strings.
struct Message {
  std::string severity;
  std::string message;
  std::string location;
  std::vector<std::string> notes;
};

/// The type of an input or a result of the entry function.
struct TensorType {
  std::string elementType;
  std::vector<int64_t> shape;
};

/// What a run left behind. Only the diagnostics are filled in where it did not
/// succeed.
struct Outcome {
  bool succeeded = false;
  std::string text;
  std::vector<Message> diagnostics;
  /// The signature of the entry function, empty if there is none.
  std::vector<TensorType> inputs, results;
  /// What the columns and the rows of the audit result mean, if it has one.
  std::vector<std::string> auditMetrics, auditParameters;
};

/// Parses `source`, runs the passes `pipeline` (`a{x=1},b`) on it, verifies
/// the result and prints it with its debug locations. Every run has a context
/// of its own, so that runs of several threads do not meet.
Outcome runPipeline(const std::string &source, const std::string &pipeline);

/// Parses `source` and tells of each result of its entry function whether it
/// depends on the argument of this number.
struct Dependence {
  Outcome outcome;
  std::vector<bool> results;
};
Dependence findDependence(const std::string &source, unsigned argument);

/// As runPipeline(), without the text: runs `preparation`, which may be empty,
/// calls `show` with the entry function, runs `pipeline` and calls `finish`
/// with the module. The outcome succeeds where `finish` returns true.
Outcome runWithEntry(const std::string &source, const std::string &preparation,
                     const std::string &pipeline,
                     function_ref<void(FunctionOpInterface)> show,
                     function_ref<bool(ModuleOp, Outcome &)> finish);

/// The report of --explain-entanglement on `source` as one JSON object, in
/// `Outcome::text`; `options` are that pass's, as in a pipeline.
Outcome explain(const std::string &source, const std::string &options);

} // namespace mlir::cegm::python

#endif // CEGM_PYTHON_SESSION_H
