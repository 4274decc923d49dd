//===- Program.cpp - Code that runs in this process -----------------------===//

#include "cegm/Native/Program.h"

#include "NarrowFloats.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using cegm::Program;

Program::~Program() = default;

llvm::Expected<std::unique_ptr<Program>>
Program::create(ModuleOp module, EntrySignature signature, const Target &target,
                ArrayRef<std::string> libraries) {
  auto machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  SmallVector<StringRef> paths(libraries.begin(), libraries.end());
  // The engine owns the machine while it compiles.
  llvm::TargetMachine *forPasses = machine->get();
  auto optimizeModule = [forPasses](llvm::Module *code) {
    optimize(*code, *forPasses);
    return llvm::Error::success();
  };
  ExecutionEngineOptions options;
  options.transformer = optimizeModule;
  options.jitCodeGenOptLevel = llvm::CodeGenOptLevel::Default;
  options.sharedLibPaths = paths;
  options.enableGDBNotificationListener = false;
  options.enablePerfNotificationListener = false;
  auto engine = ExecutionEngine::create(module, options, std::move(*machine));
  if (!engine)
    return engine.takeError();
  registerNarrowFloats(**engine);
  auto entry = (*engine)->lookupPacked("_mlir_ciface_" + signature.name);
  if (!entry)
    return entry.takeError();
  std::unique_ptr<Program> result(new Program);
  result->signature = std::move(signature);
  result->engine = std::move(*engine);
  result->entry = *entry;
  return result;
}

/// Appends the memref descriptor of a contiguous array.
static void appendDescriptor(std::vector<int64_t> &words, void *data,
                             ArrayRef<int64_t> shape) {
  words.push_back(reinterpret_cast<intptr_t>(data));
  words.push_back(reinterpret_cast<intptr_t>(data));
  words.push_back(0);
  llvm::append_range(words, shape);
  size_t first = words.size();
  words.resize(first + shape.size());
  int64_t stride = 1;
  for (size_t i = shape.size(); i-- > 0;) {
    words[first + i] = stride;
    stride *= shape[i];
  }
}

std::vector<int64_t>
Program::call(ArrayRef<void *> data,
              ArrayRef<SmallVector<int64_t>> shapes) const {
  std::vector<int64_t> descriptors;
  SmallVector<size_t> starts;
  for (auto [number, tensor] : llvm::enumerate(signature.arguments)) {
    starts.push_back(descriptors.size());
    if (!tensor.isScalar)
      appendDescriptor(descriptors, data[number], shapes[number]);
  }
  size_t numReturned = 0;
  for (auto [result, destination] :
       llvm::zip(signature.results, signature.destinations))
    if (destination < 0)
      numReturned += 3 + 2 * result.shape.size();
  std::vector<int64_t> returned(numReturned);

  // The engine's wrapper takes the address of each argument, and the C
  // interface takes memrefs by pointer.
  SmallVector<void *> pointers, arguments;
  if (numReturned)
    pointers.push_back(returned.data());
  for (auto [number, tensor] : llvm::enumerate(signature.arguments))
    pointers.push_back(tensor.isScalar
                           ? data[number]
                           : static_cast<void *>(&descriptors[starts[number]]));
  size_t first = numReturned ? 1 : 0;
  if (numReturned)
    arguments.push_back(&pointers[0]);
  for (auto [number, tensor] : llvm::enumerate(signature.arguments))
    arguments.push_back(tensor.isScalar ? data[number]
                                        : &pointers[first + number]);
  entry(arguments.data());
  return returned;
}
