//===- MutateTypes.cpp - Changes of types ---------------------------------===//

#include "Mutations.h"

#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::cegm::fuzz;

static SmallVector<Value> collectTensors(ModuleOp module) {
  SmallVector<Value> values;
  module->walk<WalkOrder::PreOrder>([&](Operation *op) {
    llvm::append_range(values, op->getResults());
    for (Region &region : op->getRegions())
      for (Block &block : region)
        llvm::append_range(values, block.getArguments());
  });
  llvm::erase_if(values,
                 [](Value v) { return !isa<RankedTensorType>(v.getType()); });
  return values;
}

/// A size that a tensor might have, the odd ones often.
static int64_t pickSize(Random &random) {
  static const int64_t sizes[] = {0,
                                  0,
                                  1,
                                  1,
                                  2,
                                  3,
                                  4,
                                  5,
                                  7,
                                  8,
                                  16,
                                  17,
                                  1024,
                                  int64_t(1) << 20,
                                  int64_t(1) << 31,
                                  int64_t(1) << 40,
                                  ShapedType::kDynamic,
                                  ShapedType::kDynamic,
                                  ShapedType::kDynamic};
  return random.pick(ArrayRef(sizes));
}

static Type pickElementType(MLIRContext *context, Random &random) {
  const Type types[] = {Float32Type::get(context),
                        Float64Type::get(context),
                        Float16Type::get(context),
                        BFloat16Type::get(context),
                        Float8E4M3FNType::get(context),
                        Float8E5M2Type::get(context),
                        IntegerType::get(context, 1),
                        IntegerType::get(context, 8),
                        IntegerType::get(context, 32),
                        IntegerType::get(context, 64),
                        IntegerType::get(context, 4),
                        IntegerType::get(context, 32, IntegerType::Unsigned),
                        IntegerType::get(context, 8, IntegerType::Unsigned),
                        ComplexType::get(Float32Type::get(context)),
                        IndexType::get(context)};
  return random.pick(ArrayRef(types));
}

static RankedTensorType changeShape(RankedTensorType type, Random &random) {
  SmallVector<int64_t> shape(type.getShape());
  switch (random.below(5)) {
  case 0:
    shape.insert(shape.begin() + random.below(shape.size() + 1),
                 pickSize(random));
    break;
  case 1:
    if (!shape.empty())
      shape.erase(shape.begin() + random.below(shape.size()));
    break;
  case 2:
    if (!shape.empty())
      std::swap(shape[random.below(shape.size())],
                shape[random.below(shape.size())]);
    break;
  default:
    if (!shape.empty())
      shape[random.below(shape.size())] = pickSize(random);
  }
  return RankedTensorType::get(shape, type.getElementType());
}

static bool changeOneShape(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Value> values = collectTensors(module);
  if (values.empty())
    return false;
  Value value = random.pick(values);
  value.setType(changeShape(cast<RankedTensorType>(value.getType()), random));
  return true;
}

static bool changeOneElementType(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Value> values = collectTensors(module);
  if (values.empty())
    return false;
  Value value = random.pick(values);
  value.setType(cast<RankedTensorType>(value.getType())
                    .clone(pickElementType(module.getContext(), random)));
  return true;
}

static bool makeUnranked(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Value> values = collectTensors(module);
  if (values.empty())
    return false;
  Value value = random.pick(values);
  value.setType(UnrankedTensorType::get(
      cast<RankedTensorType>(value.getType()).getElementType()));
  return true;
}

/// The same elements, or the first of them everywhere, as an attribute of
/// another type; the attribute as it is where there is no such.
static Attribute convertElements(DenseElementsAttr elements,
                                 RankedTensorType type) {
  if (!type.hasStaticShape() || elements.empty())
    return elements;
  Type element = type.getElementType();
  bool isFloat = isa<FloatType>(element), isInteger = element.isIntOrIndex();
  if (element == elements.getElementType()) {
    // A constant of a terabyte is a test of the machine.
    if (elements.isSplat())
      return elements.resizeSplat(type);
    return DenseElementsAttr::get(type,
                                  *elements.getValues<Attribute>().begin());
  }
  if (isFloat)
    return DenseElementsAttr::get(type, FloatAttr::get(element, 1.0));
  if (isInteger)
    return DenseElementsAttr::get(type, IntegerAttr::get(element, 1));
  return elements;
}

/// Replaces types everywhere: of values, signatures, attributes, constants.
static void replaceTypes(ModuleOp module,
                         function_ref<RankedTensorType(RankedTensorType)> f) {
  AttrTypeReplacer replacer;
  replacer.addReplacement(
      [&](RankedTensorType type) -> Type { return f(type); });
  replacer.addReplacement(
      [&](DenseElementsAttr elements)
          -> std::optional<std::pair<Attribute, WalkResult>> {
        auto type = dyn_cast<RankedTensorType>(elements.getType());
        RankedTensorType other = type ? f(type) : type;
        Attribute result =
            other == type ? elements : convertElements(elements, other);
        return std::make_pair(result, WalkResult::skip());
      });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

static bool changeSizeEverywhere(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<int64_t> sizes;
  for (Value value : collectTensors(module))
    llvm::append_range(sizes, cast<ShapedType>(value.getType()).getShape());
  if (sizes.empty())
    return false;
  int64_t from = random.pick(sizes), to = pickSize(random);
  replaceTypes(module, [&](RankedTensorType type) {
    SmallVector<int64_t> shape(type.getShape());
    llvm::replace(shape, from, to);
    return RankedTensorType::get(shape, type.getElementType());
  });
  return true;
}

static bool changeElementTypeEverywhere(ModuleOp module, ModuleOp,
                                        Random &random) {
  SmallVector<Value> values = collectTensors(module);
  if (values.empty())
    return false;
  Type from = cast<ShapedType>(random.pick(values).getType()).getElementType();
  Type to = pickElementType(module.getContext(), random);
  replaceTypes(module, [&](RankedTensorType type) {
    return type.getElementType() == from ? type.clone(to) : type;
  });
  return true;
}

/// Changes the type of an argument in the function and in its type.
static bool changeArgument(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<FunctionOpInterface> functions;
  for (Operation *op : collectOps(module))
    if (auto function = dyn_cast<FunctionOpInterface>(op);
        function && !function.isExternal() && function.getNumArguments() &&
        isa<FunctionType>(function.getFunctionType()) &&
        function.getNumArguments() ==
            function.getFunctionBody().getNumArguments())
      functions.push_back(function);
  if (functions.empty())
    return false;
  FunctionOpInterface function = random.pick(functions);
  BlockArgument argument =
      function.getArgument(random.below(function.getNumArguments()));
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  if (!type)
    return false;
  argument.setType(changeShape(type, random));
  function.setFunctionTypeAttr(TypeAttr::get(FunctionType::get(
      module.getContext(), function.getFunctionBody().getArgumentTypes(),
      function.getResultTypes())));
  return true;
}

ArrayRef<Mutation> mlir::cegm::fuzz::getTypeMutations() {
  static const Mutation mutations[] = {
      {"change-shape", changeOneShape},
      {"change-element-type", changeOneElementType},
      {"make-unranked", makeUnranked},
      {"change-size-everywhere", changeSizeEverywhere},
      {"change-size-everywhere", changeSizeEverywhere},
      {"change-element-type-everywhere", changeElementTypeEverywhere},
      {"change-argument", changeArgument},
  };
  return mutations;
}
