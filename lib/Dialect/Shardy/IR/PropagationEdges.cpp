//===- PropagationEdges.cpp - The history of a propagation ----------------===//

#include "AttributeLists.h"
#include "ShardingChecks.h"

using namespace mlir;
using namespace mlir::sdy;

//===----------------------------------------------------------------------===//
// How they are written
//===----------------------------------------------------------------------===//

void EdgeValueRefAttr::print(AsmPrinter &printer) const {
  printer << stringifyEdgeNodeType(getType()) << '-' << getIndex();
}

/// Parses `-1`: the minus joins a name and a number, which may have a sign of
/// its own.
static ParseResult parseNumber(AsmParser &parser, int64_t &number) {
  return failure(parser.parseMinus() || parser.parseInteger(number));
}

Attribute EdgeValueRefAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  int64_t index;
  if (parser.parseKeyword(&name))
    return {};
  auto type = symbolizeEdgeNodeType(name);
  if (!type) {
    parser.emitError(loc) << "expected operand or result, but got " << name;
    return {};
  }
  if (parseNumber(parser, index))
    return {};
  return get(parser.getContext(), *type, index);
}

void AxisToPropagationDetailsAttr::print(AsmPrinter &printer) const {
  printer << '{';
  getAxisName().print(printer);
  printer << " = ";
  getSource().print(printer);
  printer << " -> ";
  printList(printer, '[', getTargets(), ']');
  printer << '}';
}

Attribute AxisToPropagationDetailsAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLBrace())
    return {};
  auto axis = dyn_cast_or_null<AxisRefAttr>(AxisRefAttr::parse(parser, Type()));
  if (!axis || parser.parseEqual())
    return {};
  auto source =
      dyn_cast_or_null<EdgeValueRefAttr>(EdgeValueRefAttr::parse(parser, {}));
  if (!source || parser.parseArrow())
    return {};
  auto targets =
      parseList<EdgeValueRefAttr>(parser, AsmParser::Delimiter::Square);
  if (failed(targets) || parser.parseRBrace())
    return {};
  return get(parser.getContext(), axis, source, *targets);
}

void PropagationOneStepAttr::print(AsmPrinter &printer) const {
  printer << "{step-" << getStepIndex() << " = ";
  printList(printer, '[', getAxisEntries(), ']');
  printer << '}';
}

Attribute PropagationOneStepAttr::parse(AsmParser &parser, Type) {
  int64_t index;
  if (parser.parseLBrace() || parser.parseKeyword("step") ||
      parseNumber(parser, index) || parser.parseEqual())
    return {};
  auto entries = parseList<AxisToPropagationDetailsAttr>(
      parser, AsmParser::Delimiter::Square);
  if (failed(entries) || parser.parseRBrace())
    return {};
  return get(parser.getContext(), index, *entries);
}

void PropagationEdgesAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printList(printer, '[', getValue(), ']');
  printer << '>';
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

LogicalResult
PropagationEdgesAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError,
                             ArrayRef<PropagationOneStepAttr> steps) {
  llvm::SmallDenseSet<int64_t> numbers;
  for (PropagationOneStepAttr step : steps) {
    auto fail = [&] {
      return emitError() << "step " << step.getStepIndex()
                         << " of propagation edges ";
    };
    if (step.getStepIndex() < 0)
      return fail() << "must not be negative";
    if (!numbers.insert(step.getStepIndex()).second)
      return fail() << "is there twice";
    for (AxisToPropagationDetailsAttr entry : step.getAxisEntries()) {
      llvm::SmallDenseSet<Attribute> targets;
      for (EdgeValueRefAttr target : entry.getTargets()) {
        auto failAt = [&](StringRef problem) {
          return fail() << "moves the axis " << toString(entry.getAxisName())
                        << " to " << stringifyEdgeNodeType(target.getType())
                        << '-' << target.getIndex() << problem;
        };
        if (target == entry.getSource())
          return failAt(", where it comes from");
        if (!targets.insert(target).second)
          return failAt(" twice");
      }
    }
  }
  return success();
}

/// The value that a reference means; null if there is none.
static Value getValue(EdgeValueRefAttr reference, Operation *op) {
  int64_t index = reference.getIndex();
  bool isResult = reference.getType() == EdgeNodeType::RESULT;
  int64_t count = isResult ? op->getNumResults() : op->getNumOperands();
  if (index < 0 || index >= count)
    return {};
  return isResult ? Value(op->getResult(index)) : op->getOperand(index);
}

LogicalResult sdy::checkPropagationEdges(PropagationEdgesAttr edges,
                                         Operation *op) {
  // The edges of a function stand for values elsewhere.
  bool isElsewhere = isa<FuncDataFlowEdgeOp>(op);
  auto fail = [&] { return op->emitOpError() << "sdy.propagation_edges "; };
  MeshAttr mesh;
  SmallVector<AxisRefAttr> axes;
  for (PropagationOneStepAttr step : edges) {
    for (AxisToPropagationDetailsAttr entry : step.getAxisEntries()) {
      axes.push_back(entry.getAxisName());
      SmallVector<EdgeValueRefAttr> references(entry.getTargets());
      references.push_back(entry.getSource());
      for (EdgeValueRefAttr reference : references) {
        Value value = getValue(reference, op);
        if (!value && isElsewhere)
          continue;
        if (!value) {
          bool isResult = reference.getType() == EdgeNodeType::RESULT;
          return fail() << "has " << stringifyEdgeNodeType(reference.getType())
                        << '-' << reference.getIndex()
                        << ", but the operation has "
                        << (isResult ? op->getNumResults()
                                     : op->getNumOperands())
                        << (isResult ? " results" : " operands");
        }
        TensorShardingAttr sharding = findSharding(value);
        if (!sharding)
          continue;
        MeshAttr own = findMesh(op, sharding.getMeshOrRef());
        if (mesh && own && own != mesh && !own.getAxes().empty())
          return fail() << "joins values on the meshes " << mesh << " and "
                        << own << ", expected one mesh";
        if (own && !own.getAxes().empty())
          mesh = own;
      }
    }
  }
  if (!mesh)
    return fail() << "names no operand or result with a sharding";
  MeshAxes known(mesh);
  for (AxisRefAttr axis : axes)
    if (!known.find(axis.getName()))
      return fail() << "has the axis " << toString(axis)
                    << ", but the mesh has " << known.getNames();
  return success();
}
