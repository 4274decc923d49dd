//===- Verification.h - What the verifiers have in common -----------------===//
//
// Each check succeeds, or reports an error of `op` that names the value, what
// it is and what it should be. The verifiers read as the lists of constraints
// of the specification, which they cite as `dot_general_c5` for (C5) of
// dot_general.
//
// None of them looks at the elements of a tensor, but for replica groups,
// window paddings and shapes, which have a few for each device or dimension.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_DIALECT_STABLEHLO_IR_VERIFICATION_H
#define CEGM_DIALECT_STABLEHLO_IR_VERIFICATION_H

#include "cegm/Dialect/StableHLO/IR/TypeInference.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

namespace mlir {
class SymbolTableCollection;
} // namespace mlir

namespace mlir::stablehlo {

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// Whether two sizes of a dimension can be the same at run time.
bool areCompatibleSizes(int64_t lhs, int64_t rhs);

/// Whether two element types are the same; a quantized one is not looked into.
bool areCompatibleElements(Type lhs, Type rhs);

/// Whether a number of type `from` may be accumulated in type `to`: one of the
/// same kind that is as wide. Floats may be of any width, as frontends print.
bool isPromotable(Type from, Type to);

/// Whether the elements of `lhs` and `rhs` are of one kind (integers, real or
/// complex numbers), and sums of their products can be elements of the result:
/// complex ones where those are complex, and only there.
LogicalResult checkProductTypes(Operation *op, Type result, Type lhs, Type rhs);

LogicalResult checkElementType(Operation *op, const Twine &name, Type type,
                               Type expected);
LogicalResult checkShape(Operation *op, const Twine &name, Type type,
                         ArrayRef<int64_t> expected);
LogicalResult checkType(Operation *op, const Twine &name, Type type,
                        Type expected);

/// The number of `types`, and each of them; `name` is that of one.
LogicalResult checkTypes(Operation *op, const Twine &name, TypeRange types,
                         TypeRange expected);

/// Whether all of `types` have the shape of the first; `name` is that of one.
LogicalResult checkSameShapes(Operation *op, const Twine &name,
                              TypeRange types);

/// Whether an op of inputs, as many `partners` and `numOthers` other operands
/// has an input at least, and no operand without its partner.
LogicalResult checkInputGroups(Operation *op, StringRef partners,
                               unsigned numOthers = 0);

/// The tensor types of scalars with the elements of `types`.
SmallVector<Type> getScalarTypes(TypeRange types);

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

/// Whether a list has one entry for each of `rank` dimensions of `of`.
LogicalResult checkEntries(Operation *op, const Twine &name, int64_t size,
                           int64_t rank, const Twine &of);

/// Whether `dim` is a dimension of `of`.
LogicalResult checkDim(Operation *op, const Twine &name, int64_t dim,
                       int64_t rank, const Twine &of);

/// Whether `dims` are different dimensions of `of`, in ascending order where
/// `sorted`.
LogicalResult checkDims(Operation *op, const Twine &name,
                        ArrayRef<int64_t> dims, int64_t rank, const Twine &of,
                        bool sorted = false);

/// Whether no dimension is in both lists.
LogicalResult checkDisjoint(Operation *op, const Twine &lhsName,
                            ArrayRef<int64_t> lhs, const Twine &rhsName,
                            ArrayRef<int64_t> rhs);

/// Whether all entries are `least` or more.
LogicalResult checkAtLeast(Operation *op, const Twine &name,
                           ArrayRef<int64_t> values, int64_t least);

/// Whether `precision` has no more than one entry for each of two operands.
LogicalResult checkPrecision(Operation *op, ArrayAttr precision);

/// Whether dimensions of operand and result pair, as a broadcast pairs them.
LogicalResult checkBroadcast(Operation *op, RankedTensorType operand,
                             RankedTensorType result, ArrayRef<int64_t> dims);

/// The elements of a constant of few integers, such as a shape.
std::optional<SmallVector<int64_t>> getConstantInts(Value value);

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The dimensions of two tensors that a product pairs.
struct DotDims {
  ArrayRef<int64_t> lhsBatching, rhsBatching, lhsContracting, rhsContracting;

  /// Whether each dimension occurs once, and both of a pair have one size.
  LogicalResult verify(Operation *op, RankedTensorType lhs,
                       RankedTensorType rhs) const;

  /// The batching dimensions, then the free ones of `lhs`, then those of `rhs`
  /// that are not in `rhsDropped`.
  SmallVector<int64_t> getShape(RankedTensorType lhs, RankedTensorType rhs,
                                ArrayRef<int64_t> rhsDropped = {}) const;
};

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

/// Whether the region takes and returns values of these types.
LogicalResult checkArguments(Operation *op, Region &region, const Twine &name,
                             TypeRange expected);
LogicalResult checkReturned(Operation *op, Region &region, const Twine &name,
                            TypeRange expected);

/// Whether the region takes an accumulator for each input, then an element for
/// each, and returns new accumulators. All of them are tensors with dimensions
/// that are among `sizes` in this order, mostly scalars. `inits` are the types
/// of the first accumulators.
LogicalResult checkReducer(Operation *op, Region &region, const Twine &name,
                           TypeRange inputs, TypeRange inits,
                           ArrayRef<int64_t> sizes = {},
                           StringRef initName = "init value");

/// Whether the results have the element types that a checked reducer returns,
/// and `shape`.
LogicalResult checkReduced(Operation *op, Region &region,
                           ArrayRef<int64_t> shape);

//===----------------------------------------------------------------------===//
// Devices
//===----------------------------------------------------------------------===//

/// Whether the groups hold each process once. Where `sameSize`, none of them is
/// filled up with -1.
LogicalResult checkReplicaGroups(Operation *op, Attribute groups,
                                 bool sameSize);

/// Whether the groups hold each process once at most. Unlike those of the other
/// collectives they may leave some out, which get zeros.
LogicalResult checkPartialGroups(Operation *op, Attribute groups);

/// Whether no process is twice the source, or twice the target.
LogicalResult checkSourceTargetPairs(Operation *op, DenseIntElementsAttr pairs);

/// Whether the mesh by whose axes the groups are given exists.
LogicalResult checkMeshSymbol(Operation *op, Attribute groups,
                              SymbolTableCollection &symbolTable);

} // namespace mlir::stablehlo

#endif // CEGM_DIALECT_STABLEHLO_IR_VERIFICATION_H
