//===- Mutations.h - Random changes of a module -----------------*- C++ -*-===//

#ifndef CEGM_TEST_FUZZ_MUTATIONS_H
#define CEGM_TEST_FUZZ_MUTATIONS_H

#include "mlir/IR/BuiltinOps.h"

#include <random>

namespace mlir::cegm::fuzz {

/// Random choices that are the same for one seed on every machine.
class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}

  /// A number in [0, bound); 0 if the bound is 0.
  uint64_t below(uint64_t bound) { return bound ? engine() % bound : 0; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <typename Range> auto pick(const Range &range) {
    return range[below(range.size())];
  }

private:
  std::mt19937_64 engine;
};

/// Changes one thing at a random place of the module, or takes it from the
/// donor, another module of the same context. False if there is no such place.
/// The result need not verify.
struct Mutation {
  StringRef name;
  bool (*apply)(ModuleOp module, ModuleOp donor, Random &random);
};

/// All mutations, in a fixed order.
ArrayRef<Mutation> getMutations();

ArrayRef<Mutation> getAttributeMutations();
ArrayRef<Mutation> getOpMutations();
ArrayRef<Mutation> getRegionMutations();
ArrayRef<Mutation> getTypeMutations();

/// All ops below the module, in the order of the text.
SmallVector<Operation *> collectOps(ModuleOp module);

/// The ops below the module that are no functions, terminators or modules.
SmallVector<Operation *> collectBodyOps(ModuleOp module);

/// The values that dominate the op by their place, within the regions around it
/// up to the next that is isolated.
SmallVector<Value> collectValuesBefore(Operation *op);

/// A value of the type before the op, null if there is none.
Value findValueBefore(Operation *op, Type type, Random &random);

/// The op with other types, operands or name in its place. Null, with the op as
/// it was, where its attributes do not fit.
Operation *rebuild(Operation *op, StringRef name, ValueRange operands,
                   TypeRange types);

} // namespace mlir::cegm::fuzz

#endif // CEGM_TEST_FUZZ_MUTATIONS_H
