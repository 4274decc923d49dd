//===- ControlFlowOps.cpp - Control flow, calls, tokens, tuples -----------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ControlFlowOps.cpp.inc"

void StablehloDialect::registerControlFlowOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/ControlFlowOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// IfOp and CaseOp
//===----------------------------------------------------------------------===//

/// One of the regions runs, then the operation ends.
static void getBranchSuccessors(Operation *op, RegionBranchPoint point,
                                SmallVectorImpl<RegionSuccessor> &successors) {
  if (!point.isParent()) {
    successors.emplace_back(op, op->getResults());
    return;
  }
  for (Region &region : op->getRegions())
    successors.emplace_back(&region);
}

void IfOp::getSuccessorRegions(RegionBranchPoint point,
                               SmallVectorImpl<RegionSuccessor> &successors) {
  getBranchSuccessors(*this, point, successors);
}

LogicalResult IfOp::verify() {
  // if_c2 and if_c3: both branches return the types of the results.
  if (failed(checkReturned(*this, getTrueBranch(), "true_branch",
                           getResultTypes())))
    return failure();
  return checkReturned(*this, getFalseBranch(), "false_branch",
                       getResultTypes());
}

void CaseOp::getSuccessorRegions(RegionBranchPoint point,
                                 SmallVectorImpl<RegionSuccessor> &successors) {
  getBranchSuccessors(*this, point, successors);
}

LogicalResult CaseOp::verify() {
  // case_c1: there is a branch.
  if (getBranches().empty())
    return emitOpError() << "has no branches, expected one at least";
  // case_c3 and case_c4: the branches return the types of the results.
  for (auto [index, branch] : llvm::enumerate(getBranches()))
    if (failed(checkReturned(*this, branch, "branch " + Twine(index),
                             getResultTypes())))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// WhileOp
//===----------------------------------------------------------------------===//

// `cond` receives the values of the operands or of the body's terminator and
// hands on the same ones, which are not operands of its own terminator. The
// interface wants every edge to name such operands, so the edges here lead past
// `cond`: whatever enters it also enters the body and the results.

void WhileOp::getSuccessorRegions(
    RegionBranchPoint point, SmallVectorImpl<RegionSuccessor> &successors) {
  Operation *terminator = point.getTerminatorPredecessorOrNull();
  if (terminator && terminator->getParentRegion() == &getCond())
    return;
  successors.emplace_back(&getCond(), getCond().getArguments());
  successors.emplace_back(&getBody(), getBody().getArguments());
  successors.emplace_back(*this, getResults());
}

OperandRange WhileOp::getEntrySuccessorOperands(RegionSuccessor) {
  return getOperand();
}

bool IfOp::areTypesCompatible(Type lhs, Type rhs) {
  return areCompatibleTypes(lhs, rhs);
}

bool CaseOp::areTypesCompatible(Type lhs, Type rhs) {
  return areCompatibleTypes(lhs, rhs);
}

bool WhileOp::areTypesCompatible(Type lhs, Type rhs) {
  return areCompatibleTypes(lhs, rhs);
}

void WhileOp::getAsmBlockArgumentNames(Region &region,
                                       OpAsmSetValueNameFn setName) {
  for (BlockArgument argument : region.getArguments())
    setName(argument, "iterArg");
}

LogicalResult WhileOp::verify() {
  // while_c1: the condition takes the operands and returns a scalar i1.
  // while_c2: the body takes and returns them.
  // while_c3: the results have their types.
  TypeRange types = getOperandTypes();
  for (auto [name, region] :
       {std::pair("cond", &getCond()), std::pair("body", &getBody())})
    if (!areCompatibleTypes(TypeRange(region->getArgumentTypes()), types))
      return emitOpError() << name << " takes types "
                           << region->getArgumentTypes()
                           << ", expected those of the operands, " << types;
  Type pred = RankedTensorType::get({}, IntegerType::get(getContext(), 1));
  if (failed(checkReturned(*this, getCond(), "cond", TypeRange(pred))) ||
      failed(checkReturned(*this, getBody(), "body", types)))
    return failure();
  if (!areCompatibleTypes(getResultTypes(), types))
    return emitOpError() << "results have types " << getResultTypes()
                         << ", expected those of the operands, " << types;
  return success();
}

/// Whether one list of types says all: sizes may be known in one place alone.
static bool haveOneListOfTypes(WhileOp op) {
  TypeRange types = op.getOperandTypes();
  return llvm::equal(op.getResultTypes(), types) &&
         llvm::equal(op.getCond().getArgumentTypes(), types) &&
         llvm::equal(op.getBody().getArgumentTypes(), types);
}

void WhileOp::print(OpAsmPrinter &printer) {
  if (!haveOneListOfTypes(*this)) {
    printer.printGenericOp(*this, /*printOpName=*/false);
    return;
  }
  printer << '(';
  llvm::interleaveComma(llvm::zip(getCond().getArguments(), getOperand()),
                        printer, [&](auto pair) {
                          printer.printOperand(std::get<0>(pair));
                          printer << " = ";
                          printer.printOperand(std::get<1>(pair));
                        });
  printer << ')';
  if (getNumOperands()) {
    printer << " : ";
    llvm::interleaveComma(getOperandTypes(), printer);
  }
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs());
  printer.printNewline();
  printer << "cond ";
  printer.printRegion(getCond(), /*printEntryBlockArgs=*/false);
  printer << " do ";
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

ParseResult WhileOp::parse(OpAsmParser &parser, OperationState &state) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<OpAsmParser::Argument> arguments;
  auto parseCarried = [&]() -> ParseResult {
    OpAsmParser::UnresolvedOperand &operand = operands.emplace_back();
    if (parser.parseOperand(operand))
      return failure();
    if (failed(parser.parseOptionalEqual()))
      return success();
    arguments.emplace_back().ssaName = operand;
    return parser.parseOperand(operand);
  };
  SmallVector<Type> types;
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseCarried))
    return failure();
  // Of several lists of types, the op is written in the generic form.
  if (arguments.empty() && !operands.empty())
    return parser.parseGenericOperationAfterOpName(state, ArrayRef(operands));
  if (arguments.size() != operands.size())
    return parser.emitError(loc, "expected 'argument = operand' everywhere");
  if (!operands.empty() && parser.parseColonTypeList(types))
    return failure();
  if (parser.resolveOperands(operands, types, loc, state.operands) ||
      parser.parseOptionalAttrDictWithKeyword(state.attributes))
    return failure();
  state.addTypes(types);
  for (auto [argument, type] : llvm::zip_equal(arguments, types))
    argument.type = type;
  return failure(parser.parseKeyword("cond") ||
                 parser.parseRegion(*state.addRegion(), arguments) ||
                 parser.parseKeyword("do") ||
                 parser.parseRegion(*state.addRegion(), arguments));
}

//===----------------------------------------------------------------------===//
// ReturnOp and OptimizationBarrierOp
//===----------------------------------------------------------------------===//

MutableOperandRange ReturnOp::getMutableSuccessorOperands(RegionSuccessor) {
  // What the condition of a loop returns goes to no region.
  if (auto loop = dyn_cast_or_null<WhileOp>((*this)->getParentOp());
      loop && (*this)->getParentRegion() == &loop.getCond())
    return MutableOperandRange(*this, /*start=*/0, /*length=*/0);
  return getResultsMutable();
}

LogicalResult OptimizationBarrierOp::verify() {
  // optimization_barrier_c1: the results have the types of the operands.
  if (getResultTypes() != getOperandTypes())
    return emitOpError() << "results have types " << getResultTypes()
                         << ", expected those of the operands, "
                         << getOperandTypes();
  return success();
}
