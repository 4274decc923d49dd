//===- InjectEntanglement.cpp - Re-weight gradients by context ------------===//

#include "SiteRewriter.h"
#include "SiteSelection.h"
#include "StepSignature.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Transforms/Inliner.h"
#include "mlir/Transforms/InliningUtils.h"

#include <cmath>
#include <map>

using namespace mlir;
using namespace mlir::cegm;

namespace mlir::cegm {
#define GEN_PASS_DEF_INJECTENTANGLEMENTPASS
#include "cegm/Transforms/Passes.h.inc"
} // namespace mlir::cegm

/// Marks a module that was injected, so that it is not injected twice.
static constexpr StringLiteral kInjectedAttr = "cegm.injected";
/// Describes the rows of the audit result.
static constexpr StringLiteral kAuditAttr = "cegm.audit";

namespace {

class InjectEntanglement
    : public cegm::impl::InjectEntanglementPassBase<InjectEntanglement> {
public:
  using InjectEntanglementPassBase::InjectEntanglementPassBase;

  void runOnOperation() override;

private:
  LogicalResult checkOptions();
  LogicalResult checkModule();
  InjectEntanglementPassOptions rewriteOptions();

  /// Analyses the step and inlines calls until each site stands in one
  /// function, and each op is a site in all its contexts or in none.
  FailureOr<TrainingGraph> analyze(func::FuncOp entry, Selection &selection);
  SmallVector<Operation *> findSeparatingCalls(const TrainingGraph &graph,
                                               const Selection &selection);
  LogicalResult inlineCalls(ArrayRef<Operation *> calls);

  void reportLeftAlone(const TrainingGraph &graph, const Selection &selection);
  LogicalResult rewrite(func::FuncOp entry, const TrainingGraph &graph,
                        const Selection &selection);
};

} // namespace

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult InjectEntanglement::checkOptions() {
  auto error = [&](StringRef option) {
    return emitError(UnknownLoc::get(&getContext()),
                     "inject-entanglement: option '")
           << option << "' ";
  };
  auto checkShare = [&](StringRef option, double value) -> LogicalResult {
    if (value >= 0 && value < 1)
      return success();
    return error(option) << "is " << value << ", expected a number in [0, 1)";
  };
  auto checkPositive = [&](StringRef option, double value) -> LogicalResult {
    if (value > 0 && std::isfinite(value))
      return success();
    return error(option) << "is " << value << ", expected a positive number";
  };
  if (failed(checkShare("strength", strength)) ||
      failed(checkShare("coupling", coupling)) ||
      failed(checkPositive("temperature", temperature)) ||
      failed(checkPositive("decay", decay)))
    return failure();
  ArrayRef<int64_t> sizes = windows;
  for (auto [i, size] : llvm::enumerate(sizes)) {
    bool isWhole = size == 0 && i + 1 == sizes.size();
    if (size <= 0 && !isWhole)
      return error("windows") << "has " << size << " at position " << i
                              << ", expected positive sizes, and 0 only as the "
                                 "last";
    if (i > 0 && !isWhole && size <= sizes[i - 1])
      return error("windows") << "has " << size << " after " << sizes[i - 1]
                              << ", expected ascending sizes";
  }
  return success();
}

LogicalResult InjectEntanglement::checkModule() {
  ModuleOp module = getOperation();
  bool injected = module->hasAttr(kInjectedAttr);
  if (!injected)
    injected = module
                   .walk([](Operation *op) {
                     return isa_and_nonnull<CegmDialect>(op->getDialect())
                                ? WalkResult::interrupt()
                                : WalkResult::advance();
                   })
                   .wasInterrupted();
  if (injected)
    return emitError(module.getLoc(),
                     "inject-entanglement: the module was injected "
                     "before; inject the step as the frontend emitted "
                     "it");
  return success();
}

InjectEntanglementPassOptions InjectEntanglement::rewriteOptions() {
  InjectEntanglementPassOptions options;
  options.strength = strength;
  options.kernel = kernel;
  options.windows.assign(windows.begin(), windows.end());
  if (options.windows.empty())
    options.windows = {1, 16, 128};
  options.decay = decay;
  options.coupling = coupling;
  options.weighting = weighting;
  options.temperature = temperature;
  options.sign = sign;
  options.normalization = normalization;
  options.apply = apply;
  options.radial = radial;
  // At strength 0 the step must stay what it is, to the last bit.
  options.keepOrder = keepOrder || (strength == 0 && !strengthArg);
  return options;
}

//===----------------------------------------------------------------------===//
// Analysis
//===----------------------------------------------------------------------===//

FailureOr<TrainingGraph> InjectEntanglement::analyze(func::FuncOp entry,
                                                     Selection &selection) {
  while (true) {
    TrainingGraph graph =
        TrainingGraph::analyze(cast<FunctionOpInterface>(*entry));
    selection =
        selectSites(graph, {context, sites, include, exclude, maxSites});
    SmallVector<Operation *> calls = findSeparatingCalls(graph, selection);
    if (calls.empty())
      return graph;
    if (failed(inlineCalls(calls)))
      return failure();
  }
}

SmallVector<Operation *>
InjectEntanglement::findSeparatingCalls(const TrainingGraph &graph,
                                        const Selection &selection) {
  SetVector<Operation *> calls;
  auto addCallsTo = [&](uint32_t context) {
    if (Operation *call = graph.contexts()[context].call)
      calls.insert(call);
  };
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
    const Site &first = *uses.front()->site;
    bool agree = activations.lookup(op->getParentOp()) == uses.size() &&
                 llvm::all_of(uses, [&](const SelectedSite *use) {
                   return use->context == uses.front()->context &&
                          use->site->inputGradient.tensor ==
                              first.inputGradient.tensor &&
                          use->site->output.tensor == first.output.tensor;
                 });
    if (!agree)
      for (const SelectedSite *use : uses)
        addCallsTo(use->site->context);
  }
  return calls.takeVector();
}

LogicalResult InjectEntanglement::inlineCalls(ArrayRef<Operation *> calls) {
  InlinerInterface interface(&getContext());
  InlinerConfig config;
  SymbolTableCollection symbolTables;
  SetVector<Operation *> callees;
  for (Operation *op : calls) {
    auto call = cast<CallOpInterface>(op);
    auto callee =
        cast<CallableOpInterface>(call.resolveCallableInTable(&symbolTables));
    if (failed(inlineCall(interface, config.getCloneCallback(), call, callee,
                          callee.getCallableRegion())))
      return emitError(op->getLoc(),
                       "inject-entanglement: cannot inline this call, "
                       "which parts a gradient from its context");
    op->erase();
    callees.insert(callee);
    ++inlinedCalls;
  }
  // Functions that nobody calls any more go.
  DenseSet<StringAttr> used;
  getOperation().walk([&](Operation *op) {
    for (NamedAttribute attr : op->getAttrs())
      attr.getValue().walk([&](SymbolRefAttr symbol) {
        used.insert(symbol.getRootReference());
      });
  });
  for (Operation *callee : callees) {
    auto symbol = cast<SymbolOpInterface>(callee);
    if (symbol.isPrivate() && !used.contains(symbol.getNameAttr()))
      callee->erase();
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Rewriting
//===----------------------------------------------------------------------===//

void InjectEntanglement::reportLeftAlone(const TrainingGraph &graph,
                                         const Selection &selection) {
  StringRef function = graph.entry().getName();
  for (const LeftAlone &left : selection.leftAlone) {
    remark::missed(left.location, remark::RemarkOpts::name(left.code)
                                      .category("entanglement")
                                      .function(function))
        << describeParameter(graph, left.argument) + " " + left.message;
    ++skippedParameters;
  }
}

LogicalResult InjectEntanglement::rewrite(func::FuncOp entry,
                                          const TrainingGraph &graph,
                                          const Selection &selection) {
  Builder b(&getContext());
  StepSignature signature(getOperation(), entry);

  // One strength for the whole step, of the widest score type.
  FloatType strengthType = b.getF32Type();
  for (const SelectedSite &selected : selection.sites) {
    const Site &site = *selected.site;
    Type context = (site.input ? site.input : site.output).tensor.getType();
    if (getScoreType(context, site.cotangent.tensor.getType()).isF64())
      strengthType = b.getF64Type();
  }
  DenseMap<std::pair<Operation *, Type>, Value> constants;
  bool mixedTypes = false;
  auto getStrength = [&](Operation *gradient, FloatType type) -> Value {
    auto function = gradient->getParentOfType<func::FuncOp>();
    auto tensorType = RankedTensorType::get({}, type);
    if (strengthArg) {
      mixedTypes |= type != strengthType;
      return signature.getInput(
          function, RankedTensorType::get({}, strengthType), "strength");
    }
    Value &constant = constants[{function, type}];
    if (!constant) {
      OpBuilder builder = OpBuilder::atBlockBegin(&function.getBody().front());
      Attribute value = DenseElementsAttr::get(
          tensorType, builder.getFloatAttr(type, strength).getValue());
      Location loc = NameLoc::get(builder.getStringAttr("strength"));
      Operation *op = gradient->getDialect()->materializeConstant(
          builder, value, tensorType, loc);
      if (!op)
        op = arith::ConstantOp::create(builder, loc, cast<TypedAttr>(value));
      constant = op->getResult(0);
    }
    return constant;
  };

  InjectEntanglementPassOptions options = rewriteOptions();
  SiteRewriter rewriter(options, getStrength);
  // Number of an audit row among those of its function, by gradient op; the ops
  // are gone by then and are names only.
  DenseMap<Operation *, unsigned> rowOf;
  DenseMap<Operation *, unsigned> rowCount;
  // The deepest first: what an earlier layer couples with is then there.
  struct Group {
    unsigned depth;
    SmallVector<InjectedSite> members;
  };
  std::map<SmallVector<int64_t>, std::pair<Group, Group>> groups;

  for (const SelectedSite &selected : llvm::reverse(selection.sites)) {
    const Site &site = *selected.site;
    if (rowOf.contains(site.gradientOp))
      continue;
    Location loc = site.gradientOp->getLoc();
    Operation *op = site.gradientOp;
    auto function = op->getParentOfType<func::FuncOp>();
    // The group being filled, and that of the nearest larger depth.
    auto &[current, deeper] = groups[site.tokenShape()];
    if (coupling > 0 && current.depth != site.depth && !current.members.empty())
      deeper = std::exchange(current, {});
    current.depth = site.depth;
    ArrayRef<InjectedSite> parents;
    if (coupling > 0)
      parents = deeper.members;

    FailureOr<InjectedSite> injected =
        rewriter.inject(site, selected.context, parents);
    if (failed(injected))
      return emitError(loc, "inject-entanglement: ")
             << describeParameter(graph, site.argument)
             << ": the context of this gradient is computed in another block "
                "or from the gradient itself; exclude the parameter";
    rowOf[op] = rowCount[function]++;
    if (coupling > 0)
      current.members.push_back(*injected);
    if (audit) {
      OpBuilder builder(&getContext());
      builder.setInsertionPointAfter(injected->scoreOp);
      auto type = RankedTensorType::get(
          {int64_t(getAuditMetricNames().size())},
          cast<ShapedType>(injected->scores.getType()).getElementType());
      signature.addResult(function,
                          AuditOp::create(builder, loc, type, injected->scores,
                                          injected->weights, injected->active,
                                          injected->strength));
      mixedTypes |= type.getElementType() != strengthType;
    }
    remark::passed(loc, remark::RemarkOpts::name("entangled")
                            .category("entanglement")
                            .function(function.getName()))
        << describeParameter(graph, site.argument)
        << remark::metric("site", selected.id)
        << remark::metric("depth", site.depth);
    ++(site.kind == Site::Kind::Dense ? denseSites : embeddingSites);
  }
  if (mixedTypes && (audit || strengthArg))
    return emitError(entry.getLoc(),
                     "inject-entanglement: the step has sites with scores "
                     "in f32 and in f64; 'audit' and 'strength-arg' need "
                     "one type");
  if (strengthArg)
    signature.getInput(entry, RankedTensorType::get({}, strengthType),
                       "strength");

  SmallVector<StepSignature::Exported> exported = signature.update();
  if (!audit)
    return success();

  // Rows in the order of the report.
  std::map<std::pair<StepSignature::Path, unsigned>, Value> rows;
  for (const StepSignature::Exported &row : exported)
    rows[{row.calls, row.index}] = row.value;
  SmallVector<Value> ordered;
  SmallVector<Attribute> descriptions;
  for (const SelectedSite &selected : selection.sites) {
    const Site &site = *selected.site;
    StepSignature::Path calls;
    for (uint32_t context = site.context; graph.contexts()[context].call;
         context = graph.contexts()[context].parent)
      calls.push_back(graph.contexts()[context].call);
    ordered.push_back(rows.at({calls, rowOf.lookup(site.gradientOp)}));
    NamedAttrList description;
    description.set("kind", b.getStringAttr(getKindName(site.kind)));
    description.set("depth", b.getI64IntegerAttr(site.depth));
    if (site.argument) {
      description.set("argument", b.getI64IntegerAttr(*site.argument));
      StringRef name = getParameterName(graph.argument(*site.argument));
      if (!name.empty())
        description.set("parameter", b.getStringAttr(name));
    }
    descriptions.push_back(description.getDictionary(&getContext()));
  }
  Operation *terminator = entry.getBody().front().getTerminator();
  OpBuilder builder(terminator);
  auto table = CollectOp::create(
      builder, NameLoc::get(b.getStringAttr("audit")),
      RankedTensorType::get(
          {int64_t(ordered.size()), int64_t(getAuditMetricNames().size())},
          strengthType),
      ordered);
  terminator->insertOperands(terminator->getNumOperands(), table.getResult());
  NamedAttrList attributes;
  attributes.set("jax.result_info", b.getStringAttr("audit"));
  attributes.set(
      kAuditAttr,
      b.getDictionaryAttr(
          {b.getNamedAttr("metrics", b.getStrArrayAttr(getAuditMetricNames())),
           b.getNamedAttr("sites", b.getArrayAttr(descriptions))}));
  (void)entry.insertResult(entry.getNumResults(), table.getType(),
                           attributes.getDictionary(&getContext()));
  return success();
}

void InjectEntanglement::runOnOperation() {
  ModuleOp module = getOperation();
  if (failed(checkOptions()) || failed(checkModule()))
    return signalPassFailure();
  if (strength == 0 && !strengthArg && !audit) {
    remark::analysis(
        module.getLoc(),
        remark::RemarkOpts::name("strength-zero").category("entanglement"))
        << "strength is 0: the step stays as it is";
    return;
  }
  auto entry =
      dyn_cast_or_null<func::FuncOp>(findEntryFunction(module).getOperation());
  if (!entry) {
    emitError(module.getLoc(),
              "inject-entanglement: no train step: expected a function "
              "'main', or exactly one public function, with a body");
    return signalPassFailure();
  }
  Selection selection;
  FailureOr<TrainingGraph> graph = analyze(entry, selection);
  if (failed(graph))
    return signalPassFailure();
  reportLeftAlone(*graph, selection);
  if (selection.sites.empty()) {
    InFlightDiagnostic error =
        emitError(entry.getLoc(), "inject-entanglement: ");
    if (graph->sites().empty())
      error << "no gradient of a parameter found in '" << entry.getName()
            << "': expected a train step, with its backward part";
    else
      error << "none of the " << graph->sites().size()
            << " sites is left by the options 'sites', 'include', 'exclude', "
               "'context' and 'max-sites'";
    for (const LeftAlone &left : ArrayRef(selection.leftAlone).take_front(8))
      error.attachNote(left.location)
          << describeParameter(*graph, left.argument) << " " << left.message
          << " [" << left.code << "]";
    return signalPassFailure();
  }
  if (failed(rewrite(entry, *graph, selection)))
    return signalPassFailure();
  module->setAttr(kInjectedAttr, UnitAttr::get(&getContext()));
}
