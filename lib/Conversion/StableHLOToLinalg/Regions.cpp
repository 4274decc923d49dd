//===- Regions.cpp - Regions that compute with single elements ------------===//

#include "Regions.h"

#include "Scalars.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Complex/IR/Complex.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::from_stablehlo;

/// An op that only changes the shape of a tensor; of one element, nothing.
static bool isScalarView(Operation *op) {
  auto hasOneElement = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.hasStaticShape() && tensor.getNumElements() == 1;
  };
  return isa<stablehlo::BroadcastInDimOp, stablehlo::ReshapeOp,
             stablehlo::OptimizationBarrierOp>(op) &&
         llvm::all_of(op->getOperandTypes(), hasOneElement) &&
         llvm::all_of(op->getResultTypes(), hasOneElement);
}

void from_stablehlo::inlineCallsOfRegion(Region &region) {
  IRRewriter rewriter(region.getContext());
  bool changed = true;
  while (changed) {
    changed = false;
    for (auto call :
         llvm::make_early_inc_range(region.getOps<func::CallOp>())) {
      auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
          call, call.getCalleeAttr());
      if (!callee || !callee.getBody().hasOneBlock())
        continue;
      rewriter.setInsertionPoint(call);
      IRMapping mapping;
      mapping.map(callee.getArguments(), call.getOperands());
      Block &body = callee.getBody().front();
      for (Operation &op : body.without_terminator())
        rewriter.clone(op, mapping);
      rewriter.replaceOp(call, llvm::map_to_vector(
                                   body.getTerminator()->getOperands(),
                                   [&](Value v) { return mapping.lookup(v); }));
      changed = true;
    }
  }
}

void from_stablehlo::copyConstantsIntoRegion(Region &region) {
  if (region.empty())
    return;
  OpBuilder builder = OpBuilder::atBlockBegin(&region.front());
  DenseMap<Operation *, Operation *> copies;
  for (Operation &op : region.getOps())
    for (OpOperand &operand : op.getOpOperands()) {
      auto constant = operand.get().getDefiningOp<stablehlo::ConstantOp>();
      if (!constant || region.isAncestor(constant->getParentRegion()))
        continue;
      Operation *&copy = copies[constant];
      if (!copy)
        copy = builder.clone(*constant);
      operand.set(copy->getResult(0));
    }
}

LogicalResult from_stablehlo::checkScalarRegion(Region &region,
                                                std::string &problem) {
  if (!region.hasOneBlock()) {
    problem = "its region has several blocks";
    return failure();
  }
  for (Type type : region.getArgumentTypes())
    if (auto tensor = dyn_cast<RankedTensorType>(type);
        tensor && tensor.getRank() != 0) {
      problem = "its region takes tensors, not single elements";
      return failure();
    }
  for (Operation &op : region.front()) {
    for (Value operand : op.getOperands()) {
      if (region.isAncestor(operand.getParentRegion()))
        continue;
      problem = "its region uses a value from outside";
      return failure();
    }
    if (isa<stablehlo::ReturnOp>(op) || isScalarView(&op) ||
        ScalarTable::get().contains(&op))
      continue;
    if (auto constant = dyn_cast<stablehlo::ConstantOp>(op))
      if (isa<SplatElementsAttr>(constant.getValue()))
        continue;
    problem = ("its region holds '" + op.getName().getStringRef() +
               "', which does not work element by element")
                  .str();
    return failure();
  }
  return success();
}

static Value createConstant(ImplicitLocOpBuilder &builder,
                            stablehlo::ConstantOp op) {
  auto value = cast<SplatElementsAttr>(op.getValue());
  Type type = getSignlessElement(value.getElementType());
  if (isa<ComplexType>(type)) {
    auto number = value.getSplatValue<std::complex<APFloat>>();
    Type part = cast<ComplexType>(type).getElementType();
    return complex::ConstantOp::create(
        builder, type,
        builder.getArrayAttr({builder.getFloatAttr(part, number.real()),
                              builder.getFloatAttr(part, number.imag())}));
  }
  if (isa<FloatType>(type))
    return arith::ConstantOp::create(
        builder, builder.getFloatAttr(type, value.getSplatValue<APFloat>()));
  return createInteger(builder, type, value.getSplatValue<APInt>());
}

/// The value in the type that a region takes it in, which may be wider.
static Value promote(ImplicitLocOpBuilder &builder, Type to, Value value) {
  Type from = value.getType();
  if (from == getSignlessElement(to))
    return value;
  if (isUnsignedElement(to))
    from = builder.getIntegerType(from.getIntOrFloatBitWidth(),
                                  /*isSigned=*/false);
  return convertElement(builder, value, from, to);
}

SmallVector<Value>
from_stablehlo::inlineScalarRegion(ImplicitLocOpBuilder &builder,
                                   Region &region, ValueRange args) {
  IRMapping mapping;
  for (auto [argument, value] : llvm::zip_equal(region.getArguments(), args))
    mapping.map(argument,
                promote(builder, getElementTypeOrSelf(argument), value));
  Location outer = builder.getLoc();
  SmallVector<Value> results;
  for (Operation &op : region.front()) {
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(mapping.lookup(operand));
    if (isa<stablehlo::ReturnOp>(op)) {
      results = std::move(operands);
      break;
    }
    builder.setLoc(op.getLoc());
    if (isScalarView(&op))
      mapping.map(op.getResults(), operands);
    else if (auto constant = dyn_cast<stablehlo::ConstantOp>(op))
      mapping.map(op.getResult(0), createConstant(builder, constant));
    else
      mapping.map(op.getResult(0),
                  ScalarTable::get().lower(builder, &op, operands));
  }
  builder.setLoc(outer);
  return results;
}
