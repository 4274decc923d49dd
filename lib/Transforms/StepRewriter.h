//===- StepRewriter.h - Re-weight all selected sites of a step --*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_STEPREWRITER_H
#define CEGM_LIB_TRANSFORMS_STEPREWRITER_H

#include "LayerCoupling.h"
#include "SiteRewriter.h"
#include "StepAnalysis.h"
#include "StepSignature.h"

namespace mlir::cegm {

/// Re-weights the selected sites of one step, each once however many contexts
/// it is seen in, and adds the strength input and the audit result that the
/// options ask for.
class StepRewriter {
public:
  /// `coupling` was planned for the sites of `analysis`, if scores are coupled.
  StepRewriter(func::FuncOp entry, const StepAnalysis &analysis,
               LayerCoupling &coupling,
               const InjectEntanglementPassOptions &options);

  LogicalResult run();

private:
  Value getStrength(Operation *gradient, FloatType type);
  LogicalResult rewriteSite(unsigned position);
  LogicalResult checkDevices(const Site &site);
  void returnAudit(ArrayRef<StepSignature::Exported> exported);
  void describeRows(const SelectedSite &selected, Value table,
                    SmallVectorImpl<Attribute> &rows);

  func::FuncOp entry;
  const StepAnalysis &analysis;
  LayerCoupling &coupling;
  const InjectEntanglementPassOptions &options;
  Builder builder;
  StepSignature signature;
  SiteRewriter rewriter;

  /// The widest score type, that of the strength input and the audit.
  FloatType strengthType;
  bool hasMixedTypes = false;
  DenseMap<std::pair<Operation *, Type>, Value> constants;
  /// The gradient ops that are done and gone; they serve as names.
  DenseSet<Operation *> rewritten;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_STEPREWRITER_H
