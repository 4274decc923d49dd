//===- Elementwise.cpp - Elementwise ops ----------------------------------===//

#include "Patterns.h"
#include "Regions.h"
#include "Scalars.h"
#include "Tensors.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

namespace {
/// Every op that the scalar table knows: scalar code if there is one element
/// without dimensions, and else a linalg.generic, whose body is that code.
struct ElementwisePattern : public ConversionPattern {
  ElementwisePattern(const TypeConverter &converter, MLIRContext *context)
      : ConversionPattern(converter, MatchAnyOpTypeTag(), /*benefit=*/1,
                          context) {}

  LogicalResult
  matchAndRewrite(Operation *op, ArrayRef<Value> operands,
                  ConversionPatternRewriter &rewriter) const override {
    const ScalarTable &table = ScalarTable::get();
    if (!table.contains(op)) {
      explain(op);
      return failure();
    }
    ImplicitLocOpBuilder b(op->getLoc(), rewriter);
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op->getResult(0).getType()));

    // Operands without dimensions may stand beside others: the limits of a
    // clamp and the condition of a select.
    SmallVector<Value> scalars(operands.size()), inputs;
    for (auto [index, operand] : llvm::enumerate(operands)) {
      if (cast<RankedTensorType>(operand.getType()).getRank() == 0)
        scalars[index] = getScalar(b, operand);
      else
        inputs.push_back(operand);
    }
    if (type.getRank() == 0) {
      rewriter.replaceOp(op,
                         createScalarTensor(b, table.lower(b, op, scalars)));
      return success();
    }
    if (inputs.empty())
      return rewriter.notifyMatchFailure(op, "no operand has its shape");
    auto body = [&](ImplicitLocOpBuilder &nested,
                    ValueRange args) -> SmallVector<Value> {
      SmallVector<Value> elements = scalars;
      size_t next = 0;
      for (Value &element : elements)
        if (!element)
          element = args[next++];
      return {table.lower(nested, op, elements)};
    };
    rewriter.replaceOp(
        op, createElementwise(b, type, getDynamicSizes(b, type, inputs[0]),
                              inputs, body));
    return success();
  }

private:
  /// Types of numbers that no op is written for (floats of 8 bits, say).
  void explain(Operation *op) const {
    if (!op->hasTrait<OpTrait::Elementwise>())
      return;
    for (Type type :
         llvm::concat<const Type>(llvm::to_vector(op->getOperandTypes()),
                                  llvm::to_vector(op->getResultTypes()))) {
      Type element = getElementTypeOrSelf(type);
      if (getElementKind(element))
        continue;
      llvm::raw_string_ostream(
          getTypeConverter<GraphTypeConverter>()->reasons[op] = "")
          << "its element type '" << element << "' is not handled";
      return;
    }
  }
};

/// Elementwise as the region says.
struct MapPattern : public HloPattern<stablehlo::MapOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::MapOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    std::string problem;
    if (failed(checkScalarRegion(op.getComputation(), problem)))
      return this->reject(op, problem);
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    RankedTensorType type = getType(op.getResult());
    Value first = adaptor.getInputs()[0];
    rewriter.replaceOp(
        op, createElementwise(
                b, type, getDynamicSizes(b, type, first), adaptor.getInputs(),
                [&](ImplicitLocOpBuilder &nested, ValueRange args) {
                  return inlineScalarRegion(
                      nested, op.getComputation(),
                      args.take_front(adaptor.getInputs().size()));
                }));
    return success();
  }
};
} // namespace

void from_stablehlo::populateElementwisePatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<ElementwisePattern, MapPattern>(converter,
                                               patterns.getContext());
}
