//===- Stages.cpp - What is done with a mutant ----------------------------===//

#include "Stages.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

using namespace mlir;
using namespace mlir::cegm;
using fuzz::Finding;

namespace {
/// Keeps the errors from the terminal.
class Errors {
public:
  explicit Errors(MLIRContext *context)
      : handler(context, [this](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            messages.push_back(diagnostic.str());
        }) {}

  std::vector<std::string> messages;

private:
  ScopedDiagnosticHandler handler;
};

/// Notes which pass left IR behind that does not verify, without a word of its
/// own: MLIR's verifier runs after a pass that succeeded, and only then.
struct BlameInvalid : PassInstrumentation {
  BlameInvalid(const Errors &errors, std::string &blamed)
      : errors(errors), blamed(blamed) {}

  void runBeforePass(Pass *, Operation *) override {
    before = errors.messages.size();
  }
  void runAfterPassFailed(Pass *pass, Operation *op) override {
    if (!blamed.empty() || errors.messages.size() == before)
      return;
    std::vector<std::string> own(errors.messages.begin() + before,
                                 errors.messages.end());
    Errors again(op->getContext());
    if (failed(verify(op)) && again.messages == own)
      blamed = (pass->getArgument() + ": " + own.front()).str();
  }

  const Errors &errors;
  std::string &blamed;
  size_t before = 0;
};
} // namespace

static std::string print(ModuleOp module, bool generic) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  OpPrintingFlags flags;
  if (generic)
    flags.printGenericOpForm();
  module.print(stream, flags);
  return text;
}

/// Why the text cannot be read, empty if it can.
static std::string read(StringRef text, MLIRContext *context) {
  Errors errors(context);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, context);
  if (module)
    return "";
  return errors.messages.empty() ? "no error" : errors.messages.front();
}

std::optional<Finding> fuzz::checkReading(ModuleOp module, bool verifies) {
  MLIRContext *context = module.getContext();
  std::string generic = print(module, /*generic=*/true);
  std::string problem = read(generic, context);
  if (!verifies) {
    if (problem == "no error")
      return Finding{"silent", "refused without an error"};
    return std::nullopt;
  }
  if (!problem.empty())
    return Finding{"unreadable", "generic: " + problem};
  problem = read(print(module, /*generic=*/false), context);
  if (!problem.empty())
    return Finding{"unreadable", "text: " + problem};
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (failed(writeBytecodeToFile(module, stream)))
    return Finding{"unreadable", "no bytecode"};
  problem = read(bytes, context);
  if (!problem.empty())
    return Finding{"unreadable", "bytecode: " + problem};
  return std::nullopt;
}

std::optional<Finding> fuzz::checkPipeline(ModuleOp original,
                                           StringRef pipeline) {
  MLIRContext *context = original.getContext();
  OwningOpRef<ModuleOp> module = original.clone();
  Errors errors(context);
  auto passes = PassManager::on<ModuleOp>(context);
  std::string complaint, blamed;
  llvm::raw_string_ostream complaints(complaint);
  // A pipeline with a mistake would search nothing.
  if (failed(parsePassPipeline(pipeline, passes, complaints)))
    return Finding{"pipeline", complaint};
  passes.addInstrumentation(std::make_unique<BlameInvalid>(errors, blamed));
  bool succeeded = mlir::succeeded(passes.run(*module));
  if (!blamed.empty())
    return Finding{"invalid", blamed};
  if (!succeeded) {
    if (errors.messages.empty())
      return Finding{"silent", "failed without an error"};
    return std::nullopt;
  }
  std::string problem = read(print(*module, /*generic=*/false), context);
  if (!problem.empty())
    return Finding{"unreadable", "output: " + problem};
  return std::nullopt;
}
