//===- XlaKernels.cpp - Kernels that XLA calls ----------------------------===//
//
// XLA instantiates the handler once for each call in an executable, with the
// text of the kernel, and then executes it with its own buffers.
//
//===----------------------------------------------------------------------===//

#include "XlaKernels.h"

#include "Native.h"

#include "xla/ffi/api/ffi.h"

#include "llvm/ADT/StringMap.h"

#include <mutex>

namespace nb = nanobind;
namespace ffi = xla::ffi;
using namespace mlir;
using cegm::Program;

namespace {
/// What XLA keeps between instantiation and executions.
struct Kernel {
  static ffi::TypeId id;
  static constexpr ffi::TypeInfo info = ffi::MakeTypeInfo<Kernel>();

  std::shared_ptr<Program> program;
  /// Those of the program's arguments, which are static.
  SmallVector<SmallVector<int64_t>> shapes;
};

/// The programs in use, by their text: the sites of a step often have the same
/// shapes, and executables are often compiled again for others.
class ProgramCache {
public:
  ffi::ErrorOr<std::shared_ptr<Program>> get(const std::string &text);

private:
  std::mutex mutex;
  llvm::StringMap<std::weak_ptr<Program>> programs;
};
} // namespace

ffi::TypeId Kernel::id = XLA_FFI_UNKNOWN_TYPE_ID;

static std::string describeErrors(const cegm::python::Outcome &outcome) {
  std::string text = "cegm.kernel: the kernel does not compile";
  for (const cegm::python::Message &message : outcome.diagnostics)
    if (message.severity == "error")
      text += "\n" + message.message;
  return text;
}

ffi::ErrorOr<std::shared_ptr<Program>>
ProgramCache::get(const std::string &text) {
  // Held while the program is compiled: who asks for the same one waits for it.
  std::lock_guard<std::mutex> lock(mutex);
  std::weak_ptr<Program> &entry = programs[text];
  if (std::shared_ptr<Program> program = entry.lock())
    return program;
  cegm::python::Compiled compiled =
      cegm::python::compileProgram(text, "", "cegm-to-llvm", {}, {});
  if (!compiled.program)
    return ffi::Unexpected(
        ffi::Error::InvalidArgument(describeErrors(compiled.outcome)));
  // Each result has to go where XLA wants it.
  const cegm::EntrySignature &signature = compiled.program->getSignature();
  for (int64_t destination : signature.destinations)
    if (destination < static_cast<int64_t>(signature.numInputs))
      return ffi::Unexpected(ffi::Error::InvalidArgument(
          "cegm.kernel: expected results of static shape"));
  entry = compiled.program;
  return compiled.program;
}

static ffi::ErrorOr<std::unique_ptr<Kernel>>
instantiate(std::string_view text) {
  static ProgramCache cache;
  ffi::ErrorOr<std::shared_ptr<Program>> program = cache.get(std::string(text));
  if (!program)
    return ffi::Unexpected(program.error());
  auto kernel = std::make_unique<Kernel>(Kernel{*program, {}});
  for (const cegm::EntryTensor &tensor : (*program)->getSignature().arguments)
    kernel->shapes.push_back(tensor.shape);
  return kernel;
}

static ffi::Error execute(Kernel *kernel, ffi::RemainingArgs arguments,
                          ffi::RemainingRets results) {
  const cegm::EntrySignature &signature = kernel->program->getSignature();
  if (arguments.size() != signature.numInputs ||
      results.size() != signature.results.size())
    return ffi::Error::InvalidArgument(
        ("cegm.kernel: got " + Twine(arguments.size()) + " arguments and " +
         Twine(results.size()) + " results, expected " +
         Twine(signature.numInputs) + " and " + Twine(signature.results.size()))
            .str());
  SmallVector<void *> data(signature.arguments.size());
  for (size_t i = 0; i != arguments.size(); ++i)
    data[i] = arguments.get<ffi::AnyBuffer>(i)->untyped_data();
  for (size_t i = 0; i != results.size(); ++i)
    data[signature.destinations[i]] =
        (*results.get<ffi::AnyBuffer>(i))->untyped_data();
  kernel->program->call(data, kernel->shapes);
  return ffi::Error::Success();
}

XLA_FFI_DEFINE_HANDLER(
    instantiateHandler, instantiate,
    ffi::Ffi::BindInstantiate().Attr<std::string_view>("kernel"));
XLA_FFI_DEFINE_HANDLER(
    executeHandler, execute,
    ffi::Ffi::Bind().Ctx<ffi::State<Kernel>>().RemainingArgs().RemainingRets());

static nb::capsule wrap(const void *pointer) { return nb::capsule(pointer); }

void cegm::python::bindXlaKernels(nb::module_ &module) {
  module.def(
      "xla_kernel_type",
      [] {
        nb::dict type;
        type["type_id"] = wrap(&Kernel::id);
        type["type_info"] = wrap(&Kernel::info);
        return type;
      },
      "The state of the handler, for jax.ffi.register_ffi_type.");
  module.def(
      "xla_kernel_handler",
      [] {
        nb::dict stages;
        stages["instantiate"] =
            wrap(reinterpret_cast<const void *>(instantiateHandler));
        stages["execute"] =
            wrap(reinterpret_cast<const void *>(executeHandler));
        return stages;
      },
      "The handler by stages, for jax.ffi.register_ffi_target.");
}
