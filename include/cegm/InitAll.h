//===- InitAll.h - Everything that a cegm tool registers ------------------===//

#ifndef CEGM_INITALL_H
#define CEGM_INITALL_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace mlir::cegm {

/// Adds every dialect that this project reads, creates or passes through, with
/// the external models that connect them.
void registerAllDialects(DialectRegistry &registry);

/// Registers the passes and pipelines of this project.
void registerCegmPasses();

/// Registers these and all of MLIR's own.
void registerAllPasses();

} // namespace mlir::cegm

#endif // CEGM_INITALL_H
