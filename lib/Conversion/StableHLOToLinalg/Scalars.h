//===- Scalars.h - What an elementwise op does to one element -------------===//
//
// One lowering serves an elementwise op on tensors (the body of a
// linalg.generic), on tensors without dimensions (plain scalar code), and in
// the region of a reduction, a scatter or a sort.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SCALARS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SCALARS_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "llvm/ADT/DenseMap.h"

#include <functional>

namespace mlir::cegm::from_stablehlo {

/// Kinds of elements, as a set.
enum ElementKind : unsigned {
  Bools = 1,
  Ints = 2,
  Floats = 4,
  Complexes = 8,
  Numbers = Ints | Floats | Complexes,
  AnyElement = Bools | Numbers
};

/// The kind of an element type; 0 if the conversion does not know the type.
unsigned getElementKind(Type element);

/// Whether integers of the type, as StableHLO has it, have no sign.
bool isUnsignedElement(Type element);

/// The type without a sign.
Type getSignlessElement(Type element);

/// The number of type `from` in the type `to`, as `stablehlo.convert` has it.
/// Both are element types before the conversion.
Value convertElement(ImplicitLocOpBuilder &b, Value value, Type from, Type to);

/// Ops of StableHLO and CHLO that work element by element, each with the code
/// for one element.
class ScalarTable {
public:
  /// Writes the code: `op` says what to compute and, by the types it has before
  /// the conversion, whether integers have a sign; `args` are signless scalars.
  using Function = std::function<Value(ImplicitLocOpBuilder &builder,
                                       Operation *op, ValueRange args)>;

  /// `elements` are the kinds that operands and results may have.
  template <typename OpTy, typename FunctionTy>
  void add(unsigned elements, FunctionTy lower) {
    entries[TypeID::get<OpTy>()] = {
        elements,
        [lower](ImplicitLocOpBuilder &builder, Operation *op, ValueRange args) {
          return lower(builder, cast<OpTy>(op), args);
        }};
  }

  /// Whether `op` is elementwise, with element types that are handled.
  bool contains(Operation *op) const;
  Value lower(ImplicitLocOpBuilder &builder, Operation *op,
              ValueRange args) const;

  static const ScalarTable &get();

private:
  struct Entry {
    unsigned elements;
    Function lower;
  };
  DenseMap<TypeID, Entry> entries;
};

void addArithmetic(ScalarTable &table);
void addBitwise(ScalarTable &table);
void addComparisons(ScalarTable &table);
void addConversions(ScalarTable &table);
void addFunctions(ScalarTable &table);
void addSpecialFunctions(ScalarTable &table);

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// A number as an element of the (signless) type.
Value createInteger(ImplicitLocOpBuilder &builder, Type type,
                    const APInt &value);
Value createNumber(ImplicitLocOpBuilder &builder, Type type, double value);

/// An integer whose order, with sign, is the total order of floating-point
/// numbers: -NaN, -inf, .., -0, +0, .., +inf, +NaN.
Value createOrderKey(ImplicitLocOpBuilder &builder, Value number);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_SCALARS_H
