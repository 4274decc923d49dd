//===- Patterns.h - The conversion patterns, by subject -------------------===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_PATTERNS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_PATTERNS_H

#include "cegm/Dialect/StableHLO.h"

#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Transforms/DialectConversion.h"

namespace mlir::cegm::from_stablehlo {

/// Integers lose their sign, tensors the bounds of their dimensions. The
/// converter also remembers why patterns left an op alone, for the error about
/// it.
struct GraphTypeConverter : public TypeConverter {
  GraphTypeConverter();

  mutable DenseMap<Operation *, std::string> reasons;
};

/// A pattern for one op of the graph; its converter is a GraphTypeConverter.
template <typename OpTy> struct HloPattern : public OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  using Adaptor = typename OpTy::Adaptor;

  /// The type of a value after the conversion.
  RankedTensorType getType(Value value) const {
    return cast<RankedTensorType>(
        this->getTypeConverter()->convertType(value.getType()));
  }

  /// Leaves the op alone, and says why.
  LogicalResult reject(Operation *op, const Twine &reason) const {
    this->template getTypeConverter<GraphTypeConverter>()->reasons[op] =
        reason.str();
    return failure();
  }
};

void populateElementwisePatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateConstantPatterns(const TypeConverter &converter,
                              RewritePatternSet &patterns);
void populateShapePatterns(const TypeConverter &converter,
                           RewritePatternSet &patterns);
void populatePartPatterns(const TypeConverter &converter,
                          RewritePatternSet &patterns);
void populateContractionPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateRaggedProductPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns);
void populateRandomPatterns(const TypeConverter &converter,
                            RewritePatternSet &patterns);
void populateNormalizationPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns);
void populateFourierPatterns(const TypeConverter &converter,
                             RewritePatternSet &patterns);
void populateReductionPatterns(const TypeConverter &converter,
                               RewritePatternSet &patterns);
void populateGatherPatterns(const TypeConverter &converter,
                            RewritePatternSet &patterns);
void populateScatterPatterns(const TypeConverter &converter,
                             RewritePatternSet &patterns);
void populateControlFlowPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateBitcastPatterns(const TypeConverter &converter,
                             RewritePatternSet &patterns);
void populateSortPatterns(const TypeConverter &converter,
                          RewritePatternSet &patterns);
void populateDevicePatterns(const TypeConverter &converter,
                            RewritePatternSet &patterns);
void populateWindowPatterns(const TypeConverter &converter,
                            RewritePatternSet &patterns);
void populateConvolutionPatterns(const TypeConverter &converter,
                                 RewritePatternSet &patterns);
void populateDynamicShapePatterns(const TypeConverter &converter,
                                  RewritePatternSet &patterns);
void populateImplicitBroadcastPatterns(const TypeConverter &converter,
                                       RewritePatternSet &patterns);
void populateFactorizationPatterns(const TypeConverter &converter,
                                   RewritePatternSet &patterns);
void populateTMTensorPatterns(const TypeConverter &converter,
                              RewritePatternSet &patterns);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_PATTERNS_H
