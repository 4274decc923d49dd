//===- Program.h - Machine code of one entry function -----------*- C++ -*-===//
//
// What --cegm-to-llvm leaves, compiled in this process or to an object file.
//
//===----------------------------------------------------------------------===//

#ifndef CEGM_NATIVE_PROGRAM_H
#define CEGM_NATIVE_PROGRAM_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm
namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace mlir::cegm {

/// The processor that code is made for, by LLVM's names; the host's where a
/// text is empty.
struct Target {
  std::string triple, cpu, features;
};

/// One tensor of the entry function: an input, or a result.
struct EntryTensor {
  /// The text of its type, and the size of one in memory.
  std::string elementType;
  size_t elementBytes = 0;
  /// ShapedType::kDynamic where the size is known at run time only.
  SmallVector<int64_t> shape;
  /// A number, not a tensor: passed by value.
  bool isScalar = false;
  /// The frontend's name of it (`params['w']`); empty if the text has none.
  std::string name;
};

/// How the compiled entry function is called.
struct EntrySignature {
  std::string name;
  /// The inputs and, after them, the arguments that only receive a result.
  SmallVector<EntryTensor> arguments;
  SmallVector<EntryTensor> results;
  unsigned numInputs = 0;
  /// For each result the argument that receives it, -1 for those that the
  /// function allocates and returns, in their order.
  SmallVector<int64_t> destinations;
};

/// The inputs and the results of `entry`, before any pass.
EntrySignature describeEntry(FunctionOpInterface entry);

/// Adds to `signature` the destinations that `module`, in the LLVM dialect,
/// has.
LogicalResult addDestinations(ModuleOp module, EntrySignature &signature);

/// The machine of `target`, set up for the fastest code.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const Target &target);

/// Runs LLVM's passes on `code`, for speed, as far as they pay in loops that are
/// in functions of their own.
void optimize(llvm::Module &code, llvm::TargetMachine &machine);

/// Writes the object code of `module`, in the LLVM dialect, to the file `path`.
llvm::Error writeObject(ModuleOp module, const Target &target, StringRef path);

/// An entry function that can be called.
class Program {
public:
  /// Compiles `module`, in the LLVM dialect. `libraries` are shared libraries
  /// that it calls.
  static llvm::Expected<std::unique_ptr<Program>>
  create(ModuleOp module, EntrySignature signature, const Target &target,
         ArrayRef<std::string> libraries);
  ~Program();

  const EntrySignature &getSignature() const { return signature; }

  /// Calls the function. `data` has the first element of each argument (for a
  /// scalar its address), `shapes` the shape of each. All are contiguous, in
  /// row-major order. Returns the memref descriptors of the returned results,
  /// one after the other: the allocation (to be freed by the caller), the data,
  /// the offset, the sizes and the strides.
  std::vector<int64_t> call(ArrayRef<void *> data,
                            ArrayRef<SmallVector<int64_t>> shapes) const;

private:
  Program() = default;

  EntrySignature signature;
  std::unique_ptr<ExecutionEngine> engine;
  void (*entry)(void **) = nullptr;
};

} // namespace mlir::cegm

#endif // CEGM_NATIVE_PROGRAM_H
