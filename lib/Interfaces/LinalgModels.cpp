//===- LinalgModels.cpp - Linalg ops in a training graph ------------------===//

#include "LinalgModels.h"

#include "cegm/Dialect/TMTensor/IR/TMTensorOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::cegm;

namespace {

template <typename OpTy>
struct LinalgModel : cegm::detail::LinalgSiteModel<LinalgModel<OpTy>, OpTy> {
  std::optional<Contraction> getContraction(Operation *op) const {
    return cegm::detail::describeContraction(cast<linalg::LinalgOp>(op));
  }
  std::optional<TensorView> getTensorView(Operation *op, unsigned) const {
    return cegm::detail::describeView(cast<linalg::LinalgOp>(op));
  }
  std::optional<TableAccess> getTableAccess(Operation *op) const {
    return cegm::detail::describeLookup(cast<linalg::LinalgOp>(op));
  }
  Passing getPassing(Operation *op, unsigned operand) const {
    return cegm::detail::findPassing(cast<linalg::LinalgOp>(op), operand);
  }
  bool isBroadcast(Operation *op) const {
    return cegm::detail::isUniformBody(cast<linalg::LinalgOp>(op));
  }
  bool isConvolution(Operation *op) const {
    return linalg::isaConvolutionOpInterface(cast<linalg::LinalgOp>(op));
  }
  Value createContraction(Operation *op, OpBuilder &builder, Location loc,
                          Value lhs, Value rhs, bool swapped) const {
    return cegm::detail::createContraction(cast<linalg::LinalgOp>(op), builder,
                                           loc, lhs, rhs, swapped);
  }
};

template <typename... OpTys> void attachAll(MLIRContext &ctx) {
  (OpTys::template attachInterface<LinalgModel<OpTys>>(ctx), ...);
}

} // namespace

void cegm::registerLinalgTrainingGraphModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *ctx, linalg::LinalgDialect *) {
    attachAll<
#define GET_OP_LIST
#include "mlir/Dialect/Linalg/IR/LinalgStructuredOps.cpp.inc"
        >(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, arith::ArithDialect *) {
    cegm::detail::attachArithModels(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, tensor::TensorDialect *) {
    cegm::detail::attachTensorModels(*ctx);
  });
  registry.addExtension(+[](MLIRContext *ctx, tm_tensor::TMTensorDialect *) {
    cegm::detail::attachTMTensorModels(*ctx);
  });
}
