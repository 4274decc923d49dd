//===- SiteSelection.cpp - Which sites a user wants -----------------------===//

#include "SelectionEntries.h"

#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace mlir::cegm;

FailureOr<FunctionOpInterface> cegm::findTrainStep(ModuleOp module,
                                                   StringRef pass) {
  bool injected = module->hasAttr(kInjectedAttr);
  if (!injected)
    injected = module
                   .walk([](Operation *op) {
                     return isa_and_nonnull<CegmDialect>(op->getDialect())
                                ? WalkResult::interrupt()
                                : WalkResult::advance();
                   })
                   .wasInterrupted();
  if (injected) {
    emitError(module.getLoc())
        << pass
        << ": the module was injected before; use the step as the "
           "frontend emitted it";
    return failure();
  }
  FunctionOpInterface entry = findEntryFunction(module);
  if (!entry) {
    emitError(module.getLoc())
        << pass
        << ": no train step: expected a function 'main', or exactly "
           "one public function, with a body";
    return failure();
  }
  return entry;
}

LogicalResult cegm::verifySelection(Location loc, StringRef pass,
                                    const SelectionOptions &options) {
  for (StringRef kind : options.kinds)
    if (kind != getKindName(Site::Kind::Dense) &&
        kind != getKindName(Site::Kind::Embedding))
      return emitError(loc) << pass << ": option 'sites' has '" << kind
                            << "', expected 'dense' or 'embedding'";
  if (options.sequenceLength < 0)
    return emitError(loc) << pass << ": option 'sequence-length' is "
                          << options.sequenceLength
                          << ", expected a positive length, or 0 for none";
  if (options.maxSites < -1)
    return emitError(loc) << pass << ": option 'max-sites' is "
                          << options.maxSites
                          << ", expected a number of sites, or -1 for all";
  return success();
}

FailureOr<TrainingGraph> cegm::analyzeStep(FunctionOpInterface entry,
                                           StringRef pass,
                                           const SelectionOptions &options) {
  for (auto [name, entries] : {std::pair("include", options.include),
                               std::pair("exclude", options.exclude),
                               std::pair("parameters", options.parameters)})
    if (failed(verifyEntries(entry, pass, name, entries)))
      return failure();
  TrainingGraph::Hints hints;
  if (options.sequenceLength > 0)
    hints.sequenceLength = options.sequenceLength;
  if (!options.parameters.empty()) {
    hints.parameters.emplace(entry.getNumArguments());
    for (BlockArgument argument : entry.getArguments())
      if (unsigned number = argument.getArgNumber();
          matchesAnyEntry(options.parameters, number,
                          getParameterName(argument)))
        hints.parameters->set(number);
  }
  TrainingGraph graph = TrainingGraph::analyze(entry, hints);
  if (failed(verifyIncluded(graph, pass, options.include)) ||
      (hints.sequenceLength &&
       failed(verifySequenceLength(graph, pass, *hints.sequenceLength))))
    return failure();
  return graph;
}

Selection cegm::selectSites(const TrainingGraph &graph,
                            const SelectionOptions &options) {
  Selection selection;
  for (const Site &site : graph.sites()) {
    auto leave = [&](StringRef code, std::string message) {
      selection.leftAlone.push_back(
          {site.argument, code, std::move(message), site.gradientOp->getLoc()});
    };
    StringRef name =
        site.argument ? getParameterName(graph.argument(*site.argument)) : "";
    if (!options.kinds.empty() &&
        !llvm::is_contained(options.kinds, getKindName(site.kind))) {
      leave("site-kind", llvm::formatv("is of the kind {0}, which the option "
                                       "'sites' leaves out",
                                       getKindName(site.kind)));
      continue;
    }
    if (!options.include.empty() &&
        !matchesAnyEntry(options.include, site.argument, name)) {
      leave("not-included", "no entry of the option 'include' matches it");
      continue;
    }
    if (matchesAnyEntry(options.exclude, site.argument, name)) {
      leave("excluded", "an entry of the option 'exclude' matches it");
      continue;
    }
    std::optional<ContextPair> context = site.usableContext(options.context);
    if (!context) {
      leave(getCode(SkipReason::NoContext),
            getMessage(SkipReason::NoContext).str());
      continue;
    }
    if (options.maxSites >= 0 &&
        int64_t(selection.sites.size()) >= options.maxSites) {
      leave("max-sites",
            llvm::formatv("comes after as many sites as the option "
                          "'max-sites' allows, {0}",
                          options.maxSites));
      continue;
    }
    selection.sites.push_back(
        {&site, unsigned(selection.sites.size()), *context});
  }
  for (const SkippedParameter &skipped : graph.skipped())
    selection.leftAlone.push_back({skipped.argument, getCode(skipped.reason),
                                   getMessage(skipped.reason).str(),
                                   skipped.location});
  return selection;
}

std::string cegm::describeParameter(const TrainingGraph &graph,
                                    std::optional<unsigned> argument) {
  if (!argument)
    return "a computed parameter";
  StringRef name = getParameterName(graph.argument(*argument));
  return name.empty()
             ? llvm::formatv("parameter {0}", *argument).str()
             : llvm::formatv("parameter {0} ({1})", *argument, name).str();
}
