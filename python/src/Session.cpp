//===- Session.cpp - One run of a pass pipeline on text -------------------===//

#include "Session.h"

#include "cegm/InitAll.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using mlir::cegm::python::Outcome;

static const char *severityName(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Note:
    return "note";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Remark:
    return "remark";
  }
  llvm_unreachable("unknown severity");
}

/// The location in the form of its own text, "-" for the unknown one.
static std::string describe(Location location) {
  if (isa<UnknownLoc>(location))
    return "-";
  std::string text;
  llvm::raw_string_ostream(text) << location;
  return text;
}

static cegm::python::Message convert(const Diagnostic &diagnostic) {
  cegm::python::Message result;
  result.severity = severityName(diagnostic.getSeverity());
  result.message = diagnostic.str();
  result.location = describe(diagnostic.getLocation());
  for (const Diagnostic &note : const_cast<Diagnostic &>(diagnostic).getNotes())
    result.notes.push_back(note.str());
  return result;
}

Outcome cegm::python::runPipeline(const std::string &source,
                                  const std::string &pipeline) {
  Outcome outcome;
  DialectRegistry registry;
  mlir::cegm::registerAllDialects(registry);
  // One thread: a train step is one function, and the order of diagnostics
  // stays the same from run to run.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    outcome.diagnostics.push_back(convert(diagnostic));
  });

  PassManager passes(&context);
  std::string complaint;
  llvm::raw_string_ostream complaints(complaint);
  if (failed(parsePassPipeline(pipeline, passes, complaints))) {
    outcome.diagnostics.push_back({"error", complaint, "-", {}});
    return outcome;
  }
  OwningOpRef<ModuleOp> module =
      parseSourceString<ModuleOp>(source, ParserConfig(&context));
  if (!module || failed(passes.run(*module)))
    return outcome;

  llvm::raw_string_ostream stream(outcome.text);
  module->print(stream, OpPrintingFlags().enableDebugInfo());
  outcome.succeeded = true;
  return outcome;
}
