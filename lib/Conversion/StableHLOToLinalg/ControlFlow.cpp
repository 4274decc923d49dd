//===- ControlFlow.cpp - Loops and branches to scf ------------------------===//
//
// Tensors without dimensions cross the borders of regions as scalars: counters
// of loops so become what scf.for understands, and nothing is allocated.
//
//===----------------------------------------------------------------------===//

#include "Patterns.h"
#include "Tensors.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

static bool isScalarTensor(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor && tensor.getRank() == 0;
}

/// Values as they cross a border with the given types. Sizes may be known on
/// one side alone.
static SmallVector<Value> unwrap(ImplicitLocOpBuilder &b, ValueRange values,
                                 TypeRange types) {
  SmallVector<Value> crossing;
  for (auto [value, type] : llvm::zip_equal(values, types)) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    crossing.push_back(isScalarTensor(value.getType()) ? getScalar(b, value)
                       : tensor ? castTo(b, tensor, value)
                                : value);
  }
  return crossing;
}

namespace {
/// A list of values that crosses a border.
struct Border {
  /// `types` are those before the conversion.
  Border(const TypeConverter &converter, TypeRange types)
      : converter(converter), originals(types) {
    for (Type type : types) {
      Type converted = converter.convertType(type);
      crossing.push_back(isScalarTensor(converted)
                             ? getElementTypeOrSelf(converted)
                             : converted);
    }
  }

  /// What has crossed, as tensors again, with types after the conversion.
  SmallVector<Value> wrap(ImplicitLocOpBuilder &b, ValueRange values) const {
    SmallVector<Value> tensors;
    for (auto [type, value] : llvm::zip_equal(originals, values))
      tensors.push_back(isScalarTensor(type) ? createScalarTensor(b, value)
                                             : value);
    return tensors;
  }

  /// Moves the block of `from` into the region `to`, where it gets its
  /// arguments across this border.
  void moveBlock(ConversionPatternRewriter &rewriter, Region &from,
                 Region &to) const {
    OpBuilder::InsertionGuard guard(rewriter);
    Location loc = from.getLoc();
    Block *block = rewriter.createBlock(
        &to, to.end(), crossing, SmallVector<Location>(crossing.size(), loc));
    ImplicitLocOpBuilder b(loc, rewriter);
    SmallVector<Value> values = wrap(b, block->getArguments());
    for (auto [type, value] :
         llvm::zip_equal(from.getArgumentTypes(), values)) {
      if (auto tensor = dyn_cast<RankedTensorType>(converter.convertType(type)))
        value = castTo(b, tensor, value);
      if (value.getType() != type)
        value = converter.materializeSourceConversion(b, loc, type, value);
    }
    rewriter.inlineBlockBefore(&from.front(), block, block->end(), values);
  }

  const TypeConverter &converter;
  SmallVector<Type> originals, crossing;
};

struct WhilePattern : public HloPattern<stablehlo::WhileOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::WhileOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Border border(*getTypeConverter(), op.getResultTypes());
    auto loop = scf::WhileOp::create(
        b, border.crossing, unwrap(b, adaptor.getOperands(), border.crossing));
    Region &condition = op.getCond(), &body = op.getBody();
    border.moveBlock(rewriter, condition, loop.getBefore());
    border.moveBlock(rewriter, body, loop.getAfter());
    b.setInsertionPointAfter(loop);
    rewriter.replaceOp(op, border.wrap(b, loop.getResults()));
    return success();
  }
};

struct IfPattern : public HloPattern<stablehlo::IfOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::IfOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Border border(*getTypeConverter(), op.getResultTypes());
    auto choice =
        scf::IfOp::create(b, border.crossing, getScalar(b, adaptor.getPred()),
                          /*addThenBlock=*/false,
                          /*addElseBlock=*/false);
    Border none(*getTypeConverter(), TypeRange());
    none.moveBlock(rewriter, op.getTrueBranch(), choice.getThenRegion());
    none.moveBlock(rewriter, op.getFalseBranch(), choice.getElseRegion());
    b.setInsertionPointAfter(choice);
    rewriter.replaceOp(op, border.wrap(b, choice.getResults()));
    return success();
  }
};

/// A chain of conditions. An index outside the branches means the last one,
/// which so needs none. (scf.index_switch is less known to the passes that
/// follow.)
struct CasePattern : public HloPattern<stablehlo::CaseOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CaseOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    int64_t last = op.getBranches().size() - 1;
    if (last == 0) {
      Block &body = op.getBranches()[0].front();
      Operation *terminator = body.getTerminator();
      rewriter.inlineBlockBefore(&body, op, {});
      SmallVector<Value> results(terminator->getOperands());
      rewriter.eraseOp(terminator);
      rewriter.replaceOp(op, results);
      return success();
    }
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Border border(*getTypeConverter(), op.getResultTypes());
    Border none(*getTypeConverter(), TypeRange());
    Value index = getScalar(b, adaptor.getIndex());
    SmallVector<scf::IfOp> chain;
    for (int64_t number = 0; number < last; ++number) {
      if (!chain.empty())
        b.setInsertionPointToStart(
            b.createBlock(&chain.back().getElseRegion()));
      Value isThis = arith::CmpIOp::create(
          b, arith::CmpIPredicate::eq, index,
          arith::ConstantIntOp::create(b, index.getType(), number));
      chain.push_back(scf::IfOp::create(b, border.crossing, isThis,
                                        /*addThenBlock=*/false,
                                        /*addElseBlock=*/false));
      none.moveBlock(rewriter, op.getBranches()[number],
                     chain.back().getThenRegion());
    }
    none.moveBlock(rewriter, op.getBranches()[last],
                   chain.back().getElseRegion());
    for (scf::IfOp inner : ArrayRef(chain).drop_front()) {
      b.setInsertionPointAfter(inner);
      scf::YieldOp::create(b, inner.getResults());
    }
    b.setInsertionPointAfter(chain.front());
    rewriter.replaceOp(op, border.wrap(b, chain.front().getResults()));
    return success();
  }
};

/// A named operation is the function that defines it.
struct CompositePattern : public HloPattern<stablehlo::CompositeOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::CompositeOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> types;
    if (failed(getTypeConverter()->convertTypes(op.getResultTypes(), types)))
      return failure();
    rewriter.replaceOpWithNewOp<func::CallOp>(op, op.getDecomposition(), types,
                                              adaptor.getInputs());
    return success();
  }
};

/// The end of a region that has become one of scf's.
struct ReturnPattern : public HloPattern<stablehlo::ReturnOp> {
  using HloPattern::HloPattern;

  LogicalResult
  matchAndRewrite(stablehlo::ReturnOp op, Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    ImplicitLocOpBuilder b(op.getLoc(), rewriter);
    Operation *parent = op->getParentOp();
    auto loop = dyn_cast<scf::WhileOp>(parent);
    if (loop && op->getParentRegion() == &loop.getBefore())
      rewriter.replaceOpWithNewOp<scf::ConditionOp>(
          op, getScalar(b, adaptor.getResults()[0]), loop.getBeforeArguments());
    else if (isa<scf::SCFDialect>(parent->getDialect()))
      rewriter.replaceOpWithNewOp<scf::YieldOp>(
          op, unwrap(b, adaptor.getResults(), parent->getResultTypes()));
    else
      return this->reject(op, "what it ends is not converted");
    return success();
  }
};
} // namespace

void from_stablehlo::populateControlFlowPatterns(const TypeConverter &converter,
                                                 RewritePatternSet &patterns) {
  patterns.add<CasePattern, CompositePattern, IfPattern, ReturnPattern,
               WhilePattern>(converter, patterns.getContext());
}
