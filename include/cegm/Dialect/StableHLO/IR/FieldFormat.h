//===- FieldFormat.h - Attributes that are lists of fields ----------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_FIELDFORMAT_H
#define CEGM_DIALECT_STABLEHLO_IR_FIELDFORMAT_H

#include "mlir/IR/DialectImplementation.h"

namespace mlir::stablehlo {

/// A field of an attribute that is written as `name = value`: a list, or a
/// number.
struct Field {
  Field(StringRef name, SmallVector<int64_t> &list) : name(name), list(&list) {}
  Field(StringRef name, int64_t &number) : name(name), number(&number) {}

  StringRef name;
  SmallVector<int64_t> *list = nullptr;
  int64_t *number = nullptr;
  bool seen = false;
};

/// Parses `name = value, name = value` in any order; fields may be left out.
ParseResult
parseFields(AsmParser &parser, MutableArrayRef<Field> fields,
            AsmParser::Delimiter delimiter = AsmParser::Delimiter::LessGreater);

/// Prints the fields that are neither empty nor zero, in angle brackets.
void printFields(AsmPrinter &printer,
                 ArrayRef<std::pair<StringRef, ArrayRef<int64_t>>> lists,
                 int64_t indexVectorDim = 0);

} // namespace mlir::stablehlo

#endif // CEGM_DIALECT_STABLEHLO_IR_FIELDFORMAT_H
