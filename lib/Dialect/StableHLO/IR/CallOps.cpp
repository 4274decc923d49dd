//===- CallOps.cpp - Composites, calls of other code, tuples --------------===//

#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::stablehlo;

//===----------------------------------------------------------------------===//
// CompositeOp
//===----------------------------------------------------------------------===//

/// Whether a name is `[a-zA-Z][a-zA-Z0-9_]*([.][a-zA-Z0-9_$]+)+`, as
/// `chlo.top_k` is.
static bool isNamespacedName(StringRef name) {
  auto isPlain = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  SmallVector<StringRef> parts;
  name.split(parts, '.');
  return parts.size() > 1 && !parts.front().empty() &&
         llvm::isAlpha(parts.front().front()) &&
         llvm::all_of(parts.front(), isPlain) &&
         llvm::all_of(ArrayRef(parts).drop_front(), [&](StringRef part) {
           return !part.empty() && llvm::all_of(part, [&](char c) {
             return isPlain(c) || c == '$';
           });
         });
}

LogicalResult CompositeOp::verify() {
  // composite_c1: the name has a namespace.
  if (!isNamespacedName(getName()))
    return emitOpError() << "name is \"" << getName()
                         << "\", expected a namespace and a name, such as "
                            "\"chlo.top_k\"";
  return success();
}

LogicalResult
CompositeOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  // composite_c2: the decomposition is a function.
  auto function = symbolTable.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getDecompositionAttr());
  if (!function)
    return emitOpError() << "decomposition is " << getDecompositionAttr()
                         << ", which is not a function of the module";
  // composite_c3 and composite_c4: it takes and returns the same types.
  if (failed(checkTypes(*this, "input", getOperandTypes(),
                        function.getArgumentTypes())))
    return failure();
  return checkTypes(*this, "result", getResultTypes(),
                    function.getResultTypes());
}

//===----------------------------------------------------------------------===//
// CustomCallOp
//===----------------------------------------------------------------------===//

void CustomCallOp::getEffects(
    SmallVectorImpl<SideEffects::EffectInstance<MemoryEffects::Effect>>
        &effects) {
  for (OpOperand &operand : getInputsMutable())
    if (isa<MemRefType>(operand.get().getType())) {
      effects.emplace_back(MemoryEffects::Read::get(), &operand);
      effects.emplace_back(MemoryEffects::Write::get(), &operand);
    }
  if (!getHasSideEffect())
    return;
  effects.emplace_back(MemoryEffects::Read::get());
  effects.emplace_back(MemoryEffects::Write::get());
}

// The specification leaves the constraints of custom_call to the target. Those
// of its attributes follow from what they mean.

/// Whether there is a layout for each value, an order of its dimensions.
static LogicalResult checkLayouts(Operation *op, StringRef name,
                                  TypeRange types, ArrayAttr layouts) {
  if (layouts.size() != types.size())
    return op->emitOpError() << name << "_layouts has " << layouts.size()
                             << " entries, expected one for each of the "
                             << types.size() << " " << name << "s";
  for (auto [index, type] : llvm::enumerate(types)) {
    auto layout = cast<DenseIntElementsAttr>(layouts[index]);
    if (isa<TupleType>(type))
      return op->emitOpError() << name << " " << index << " has type " << type
                               << ", which has no layout";
    auto shaped = dyn_cast<ShapedType>(type);
    if (shaped && !shaped.hasRank())
      continue;
    int64_t rank = shaped ? shaped.getRank() : 0;
    if (layout.getNumElements() != rank ||
        !isPermutationVector(llvm::to_vector(layout.getValues<int64_t>())))
      return op->emitOpError() << name << "_layouts[" << index << "] is "
                               << layout << ", expected an order of the "
                               << rank << " dimensions of type " << type;
  }
  return success();
}

/// The element of nested tuples, null if there is none.
static Type getNested(Type type, ArrayRef<int64_t> indices) {
  for (int64_t index : indices) {
    auto tuple = dyn_cast<TupleType>(type);
    if (!tuple || index < 0 || index >= static_cast<int64_t>(tuple.size()))
      return nullptr;
    type = tuple.getType(index);
  }
  return type;
}

/// Whether an operand and a result that share memory have one type.
static LogicalResult checkAlias(CustomCallOp op, OutputOperandAliasAttr alias) {
  int64_t index = alias.getOperandIndex();
  int64_t count = op.getInputs().size();
  if (index < 0 || index >= count)
    return op.emitOpError()
           << "output_operand_aliases has operand_index " << index
           << ", expected one of the " << count << " operands";
  auto report = [&](StringRef name, ArrayRef<int64_t> indices, Type type) {
    return op.emitOpError()
           << "output_operand_aliases has " << name << " [" << indices
           << "], expected those of an element of " << type;
  };
  Type input = op.getInputs()[index].getType();
  Type operand = getNested(input, alias.getOperandTupleIndices());
  if (!operand)
    return report("operand_tuple_indices", alias.getOperandTupleIndices(),
                  input);
  // Several results count as one tuple.
  Type output = op.getNumResults() == 1
                    ? op.getResult(0).getType()
                    : TupleType::get(op.getContext(), op.getResultTypes());
  Type result = getNested(output, alias.getOutputTupleIndices());
  if (!result)
    return report("output_tuple_indices", alias.getOutputTupleIndices(),
                  output);
  if (operand != result)
    return op.emitOpError()
           << "output_operand_aliases has an operand of type " << operand
           << " and a result of type " << result << ", expected one type";
  return success();
}

LogicalResult CustomCallOp::verify() {
  if (getCallTargetName().empty())
    return emitOpError() << "call_target_name is empty, expected a name";
  ArrayAttr operandLayouts = getOperandLayoutsAttr();
  ArrayAttr resultLayouts = getResultLayoutsAttr();
  if (!operandLayouts != !resultLayouts)
    return emitOpError() << "has only "
                         << (operandLayouts ? "operand" : "result")
                         << "_layouts, expected those of operands and results";
  if (operandLayouts) {
    TypeRange results = getResultTypes();
    // A result that is one tuple has the layouts of its elements.
    if (results.size() == 1)
      if (auto tuple = dyn_cast<TupleType>(results.front()))
        results = tuple.getTypes();
    if (failed(checkLayouts(*this, "operand", getOperandTypes(),
                            operandLayouts)) ||
        failed(checkLayouts(*this, "result", results, resultLayouts)))
      return failure();
  }
  for (Attribute alias : getOutputOperandAliases())
    if (failed(checkAlias(*this, cast<OutputOperandAliasAttr>(alias))))
      return failure();
  // Only a typed call has a dictionary.
  if (Attribute config = getBackendConfigAttr()) {
    bool isTyped =
        getApiVersion() == CustomCallApiVersion::API_VERSION_TYPED_FFI;
    if (isTyped != isa<DictionaryAttr>(config))
      return emitOpError() << "backend_config is " << config << ", expected a "
                           << (isTyped ? "dictionary" : "string")
                           << " for api_version "
                           << stringifyCustomCallApiVersion(getApiVersion());
  }
  return success();
}

//===----------------------------------------------------------------------===//
// GetTupleElementOp and TupleOp
//===----------------------------------------------------------------------===//

LogicalResult GetTupleElementOp::verify() {
  auto tuple = cast<TupleType>(getOperand().getType());
  // get_tuple_element_c1: the index is one of the tuple.
  if (static_cast<size_t>(getIndex()) >= tuple.size())
    return emitOpError() << "index is " << getIndex()
                         << ", expected one of the " << tuple.size()
                         << " elements of type " << tuple;
  // get_tuple_element_c2: the result has the type of the element.
  return checkType(*this, "result", getType(), tuple.getType(getIndex()));
}

LogicalResult TupleOp::verify() {
  // tuple_c1: the elements have the types of the operands.
  auto tuple = cast<TupleType>(getType());
  if (TypeRange(tuple.getTypes()) != getOperandTypes())
    return emitOpError() << "result has type " << tuple << ", expected "
                         << TupleType::get(getContext(), getOperandTypes());
  return success();
}
