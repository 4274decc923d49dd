//===- IdentityPattern.h - Ops that give their operands back ----*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_IDENTITYPATTERN_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_IDENTITYPATTERN_H

#include "Patterns.h"

namespace mlir::cegm::from_stablehlo {

/// An op that marks its operands, or says where they are to be kept, and gives
/// them back.
template <typename OpTy> struct IdentityPattern : public HloPattern<OpTy> {
  using HloPattern<OpTy>::HloPattern;

  LogicalResult
  matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getOperands());
    return success();
  }
};

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_IDENTITYPATTERN_H
