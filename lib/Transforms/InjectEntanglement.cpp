//===- InjectEntanglement.cpp - Re-weight gradients by context ------------===//

#include "StepRewriter.h"
#include "cegm/Support/Saturating.h"
#include "cegm/Transforms/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Remarks.h"

#include <cmath>

using namespace mlir;
using namespace mlir::cegm;

namespace mlir::cegm {
#define GEN_PASS_DEF_INJECTENTANGLEMENTPASS
#include "cegm/Transforms/Passes.h.inc"
} // namespace mlir::cegm

namespace {

class InjectEntanglement
    : public cegm::impl::InjectEntanglementPassBase<InjectEntanglement> {
public:
  using InjectEntanglementPassBase::InjectEntanglementPassBase;

  void runOnOperation() override;

private:
  SelectionOptions selectionOptions() {
    return {context,    sites,    include,       exclude,
            parameters, maxSites, sequenceLength};
  }
  bool wantsAudit() const {
    return audit || auditGradients || mode == Mode::Audit;
  }
  LogicalResult checkOptions();
  InjectEntanglementPassOptions rewriteOptions();

  void chooseReweighted(Selection &selection);
  void reportLeftAlone(const StepAnalysis &analysis);
  LogicalResult checkAudit(const Selection &selection);
  void countSites(const StepAnalysis &analysis);
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
  if (!(canaryShare > 0 && canaryShare <= 1))
    return error("canary-share")
           << "is " << double(canaryShare) << ", expected a number in (0, 1]";
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
  return verifySelection(UnknownLoc::get(&getContext()), getArgument(),
                         selectionOptions());
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
  options.acrossDevices = acrossDevices;
  options.apply = apply;
  options.radial = radial;
  // At strength 0 the step must stay what it is, to the last bit.
  options.keepOrder = keepOrder || (strength == 0 && !strengthArg);
  options.strengthArg = strengthArg;
  options.audit = wantsAudit();
  options.auditGradients = auditGradients;
  options.mode = mode;
  return options;
}

/// Tells the sites that are re-weighted from those that are only audited. What
/// is neither is left alone.
void InjectEntanglement::chooseReweighted(Selection &selection) {
  double share = mode == Mode::Full    ? 1.0
                 : mode == Mode::Audit ? 0.0
                                       : double(canaryShare);
  double due = mode == Mode::Canary ? 1.0 - share : 0.0;
  // One op that is seen in several contexts is rewritten in one way.
  DenseMap<Operation *, bool> decided;
  for (SelectedSite &selected : selection.sites) {
    auto [it, isNew] = decided.try_emplace(selected.site->gradientOp);
    if (isNew) {
      due += share;
      // Shares such as 0.1 add up to a little less than they should.
      it->second = due > 1.0 - 1e-9;
      if (it->second)
        due -= 1.0;
    }
    selected.isReweighted = it->second;
  }
  if (wantsAudit())
    return;
  llvm::erase_if(selection.sites, [&](const SelectedSite &selected) {
    if (selected.isReweighted)
      return false;
    const Site &site = *selected.site;
    selection.leftAlone.push_back({site.argument, "canary",
                                   "is not among the share of the sites that "
                                   "the option 'canary-share' re-weights",
                                   site.gradientOp->getLoc()});
    return true;
  });
}

void InjectEntanglement::reportLeftAlone(const StepAnalysis &analysis) {
  StringRef function = FunctionOpInterface(analysis.graph.entry()).getName();
  for (const LeftAlone &left : analysis.selection.leftAlone) {
    remark::missed(left.location, remark::RemarkOpts::name(left.code)
                                      .category("entanglement")
                                      .function(function))
        << describeParameter(analysis.graph, left.argument) + " " +
               left.message;
    ++skippedParameters;
  }
}

void InjectEntanglement::countSites(const StepAnalysis &analysis) {
  DenseSet<Operation *> seen;
  for (const SelectedSite &selected : analysis.selection.sites)
    if (seen.insert(selected.site->gradientOp).second)
      ++(selected.site->kind == Site::Kind::Dense ? denseSites
                                                  : embeddingSites);
}

/// An audit has a row for each iteration of the loops around a site.
LogicalResult InjectEntanglement::checkAudit(const Selection &selection) {
  constexpr int64_t maxRows = int64_t(1) << 20;
  for (const SelectedSite &selected : selection.sites) {
    int64_t rows = 1;
    for (const Site::Repetition &loop : selected.site->loops)
      rows = multiplySaturating(rows, loop.count.value_or(1));
    if (wantsAudit() && rows > maxRows)
      return emitError(selected.site->gradientOp->getLoc(),
                       "inject-entanglement: the audit of this site has ")
             << rows << " rows, one for each iteration of the loops around it, "
             << "expected " << maxRows
             << " at most; exclude the site, or do without an audit";
  }
  return success();
}

void InjectEntanglement::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<FunctionOpInterface> step = findTrainStep(module, getArgument());
  if (failed(checkOptions()) || failed(step))
    return signalPassFailure();
  if (strength == 0 && !strengthArg && !wantsAudit()) {
    remark::analysis(
        module.getLoc(),
        remark::RemarkOpts::name("strength-zero").category("entanglement"))
        << "strength is 0: the step stays as it is";
    return;
  }
  auto entry = dyn_cast<func::FuncOp>(step->getOperation());
  if (!entry) {
    emitError(step->getLoc(), "inject-entanglement: the train step is a '")
        << (*step)->getName() << "', expected a 'func.func'";
    return signalPassFailure();
  }
  auto analyze = [&]() -> FailureOr<StepAnalysis> {
    FailureOr<StepAnalysis> analysis = analyzeForRewriting(
        *step, selectionOptions(), apply, /*inlineAll=*/coupling > 0);
    if (succeeded(analysis)) {
      chooseReweighted(analysis->selection);
      inlinedCalls += analysis->inlinedCalls;
    }
    return analysis;
  };
  FailureOr<StepAnalysis> analysis = analyze();
  LayerCoupling layers;
  if (failed(analysis) ||
      (coupling > 0 && failed(layers.plan(analysis->selection.sites))))
    return signalPassFailure();
  if (layers.carryScores() && failed(analysis = analyze()))
    return signalPassFailure();
  const Selection &selection = analysis->selection;
  reportLeftAlone(*analysis);
  if (failed(checkAudit(selection)))
    return signalPassFailure();
  if (selection.sites.empty()) {
    InFlightDiagnostic error =
        emitError(entry.getLoc(), "inject-entanglement: ");
    bool isUnnamed = llvm::any_of(
        analysis->graph.skipped(), [](const SkippedParameter &skipped) {
          return skipped.reason == SkipReason::Unnamed;
        });
    if (isUnnamed)
      error << "'" << entry.getName()
            << "' returns no new state of any of its inputs; if it returns "
               "gradients, name the parameters with the option 'parameters'";
    else if (analysis->graph.sites().empty())
      error << "no gradient of a parameter found in '" << entry.getName()
            << "': expected a train step, with its backward part";
    else
      error << "none of the " << analysis->graph.sites().size()
            << " sites is left by the options 'sites', 'include', 'exclude', "
               "'context' and 'max-sites'";
    for (const LeftAlone &left : ArrayRef(selection.leftAlone).take_front(8))
      error.attachNote(left.location)
          << describeParameter(analysis->graph, left.argument) << " "
          << left.message << " [" << left.code << "]";
    return signalPassFailure();
  }
  countSites(*analysis);
  InjectEntanglementPassOptions options = rewriteOptions();
  if (failed(StepRewriter(entry, *analysis, layers, options).run()))
    return signalPassFailure();
  module->setAttr(kInjectedAttr, UnitAttr::get(&getContext()));
}
