//===- CollectiveOps.cpp - Communication between devices ------------------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/CollectiveOps.cpp.inc"

void StablehloDialect::registerCollectiveOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/CollectiveOps.cpp.inc"
      >();
}

// How many processes there are is not known here, so (C3) of all_gather and its
// like are checked as far as the groups tell: they name each process up to the
// largest one.

/// Whether process ids of all devices come with a channel and are not empty.
template <typename Op> static LogicalResult checkChannel(Op op) {
  if (!op.getUseGlobalDeviceIds())
    return success();
  ChannelHandleAttr channel = op.getChannelHandleAttr();
  if (!channel || channel.getHandle() <= 0)
    return op.emitOpError() << "has use_global_device_ids and channel "
                            << (channel ? channel.getHandle() : 0)
                            << ", expected a positive channel_handle";
  if (auto groups = dyn_cast<DenseIntElementsAttr>(op.getReplicaGroups());
      groups && groups.empty())
    return op.emitOpError()
           << "has use_global_device_ids, expected replica_groups that are not "
              "empty";
  return success();
}

/// How many processes a group has, where the groups are written out and hold
/// all of them: a positive channel without global ids adds all partitions.
template <typename Op> static std::optional<int64_t> getProcessCount(Op op) {
  ChannelHandleAttr channel = op.getChannelHandleAttr();
  if (channel && channel.getHandle() > 0 && !op.getUseGlobalDeviceIds())
    return std::nullopt;
  auto groups = dyn_cast<DenseIntElementsAttr>(op.getReplicaGroups());
  if (!groups || groups.empty())
    return std::nullopt;
  return groups.getType().getDimSize(1);
}

/// Whether a size is `factor` times another, or any multiple of it if the
/// factor is not known.
static bool isMultiple(int64_t size, int64_t other,
                       std::optional<int64_t> factor) {
  if (ShapedType::isDynamic(size) || ShapedType::isDynamic(other))
    return true;
  return factor ? size == other * *factor : other != 0 && size % other == 0;
}

/// Whether one dimension of `larger` is that of `smaller` times the size of a
/// group, and the others are the same.
static LogicalResult checkScaled(Operation *op, StringRef name, Type type,
                                 StringRef otherName, Type other, int64_t dim,
                                 std::optional<int64_t> factor, bool grows) {
  auto tensor = cast<RankedTensorType>(type);
  auto otherTensor = cast<RankedTensorType>(other);
  SmallVector<int64_t> expected(otherTensor.getShape());
  bool fits = tensor.getRank() == otherTensor.getRank();
  if (fits) {
    int64_t size = tensor.getDimSize(dim), from = expected[dim];
    fits =
        grows ? isMultiple(size, from, factor) : isMultiple(from, size, factor);
    expected[dim] = size;
    fits &= succeeded(verifyCompatibleShape(tensor.getShape(), expected));
  }
  if (fits)
    return success();
  InFlightDiagnostic diag =
      op->emitOpError() << name << " has type " << type << " and " << otherName
                        << " " << other << ", expected the same shape but for "
                        << "dimension " << dim << ", which has ";
  if (factor)
    return diag << (grows ? "" : "1/") << *factor << (grows ? " times" : " of")
                << " the size";
  return diag << (grows ? "a multiple" : "a part") << " of the size";
}

/// Whether the size of a dimension is not 0.
static LogicalResult checkNotEmpty(Operation *op, StringRef name, Type type,
                                   int64_t dim) {
  if (cast<RankedTensorType>(type).getDimSize(dim) != 0)
    return success();
  return op->emitOpError() << name << " has type " << type
                           << ", expected a size of 1 or more in dimension "
                           << dim;
}

/// Whether there is a result for each operand.
static LogicalResult checkResultCount(Operation *op) {
  if (op->getNumResults() == op->getNumOperands())
    return success();
  return op->emitOpError() << "has " << op->getNumResults()
                           << " results, expected one for each of the "
                           << op->getNumOperands() << " operands";
}

//===----------------------------------------------------------------------===//
// Gathers and reductions
//===----------------------------------------------------------------------===//

LogicalResult AllGatherOp::verify() {
  // all_gather_c2 to all_gather_c4: each process is in one group.
  // all_gather_c5: global ids come with a channel.
  if (failed(checkReplicaGroups(*this, getReplicaGroups(),
                                /*sameSize=*/true)) ||
      failed(checkChannel(*this)) || failed(checkResultCount(*this)))
    return failure();
  int64_t dim = getAllGatherDim();
  for (auto [operand, result] : llvm::zip_equal(getOperands(), getResults())) {
    auto type = cast<RankedTensorType>(operand.getType());
    // all_gather_c1: all_gather_dim is a dimension of the operands.
    if (failed(checkDim(*this, "all_gather_dim", dim, type.getRank(),
                        "the operand")) ||
        failed(checkNotEmpty(*this, "operand", type, dim)))
      return failure();
    // all_gather_c6: the results have the types of the operands, but for the
    // dimension.
    if (failed(checkElementType(*this, "result", result.getType(), type)) ||
        failed(checkScaled(*this, "result", result.getType(), "operand", type,
                           dim, getProcessCount(*this), /*grows=*/true)))
      return failure();
  }
  return success();
}

LogicalResult AllReduceOp::verify() {
  // all_reduce_c1 to all_reduce_c3: each process is in one group.
  // all_reduce_c4: global ids come with a channel.
  if (failed(checkReplicaGroups(*this, getReplicaGroups(),
                                /*sameSize=*/false)) ||
      failed(checkChannel(*this)) || failed(checkResultCount(*this)))
    return failure();
  for (auto [index, operand] : llvm::enumerate(getOperands())) {
    // all_reduce_c5: the region takes two scalars and returns one.
    Type scalar = getScalarTypes(operand.getType()).front();
    if (failed(checkReducer(*this, getComputation(), "computation", scalar,
                            scalar)))
      return failure();
    // all_reduce_c6 and all_reduce_c7: the results have the shapes of the
    // operands, and the elements of the region.
    auto type = cast<RankedTensorType>(operand.getType());
    Type element =
        getElementTypeOrSelf(getComputation().getArgument(0).getType());
    if (failed(checkType(*this, "result " + Twine(index),
                         getResult(index).getType(), type.clone(element))))
      return failure();
  }
  return success();
}

LogicalResult ReduceScatterOp::verify() {
  RankedTensorType operand = getOperand().getType(), result = getType();
  int64_t dim = getScatterDimension();
  // reduce_scatter_c3 to reduce_scatter_c5: each process is in one group.
  // reduce_scatter_c6: global ids come with a channel.
  // reduce_scatter_c2: scatter_dimension is a dimension of the operand.
  if (failed(checkReplicaGroups(*this, getReplicaGroups(),
                                /*sameSize=*/true)) ||
      failed(checkChannel(*this)) ||
      failed(checkDim(*this, "scatter_dimension", dim, operand.getRank(),
                      "the operand")))
    return failure();
  // reduce_scatter_c7: the region takes two scalars and returns one.
  Type scalar = getScalarTypes(operand).front();
  if (failed(
          checkReducer(*this, getComputation(), "computation", scalar, scalar)))
    return failure();
  // reduce_scatter_c1 and reduce_scatter_c8: the result has a part of the
  // dimension.
  if (failed(checkNotEmpty(*this, "operand", operand, dim)) ||
      failed(checkScaled(*this, "result", result, "operand", operand, dim,
                         getProcessCount(*this), /*grows=*/false)))
    return failure();
  // reduce_scatter_c9: the result has the elements of the region.
  return checkElementType(*this, "result", result,
                          getComputation().getArgument(0).getType());
}

//===----------------------------------------------------------------------===//
// One to all, and all to one
//===----------------------------------------------------------------------===//

/// The operands that are data, without the dynamic root. Fails if there are
/// none or if the root is no number for each.
template <typename Op> static FailureOr<OperandRange> getData(Op op) {
  OperandRange data = op.getOperands();
  int64_t least = op.getHasDynamicRoot() ? 2 : 1;
  if (static_cast<int64_t>(data.size()) < least)
    return op.emitOpError()
           << "has " << data.size() << " operands, expected "
           << (least == 2 ? "data and the dynamic root, 2 or more"
                          : "1 or more");
  if (!op.getHasDynamicRoot())
    return data;
  auto root = data.back().getType();
  data = data.drop_back();
  auto expected = RankedTensorType::get(static_cast<int64_t>(data.size()),
                                        IntegerType::get(op.getContext(), 32));
  if (root != expected)
    return op.emitOpError()
           << "root has type " << root << ", expected " << expected
           << ", a process for each of the other operands";
  return data;
}

LogicalResult CollectiveBroadcastOp::verify() {
  // collective_broadcast_c1 and collective_broadcast_c2: no process is twice in
  // the groups.
  if (failed(checkPartialGroups(*this, getReplicaGroups())))
    return failure();
  // collective_broadcast_c3 and collective_broadcast_c4: there are data, and a
  // root where it is dynamic.
  FailureOr<OperandRange> data = getData(*this);
  if (failed(data))
    return failure();
  // collective_broadcast_c5: there is a result for each of the data.
  return checkTypes(*this, "result", getResultTypes(), data->getTypes());
}

LogicalResult CollectiveReduceOp::verify() {
  // collective_reduce_c1 and collective_reduce_c2: no process is twice in the
  // groups.
  if (failed(checkPartialGroups(*this, getReplicaGroups())) ||
      failed(checkChannel(*this)))
    return failure();
  FailureOr<OperandRange> data = getData(*this);
  if (failed(data))
    return failure();
  SmallVector<Type> expected;
  for (Value operand : *data) {
    // collective_reduce_c4: the region takes two scalars and returns one.
    Type scalar = getScalarTypes(operand.getType()).front();
    if (failed(checkReducer(*this, getComputation(), "computation", scalar,
                            scalar)))
      return failure();
    expected.push_back(cast<RankedTensorType>(operand.getType())
                           .clone(getElementTypeOrSelf(
                               getComputation().getArgument(0).getType())));
  }
  // collective_reduce_c3: the results have the shapes of the data.
  return checkTypes(*this, "result", getResultTypes(), expected);
}
