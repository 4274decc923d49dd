//===- ShardingRules.cpp - How sharding rules are written -----------------===//

#include "ShardingRules.h"

#include "cegm/Dialect/Shardy/IR/SdyDialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace mlir::sdy;

static constexpr int64_t numLetters = 'z' - 'i' + 1;

std::string sdy::getFactorName(int64_t factor) {
  if (factor < numLetters)
    return std::string(1, static_cast<char>('i' + factor));
  return "z_" + std::to_string(factor - numLetters + 1);
}

/// Takes the first factor from `names`, which may hold several.
static ParseResult consumeFactor(AsmParser &parser, SMLoc loc, StringRef &names,
                                 int64_t &factor) {
  StringRef all = names;
  if (names.consume_front("z_")) {
    if (names.consumeInteger(10, factor) || factor < 1)
      return parser.emitError(loc)
             << "expected a factor such as z_1, but got " << all;
    factor += numLetters - 1;
    return success();
  }
  if (names.empty() || names.front() < 'i' || names.front() > 'z')
    return parser.emitError(loc)
           << "expected factors from i to z, but got " << all;
  factor = names.front() - 'i';
  names = names.drop_front();
  return success();
}

/// Parses one factor that stands alone.
static ParseResult parseFactor(AsmParser &parser, int64_t &factor) {
  SMLoc loc = parser.getCurrentLocation();
  StringRef name;
  if (parser.parseKeyword(&name) || consumeFactor(parser, loc, name, factor))
    return failure();
  if (!name.empty())
    return parser.emitError(loc)
           << "expected one factor, but " << name << " follows";
  return success();
}

void DimMappingAttr::print(AsmPrinter &printer) const {
  for (int64_t factor : getFactorIndices())
    printer << getFactorName(factor);
}

Attribute DimMappingAttr::parse(AsmParser &parser, Type) {
  SMLoc loc = parser.getCurrentLocation();
  SmallVector<int64_t> factors;
  StringRef names;
  if (succeeded(parser.parseOptionalKeyword(&names)))
    while (!names.empty())
      if (consumeFactor(parser, loc, names, factors.emplace_back()))
        return {};
  return get(parser.getContext(), factors);
}

void TensorMappingAttr::print(AsmPrinter &printer) const {
  printer << '[';
  llvm::interleaveComma(getDimMappings(), printer,
                        [&](DimMappingAttr dim) { dim.print(printer); });
  printer << ']';
}

Attribute TensorMappingAttr::parse(AsmParser &parser, Type) {
  SmallVector<DimMappingAttr> dims;
  auto parseDim = [&]() -> ParseResult {
    auto dim =
        dyn_cast_or_null<DimMappingAttr>(DimMappingAttr::parse(parser, Type()));
    if (!dim)
      return failure();
    dims.push_back(dim);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseDim))
    return {};
  return get(parser.getContext(), dims);
}

static void printMappings(AsmPrinter &printer,
                          ArrayRef<TensorMappingAttr> mappings) {
  printer << '(';
  llvm::interleaveComma(mappings, printer, [&](TensorMappingAttr mapping) {
    mapping.print(printer);
  });
  printer << ')';
}

static ParseResult parseMappings(AsmParser &parser,
                                 SmallVectorImpl<TensorMappingAttr> &mappings) {
  return parser.parseCommaSeparatedList(
      AsmParser::Delimiter::Paren, [&]() -> ParseResult {
        auto mapping = dyn_cast_or_null<TensorMappingAttr>(
            TensorMappingAttr::parse(parser, Type()));
        if (!mapping)
          return failure();
        mappings.push_back(mapping);
        return success();
      });
}

void OpShardingRuleAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printMappings(printer, getOperandMappings());
  printer << "->";
  printMappings(printer, getResultMappings());
  if (!getFactorSizes().empty()) {
    printer << " {";
    llvm::interleaveComma(
        llvm::enumerate(getFactorSizes()), printer, [&](auto factor) {
          printer << getFactorName(factor.index()) << '=' << factor.value();
        });
    printer << '}';
  }
  for (auto [name, factors] :
       {std::pair("reduction", getReductionFactors()),
        std::pair("need_replication", getNeedReplicationFactors()),
        std::pair("permutation", getPermutationFactors()),
        std::pair("blocked_propagation", getBlockedPropagationFactors())}) {
    if (factors.empty())
      continue;
    printer << ' ' << name << "={";
    llvm::interleaveComma(factors, printer, [&](int64_t factor) {
      printer << getFactorName(factor);
    });
    printer << '}';
  }
  if (getIsCustomRule())
    printer << ", custom";
  printer << '>';
}

/// Parses `{i=8, j=16}`, whose factors are numbered in order, or nothing.
static ParseResult parseFactorSizes(AsmParser &parser,
                                    SmallVectorImpl<int64_t> &sizes) {
  auto parseSize = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    int64_t factor;
    if (parseFactor(parser, factor))
      return failure();
    if (factor != static_cast<int64_t>(sizes.size()))
      return parser.emitError(loc)
             << "expected the sizes of factors in order, of number "
             << sizes.size() << " next, but got number " << factor;
    return failure(parser.parseEqual() ||
                   parser.parseInteger(sizes.emplace_back()));
  };
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalBraces,
                                        parseSize);
}

Attribute OpShardingRuleAttr::parse(AsmParser &parser, Type) {
  SmallVector<TensorMappingAttr> operands, results;
  SmallVector<int64_t> sizes, reduction, replication, permutation, blocked;
  if (parser.parseLess() || parseMappings(parser, operands) ||
      parser.parseArrow() || parseMappings(parser, results) ||
      parseFactorSizes(parser, sizes))
    return {};
  for (auto [name, factors] : {std::pair("reduction", &reduction),
                               std::pair("need_replication", &replication),
                               std::pair("permutation", &permutation),
                               std::pair("blocked_propagation", &blocked)}) {
    if (failed(parser.parseOptionalKeyword(name)))
      continue;
    if (parser.parseEqual() ||
        parser.parseCommaSeparatedList(
            AsmParser::Delimiter::Braces, [&, factors = factors] {
              return parseFactor(parser, factors->emplace_back());
            }))
      return {};
  }
  bool isCustom = succeeded(parser.parseOptionalComma());
  if ((isCustom && parser.parseKeyword("custom")) || parser.parseGreater())
    return {};
  return get(parser.getContext(), sizes, operands, results, reduction,
             replication, permutation, blocked, isCustom);
}
