//===- EntrySignature.cpp - How a compiled function is called -------------===//

#include "cegm/Analysis/TrainingGraph.h"
#include "cegm/Codegen/Passes.h"
#include "cegm/Native/Program.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;

/// The bytes that one element takes in a memref.
static size_t countBytes(Type type) {
  if (auto complex = dyn_cast<ComplexType>(type))
    return 2 * countBytes(complex.getElementType());
  return type.isIndex() ? 8 : llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

static cegm::EntryTensor describe(Type type) {
  cegm::EntryTensor result;
  if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    type = tensor.getElementType();
    llvm::append_range(result.shape, tensor.getShape());
  } else {
    result.isScalar = true;
  }
  llvm::raw_string_ostream(result.elementType) << type;
  if (type.isIntOrIndexOrFloat() || isa<ComplexType>(type))
    result.elementBytes = countBytes(type);
  return result;
}

cegm::EntrySignature cegm::describeEntry(FunctionOpInterface entry) {
  EntrySignature result;
  result.name = entry.getName().str();
  for (BlockArgument argument : entry.getArguments()) {
    result.arguments.push_back(describe(argument.getType()));
    result.arguments.back().name = getParameterName(argument).str();
  }
  for (auto [i, type] : llvm::enumerate(entry.getResultTypes())) {
    result.results.push_back(describe(type));
    // JAX keeps the names of arguments in locations, of results here.
    if (auto name = entry.getResultAttrOfType<StringAttr>(i, "jax.result_info"))
      result.results.back().name = name.str();
  }
  result.numInputs = result.arguments.size();
  return result;
}

LogicalResult cegm::addDestinations(ModuleOp module,
                                    EntrySignature &signature) {
  std::string name = "_mlir_ciface_" + signature.name;
  auto entry = module.lookupSymbol<LLVM::LLVMFuncOp>(name);
  if (!entry)
    return module.emitError("there is no function @") << name;
  signature.destinations.assign(signature.results.size(), -1);
  SmallVector<std::pair<int64_t, int64_t>> bound;
  for (unsigned number = 0, e = entry.getNumArguments(); number != e; ++number)
    if (auto result =
            entry.getArgAttrOfType<IntegerAttr>(number, kResultAttrName))
      bound.emplace_back(number, result.getInt());
  // What is returned comes through a pointer before all arguments.
  unsigned shift = bound.size() < signature.results.size() ? 1 : 0;
  for (auto [number, result] : bound) {
    signature.destinations[result] = number - shift;
    if (number - shift >= signature.numInputs)
      signature.arguments.push_back(signature.results[result]);
  }
  return success();
}
