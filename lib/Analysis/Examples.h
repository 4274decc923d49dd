//===- Examples.h - Tokens that are whole examples --------------*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_EXAMPLES_H
#define CEGM_LIB_ANALYSIS_EXAMPLES_H

#include "Dataflow.h"
#include "cegm/Analysis/TrainingGraph.h"

namespace mlir::cegm {

/// Tells a batch of examples from a sequence of tokens.
class Examples {
public:
  Examples(const FlowGraph &graph, ArrayRef<ArgumentRole> roles);

  /// Whether the tokens of a site, whose loops, devices and tokens are
  /// described, are examples that have no order: there is one dimension of them,
  /// no reshape says what it was made from, it is the leading dimension of some
  /// data or a part of that (a micro-batch, a device's share), and it is not the
  /// length of a sequence that the user gave.
  bool areTokensOf(const Site &site,
                   std::optional<int64_t> sequenceLength) const;

private:
  SmallVector<ArrayRef<int64_t>> dataShapes;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_EXAMPLES_H
