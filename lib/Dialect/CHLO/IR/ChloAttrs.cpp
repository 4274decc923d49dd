//===- ChloAttrs.cpp - The CHLO dialect and its attributes ----------------===//

#include "cegm/Dialect/CHLO/IR/ChloOps.h"

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/FieldFormat.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::chlo;

#include "cegm/Dialect/CHLO/IR/ChloEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "cegm/Dialect/CHLO/IR/ChloAttrs.cpp.inc"

void ChloDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "cegm/Dialect/CHLO/IR/ChloAttrs.cpp.inc"
      >();
}

Attribute ChloDialect::parseAttribute(DialectAsmParser &parser,
                                      Type type) const {
  StringRef mnemonic;
  Attribute attr;
  if (generatedAttributeParser(parser, &mnemonic, type, attr).has_value())
    return attr;
  // As in StableHLO, what is not known is kept as text.
  return OpaqueAttr::get(StringAttr::get(getContext(), getNamespace()),
                         parser.getFullSymbolSpec(),
                         type ? type : NoneType::get(getContext()));
}

void ChloDialect::printAttribute(Attribute attr,
                                 DialectAsmPrinter &printer) const {
  (void)generatedAttributePrinter(attr, printer);
}

void RaggedDotDimensionNumbersAttr::print(AsmPrinter &printer) const {
  stablehlo::printFields(
      printer, {{"lhs_batching_dimensions", getLhsBatchingDimensions()},
                {"rhs_batching_dimensions", getRhsBatchingDimensions()},
                {"lhs_contracting_dimensions", getLhsContractingDimensions()},
                {"rhs_contracting_dimensions", getRhsContractingDimensions()},
                {"lhs_ragged_dimensions", getLhsRaggedDimensions()},
                {"rhs_group_dimensions", getRhsGroupDimensions()}});
}

Attribute RaggedDotDimensionNumbersAttr::parse(AsmParser &parser, Type) {
  SmallVector<int64_t> lhsBatching, rhsBatching, lhsContracting, rhsContracting,
      lhsRagged, rhsGroup;
  stablehlo::Field fields[] = {{"lhs_batching_dimensions", lhsBatching},
                               {"rhs_batching_dimensions", rhsBatching},
                               {"lhs_contracting_dimensions", lhsContracting},
                               {"rhs_contracting_dimensions", rhsContracting},
                               {"lhs_ragged_dimensions", lhsRagged},
                               {"rhs_group_dimensions", rhsGroup}};
  if (stablehlo::parseFields(parser, fields))
    return {};
  return get(parser.getContext(), lhsBatching, rhsBatching, lhsContracting,
             rhsContracting, lhsRagged, rhsGroup);
}
