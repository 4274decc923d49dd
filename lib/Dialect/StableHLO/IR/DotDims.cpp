//===- DotDims.cpp - Dimensions that a product pairs ----------------------===//

#include "cegm/Dialect/StableHLO/IR/Verification.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace mlir::stablehlo;

/// Fails when a paired dimension of an operand is out of range or occurs twice.
static LogicalResult checkOperand(Operation *op, StringRef operand,
                                  RankedTensorType type,
                                  ArrayRef<int64_t> batching,
                                  ArrayRef<int64_t> contracting) {
  llvm::SmallBitVector paired(type.getRank());
  for (auto [name, dims] :
       {std::pair("batching", batching), std::pair("contracting", contracting)})
    for (int64_t dim : dims) {
      // dot_general_c5 to dot_general_c8: each is a dimension of the operand.
      if (dim < 0 || dim >= type.getRank())
        return op->emitOpError() << operand << " " << name << " dimension "
                                 << dim << " is not one of its type " << type;
      // dot_general_c3 and dot_general_c4: no dimension occurs twice.
      if (paired.test(dim))
        return op->emitOpError()
               << operand << " " << name << " dimension " << dim
               << " occurs twice among batching and contracting dimensions";
      paired.set(dim);
    }
  return success();
}

LogicalResult DotDims::verify(Operation *op, RankedTensorType lhs,
                              RankedTensorType rhs) const {
  if (failed(checkOperand(op, "lhs", lhs, lhsBatching, lhsContracting)) ||
      failed(checkOperand(op, "rhs", rhs, rhsBatching, rhsContracting)))
    return failure();
  for (auto [name, lhsDims, rhsDims] :
       {std::tuple("batching", lhsBatching, rhsBatching),
        std::tuple("contracting", lhsContracting, rhsContracting)}) {
    // dot_general_c1 and dot_general_c2: dimensions come in pairs.
    if (lhsDims.size() != rhsDims.size())
      return op->emitOpError()
             << "has " << lhsDims.size() << " lhs and " << rhsDims.size()
             << " rhs " << name << " dimensions, expected as many";
    // dot_general_c9 and dot_general_c10: the dimensions of a pair have one
    // size.
    for (auto [left, right] : llvm::zip_equal(lhsDims, rhsDims)) {
      int64_t lhsSize = lhs.getDimSize(left), rhsSize = rhs.getDimSize(right);
      if (!areCompatibleSizes(lhsSize, rhsSize))
        return op->emitOpError()
               << name << " dimension " << left << " of lhs has size "
               << lhsSize << ", dimension " << right << " of rhs has "
               << rhsSize;
    }
  }
  return success();
}

/// Adds the sizes of the dimensions that are in none of the lists.
static void addFree(SmallVectorImpl<int64_t> &shape, RankedTensorType type,
                    ArrayRef<ArrayRef<int64_t>> lists) {
  for (auto [dim, size] : llvm::enumerate(type.getShape()))
    if (llvm::none_of(lists, [dim = dim](ArrayRef<int64_t> list) {
          return llvm::is_contained(list, static_cast<int64_t>(dim));
        }))
      shape.push_back(size);
}

SmallVector<int64_t> DotDims::getShape(RankedTensorType lhs,
                                       RankedTensorType rhs,
                                       ArrayRef<int64_t> rhsDropped) const {
  SmallVector<int64_t> shape;
  for (int64_t dim : lhsBatching)
    shape.push_back(lhs.getDimSize(dim));
  addFree(shape, lhs, {lhsBatching, lhsContracting});
  addFree(shape, rhs, {rhsBatching, rhsContracting, rhsDropped});
  return shape;
}
