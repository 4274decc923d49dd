//===- StepRewriter.cpp - Re-weight all selected sites of a step ----------===//

#include "StepRewriter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;
using namespace mlir::cegm;

/// Describes the rows of the audit result.
static constexpr StringLiteral kAuditAttr = "cegm.audit";

StepRewriter::StepRewriter(func::FuncOp entry, const StepAnalysis &analysis,
                           const InjectEntanglementPassOptions &options)
    : entry(entry), analysis(analysis), options(options),
      builder(entry.getContext()),
      signature(entry->getParentOfType<ModuleOp>(), entry), rewriter(options),
      strengthType(builder.getF32Type()) {
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
  for (const SelectedSite &selected : llvm::reverse(analysis.selection.sites))
    if (!rowOf.contains(selected.site->gradientOp) &&
        failed(rewriteSite(selected)))
      return failure();
  if (hasMixedTypes && (options.audit || options.strengthArg))
    return emitError(
        entry.getLoc(),
        "inject-entanglement: the step has sites with scores in "
        "f32 and in f64; 'audit' and 'strength-arg' need one type");
  if (options.strengthArg)
    signature.getInput(entry, RankedTensorType::get({}, strengthType),
                       "strength");
  SmallVector<StepSignature::Exported> exported = signature.update();
  if (options.audit)
    returnAudit(exported);
  return success();
}

Value StepRewriter::getStrength(Operation *gradient, FloatType type) {
  auto function = gradient->getParentOfType<func::FuncOp>();
  hasMixedTypes |= type != strengthType;
  if (options.strengthArg)
    return signature.getInput(function, RankedTensorType::get({}, strengthType),
                              "strength");
  Value &constant = constants[{function, type}];
  if (constant)
    return constant;
  OpBuilder b = OpBuilder::atBlockBegin(&function.getBody().front());
  auto tensorType = RankedTensorType::get({}, type);
  Attribute value = DenseElementsAttr::get(
      tensorType, b.getFloatAttr(type, options.strength).getValue());
  Location loc = NameLoc::get(b.getStringAttr("strength"));
  Operation *op =
      gradient->getDialect()->materializeConstant(b, value, tensorType, loc);
  if (!op)
    op = arith::ConstantOp::create(b, loc, cast<TypedAttr>(value));
  return constant = op->getResult(0);
}

LogicalResult StepRewriter::rewriteSite(const SelectedSite &selected) {
  const Site &site = *selected.site;
  Operation *gradient = site.gradientOp;
  Location loc = gradient->getLoc();
  auto function = gradient->getParentOfType<func::FuncOp>();

  SmallVector<InjectedSite> parents;
  if (options.coupling > 0) {
    Groups &group = groups[site.tokenShape()];
    if (group.depth != site.depth && !group.current.empty())
      group.deeper = std::exchange(group.current, {});
    group.depth = site.depth;
    parents = group.deeper;
  }
  FailureOr<InjectedSite> injected =
      rewriter.inject(site, selected.context, parents, [&](FloatType type) {
        return getStrength(gradient, type);
      });
  if (failed(injected))
    return emitError(loc, "inject-entanglement: ")
           << describeParameter(analysis.graph, site.argument)
           << ": the context of this gradient is computed in another block or "
              "from the gradient itself; exclude the parameter";
  rowOf[gradient] = rowCounts[function]++;
  if (options.coupling > 0)
    groups[site.tokenShape()].current.push_back(*injected);
  if (options.audit) {
    OpBuilder b(entry.getContext());
    b.setInsertionPointAfter(injected->scoreOp);
    signature.addResult(
        function, AuditOp::create(b, loc, injected->scores, injected->weights,
                                  injected->active, injected->strength));
  }
  remark::passed(loc, remark::RemarkOpts::name("entangled")
                          .category("entanglement")
                          .function(function.getName()))
      << describeParameter(analysis.graph, site.argument)
      << remark::metric("site", selected.id)
      << remark::metric("depth", site.depth);
  return success();
}

void StepRewriter::returnAudit(ArrayRef<StepSignature::Exported> exported) {
  const TrainingGraph &graph = analysis.graph;
  std::map<std::pair<StepSignature::Path, unsigned>, Value> rows;
  for (const StepSignature::Exported &row : exported)
    rows[{row.calls, row.index}] = row.value;

  // Rows in the order of the report.
  SmallVector<Value> ordered;
  SmallVector<Attribute> descriptions;
  for (const SelectedSite &selected : analysis.selection.sites) {
    const Site &site = *selected.site;
    StepSignature::Path calls;
    for (uint32_t context = site.context; graph.contexts()[context].call;
         context = graph.contexts()[context].parent)
      calls.push_back(graph.contexts()[context].call);
    ordered.push_back(rows.at({calls, rowOf.lookup(site.gradientOp)}));
    NamedAttrList description;
    description.set("kind", builder.getStringAttr(getKindName(site.kind)));
    description.set("depth", builder.getI64IntegerAttr(site.depth));
    if (site.argument) {
      description.set("argument", builder.getI64IntegerAttr(*site.argument));
      StringRef name = getParameterName(graph.argument(*site.argument));
      if (!name.empty())
        description.set("parameter", builder.getStringAttr(name));
    }
    descriptions.push_back(description.getDictionary(entry.getContext()));
  }
  Operation *terminator = entry.getBody().front().getTerminator();
  OpBuilder b(terminator);
  Value table =
      CollectOp::create(b, NameLoc::get(b.getStringAttr("audit")), ordered);
  terminator->insertOperands(terminator->getNumOperands(), table);

  NamedAttrList description, attributes;
  description.set("metrics", b.getStrArrayAttr(getAuditMetricNames()));
  description.set("sites", b.getArrayAttr(descriptions));
  attributes.set("jax.result_info", b.getStringAttr("audit"));
  attributes.set(kAuditAttr, description.getDictionary(entry.getContext()));
  (void)entry.insertResult(entry.getNumResults(), table.getType(),
                           attributes.getDictionary(entry.getContext()));
}
