//===- MutateAttributes.cpp - Changes of attributes -----------------------===//

#include "Mutations.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringExtras.h"

#include <cctype>

using namespace mlir;
using namespace mlir::cegm::fuzz;

namespace {
/// An attribute of an op.
struct Place {
  Operation *op;
  NamedAttribute attribute;
};
} // namespace

static SmallVector<Place> collectAttributes(ModuleOp module) {
  SmallVector<Place> places;
  for (Operation *op : collectOps(module))
    for (NamedAttribute attribute : op->getAttrs())
      places.push_back({op, attribute});
  for (NamedAttribute attribute : module->getAttrs())
    places.push_back({module, attribute});
  return places;
}

/// Sets an attribute, also one that is a property, if the op takes it.
static bool setAttribute(Operation *op, StringAttr name, Attribute value) {
  // Symbols without a name are printed, and not read.
  if (name == SymbolTable::getSymbolAttrName() &&
      value == StringAttr::get(op->getContext()))
    return false;
  NamedAttrList attributes(op->getAttrDictionary());
  if (value)
    attributes.set(name, value);
  else
    attributes.erase(name);
  if (!op->getName().isRegistered() || !op->getPropertiesStorageSize()) {
    op->setAttrs(attributes.getDictionary(op->getContext()));
    return true;
  }
  if (!op->getInherentAttr(name)) {
    if (value)
      op->setDiscardableAttr(name, value);
    else
      op->removeDiscardableAttr(name);
    return true;
  }
  // The properties alone; discardable attributes stay.
  NamedAttrList inherent;
  for (NamedAttribute attribute : attributes)
    if (op->getInherentAttr(attribute.getName()))
      inherent.append(attribute);
  return succeeded(
      op->setPropertiesFromAttribute(inherent.getDictionary(op->getContext()),
                                     [&] { return op->emitError(); }));
}

static int64_t pickInteger(int64_t now, Random &random) {
  const int64_t values[] = {now + 1,   now - 1,   -now,   0,       1,
                            -1,        2,         3,      now * 2, INT32_MAX,
                            INT64_MAX, INT64_MIN, 1 << 20};
  return random.pick(ArrayRef(values));
}

/// Splits the text into numbers, words and single other characters.
static SmallVector<std::string> tokenize(StringRef text) {
  SmallVector<std::string> tokens;
  while (!text.empty()) {
    size_t length = 1;
    auto isWord = [](char c) {
      return std::isalnum((unsigned char)c) || c == '_';
    };
    if (isWord(text.front()))
      while (length < text.size() && isWord(text[length]))
        ++length;
    tokens.push_back(text.take_front(length).str());
    text = text.drop_front(length);
  }
  return tokens;
}

/// Changes a number of the text of an attribute, removes an item of a list, or
/// writes one twice: this reaches what dialects' attributes hold.
static Attribute mutateText(Attribute attribute, Random &random) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  if (text.size() > 2000)
    return attribute;
  SmallVector<std::string> tokens = tokenize(text);
  SmallVector<unsigned> numbers, commas;
  for (auto [i, token] : llvm::enumerate(tokens)) {
    int64_t value;
    if (!StringRef(token).getAsInteger(10, value))
      numbers.push_back(i);
    if (token == ",")
      commas.push_back(i);
  }
  if (numbers.empty())
    return attribute;
  unsigned place = random.pick(numbers);
  int64_t value = 0;
  (void)StringRef(tokens[place]).getAsInteger(10, value);
  switch (random.below(4)) {
  case 0:
    // With its comma, if there is one.
    tokens[place].clear();
    if (place + 1 < tokens.size() && tokens[place + 1] == ",")
      tokens[place + 1].clear();
    break;
  case 1:
    tokens[place] = tokens[place] + ", " + tokens[place];
    break;
  default:
    tokens[place] = std::to_string(pickInteger(value, random));
  }
  Attribute changed =
      parseAttribute(llvm::join(tokens, ""), attribute.getContext());
  return changed ? changed : attribute;
}

static Attribute mutateFloat(FloatAttr attribute, Random &random) {
  const llvm::fltSemantics &format = attribute.getValue().getSemantics();
  const APFloat values[] = {
      APFloat::getZero(format),
      APFloat::getZero(format, true),
      APFloat::getOne(format),
      APFloat::getLargest(format),
      APFloat::getSmallest(format),
      APFloat::semanticsHasInf(format) ? APFloat::getInf(format)
                                       : APFloat::getLargest(format),
      APFloat::semanticsHasNaN(format) ? APFloat::getNaN(format)
                                       : APFloat::getLargest(format, true)};
  return FloatAttr::get(attribute.getType(), random.pick(ArrayRef(values)));
}

/// A constant with one extreme value everywhere.
static Attribute mutateElements(DenseElementsAttr elements, Random &random) {
  Type element = elements.getElementType();
  ShapedType type = elements.getType();
  if (auto floats = dyn_cast<FloatType>(element))
    return DenseElementsAttr::get(
        type, Attribute(mutateFloat(FloatAttr::get(floats, 1.0), random)));
  if (auto integers = dyn_cast<IntegerType>(element)) {
    APInt one(integers.getWidth(), 1);
    const APInt values[] = {
        one,
        one - one,
        one - one - one,
        APInt::getSignedMaxValue(integers.getWidth()),
        APInt::getSignedMinValue(integers.getWidth()),
        integers.getWidth() > 3 ? APInt(integers.getWidth(), 5) : one};
    return DenseElementsAttr::get(type, random.pick(ArrayRef(values)));
  }
  return elements;
}

/// The attribute changed somewhere, or as it is.
static Attribute mutate(Attribute attribute, Random &random) {
  Builder builder(attribute.getContext());
  if (random.chance(20))
    return mutateText(attribute, random);
  if (auto number = dyn_cast<IntegerAttr>(attribute)) {
    if (number.getType().isInteger(1))
      return builder.getBoolAttr(!number.getValue().getBoolValue());
    if (number.getValue().getSignificantBits() > 64)
      return attribute;
    APInt value(64, pickInteger(number.getValue().getSExtValue(), random));
    return IntegerAttr::get(number.getType(),
                            value.sextOrTrunc(number.getValue().getBitWidth()));
  }
  if (auto number = dyn_cast<FloatAttr>(attribute))
    return mutateFloat(number, random);
  if (auto array = dyn_cast<DenseI64ArrayAttr>(attribute)) {
    SmallVector<int64_t> values(array.asArrayRef());
    unsigned kind = random.below(4);
    if (kind == 0 && !values.empty())
      values.erase(values.begin() + random.below(values.size()));
    else if (kind == 1 || values.empty())
      values.push_back(random.below(4));
    else if (kind == 2)
      std::swap(values[random.below(values.size())], values.back());
    else
      for (int64_t &value : MutableArrayRef(values)
                                .slice(random.below(values.size()))
                                .take_front(1))
        value = pickInteger(value, random);
    return builder.getDenseI64ArrayAttr(values);
  }
  if (auto array = dyn_cast<ArrayAttr>(attribute); array && !array.empty()) {
    SmallVector<Attribute> values(array.getValue());
    unsigned i = random.below(values.size());
    switch (random.below(4)) {
    case 0:
      values.erase(values.begin() + i);
      break;
    case 1:
      values.push_back(values[i]);
      break;
    case 2:
      std::swap(values[i], values[random.below(values.size())]);
      break;
    default:
      values[i] = mutate(values[i], random);
    }
    return builder.getArrayAttr(values);
  }
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute);
      dictionary && !dictionary.empty()) {
    NamedAttrList values(dictionary);
    NamedAttribute item = random.pick(dictionary.getValue());
    if (random.chance(30))
      values.erase(item.getName());
    else
      values.set(item.getName(), mutate(item.getValue(), random));
    return values.getDictionary(attribute.getContext());
  }
  if (auto text = dyn_cast<StringAttr>(attribute)) {
    const std::string values[] = {"", "x", text.str() + text.str(),
                                  text.str() + "\n\"\\00%@{}", "\xff\xfe"};
    return builder.getStringAttr(random.pick(ArrayRef(values)));
  }
  if (auto elements = dyn_cast<DenseElementsAttr>(attribute))
    return mutateElements(elements, random);
  return mutateText(attribute, random);
}

static bool changeAttribute(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Place> places = collectAttributes(module);
  if (places.empty())
    return false;
  Place place = random.pick(places);
  Attribute changed = mutate(place.attribute.getValue(), random);
  return changed != place.attribute.getValue() &&
         setAttribute(place.op, place.attribute.getName(), changed);
}

static bool dropAttribute(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Place> places = collectAttributes(module);
  if (places.empty())
    return false;
  Place place = random.pick(places);
  return setAttribute(place.op, place.attribute.getName(), {});
}

/// Gives an op the attribute of another, by its name or a new one.
static bool copyAttribute(ModuleOp module, ModuleOp donor, Random &random) {
  SmallVector<Place> from =
      collectAttributes(random.chance(50) ? donor : module);
  SmallVector<Place> to = collectAttributes(module);
  if (from.empty() || to.empty())
    return false;
  NamedAttribute attribute = random.pick(from).attribute;
  Place place = random.pick(to);
  return setAttribute(place.op,
                      random.chance(50) ? attribute.getName()
                                        : place.attribute.getName(),
                      attribute.getValue());
}

static bool changeConstant(ModuleOp module, ModuleOp, Random &random) {
  SmallVector<Place> places = collectAttributes(module);
  llvm::erase_if(places, [](Place &place) {
    return !isa<DenseElementsAttr>(place.attribute.getValue());
  });
  if (places.empty())
    return false;
  Place place = random.pick(places);
  return setAttribute(
      place.op, place.attribute.getName(),
      mutateElements(cast<DenseElementsAttr>(place.attribute.getValue()),
                     random));
}

ArrayRef<Mutation> mlir::cegm::fuzz::getAttributeMutations() {
  static const Mutation mutations[] = {
      {"change-attribute", changeAttribute},
      {"change-attribute", changeAttribute},
      {"change-attribute", changeAttribute},
      {"drop-attribute", dropAttribute},
      {"copy-attribute", copyAttribute},
      {"change-constant", changeConstant},
  };
  return mutations;
}
