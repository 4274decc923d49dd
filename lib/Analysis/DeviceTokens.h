//===- DeviceTokens.h - Which devices share a site's tokens -----*- C++ -*-===//

#ifndef CEGM_LIB_ANALYSIS_DEVICETOKENS_H
#define CEGM_LIB_ANALYSIS_DEVICETOKENS_H

#include "Stacks.h"

namespace mlir::cegm {

/// Finds, inside of code that each device runs on parts of tensors, the devices
/// that the tokens of a site are divided among. Groups of devices are rows of a
/// matrix, as collectives have them; those of two axes of a mesh join to the
/// groups of both.
class DeviceTokens {
public:
  DeviceTokens(const FlowGraph &graph, const Reach &reach);

  /// The groups for a site with the given gradient, which sums over the tokens
  /// of `cotangent`:
  ///
  /// 1. the devices whose gradients are added up, where such a sum follows;
  /// 2. else those that have different parts of the data that the cotangent is
  ///    computed from. (Some may have the same tokens for all that, gathered on
  ///    the way; to count each of them as often leaves means as they are.)
  ///
  /// Null if each device has all tokens. Empty if groups would have unequal
  /// sizes.
  DenseIntElementsAttr groupsOf(FlowGraph::ValueId gradient,
                                FlowGraph::ValueId cotangent) const;

private:
  using Groups = DenseIntElementsAttr;

  void findSums(const FlowGraph &graph);
  void findParts(const FlowGraph &graph, const Reach &reach);
  /// Joins groups into a fact; returns whether the fact has changed.
  bool join(Groups &fact, Groups more);

  /// For each value the devices whose values of it are added up, by ops that
  /// follow and keep it whole; none where the program has no such ops.
  std::vector<Groups> sums;
  /// For each value the devices that have different parts of the data that it
  /// depends on.
  std::vector<Groups> parts;
  DenseMap<std::pair<Attribute, Attribute>, Groups> joined;
};

} // namespace mlir::cegm

#endif // CEGM_LIB_ANALYSIS_DEVICETOKENS_H
