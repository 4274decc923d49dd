//===- StepAnalysis.cpp - Analyse a step until it can be rewritten --------===//

#include "StepAnalysis.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cegm;

/// The calls that must be inlined before the selected sites can be rewritten.
static SmallVector<Operation *> findSeparatingCalls(const TrainingGraph &graph,
                                                    const Selection &selection,
                                                    Apply apply,
                                                    bool inlineAll) {
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
    // The innermost first: it is copied with its caller if it stays.
    for (uint32_t context = site.context;
         inlineAll && graph.contexts()[context].call;
         context = graph.contexts()[context].parent)
      calls.insert(graph.contexts()[context].call);
    byOp[site.gradientOp].push_back(&selected);
  }
  // One op can be rewritten in one way only. A function that is called for a
  // site here and for something else there is inlined, call by call.
  for (auto &[op, uses] : byOp) {
    const SelectedSite &first = *uses.front();
    bool agree =
        activations.lookup(op->getParentOfType<FunctionOpInterface>()) ==
            uses.size() &&
        llvm::all_of(uses, [&](const SelectedSite *use) {
          return use->context == first.context &&
                 use->site->deviceGroups == first.site->deviceGroups &&
                 use->site->hasExamples == first.site->hasExamples &&
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

/// Puts the body of the callee, which is one block, in the place of the call.
/// MLIR's inliner would split the block around the call, at a cost that grows
/// with the number of ops behind it.
static LogicalResult inlineCall(CallOpInterface call,
                                SymbolTableCollection &symbolTables) {
  auto callee = dyn_cast_or_null<FunctionOpInterface>(
      call.resolveCallableInTable(&symbolTables));
  if (!callee || callee.isExternal() || !callee.getFunctionBody().hasOneBlock())
    return failure();
  Block &body = callee.getFunctionBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), call.getArgOperands());
  OpBuilder builder(call);
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping)->walk([&](Operation *inner) {
      inner->setLoc(CallSiteLoc::get(inner->getLoc(), call->getLoc()));
    });
  for (auto [result, returned] :
       llvm::zip_equal(call->getResults(), body.getTerminator()->getOperands()))
    result.replaceAllUsesWith(mapping.lookupOrDefault(returned));
  call->erase();
  return success();
}

static LogicalResult inlineCalls(ArrayRef<Operation *> calls) {
  SymbolTableCollection symbolTables;
  for (Operation *op : calls)
    if (failed(inlineCall(cast<CallOpInterface>(op), symbolTables)))
      return emitError(op->getLoc())
             << "inject-entanglement: cannot inline this '" << op->getName()
             << "', which parts a gradient from its context";
  return success();
}

FailureOr<StepAnalysis>
cegm::analyzeForRewriting(FunctionOpInterface entry,
                          const SelectionOptions &options, Apply apply,
                          bool inlineAll) {
  unsigned inlinedCalls = 0;
  while (true) {
    FailureOr<TrainingGraph> graph =
        analyzeStep(entry, "inject-entanglement", options);
    if (failed(graph))
      return failure();
    Selection selection = selectSites(*graph, options);
    SmallVector<Operation *> calls =
        findSeparatingCalls(*graph, selection, apply, inlineAll);
    if (calls.empty())
      return StepAnalysis{std::move(*graph), std::move(selection),
                          inlinedCalls};
    if (failed(inlineCalls(calls)))
      return failure();
    inlinedCalls += calls.size();
  }
}
