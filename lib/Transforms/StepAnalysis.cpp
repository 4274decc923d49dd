//===- StepAnalysis.cpp - Analyse a step until it can be rewritten --------===//

#include "StepAnalysis.h"

#include "mlir/Transforms/Inliner.h"
#include "mlir/Transforms/InliningUtils.h"

using namespace mlir;
using namespace mlir::cegm;

/// The calls that must be inlined before the selected sites can be rewritten.
static SmallVector<Operation *> findSeparatingCalls(const TrainingGraph &graph,
                                                    const Selection &selection,
                                                    Apply apply) {
  SetVector<Operation *> calls;
  DenseMap<Operation *, unsigned> activations;
  for (const FlowGraph::Context &context : graph.contexts())
    ++activations[context.function];

  DenseMap<Operation *, SmallVector<const SelectedSite *, 1>> byOp;
  for (const SelectedSite &selected : selection.sites) {
    const Site &site = *selected.site;
    calls.insert_range(graph.separatingCalls(site, selected.context));
    if (apply == Apply::Flow && site.inputGradient)
      calls.insert_range(graph.separatingCalls(site, ContextPair::Input));
    byOp[site.gradientOp].push_back(&selected);
  }
  // One op can be rewritten in one way only. A function that is called for a
  // site here and for something else there is inlined, call by call.
  for (auto &[op, uses] : byOp) {
    const SelectedSite &first = *uses.front();
    bool agree = activations.lookup(op->getParentOp()) == uses.size() &&
                 llvm::all_of(uses, [&](const SelectedSite *use) {
                   return use->context == first.context &&
                          use->site->inputGradient.tensor ==
                              first.site->inputGradient.tensor &&
                          use->site->output.tensor == first.site->output.tensor;
                 });
    if (agree)
      continue;
    for (const SelectedSite *use : uses)
      if (Operation *call = graph.contexts()[use->site->context].call)
        calls.insert(call);
  }
  return calls.takeVector();
}

static LogicalResult inlineCalls(ArrayRef<Operation *> calls) {
  if (calls.empty())
    return success();
  InlinerInterface interface(calls.front()->getContext());
  InlinerConfig config;
  SymbolTableCollection symbolTables;
  for (Operation *op : calls) {
    auto call = cast<CallOpInterface>(op);
    auto callee =
        cast<CallableOpInterface>(call.resolveCallableInTable(&symbolTables));
    if (failed(inlineCall(interface, config.getCloneCallback(), call, callee,
                          callee.getCallableRegion())))
      return emitError(op->getLoc())
             << "inject-entanglement: cannot inline the call of '"
             << cast<SymbolOpInterface>(callee.getOperation()).getName()
             << "', which parts a gradient from its context";
    op->erase();
  }
  return success();
}

FailureOr<StepAnalysis>
cegm::analyzeForRewriting(FunctionOpInterface entry,
                          const SelectionOptions &options, Apply apply) {
  unsigned inlinedCalls = 0;
  while (true) {
    TrainingGraph graph = TrainingGraph::analyze(entry);
    Selection selection = selectSites(graph, options);
    SmallVector<Operation *> calls =
        findSeparatingCalls(graph, selection, apply);
    if (calls.empty())
      return StepAnalysis{std::move(graph), std::move(selection), inlinedCalls};
    if (failed(inlineCalls(calls)))
      return failure();
    inlinedCalls += calls.size();
  }
}
