//===- Session.h - One run of a pass pipeline on text ---------------------===//

#ifndef CEGM_PYTHON_SESSION_H
#define CEGM_PYTHON_SESSION_H

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

/// What a run left behind. `text` is empty where it did not succeed.
struct Outcome {
  bool succeeded = false;
  std::string text;
  std::vector<Message> diagnostics;
};

/// Parses `source`, runs the textual pass pipeline `pipeline` on it, verifies
/// the result and prints it with its debug locations. Every run has a context
/// of its own, so that runs of several threads do not meet.
Outcome runPipeline(const std::string &source, const std::string &pipeline);

} // namespace mlir::cegm::python

#endif // CEGM_PYTHON_SESSION_H
