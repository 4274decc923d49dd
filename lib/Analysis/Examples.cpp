//===- Examples.cpp - Tokens that are whole examples ----------------------===//

#include "Examples.h"

using namespace mlir;
using namespace mlir::cegm;

Examples::Examples(const FlowGraph &graph, ArrayRef<ArgumentRole> roles) {
  for (auto [argument, role] : llvm::enumerate(roles)) {
    auto type = dyn_cast<RankedTensorType>(graph.value(argument).getType());
    if (role == ArgumentRole::Data && type && type.getRank() > 0)
      dataShapes.push_back(type.getShape());
  }
}

/// Whether `size` examples are all or a part of `leading` ones. (A size that is
/// not known may be any.)
static bool isPart(int64_t size, int64_t leading) {
  if (ShapedType::isDynamic(size) || ShapedType::isDynamic(leading))
    return ShapedType::isDynamic(size) && ShapedType::isDynamic(leading);
  return size > 0 && leading % size == 0;
}

bool Examples::areTokensOf(const Site &site,
                           std::optional<int64_t> sequenceLength) const {
  if (!site.tokenSizes.empty())
    return false;
  SmallVector<int64_t> sizes = site.tokenShape();
  llvm::erase(sizes, 1);
  if (sizes.size() != 1 || sizes.front() == sequenceLength)
    return false;
  return llvm::any_of(dataShapes, [&](ArrayRef<int64_t> shape) {
    if (isPart(sizes.front(), shape.front()))
      return true;
    // A loop may take one part of the data after the other.
    for (const Site::Repetition &loop : site.loops)
      if (!loop.isLayers && shape.size() > 1 && loop.count == shape.front())
        shape = shape.drop_front();
    return isPart(sizes.front(), shape.front());
  });
}
