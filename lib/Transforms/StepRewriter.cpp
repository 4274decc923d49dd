//===- StepRewriter.cpp - Re-weight all selected sites of a step ----------===//

#include "StepRewriter.h"

#include "Constants.h"

#include "mlir/IR/Remarks.h"

#include <map>

using namespace mlir;
using namespace mlir::cegm;

/// Describes the rows of the audit result.
static constexpr StringLiteral kAuditAttr = "cegm.audit";

StepRewriter::StepRewriter(func::FuncOp entry, const StepAnalysis &analysis,
                           LayerCoupling &coupling,
                           const InjectEntanglementPassOptions &options)
    : entry(entry), analysis(analysis), coupling(coupling), options(options),
      builder(entry.getContext()),
      signature(entry->getParentOfType<ModuleOp>(), entry),
      rewriter(entry, options), strengthType(builder.getF32Type()) {
  for (const SelectedSite &selected : analysis.selection.sites) {
    const Site &site = *selected.site;
    Type context = (site.input ? site.input : site.output).tensor.getType();
    if (getScoreType(context, site.cotangent.tensor.getType()).isF64())
      strengthType = builder.getF64Type();
  }
}

LogicalResult StepRewriter::run() {
  // The deepest first: the scores that an earlier layer couples with are then
  // there.
  SmallVector<unsigned> order(coupling.order());
  if (order.empty())
    order = llvm::to_vector(
        llvm::reverse(llvm::seq<unsigned>(analysis.selection.sites.size())));
  for (unsigned position : order)
    if (failed(rewriteSite(position)))
      return failure();
  if (hasMixedTypes && (options.audit || options.strengthArg))
    return emitError(
        entry.getLoc(),
        "inject-entanglement: the step has sites with scores in "
        "f32 and in f64; 'audit' and 'strength-arg' need one type");
  if (options.strengthArg)
    signature.getInput(entry, RankedTensorType::get({}, strengthType),
                       "strength");
  FailureOr<SmallVector<StepSignature::Exported>> exported = signature.update();
  if (failed(exported))
    return failure();
  if (options.audit)
    returnAudit(*exported);
  return success();
}

Value StepRewriter::getStrength(Operation *gradient, FloatType type) {
  // Code that sees nothing of its surroundings has a constant of its own.
  Operation *around =
      gradient->getParentWithTrait<OpTrait::IsIsolatedFromAbove>();
  hasMixedTypes |= type != strengthType;
  if (options.strengthArg)
    return signature.getInput(around, RankedTensorType::get({}, strengthType),
                              "strength");
  Value &constant = constants[{around, type}];
  if (constant)
    return constant;
  OpBuilder b = OpBuilder::atBlockBegin(&around->getRegion(0).front());
  auto tensorType = RankedTensorType::get({}, type);
  auto value = DenseElementsAttr::get(
      tensorType, b.getFloatAttr(type, options.strength).getValue());
  return constant = createConstantLike(
             b, NameLoc::get(b.getStringAttr("strength")), gradient, value);
}

/// Checks that the devices which share the tokens of a site meet there.
LogicalResult StepRewriter::checkDevices(const Site &site) {
  if (!options.acrossDevices || !site.deviceGroups)
    return success();
  auto error = [&](Location loc) {
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << ": option 'across-devices': ";
  };
  if (site.deviceGroups.empty())
    return error(site.gradientOp->getLoc())
           << "the tokens of this gradient are divided among groups of devices "
              "of unequal size";
  bool isCounted = llvm::all_of(site.loops, [](const Site::Repetition &loop) {
    return loop.count.has_value();
  });
  ArrayRef<FlowGraph::Context> contexts = analysis.graph.contexts();
  uint32_t context = site.context;
  Operation *op = site.gradientOp;
  while (op) {
    for (Operation *around = op->getParentOp();
         !isa<FunctionOpInterface>(around); around = around->getParentOp()) {
      bool mayDiffer = isa<LoopLikeOpInterface>(around)
                           ? !isCounted
                           : isa<RegionBranchOpInterface>(around);
      if (mayDiffer)
        return error(around->getLoc())
               << "each device may run this '" << around->getName()
               << "' in its own way, so that they do not meet in it; exclude "
                  "the parameter";
    }
    op = contexts[context].call;
    context = contexts[context].parent;
  }
  return success();
}

LogicalResult StepRewriter::rewriteSite(unsigned position) {
  const SelectedSite &selected = analysis.selection.sites[position];
  const Site &site = *selected.site;
  Operation *gradient = site.gradientOp;
  if (!rewritten.insert(gradient).second)
    return success();
  Location loc = gradient->getLoc();
  auto function = gradient->getParentOfType<func::FuncOp>();

  if (options.radial == Radial::Remove && site.weightDims.empty())
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << ": option 'radial' needs a gradient with the dimensions of the "
              "parameter, and this one keeps examples apart; exclude the "
              "parameter";
  if (options.radial == Radial::Remove && !hasComparableWeight(site))
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << ": option 'radial' needs a weight of f16, bf16, f32 or f64, and "
              "this one has the type "
           << site.weight.getType() << "; exclude the parameter";
  Operation *around =
      gradient->getParentWithTrait<OpTrait::IsIsolatedFromAbove>();
  auto canPass = [](Operation *around) {
    auto interface = dyn_cast<TrainingGraphOpInterface>(around);
    return isa<func::FuncOp>(around) || (interface && interface.runsBodyOnce());
  };
  if ((options.audit || options.strengthArg) && !canPass(around))
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << ": options 'audit' and 'strength-arg' do not reach into '"
           << around->getName() << "'; use them without it";
  if (failed(checkDevices(site)))
    return failure();
  SmallVector<Value> parents;
  if (options.coupling > 0)
    parents = coupling.parentsOf(position);
  FailureOr<InjectedSite> injected = rewriter.inject(
      site, selected.context, selected.isReweighted, parents,
      [&](FloatType type) { return getStrength(gradient, type); });
  if (failed(injected))
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << (parents.empty() ? ": the context of this gradient is"
                               : ": the context of this gradient, or the "
                                 "scores that it is coupled with, are")
           << " computed in another block or from the gradient itself; exclude "
              "the parameter";
  auto makeAvailable = [&](Value value, Operation *anchor) {
    return rewriter.makeAvailable(value, anchor);
  };
  if (options.coupling > 0 &&
      failed(coupling.add(position, injected->scores, makeAvailable)))
    return failure();
  if (options.audit) {
    OpBuilder b(entry.getContext());
    b.setInsertionPointAfter(injected->lastOp);
    DenseIntElementsAttr groups;
    if (options.acrossDevices)
      groups = site.deviceGroups;
    signature.addResult(AuditOp::create(b, loc, injected->scores,
                                        injected->weights, injected->active,
                                        injected->strength, injected->gradients,
                                        injected->parameter, groups),
                        site, groups);
  }
  remark::passed(loc, remark::RemarkOpts::name(
                          selected.isReweighted ? "entangled" : "audited")
                          .category("entanglement")
                          .function(function.getName()))
      << describeParameter(analysis.graph, site.argument)
      << remark::metric("site", selected.id)
      << remark::metric("depth", site.depth);
  if (site.hasExamples)
    remark::analysis(loc, remark::RemarkOpts::name("examples")
                              .category("entanglement")
                              .function(function.getName()))
        << describeParameter(analysis.graph, site.argument) +
               " has the examples of a batch for tokens: each is scored alone "
               "(window 1); if they are a sequence, give its length by the "
               "option 'sequence-length'";
  return success();
}

/// Describes the audit rows of a site in `table`: one for each iteration of the
/// loops around it, the outermost first, and for each device (or group of
/// devices) that has its own.
void StepRewriter::describeRows(const SelectedSite &selected, Value table,
                                SmallVectorImpl<Attribute> &rows) {
  const Site &site = *selected.site;
  NamedAttrList common;
  common.set("reweighted", builder.getBoolAttr(selected.isReweighted));
  common.set("kind", builder.getStringAttr(getKindName(site.kind)));
  if (site.argument) {
    common.set("argument", builder.getI64IntegerAttr(*site.argument));
    StringRef name = getParameterName(analysis.graph.argument(*site.argument));
    if (!name.empty())
      common.set("parameter", builder.getStringAttr(name));
  }
  int64_t count = 1;
  for (const Site::Repetition &loop : site.loops)
    count *= *loop.count;
  auto type = cast<RankedTensorType>(table.getType());
  int64_t devices = type.getNumElements() / (count * type.getShape().back());
  for (int64_t row = 0; row < count; ++row) {
    NamedAttrList description = common;
    SmallVector<int64_t> places;
    int64_t repeat = 0, inside = count, rest = row;
    for (const Site::Repetition &loop : site.loops) {
      inside /= *loop.count;
      places.push_back(rest / inside);
      rest %= inside;
      if (!loop.isLayers)
        repeat = repeat * *loop.count + places.back();
    }
    Site::Layer layer = site.layerAt(places);
    description.set("depth", builder.getI64IntegerAttr(layer.depth));
    if (layer.number)
      description.set("layer", builder.getI64IntegerAttr(*layer.number));
    if (site.repeats().value_or(1) > 1)
      description.set("repeat", builder.getI64IntegerAttr(repeat));
    for (int64_t device = 0; device < devices; ++device) {
      if (devices > 1)
        description.set("device", builder.getI64IntegerAttr(device));
      rows.push_back(description.getDictionary(entry.getContext()));
    }
  }
}

void StepRewriter::returnAudit(ArrayRef<StepSignature::Exported> exported) {
  const TrainingGraph &graph = analysis.graph;
  std::map<std::pair<StepSignature::Path, Operation *>, Value> rows;
  for (const StepSignature::Exported &row : exported)
    rows[{row.calls, row.site->gradientOp}] = row.value;

  // Rows in the order of the report.
  SmallVector<Value> ordered;
  SmallVector<Attribute> descriptions;
  for (const SelectedSite &selected : analysis.selection.sites) {
    const Site &site = *selected.site;
    StepSignature::Path calls;
    for (uint32_t context = site.context; graph.contexts()[context].call;
         context = graph.contexts()[context].parent)
      calls.push_back(graph.contexts()[context].call);
    ordered.push_back(rows.at({calls, site.gradientOp}));
    describeRows(selected, ordered.back(), descriptions);
  }
  Operation *terminator = entry.getBody().front().getTerminator();
  OpBuilder b(terminator);
  Value table =
      CollectOp::create(b, NameLoc::get(b.getStringAttr("audit")), ordered);
  terminator->insertOperands(terminator->getNumOperands(), table);

  NamedAttrList description, attributes;
  description.set("metrics", b.getStrArrayAttr(
                                 getAuditMetricNames(options.auditGradients)));
  description.set("sites", b.getArrayAttr(descriptions));
  attributes.set("jax.result_info", b.getStringAttr("audit"));
  attributes.set(kAuditAttr, description.getDictionary(entry.getContext()));
  (void)entry.insertResult(entry.getNumResults(), table.getType(),
                           attributes.getDictionary(entry.getContext()));
}
