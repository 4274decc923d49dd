//===- TransferOps.cpp - Transfers, and operations that still run ---------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

//===----------------------------------------------------------------------===//
// Transfers with the host and other programs
//===----------------------------------------------------------------------===//

/// The types of channels, by the numbers of the text.
enum ChannelType : int64_t {
  DeviceToDevice = 1,
  DeviceToHost = 2,
  HostToDevice = 3
};

static LogicalResult checkChannelType(Operation *op, ChannelHandleAttr channel,
                                      bool isHostTransfer,
                                      ChannelType hostType) {
  int64_t expected = isHostTransfer ? hostType : DeviceToDevice;
  if (channel.getType() == expected)
    return success();
  return op->emitOpError() << "channel_handle has type " << channel.getType()
                           << ", expected " << expected << " where "
                           << "is_host_transfer is "
                           << (isHostTransfer ? "true" : "false");
}

/// Whether the results are tensors and then a token.
static LogicalResult checkTransferred(Operation *op) {
  if (op->getNumResults() == 0)
    return op->emitOpError() << "has no results, expected a token at least";
  for (auto [index, type] : llvm::enumerate(op->getResultTypes())) {
    bool isLast = index + 1 == op->getNumResults();
    if (isa<TokenType>(type) != isLast)
      return op->emitOpError()
             << "result " << index << " has type " << type << ", expected "
             << (isLast ? "a token as the last result" : "a tensor");
  }
  return success();
}

LogicalResult InfeedOp::verify() {
  // infeed_c1 to infeed_c3: there are tensors and a token.
  if (failed(checkTransferred(*this)))
    return failure();
  ArrayAttr layouts = getLayoutAttr();
  if (!layouts)
    return success();
  if (layouts.size() != getNumResults() - 1)
    return emitOpError() << "layout has " << layouts.size()
                         << " entries, expected one for each of the "
                         << getNumResults() - 1 << " tensors";
  for (auto [index, layout] : llvm::enumerate(layouts)) {
    auto dims = dyn_cast<ArrayAttr>(layout);
    if (!dims || !llvm::all_of(dims, llvm::IsaPred<IntegerAttr>))
      return emitOpError() << "layout[" << index << "] is " << layout
                           << ", expected a list of integers";
  }
  return success();
}

LogicalResult SendOp::verify() {
  // send_c1 to send_c4: each process is a source and a target once at most.
  if (DenseIntElementsAttr pairs = getSourceTargetPairsAttr();
      pairs && failed(checkSourceTargetPairs(*this, pairs)))
    return failure();
  // send_c5: the channel leads to the host or to a device.
  return checkChannelType(*this, getChannelHandle(), getIsHostTransfer(),
                          DeviceToHost);
}

LogicalResult RecvOp::verify() {
  // recv_c1 to recv_c4: each process is a source and a target once at most.
  if (DenseIntElementsAttr pairs = getSourceTargetPairsAttr();
      pairs && failed(checkSourceTargetPairs(*this, pairs)))
    return failure();
  // recv_c5: the channel comes from the host or from a device.
  if (failed(checkChannelType(*this, getChannelHandle(), getIsHostTransfer(),
                              HostToDevice)))
    return failure();
  return checkTransferred(*this);
}

//===----------------------------------------------------------------------===//
// Asynchronous operations
//===----------------------------------------------------------------------===//

LogicalResult AsyncStartOp::verify() {
  // async_start_c1: there is one operation.
  Block &block = getBody().front();
  if (!llvm::hasNItems(block, 2))
    return emitOpError() << "body has "
                         << std::distance(block.begin(), block.end()) - 1
                         << " operations, expected one and a return";
  // async_start_c2: it communicates or takes a part.
  Operation &inner = block.front();
  if (!isa<AllReduceOp, AllGatherOp, AllToAllOp, CollectivePermuteOp,
           ReduceScatterOp, CollectiveBroadcastOp, SliceOp, DynamicSliceOp,
           DynamicUpdateSliceOp>(inner))
    return emitOpError() << "body has operation '" << inner.getName()
                         << "', expected a collective or a slice";
  // async_start_c3: it has the operands.
  if (failed(checkArguments(*this, getBody(), "body", getOperandTypes())))
    return failure();
  // async_start_c4: the future holds what the body returns.
  return checkReturned(*this, getBody(), "body",
                       cast<FutureType>(getType()).getTypes());
}

LogicalResult AsyncDoneOp::verify() {
  // async_done_c1: the results are what the future holds.
  return checkTypes(*this, "result", getResultTypes(),
                    cast<FutureType>(getOperand().getType()).getTypes());
}

LogicalResult FutureType::verify(function_ref<InFlightDiagnostic()> emitError,
                                 ArrayRef<Type> types) {
  for (Type type : types)
    if (!isa<RankedTensorType>(type))
      return emitError() << "a future holds type " << type
                         << ", expected ranked tensors";
  return success();
}
