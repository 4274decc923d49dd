//===- StepAnalysis.h - Analyse a step until it can be rewritten -*- C++ -*-==//

#ifndef CEGM_LIB_TRANSFORMS_STEPANALYSIS_H
#define CEGM_LIB_TRANSFORMS_STEPANALYSIS_H

#include "SiteSelection.h"
#include "cegm/Transforms/Passes.h"

namespace mlir::cegm {

struct StepAnalysis {
  TrainingGraph graph;
  Selection selection;
  unsigned inlinedCalls = 0;
};

/// Analyses the step that `entry` computes and inlines calls until each
/// selected site stands in one function, and each op is a selected site in all
/// its contexts or in none; with `inlineAll`, until all of them stand in the
/// entry function. Functions that nobody calls any more are left.
FailureOr<StepAnalysis> analyzeForRewriting(FunctionOpInterface entry,
                                            const SelectionOptions &options,
                                            Apply apply, bool inlineAll);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_STEPANALYSIS_H
