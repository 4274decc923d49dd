//===- SiteReport.h - What people and programs read about sites -*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_SITEREPORT_H
#define CEGM_LIB_TRANSFORMS_SITEREPORT_H

#include "SiteSelection.h"

namespace mlir::cegm {

/// One JSON object; its schema is in docs/explain.md.
void printJsonReport(const TrainingGraph &graph, const Selection &selection,
                     llvm::raw_ostream &os);

/// A table for people, with a summary line.
void printTableReport(const TrainingGraph &graph, const Selection &selection,
                      llvm::raw_ostream &os);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_SITEREPORT_H
