//===- DeviceTokens.cpp - Which devices share a site's tokens -------------===//

#include "DeviceTokens.h"

#include "llvm/ADT/EquivalenceClasses.h"

#include <map>

using namespace mlir;
using namespace mlir::cegm;

using ValueId = FlowGraph::ValueId;

/// The finest groups that contain those of both; empty if they have unequal
/// sizes.
static DenseIntElementsAttr unite(DenseIntElementsAttr a,
                                  DenseIntElementsAttr b) {
  llvm::EquivalenceClasses<int64_t> classes;
  for (DenseIntElementsAttr groups : {a, b}) {
    int64_t size = groups.getType().getDimSize(1);
    for (auto [i, device] : llvm::enumerate(groups.getValues<int64_t>())) {
      classes.insert(device);
      if (i % size != 0)
        classes.unionSets(device, *(groups.value_begin<int64_t>() + (i - 1)));
    }
  }
  // Devices in order, in groups in the order of their first devices.
  std::map<int64_t, SmallVector<int64_t>> members;
  for (const auto *member : classes)
    members[classes.getLeaderValue(member->getData())].push_back(
        member->getData());
  std::map<int64_t, SmallVector<int64_t>> rows;
  for (auto &[leader, devices] : members) {
    llvm::sort(devices);
    rows[devices.front()] = devices;
  }
  SmallVector<int64_t> flat;
  int64_t size = rows.begin()->second.size();
  auto getType = [&](int64_t count, int64_t width) {
    return RankedTensorType::get({count, width}, a.getElementType());
  };
  for (auto &[first, devices] : rows) {
    if (int64_t(devices.size()) != size)
      return DenseIntElementsAttr::get(getType(0, 0), ArrayRef<int64_t>());
    llvm::append_range(flat, devices);
  }
  return DenseIntElementsAttr::get(getType(rows.size(), size), flat);
}

bool DeviceTokens::join(Groups &fact, Groups more) {
  if (!more || fact == more)
    return false;
  Groups before = fact;
  if (!fact) {
    fact = more;
  } else if (fact.empty() || more.empty()) {
    fact = fact.empty() ? fact : more;
  } else {
    Groups &both = joined[{fact, more}];
    if (!both)
      both = unite(fact, more);
    fact = both;
  }
  return fact != before;
}

/// Whether the node's results are what the devices' operands add up to.
static DenseIntElementsAttr getSummedDevices(const FlowGraph::Node &node) {
  TrainingGraphOpInterface interface = node.interface;
  return interface && !node.isMerge ? interface.getSummedDevices()
                                    : DenseIntElementsAttr();
}

/// Whether the node computes an argument of a body that runs once.
static bool entersBody(const FlowGraph &graph, const FlowGraph::Node &node) {
  TrainingGraphOpInterface interface = node.interface;
  return node.isMerge && interface && interface.runsBodyOnce() &&
         isa<BlockArgument>(graph.value(node.firstResult));
}

DeviceTokens::DeviceTokens(const FlowGraph &graph, const Reach &reach) {
  // Most programs are for one device, or divided by a compiler later on.
  if (llvm::any_of(graph.nodes(), getSummedDevices))
    findSums(graph);
  if (llvm::any_of(graph.nodes(), [&](const FlowGraph::Node &node) {
        return entersBody(graph, node);
      }))
    findParts(graph, reach);
}

void DeviceTokens::findSums(const FlowGraph &graph) {
  sums.resize(graph.numValues());
  for (bool again = true; again;) {
    again = false;
    for (const FlowGraph::Node &node : llvm::reverse(graph.nodes())) {
      TrainingGraphOpInterface interface = node.interface;
      if (!node.isMerge && interface && interface.getContraction())
        continue;
      Groups summed = getSummedDevices(node);
      std::optional<SliceAccess> access = getSliceAccess(graph, node);
      bool isJoin =
          !node.isMerge && interface && interface.getConcatenatedDim();
      for (auto [i, operand] : llvm::enumerate(graph.operands(node)))
        for (uint32_t r = 0; r < node.numResults; ++r) {
          ValueId result = node.firstResult + r;
          bool isSlice = access && access->kind == StackAccess::Kind::Write &&
                         operand == access->slice;
          // An op with a result for each operand sums each for itself.
          bool isSum = summed && (node.numResults == 1 || i == r);
          if (!isSlice && !isSum && !isJoin && !graph.isView(operand, result) &&
              !graph.haveSameShape(operand, result))
            continue;
          // What flows against the edges of a loop may need another pass.
          bool isBack = operand > result;
          again |= join(sums[operand], sums[result]) && isBack;
          if (isSum)
            join(sums[operand], summed);
        }
    }
  }
}

void DeviceTokens::findParts(const FlowGraph &graph, const Reach &reach) {
  parts.resize(graph.numValues());
  for (bool again = true; again;) {
    again = false;
    for (const FlowGraph::Node &node : graph.nodes()) {
      TrainingGraphOpInterface interface = node.interface;
      bool isBoundary = node.isMerge && interface && interface.runsBodyOnce();
      bool enters = entersBody(graph, node);
      for (uint32_t r = 0; r < node.numResults; ++r) {
        ValueId result = node.firstResult + r;
        if (enters && reach.isDataDependent(result))
          join(parts[result],
               interface.getPartDevices(
                   cast<BlockArgument>(graph.value(result)).getArgNumber()));
        // Outside, a tensor is whole.
        if (isBoundary && !enters)
          continue;
        for (ValueId operand : graph.operands(node))
          again |= join(parts[result], parts[operand]) && operand > result;
      }
    }
  }
}

DenseIntElementsAttr DeviceTokens::groupsOf(ValueId gradient,
                                            ValueId cotangent) const {
  Groups groups = sums.empty() ? Groups() : sums[gradient];
  if (!groups && !parts.empty())
    groups = parts[cotangent];
  bool isLone = groups && groups.getType().getDimSize(1) == 1;
  return isLone ? Groups() : groups;
}
