//===- StableHLOToLinalg.cpp - Training graphs to linalg ------------------===//

#include "cegm/Conversion/Passes.h"

#include "Patterns.h"
#include "Regions.h"
#include "Scalars.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Func/Transforms/FuncConversions.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace mlir::cegm {
#define GEN_PASS_DEF_CONVERTSTABLEHLOTOLINALGPASS
#include "cegm/Conversion/Passes.h.inc"
} // namespace mlir::cegm

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

GraphTypeConverter::GraphTypeConverter() {
  addConversion([](Type type) { return type; });
  addConversion([](RankedTensorType type) -> Type {
    return RankedTensorType::get(type.getShape(),
                                 getSignlessElement(type.getElementType()));
  });
  auto cast = [](OpBuilder &builder, Type type, ValueRange inputs,
                 Location loc) -> Value {
    return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
        .getResult(0);
  };
  addSourceMaterialization(cast);
  addTargetMaterialization(cast);
}

static bool isGraphOp(Operation *op) {
  return isa_and_nonnull<stablehlo::StablehloDialect, chlo::ChloDialect,
                         sdy::SdyDialect, tm_tensor::TMTensorDialect>(
      op->getDialect());
}

/// More elements than any machine holds, so that the sizes of what is computed
/// from them fit into 64 bits.
static constexpr int64_t kMaxElements = int64_t(1) << 48;

static LogicalResult checkSizes(ModuleOp module) {
  auto isTooLarge = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    int64_t count = 1;
    if (tensor)
      for (int64_t size : tensor.getShape())
        if (!ShapedType::isDynamic(size) &&
            (llvm::MulOverflow(count, size, count) || count > kMaxElements))
          return true;
    return false;
  };
  WalkResult walked = module.walk([&](Operation *op) -> WalkResult {
    for (Type type : op->getResultTypes())
      if (isTooLarge(type))
        return op->emitOpError("has a result of type ")
               << type << ", expected no more than 2^48 elements";
    return success();
  });
  return failure(walked.wasInterrupted());
}

namespace {
struct ConvertStableHLOToLinalgPass
    : cegm::impl::ConvertStableHLOToLinalgPassBase<
          ConvertStableHLOToLinalgPass> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    if (failed(checkSizes(module)))
      return signalPassFailure();
    module.walk([](Operation *op) {
      if (isGraphOp(op) && !op->hasTrait<OpTrait::IsIsolatedFromAbove>())
        for (Region &region : op->getRegions())
          if (!isa<stablehlo::WhileOp, stablehlo::IfOp, stablehlo::CaseOp>(
                  op)) {
            inlineCallsOfRegion(region);
            copyConstantsIntoRegion(region);
          }
    });
    GraphTypeConverter converter;
    if (failed(convert(module, converter)))
      return signalPassFailure();
    dropShardings(module);
    if (failed(reportRest(module, converter)))
      return signalPassFailure();
    if (failed(liftLoops(module)))
      return signalPassFailure();
  }

  LogicalResult convert(ModuleOp module, const GraphTypeConverter &converter) {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    populateElementwisePatterns(converter, patterns);
    populateConstantPatterns(converter, patterns);
    populateShapePatterns(converter, patterns);
    populatePartPatterns(converter, patterns);
    populateContractionPatterns(converter, patterns);
    populateRaggedProductPatterns(converter, patterns);
    populateRandomPatterns(converter, patterns);
    populateNormalizationPatterns(converter, patterns);
    populateFourierPatterns(converter, patterns);
    populateReductionPatterns(converter, patterns);
    populateGatherPatterns(converter, patterns);
    populateScatterPatterns(converter, patterns);
    populateControlFlowPatterns(converter, patterns);
    populateBitcastPatterns(converter, patterns);
    populateSortPatterns(converter, patterns);
    populateDevicePatterns(converter, patterns);
    populateWindowPatterns(converter, patterns);
    populateConvolutionPatterns(converter, patterns);
    populateDynamicShapePatterns(converter, patterns);
    populateImplicitBroadcastPatterns(converter, patterns);
    populateFactorizationPatterns(converter, patterns);
    populateTMTensorPatterns(converter, patterns);
    populateFunctionOpInterfaceTypeConversionPattern<func::FuncOp>(patterns,
                                                                   converter);
    populateCallOpTypeConversionPattern(patterns, converter);
    populateReturnOpTypeConversionPattern(patterns, converter);

    // Ops of the graph are of unknown legality: those that stay are reported
    // together, with the reasons.
    ConversionTarget target(*context);
    target.markUnknownOpDynamicallyLegal(
        [&](Operation *op) -> std::optional<bool> {
          if (isGraphOp(op))
            return std::nullopt;
          return true;
        });
    target.addDynamicallyLegalOp<func::FuncOp>([&](func::FuncOp op) {
      return converter.isSignatureLegal(op.getFunctionType()) &&
             converter.isLegal(&op.getBody());
    });
    target.addDynamicallyLegalOp<func::CallOp, func::ReturnOp>(
        [&](Operation *op) { return converter.isLegal(op); });
    ConversionConfig config;
    config.allowPatternRollback = false;
    return applyPartialConversion(module, target, std::move(patterns), config);
  }

  /// Meshes and the attributes that refer to them, which the patterns needed.
  void dropShardings(ModuleOp module) {
    auto isSharding = [](NamedAttribute attribute) {
      return isa_and_nonnull<sdy::SdyDialect>(attribute.getNameDialect());
    };
    auto drop = [&](DictionaryAttr attributes) {
      return DictionaryAttr::get(
          &getContext(), llvm::filter_to_vector(attributes.getValue(),
                                                std::not_fn(isSharding)));
    };
    module.walk([&](FunctionOpInterface function) {
      for (unsigned i = 0; i < function.getNumArguments(); ++i)
        if (DictionaryAttr attributes = function.getArgAttrDict(i))
          function.setArgAttrs(i, drop(attributes));
      for (unsigned i = 0; i < function.getNumResults(); ++i)
        if (DictionaryAttr attributes = function.getResultAttrDict(i))
          function.setResultAttrs(i, drop(attributes));
    });
    module.walk([&](Operation *op) {
      op->setDiscardableAttrs(drop(op->getDiscardableAttrDictionary()));
    });
    for (auto mesh : llvm::make_early_inc_range(module.getOps<sdy::MeshOp>()))
      mesh.erase();
  }

  LogicalResult reportRest(ModuleOp module,
                           const GraphTypeConverter &converter) {
    bool failed = false;
    module.walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (!isGraphOp(op))
        return WalkResult::advance();
      failed = true;
      InFlightDiagnostic error = op->emitOpError("is not converted to linalg");
      auto reason = converter.reasons.find(op);
      if (reason != converter.reasons.end())
        error << ": " << reason->second;
      return WalkResult::skip();
    });
    return failure(failed);
  }

  /// Loops that count become scf.for.
  LogicalResult liftLoops(ModuleOp module) {
    RewritePatternSet patterns(&getContext());
    scf::populateUpliftWhileToForPatterns(patterns);
    return applyPatternsGreedily(module, std::move(patterns));
  }
};
} // namespace
