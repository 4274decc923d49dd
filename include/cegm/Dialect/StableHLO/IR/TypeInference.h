//===- TypeInference.h - Element types and inferred results ---------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_TYPEINFERENCE_H
#define CEGM_DIALECT_STABLEHLO_IR_TYPEINFERENCE_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ValueRange.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <optional>

namespace mlir::stablehlo {

/// Element types, as the specification sorts them. `i1` counts as an integer,
/// for every integer operation but the arithmetic ones takes it.
bool isIntegerElement(Type type);
bool isComplexElement(Type type);
bool isQuantizedElement(Type type);

/// The element type of a result from that of the operands: the same, the real
/// type of a complex one, `i1`, and the complex type of a real one.
Type sameElement(Type type);
Type realElement(Type type);
Type predElement(Type type);
Type complexElement(Type type);

/// Infers the result of an elementwise operation: the element type by
/// `inferElement`, each dimension from the operand that knows it. Fails with an
/// error at `location`, if there is one, when the operands do not agree.
LogicalResult inferElementwise(StringRef opName,
                               std::optional<Location> location,
                               ValueRange operands,
                               llvm::function_ref<Type(Type)> inferElement,
                               SmallVectorImpl<Type> &results);

/// Whether two types can be those of one value at run time: equal element types
/// (or both quantized) and dimensions that are equal where both are known.
bool areCompatibleTypes(Type lhs, Type rhs);
bool areCompatibleTypes(TypeRange lhs, TypeRange rhs);

} // namespace mlir::stablehlo

#endif // CEGM_DIALECT_STABLEHLO_IR_TYPEINFERENCE_H
