//===- ContractionOps.cpp - Products, convolutions, linear algebra --------===//

#include "cegm/Dialect/StableHLO/IR/AssemblyFormat.h"
#include "cegm/Dialect/StableHLO/IR/StablehloOps.h"

#include "llvm/ADT/SmallBitVector.h"

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

/// Marks the dimensions of one operand that are paired with the other's. Fails
/// when one is out of range or occurs twice.
static LogicalResult mark(DotGeneralOp op, StringRef operand,
                          RankedTensorType type, ArrayRef<int64_t> batching,
                          ArrayRef<int64_t> contracting,
                          llvm::SmallBitVector &paired) {
  paired.resize(type.getRank());
  for (auto [name, dims] :
       {std::pair("batching", batching), std::pair("contracting", contracting)})
    for (int64_t dim : dims) {
      // dot_general_c5 to dot_general_c8: each is a dimension of the operand.
      if (dim < 0 || dim >= type.getRank())
        return op.emitOpError() << operand << " " << name << " dimension "
                                << dim << " is not one of its type " << type;
      // dot_general_c3 and dot_general_c4: no dimension occurs twice.
      if (paired.test(dim))
        return op.emitOpError()
               << operand << " " << name << " dimension " << dim
               << " occurs twice among batching and contracting dimensions";
      paired.set(dim);
    }
  return success();
}

LogicalResult DotGeneralOp::verify() {
  DotDimensionNumbersAttr dims = getDotDimensionNumbers();
  RankedTensorType lhs = getLhs().getType(), rhs = getRhs().getType();
  ArrayRef<int64_t> lhsBatching = dims.getLhsBatchingDimensions();
  ArrayRef<int64_t> rhsBatching = dims.getRhsBatchingDimensions();
  llvm::SmallBitVector lhsPaired, rhsPaired;
  if (failed(mark(*this, "lhs", lhs, lhsBatching,
                  dims.getLhsContractingDimensions(), lhsPaired)) ||
      failed(mark(*this, "rhs", rhs, rhsBatching,
                  dims.getRhsContractingDimensions(), rhsPaired)))
    return failure();
  for (auto [name, lhsDims, rhsDims] :
       {std::tuple("batching", lhsBatching, rhsBatching),
        std::tuple("contracting", dims.getLhsContractingDimensions(),
                   dims.getRhsContractingDimensions())}) {
    // dot_general_c1 and dot_general_c2: dimensions come in pairs.
    if (lhsDims.size() != rhsDims.size())
      return emitOpError() << "has " << lhsDims.size() << " lhs and "
                           << rhsDims.size() << " rhs " << name
                           << " dimensions, expected as many";
    // dot_general_c9 and dot_general_c10: the dimensions of a pair have one
    // size.
    for (auto [left, right] : llvm::zip_equal(lhsDims, rhsDims)) {
      int64_t lhsSize = lhs.getDimSize(left), rhsSize = rhs.getDimSize(right);
      if (!ShapedType::isDynamic(lhsSize) && !ShapedType::isDynamic(rhsSize) &&
          lhsSize != rhsSize)
        return emitOpError() << name << " dimension " << left
                             << " of lhs has size " << lhsSize << ", dimension "
                             << right << " of rhs has " << rhsSize;
    }
  }
  // dot_general_c11: one precision for each operand.
  if (ArrayAttr precision = getPrecisionConfigAttr();
      precision && precision.size() > 2)
    return emitOpError() << "precision_config has " << precision.size()
                         << " entries, expected one for each of 2 operands";
  // dot_general_c12: the result has the batching dimensions, then the free ones
  // of lhs, then those of rhs.
  SmallVector<int64_t> shape;
  for (int64_t dim : lhsBatching)
    shape.push_back(lhs.getDimSize(dim));
  for (auto [type, paired] :
       {std::pair(lhs, &lhsPaired), std::pair(rhs, &rhsPaired)})
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (!paired->test(dim))
        shape.push_back(type.getDimSize(dim));
  if (failed(verifyCompatibleShape(shape, getType().getShape()))) {
    auto expected = RankedTensorType::get(shape, getType().getElementType());
    return emitOpError() << "result has type " << getType() << ", expected "
                         << expected;
  }
  return success();
}
