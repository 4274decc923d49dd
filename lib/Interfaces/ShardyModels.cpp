//===- ShardyModels.cpp - Shardy ops in a training graph ------------------===//

#include "StableHLOModels.h"

#include "cegm/Dialect/Partitioning.h"

#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::detail;

/// The groups of devices that differ in their places along the given axes
/// alone.
static DenseIntElementsAttr getGroups(sdy::MeshAttr mesh,
                                      ArrayRef<StringRef> axes) {
  int64_t count = 1, size = 1;
  for (sdy::MeshAxisAttr axis : mesh.getAxes()) {
    count *= axis.getSize();
    if (llvm::is_contained(axes, axis.getName()))
      size *= axis.getSize();
  }
  if (size == 1)
    return {};
  // Devices by their places along the other axes.
  llvm::MapVector<int64_t, SmallVector<int64_t>> rows;
  for (int64_t device = 0; device < count; ++device) {
    int64_t rest = device, stride = 1, row = 0;
    for (sdy::MeshAxisAttr axis : llvm::reverse(mesh.getAxes())) {
      if (!llvm::is_contained(axes, axis.getName()))
        row += stride * (rest % axis.getSize());
      rest /= axis.getSize();
      stride *= axis.getSize();
    }
    ArrayRef<int64_t> ids = mesh.getDeviceIds();
    rows[row].push_back(ids.empty() ? device : ids[device]);
  }
  SmallVector<int64_t> flat;
  for (auto &[row, devices] : rows)
    llvm::append_range(flat, devices);
  auto type = RankedTensorType::get({count / size, size},
                                    IntegerType::get(mesh.getContext(), 64));
  return DenseIntElementsAttr::get(type, flat);
}

/// Whether devices of one row of `finer` are in one row of `groups`.
static bool joins(DenseIntElementsAttr groups, DenseIntElementsAttr finer) {
  if (!groups || !finer)
    return !finer;
  DenseMap<int64_t, int64_t> rows;
  int64_t size = groups.getType().getDimSize(1);
  for (auto [i, device] : llvm::enumerate(groups.getValues<int64_t>()))
    rows[device] = i / size;
  auto devices = llvm::to_vector(finer.getValues<int64_t>());
  int64_t width = finer.getType().getDimSize(1);
  for (auto [i, device] : llvm::enumerate(devices)) {
    auto own = rows.find(device), first = rows.find(devices[i - i % width]);
    if (own == rows.end() || first == rows.end() ||
        own->second != first->second)
      return false;
  }
  return true;
}

namespace {

struct ManualComputationModel
    : TrainingGraphOpInterface::ExternalModel<ManualComputationModel,
                                              sdy::ManualComputationOp> {
  bool runsBodyOnce(Operation *) const { return true; }

  DenseIntElementsAttr getPartDevices(Operation *op, unsigned operand) const {
    auto manual = cast<sdy::ManualComputationOp>(op);
    sdy::TensorShardingAttr sharding =
        manual.getInShardings().getSharding(operand);
    sdy::MeshAttr mesh = cegm::getMesh(op, sharding.getMeshOrRef());
    if (!mesh)
      return {};
    SmallVector<StringRef> axes;
    for (sdy::DimensionShardingAttr dim : sharding.getDimShardings())
      for (sdy::AxisRefAttr axis : dim.getAxes())
        if (isManual(manual, axis.getName()))
          axes.push_back(axis.getName());
    return getGroups(mesh, axes);
  }

  Value addOperand(Operation *op, Value whole) const {
    auto manual = cast<sdy::ManualComputationOp>(op);
    SmallVector<sdy::TensorShardingAttr> shardings(
        manual.getInShardings().getShardings());
    int64_t rank = cast<RankedTensorType>(whole.getType()).getRank();
    shardings.push_back(
        getSharding(manual, SmallVector<ArrayRef<sdy::AxisRefAttr>>(rank)));
    manual.setInShardingsAttr(
        sdy::TensorShardingPerValueAttr::get(op->getContext(), shardings));
    op->insertOperands(op->getNumOperands(), whole);
    return manual.getBody().front().addArgument(whole.getType(),
                                                whole.getLoc());
  }

  SmallVector<Value> addResults(Operation *op, ValueRange values,
                                ArrayRef<DenseIntElementsAttr> groups) const {
    auto manual = cast<sdy::ManualComputationOp>(op);
    SmallVector<sdy::TensorShardingAttr> shardings(
        manual.getOutShardings().getShardings());
    SmallVector<Type> types(op->getResultTypes());
    Operation *terminator = manual.getBody().front().getTerminator();
    OpBuilder builder(terminator);
    for (auto [value, same] : llvm::zip_equal(values, groups)) {
      SmallVector<sdy::AxisRefAttr> axes;
      int64_t count = 1;
      for (sdy::MeshAxisAttr axis : getMesh(manual).getAxes()) {
        if (!isManual(manual, axis.getName()) ||
            joins(same, getGroups(getMesh(manual), axis.getName())))
          continue;
        axes.push_back(
            sdy::AxisRefAttr::get(op->getContext(), axis.getName(), {}));
        count *= axis.getSize();
      }
      auto type = cast<RankedTensorType>(value.getType());
      SmallVector<int64_t> shape(type.getShape());
      shape.insert(std::prev(shape.end()), 1);
      Value stacked = stablehlo_models::createReshape(builder, value.getLoc(),
                                                      value, shape);
      terminator->insertOperands(terminator->getNumOperands(), stacked);
      SmallVector<ArrayRef<sdy::AxisRefAttr>> dims(shape.size());
      dims[shape.size() - 2] = axes;
      shape[shape.size() - 2] = count;
      shardings.push_back(getSharding(manual, dims));
      types.push_back(type.clone(shape));
    }
    builder.setInsertionPoint(op);
    auto replacement = sdy::ManualComputationOp::create(
        builder, op->getLoc(), types, op->getOperands(),
        manual.getInShardings(),
        sdy::TensorShardingPerValueAttr::get(op->getContext(), shardings),
        manual.getManualAxes());
    replacement->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    replacement.getBody().takeBody(manual.getBody());
    unsigned first = op->getNumResults();
    op->replaceAllUsesWith(replacement->getResults().take_front(first));
    op->erase();
    return llvm::to_vector_of<Value>(
        replacement->getResults().drop_front(first));
  }

private:
  static bool isManual(sdy::ManualComputationOp op, StringRef axis) {
    return llvm::is_contained(op.getManualAxes(),
                              StringAttr::get(op.getContext(), axis));
  }

  /// The mesh of all shardings, as they name it.
  static Attribute getMeshOrRef(sdy::ManualComputationOp op) {
    for (sdy::TensorShardingPerValueAttr list :
         {op.getInShardings(), op.getOutShardings()})
      if (!list.empty())
        return list.getSharding(0).getMeshOrRef();
    return {};
  }

  static sdy::MeshAttr getMesh(sdy::ManualComputationOp op) {
    return cegm::getMesh(op, getMeshOrRef(op));
  }

  static sdy::TensorShardingAttr
  getSharding(sdy::ManualComputationOp op,
              ArrayRef<ArrayRef<sdy::AxisRefAttr>> axes) {
    SmallVector<sdy::DimensionShardingAttr> dims;
    for (ArrayRef<sdy::AxisRefAttr> dim : axes)
      dims.push_back(sdy::DimensionShardingAttr::get(
          op.getContext(), dim, /*is_closed=*/true, std::nullopt));
    return sdy::TensorShardingAttr::get(op.getContext(), getMeshOrRef(op), dims,
                                        {}, {});
  }
};

} // namespace

void cegm::detail::attachShardyModels(MLIRContext &ctx) {
  sdy::ShardingConstraintOp::attachInterface<
      SameModel<sdy::ShardingConstraintOp>>(ctx);
  sdy::ManualComputationOp::attachInterface<ManualComputationModel>(ctx);
}
