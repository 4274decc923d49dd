//===- ContractionOps.cpp - Products, convolutions, linear algebra --------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"
#include "cegm/Dialect/StableHLO/IR/Verification.h"

using namespace mlir;
using namespace mlir::stablehlo;

#define GET_OP_CLASSES
#include "cegm/Dialect/StableHLO/IR/ContractionOps.cpp.inc"

void StablehloDialect::registerContractionOps() {
  addOperations<
#define GET_OP_LIST
#include "cegm/Dialect/StableHLO/IR/ContractionOps.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// DotGeneralOp
//===----------------------------------------------------------------------===//

LogicalResult DotGeneralOp::verify() {
  DotDimensionNumbersAttr numbers = getDotDimensionNumbers();
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType();
  DotDims dims{numbers.getLhsBatchingDimensions(),
               numbers.getRhsBatchingDimensions(),
               numbers.getLhsContractingDimensions(),
               numbers.getRhsContractingDimensions()};
  // dot_general_c1 to dot_general_c10: dimensions come in pairs of one size.
  if (failed(dims.verify(*this, lhs, rhs)))
    return failure();
  // dot_general_c11: one precision for each operand.
  if (failed(checkPrecision(*this, getPrecisionConfigAttr())))
    return failure();
  // dot_general_c21: an algorithm stands instead of a precision.
  if (getAlgorithm() && getPrecisionConfig())
    for (auto precision : getPrecisionConfig()->getAsRange<PrecisionAttr>())
      if (precision.getValue() != Precision::DEFAULT)
        return emitOpError() << "has an algorithm and precision "
                             << stringifyPrecision(precision.getValue())
                             << ", expected DEFAULT";
  // dot_general_c12: the result has the batching dimensions, then the free ones
  // of lhs, then those of rhs.
  if (failed(checkProductTypes(*this, getType(), lhs, rhs)))
    return failure();
  return checkShape(*this, "result", getType(), dims.getShape(lhs, rhs));
}

// dot_general_c13 is not checked: JAX multiplies numbers of 8 bits of different
// formats.

//===----------------------------------------------------------------------===//
// DotOp
//===----------------------------------------------------------------------===//

LogicalResult DotOp::verify() {
  // The specification leaves this operation out. It contracts the last
  // dimension of a vector or matrix with the first one of another.
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType();
  for (auto [name, type] : {std::pair("lhs", lhs), std::pair("rhs", rhs)})
    if (type.getRank() != 1 && type.getRank() != 2)
      return emitOpError() << name << " has type " << type
                           << ", expected a vector or a matrix";
  if (!areCompatibleSizes(lhs.getShape().back(), rhs.getShape().front()))
    return emitOpError() << "lhs has type " << lhs << " and rhs " << rhs
                         << ", expected the last dimension of lhs to be the "
                            "first one of rhs";
  if (failed(checkPrecision(*this, getPrecisionConfigAttr())))
    return failure();
  if (failed(checkProductTypes(*this, getType(), lhs, rhs)))
    return failure();
  SmallVector<int64_t> shape(lhs.getShape().drop_back());
  llvm::append_range(shape, rhs.getShape().drop_front());
  return checkShape(*this, "result", getType(), shape);
}

//===----------------------------------------------------------------------===//
// DotAlgorithmAttr
//===----------------------------------------------------------------------===//

/// Whether some device computes a product in these formats by so many products
/// of them, as XLA lists it.
static bool isKnownProduct(Type operand, Type sum, int64_t products) {
  if (operand.isBF16())
    return (sum.isBF16() && products == 1) ||
           (sum.isF32() && llvm::is_contained({1, 3, 6, 9}, products));
  if (operand.isTF32())
    return sum.isF32() && llvm::is_contained({1, 3}, products);
  if (operand.isF16())
    return (sum.isF16() || sum.isF32()) && products == 1;
  return (operand.isF32() || operand.isF64()) && sum == operand &&
         products == 1;
}

LogicalResult DotAlgorithmAttr::verify(
    function_ref<InFlightDiagnostic()> emitError, Type lhsPrecisionType,
    Type rhsPrecisionType, Type accumulationType, int64_t lhsComponentCount,
    int64_t rhsComponentCount, int64_t numPrimitiveOperations,
    bool allowImpreciseAccumulation) {
  // dot_general_c22 to dot_general_c24: there are components and operations.
  for (auto [name, count] :
       {std::pair("lhs_component_count", lhsComponentCount),
        std::pair("rhs_component_count", rhsComponentCount),
        std::pair("num_primitive_operations", numPrimitiveOperations)})
    if (count < 1)
      return emitError() << name << " is " << count << ", expected 1 or more";
  // The specification has algorithms refused that no device knows. Operands of
  // 8 bits may differ, and alone may be summed imprecisely.
  auto isNarrow = [](Type type) {
    return isa<FloatType>(type) && type.getIntOrFloatBitWidth() == 8;
  };
  bool isKnown = isNarrow(lhsPrecisionType) && isNarrow(rhsPrecisionType)
                     ? accumulationType.isF32() && numPrimitiveOperations == 1
                     : lhsPrecisionType == rhsPrecisionType &&
                           !allowImpreciseAccumulation &&
                           isKnownProduct(lhsPrecisionType, accumulationType,
                                          numPrimitiveOperations);
  if (isKnown && lhsComponentCount == 1 && rhsComponentCount == 1)
    return success();
  return emitError() << "the algorithm is known on no device: operands "
                     << lhsPrecisionType << " and " << rhsPrecisionType
                     << " of " << lhsComponentCount << " and "
                     << rhsComponentCount << " components, sum "
                     << accumulationType << ", " << numPrimitiveOperations
                     << " operations, "
                     << (allowImpreciseAccumulation ? "imprecise" : "precise");
}
