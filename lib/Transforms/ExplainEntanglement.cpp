//===- ExplainEntanglement.cpp - Report the sites of a train step ---------===//

#include "SiteReport.h"
#include "cegm/Transforms/Passes.h"

using namespace mlir;
using namespace mlir::cegm;

namespace mlir::cegm {
#define GEN_PASS_DEF_EXPLAINENTANGLEMENTPASS
#include "cegm/Transforms/Passes.h.inc"
} // namespace mlir::cegm

namespace {
struct ExplainEntanglement
    : cegm::impl::ExplainEntanglementPassBase<ExplainEntanglement> {
  using ExplainEntanglementPassBase::ExplainEntanglementPassBase;
  explicit ExplainEntanglement(llvm::raw_ostream &os) : os(os) {}

  void runOnOperation() override {
    markAllAnalysesPreserved();
    SelectionOptions options{context,    sites,    include,       exclude,
                             parameters, maxSites, sequenceLength};
    FailureOr<FunctionOpInterface> entry =
        findTrainStep(getOperation(), getArgument());
    if (failed(entry) || failed(verifySelection(getOperation().getLoc(),
                                                getArgument(), options)))
      return signalPassFailure();
    FailureOr<TrainingGraph> graph =
        analyzeStep(*entry, getArgument(), options);
    if (failed(graph))
      return signalPassFailure();
    Selection selection = selectSites(*graph, options);
    if (format == ReportFormat::Json)
      printJsonReport(*graph, selection, os);
    else
      printTableReport(*graph, selection, os);
    os.flush();
  }

  llvm::raw_ostream &os = llvm::outs();
};
} // namespace

std::unique_ptr<Pass>
cegm::createExplainEntanglementPass(llvm::raw_ostream &os) {
  return std::make_unique<ExplainEntanglement>(os);
}
