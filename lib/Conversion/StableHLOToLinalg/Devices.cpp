//===- Devices.cpp - Shardings and collectives, on one device -------------===//

#include "IdentityPattern.h"
#include "Scalars.h"
#include "Tensors.h"

#include "cegm/Dialect/Partitioning.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// How many devices a mesh, or a reference to one, has.
static std::optional<int64_t> countDevices(Operation *op, Attribute meshOrRef) {
  sdy::MeshAttr mesh = getMesh(op, meshOrRef);
  if (!mesh)
    return std::nullopt;
  int64_t count = 1;
  for (sdy::MeshAxisAttr axis : mesh.getAxes())
    count *= axis.getSize();
  return count;
}

/// How many processes take part in one group of a collective, if that is known.
static std::optional<int64_t> countParticipants(Operation *op,
                                                Attribute groups) {
  if (auto matrix = dyn_cast<DenseIntElementsAttr>(groups))
    if (matrix.getNumElements() > 0)
      return matrix.getType().getShape().back();
  // No groups: all processes of the program.
  auto module = op->getParentOfType<ModuleOp>();
  int64_t count = 1;
  for (StringRef name : {"mhlo.num_replicas", "mhlo.num_partitions"}) {
    auto number = module->getAttrOfType<IntegerAttr>(name);
    if (!number)
      return std::nullopt;
    count *= number.getInt();
  }
  return count;
}

namespace {
template <typename OpTy> struct RemovePattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.eraseOp(op);
    return success();
  }
};

/// The code of the only device stands in place of a region for each device.
struct ManualComputationPattern : public HloPattern<sdy::ManualComputationOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(sdy::ManualComputationOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    for (auto shardings : {op.getInShardings(), op.getOutShardings()}) {
      for (sdy::TensorShardingAttr sharding : shardings.getShardings()) {
        std::optional<int64_t> count =
            countDevices(op, sharding.getMeshOrRef());
        if (count != 1)
          return this->reject(
              op, count
                      ? "it runs on " + Twine(*count) + " devices, expected one"
                      : Twine("it runs on a mesh that is not known"));
      }
    }
    Block &body = op.getBody().front();
    SmallVector<Value> args;
    for (auto [type, value] :
         llvm::zip_equal(body.getArgumentTypes(), adaptor.getTensors()))
      args.push_back(value.getType() == type
                         ? value
                         : getTypeConverter()->materializeSourceConversion(
                               rewriter, op.getLoc(), type, value));
    Operation *terminator = body.getTerminator();
    rewriter.inlineBlockBefore(&body, op, args);
    SmallVector<Value> results(terminator->getOperands());
    rewriter.eraseOp(terminator);
    rewriter.replaceOp(op, results);
    return success();
  }
};

/// A collective in groups of one process gives each its own operands back.
template <typename OpTy> struct CollectivePattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::optional<int64_t> count = countParticipants(op, op.getReplicaGroups());
    if (count != 1)
      return this->reject(
          op, count ? "it has " + Twine(*count) + " participants, expected one"
                    : Twine("its participants are all processes of a program, "
                            "whose number is not known"));
    rewriter.replaceOp(op, adaptor.getOperands());
    return success();
  }
};

/// A permutation of one process: its own operand, or zeros if none sends to it.
struct CollectivePermutePattern
    : public HloPattern<stablehlo::CollectivePermuteOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CollectivePermuteOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto pairs = op.getSourceTargetPairs().getValues<int64_t>();
    if (llvm::any_of(pairs, [](int64_t process) { return process != 0; }))
      return this->reject(op, "it has several participants, expected one");
    if (!pairs.empty()) {
      rewriter.replaceOp(op, adaptor.getOperand());
      return success();
    }
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    Value zero = createNumber(b, type.getElementType(), 0.0);
    if (type.getRank() == 0)
      rewriter.replaceOp(op, createScalarTensor(b, zero));
    else
      rewriter.replaceOp(
          op, createFilled(b, type, zero,
                           getDynamicSizes(b, type, adaptor.getOperand())));
    return success();
  }
};

template <typename OpTy> struct ProcessIdPattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Value zero = createNumber(b, b.getI32Type(), 0);
    rewriter.replaceOp(op, createScalarTensor(b, zero));
    return success();
  }
};

/// Calls by which the frontends of XLA mark shardings.
struct ShardingCallPattern : public HloPattern<stablehlo::CustomCallOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CustomCallOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    StringRef target = op.getCallTargetName();
    bool isMark = llvm::is_contained(
        {"Sharding", "SPMDFullToShardShape", "SPMDShardToFullShape"}, target);
    if (!isMark)
      return this->reject(op, "it calls '" + target +
                                  "', which this project lacks");
    if (op->getOperandTypes() != op->getResultTypes())
      return this->reject(op,
                          "its sharding divides a tensor, expected one device");
    rewriter.replaceOp(op, adaptor.getOperands());
    return success();
  }
};
} // namespace

void from_stablehlo::populateDevicePatterns(const TypeConverter &converter,
                                            RewritePatternSet &patterns) {
  patterns.add<CollectivePattern<stablehlo::AllGatherOp>,
               CollectivePattern<stablehlo::AllReduceOp>,
               CollectivePattern<stablehlo::AllToAllOp>,
               CollectivePattern<stablehlo::CollectiveBroadcastOp>,
               CollectivePattern<stablehlo::CrossReplicaSumOp>,
               CollectivePattern<stablehlo::ReduceScatterOp>,
               CollectivePermutePattern, ManualComputationPattern,
               IdentityPattern<sdy::DataFlowEdgeOp>,
               IdentityPattern<sdy::FuncDataFlowEdgeOp>,
               IdentityPattern<sdy::PropagationBarrierOp>,
               IdentityPattern<sdy::ReshardOp>,
               IdentityPattern<sdy::ShardingConstraintOp>,
               ProcessIdPattern<stablehlo::PartitionIdOp>,
               ProcessIdPattern<stablehlo::ReplicaIdOp>,
               RemovePattern<sdy::ShardingGroupOp>, ShardingCallPattern>(
      converter, patterns.getContext());
}
