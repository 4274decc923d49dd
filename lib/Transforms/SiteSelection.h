//===- SiteSelection.h - Which sites a user wants ---------------*- C++ -*-===//

#ifndef CEGM_LIB_TRANSFORMS_SITESELECTION_H
#define CEGM_LIB_TRANSFORMS_SITESELECTION_H

#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// The options that passes share, as values.
struct SelectionOptions {
  ContextPair context = ContextPair::Input;
  ArrayRef<std::string> kinds, include, exclude, parameters;
  int64_t maxSites = -1;
  /// 0 if it is not given.
  int64_t sequenceLength = 0;
};

struct SelectedSite {
  const Site *site;
  /// Position among the selected sites: the site's number in reports and
  /// audits.
  unsigned id;
  ContextPair context;
  /// False for a site that is only audited.
  bool isReweighted = true;
};

/// A parameter, site or candidate that is left alone.
struct LeftAlone {
  std::optional<unsigned> argument;
  StringRef code;
  std::string message;
  Location location;
};

struct Selection {
  std::vector<SelectedSite> sites;
  std::vector<LeftAlone> leftAlone;
};

/// Marks a module that was injected, so that it is not injected twice.
constexpr StringLiteral kInjectedAttr = "cegm.injected";

/// The entry function of a module that no injection has changed yet; `pass` is
/// the name that the error begins with.
FailureOr<FunctionOpInterface> findTrainStep(ModuleOp module, StringRef pass);

/// Verifies that every entry of `kinds` names a kind of sites; `pass` is the
/// name that the error begins with.
LogicalResult verifySelection(Location loc, StringRef pass,
                              const SelectionOptions &options);

/// Analyses the step with what the options say about it. Fails if an
/// entry of them names no argument; `pass` is the name that the error begins
/// with.
FailureOr<TrainingGraph> analyzeStep(FunctionOpInterface entry, StringRef pass,
                                     const SelectionOptions &options);

/// Sorts the sites of `graph` into those that the options ask for and others;
/// the reasons of the analysis come after.
Selection selectSites(const TrainingGraph &graph,
                      const SelectionOptions &options);

/// "parameter 3 (p['w'])", for messages.
std::string describeParameter(const TrainingGraph &graph,
                              std::optional<unsigned> argument);

} // namespace mlir::cegm

#endif // CEGM_LIB_TRANSFORMS_SITESELECTION_H
