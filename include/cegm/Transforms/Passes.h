//===- Passes.h - Passes on training graphs ---------------------*- C++ -*-===//

#ifndef CEGM_TRANSFORMS_PASSES_H
#define CEGM_TRANSFORMS_PASSES_H

#include "cegm/Analysis/TrainingGraph.h"
#include "cegm/Dialect/Cegm/IR/Cegm.h"

#include "mlir/Pass/Pass.h"

namespace mlir::cegm {

/// What the weights are multiplied into.
enum class Apply { Weight, Flow };
/// How far the entanglement goes.
enum class Mode {
  /// Metrics only.
  Audit,
  /// A share of the sites is re-weighted.
  Canary,
  /// All sites are.
  Full,
};
/// What becomes of the change of a gradient along its parameter.
enum class Radial { Keep, Remove };
/// How a report is written.
enum class ReportFormat { Table, Json };

#define GEN_PASS_DECL
#include "cegm/Transforms/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "cegm/Transforms/Passes.h.inc"

/// As createExplainEntanglementPass(), with the report written to `os` instead
/// of standard output.
std::unique_ptr<Pass> createExplainEntanglementPass(llvm::raw_ostream &os);

} // namespace mlir::cegm

#endif // CEGM_TRANSFORMS_PASSES_H
