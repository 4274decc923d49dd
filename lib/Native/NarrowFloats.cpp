//===- NarrowFloats.cpp - Roundings that the compiler's library may lack --===//

#include "NarrowFloats.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "llvm/ADT/bit.h"

#include <cmath>

using namespace mlir;

/// To nearest, ties to even; a NaN stays one.
static __bf16 roundFloat(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint16_t upper = bits >> 16;
  uint16_t rounded =
      std::isnan(value) ? upper | 0x40 : (bits + 0x7fff + (upper & 1)) >> 16;
  return llvm::bit_cast<__bf16>(rounded);
}

/// By way of a float that is rounded to odd: it lies on the same side of each
/// tie between two numbers of bf16 as the double does.
static __bf16 roundDouble(double value) {
  float near = static_cast<float>(value);
  if (std::isnan(value) || near == value)
    return roundFloat(near);
  uint32_t bits = llvm::bit_cast<uint32_t>(near);
  if (std::fabs(static_cast<double>(near)) > std::fabs(value))
    --bits;
  return roundFloat(llvm::bit_cast<float>(bits | 1));
}

void cegm::registerNarrowFloats(ExecutionEngine &engine) {
  engine.registerSymbols([](llvm::orc::MangleAndInterner mangle) {
    llvm::orc::SymbolMap symbols;
    auto add = [&](StringRef name, auto *function) {
      symbols[mangle(name)] = {llvm::orc::ExecutorAddr::fromPtr(function),
                               llvm::JITSymbolFlags::Exported};
    };
    add("__truncsfbf2", &roundFloat);
    add("__truncdfbf2", &roundDouble);
    return symbols;
  });
}
