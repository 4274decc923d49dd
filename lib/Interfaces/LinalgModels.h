//===- LinalgModels.h - Parts of the linalg models --------------*- C++ -*-===//
//
// Every structured op of linalg has indexing maps and a body, also those that
// have a name. So the answers are read off those, for all of them alike.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_LIB_INTERFACES_LINALGMODELS_H
#define CEGM_LIB_INTERFACES_LINALGMODELS_H

#include "cegm/Interfaces/TrainingGraphOpInterface.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace mlir::cegm::detail {

/// A contraction that adds to nothing: its initial value is zero.
std::optional<Contraction> describeContraction(linalg::LinalgOp op);
Value createContraction(linalg::LinalgOp op, OpBuilder &builder, Location loc,
                        Value lhs, Value rhs, bool swapped);

/// Yields of an input, permuted, converted, or with dimensions of size 1 more
/// or less.
std::optional<TensorView> describeView(linalg::LinalgOp op);

/// How a body makes its result from an operand: from an input element by
/// element, or from the initial value of a reduction.
Passing findPassing(linalg::LinalgOp op, unsigned operand);

/// Whether each element of the result is the same function of the elements that
/// it is computed from, wherever it stands.
bool isUniformBody(linalg::LinalgOp op);

/// Rows of a tensor that the body reads at places that an operand gives.
std::optional<TableAccess> describeLookup(linalg::LinalgOp op);

/// Tensors in the form of linalg-on-tensors, as the interface asks for them.
Value createPermutation(OpBuilder &builder, Location loc, Value source,
                        ArrayRef<int64_t> permutation);
Value createReshape(OpBuilder &builder, Location loc, Value source,
                    ArrayRef<int64_t> shape);

/// An op that the gradient of a site may be: what the injection writes around
/// it is linalg.
template <typename ConcreteModel, typename OpTy>
struct LinalgSiteModel
    : TrainingGraphOpInterface::ExternalModel<ConcreteModel, OpTy> {
  Value createPermutation(Operation *, OpBuilder &builder, Location loc,
                          Value source, ArrayRef<int64_t> permutation) const {
    return cegm::detail::createPermutation(builder, loc, source, permutation);
  }
  Value createReshape(Operation *, OpBuilder &builder, Location loc,
                      Value source, ArrayRef<int64_t> shape) const {
    return cegm::detail::createReshape(builder, loc, source, shape);
  }
};

/// Sums, differences and choices of scalars.
void attachArithModels(MLIRContext &ctx);

/// Reshapes, slices and concatenations of tensors.
void attachTensorModels(MLIRContext &ctx);

/// Scatters.
void attachTMTensorModels(MLIRContext &ctx);

} // namespace mlir::cegm::detail

#endif // CEGM_LIB_INTERFACES_LINALGMODELS_H
