//===- TMTensor.h - What torch-mlir has beside linalg -----------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TMTENSOR_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TMTENSOR_H

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::cegm::from_stablehlo {

/// Writes the body of an op, whose code is on scalars already.
SmallVector<Value> cloneScalarBody(ImplicitLocOpBuilder &builder,
                                   Region &region, ValueRange args);

void populateTMScanPatterns(const TypeConverter &converter,
                            RewritePatternSet &patterns);
void populateTMAttentionPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_TMTENSOR_H
