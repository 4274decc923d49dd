//===- RandomBits.h - Counter-based random bits -----------------*- C++ -*-===//

#ifndef CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_RANDOMBITS_H
#define CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_RANDOMBITS_H

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace mlir::cegm::from_stablehlo {

/// Random bits and how far the counter has gone for them.
struct RandomBits {
  Value bits;
  int64_t blocks;
};

/// Bits by Threefry-2x32 with 20 rounds. `type` has a static shape and integers
/// of 8 to 64 bits; `key` and `counter` are i64. A block of two words makes an
/// element of 64 bits, or two neighbours along one dimension, the first even
/// one or else the largest; narrower elements are the low bits of a word.
RandomBits createThreefryBits(ImplicitLocOpBuilder &builder,
                              RankedTensorType type, Value key, Value counter);

/// Bits by Philox-4x32 with 10 rounds: the words of the blocks, two for an
/// element of 64 bits, in row-major order. `counter` is the low and the high
/// half.
RandomBits createPhiloxBits(ImplicitLocOpBuilder &builder,
                            RankedTensorType type, Value key,
                            std::pair<Value, Value> counter);

/// A number of 128 bits, in halves, plus one of 64.
std::pair<Value, Value> addToWide(ImplicitLocOpBuilder &builder,
                                  std::pair<Value, Value> wide, Value number);

} // namespace mlir::cegm::from_stablehlo

#endif // CEGM_LIB_CONVERSION_STABLEHLOTOLINALG_RANDOMBITS_H
