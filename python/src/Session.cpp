//===- Session.cpp - One run of a pass pipeline on text -------------------===//

#include "Session.h"

#include "cegm/Analysis/TrainingGraph.h"
#include "cegm/InitAll.h"
#include "cegm/Support/BooleanConstants.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using cegm::FlowGraph;
using cegm::python::Outcome;

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
  StringRef inner = text;
  if (inner.consume_front("loc(") && inner.consume_back(")"))
    return inner.str();
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

/// The types that are tensors; a step has no others.
static std::vector<cegm::python::TensorType> describe(ArrayRef<Type> types) {
  std::vector<cegm::python::TensorType> result;
  for (Type type : types) {
    cegm::python::TensorType description;
    if (auto shaped = dyn_cast<RankedTensorType>(type)) {
      description.shape = shaped.getShape().vec();
      type = shaped.getElementType();
    }
    llvm::raw_string_ostream(description.elementType) << type;
    result.push_back(std::move(description));
  }
  return result;
}

/// Fills in the signature and, from the attribute that the injection leaves on
/// it, the meaning of the audit result.
static void describeEntry(FunctionOpInterface entry, Outcome &outcome) {
  outcome.inputs = describe(entry.getArgumentTypes());
  outcome.results = describe(entry.getResultTypes());
  for (unsigned i = 0, e = entry.getNumResults(); i != e; ++i) {
    auto audit = entry.getResultAttrOfType<DictionaryAttr>(i, "cegm.audit");
    if (!audit)
      continue;
    for (StringAttr name :
         audit.getAs<ArrayAttr>("metrics").getAsRange<StringAttr>())
      outcome.auditMetrics.push_back(name.str());
    for (DictionaryAttr site :
         audit.getAs<ArrayAttr>("sites").getAsRange<DictionaryAttr>()) {
      std::string parameter = "unknown";
      if (auto name = site.getAs<StringAttr>("parameter"))
        parameter = name.str();
      else if (auto argument = site.getAs<IntegerAttr>("argument"))
        parameter = ("argument " + Twine(argument.getInt())).str();
      outcome.auditParameters.push_back(std::move(parameter));
    }
  }
}

/// Shows the module to a function on its way through the passes.
struct ShowModule : PassWrapper<ShowModule, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ShowModule)

  explicit ShowModule(function_ref<void(ModuleOp)> show) : show(show) {}
  void runOnOperation() override { show(getOperation()); }

  function_ref<void(ModuleOp)> show;
};

/// Parses `source`, runs the passes that `addPasses` adds, and calls `finish`
/// where all went well, which says whether it did, too.
static Outcome
run(const std::string &source,
    function_ref<LogicalResult(OpPassManager &, llvm::raw_ostream &errors)>
        addPasses,
    function_ref<bool(ModuleOp, Outcome &)> finish) {
  Outcome outcome;
  DialectRegistry registry;
  cegm::registerAllDialects(registry);
  // One thread: a train step is one function, and the order of diagnostics
  // stays the same from run to run.
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    outcome.diagnostics.push_back(convert(diagnostic));
  });

  auto passes = PassManager::on<ModuleOp>(&context);
  std::string complaint;
  llvm::raw_string_ostream complaints(complaint);
  if (failed(addPasses(passes, complaints))) {
    outcome.diagnostics.push_back(
        {"error", StringRef(complaint).trim().str(), "-", {}});
    return outcome;
  }
  std::optional<std::string> packed = cegm::packBooleanConstants(source);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      packed ? *packed : source, ParserConfig(&context));
  if (!module)
    return outcome;
  outcome.succeeded =
      succeeded(passes.run(*module)) && finish(*module, outcome);
  return outcome;
}

Outcome cegm::python::runPipeline(const std::string &source,
                                  const std::string &pipeline) {
  return run(
      source,
      [&](OpPassManager &passes, llvm::raw_ostream &errors) {
        return parsePassPipeline(pipeline, passes, errors);
      },
      [](ModuleOp module, Outcome &outcome) {
        if (FunctionOpInterface entry = cegm::findEntryFunction(module))
          describeEntry(entry, outcome);
        llvm::raw_string_ostream stream(outcome.text);
        // Frontends read what they print.
        cegm::BooleanConstantsStream bytes(
            stream, cegm::BooleanConstantsStream::Form::Bytes);
        module->print(bytes, OpPrintingFlags().enableDebugInfo());
        return true;
      });
}

cegm::python::Dependence
cegm::python::findDependence(const std::string &source, unsigned argument) {
  Dependence dependence;
  dependence.outcome = run(
      source,
      [](OpPassManager &, llvm::raw_ostream &) { return success(); },
      [&](ModuleOp module, Outcome &) {
        FunctionOpInterface entry = cegm::findEntryFunction(module);
        if (!entry || argument >= entry.getNumArguments())
          return false;
        FlowGraph graph(entry);
        llvm::BitVector reached(graph.numValues());
        reached.set(argument);
        reached = graph.dependents(std::move(reached));
        for (FlowGraph::ValueId result : graph.results())
          dependence.results.push_back(reached.test(result));
        return true;
      });
  return dependence;
}

Outcome cegm::python::runWithEntry(
    const std::string &source, const std::string &preparation,
    const std::string &pipeline, function_ref<void(FunctionOpInterface)> show,
    function_ref<bool(ModuleOp, Outcome &)> finish) {
  auto showEntry = [&](ModuleOp module) {
    if (FunctionOpInterface entry = cegm::findEntryFunction(module))
      show(entry);
  };
  return run(
      source,
      [&](OpPassManager &passes, llvm::raw_ostream &errors) -> LogicalResult {
        if (!preparation.empty() &&
            failed(parsePassPipeline(preparation, passes, errors)))
          return failure();
        passes.addPass(std::make_unique<ShowModule>(showEntry));
        return parsePassPipeline(pipeline, passes, errors);
      },
      finish);
}

Outcome cegm::python::explain(const std::string &source,
                              const std::string &options) {
  std::string report;
  llvm::raw_string_ostream stream(report);
  return run(
      source,
      [&](OpPassManager &passes, llvm::raw_ostream &errors) {
        auto pass = cegm::createExplainEntanglementPass(stream);
        auto complain = [&](const Twine &message) -> LogicalResult {
          errors << message;
          return failure();
        };
        if (failed(pass->initializeOptions(options, complain)))
          return failure();
        passes.addPass(std::move(pass));
        return success();
      },
      [&](ModuleOp, Outcome &outcome) {
        outcome.text = report;
        return true;
      });
}
