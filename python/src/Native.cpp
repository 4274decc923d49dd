//===- Native.cpp - Compiled programs in Python ---------------------------===//

#include "Native.h"

#include "cegm/InitAll.h"
#include "cegm/Native/Program.h"

#include "mlir/Target/LLVMIR/Dialect/All.h"

#include <cstdlib>
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir;
using cegm::python::Compiled;
using cegm::python::Outcome;

namespace {
/// The first elements of arrays, and their shapes.
using Addresses = std::vector<uintptr_t>;
using Shapes = std::vector<std::vector<int64_t>>;
} // namespace

static void addError(Outcome &outcome, llvm::Error error) {
  outcome.succeeded = false;
  outcome.diagnostics.push_back(
      {"error", llvm::toString(std::move(error)), "-", {}});
}

/// Runs both pipelines and hands the module in the LLVM dialect to `finish`.
/// The signature is that between them: passes of the user may add to it.
static Compiled lower(const std::string &source, const std::string &preparation,
                      const std::string &pipeline,
                      function_ref<llvm::Error(ModuleOp, Compiled &)> finish) {
  Compiled result;
  result.outcome = cegm::python::runWithEntry(
      source, preparation, pipeline,
      [&](FunctionOpInterface entry) {
        result.signature = cegm::describeEntry(entry);
      },
      [&](ModuleOp module, Outcome &outcome) {
        if (failed(cegm::addDestinations(module, result.signature)))
          return false;
        DialectRegistry translations;
        registerAllToLLVMIRTranslations(translations);
        module.getContext()->appendDialectRegistry(translations);
        if (llvm::Error error = finish(module, result)) {
          addError(outcome, std::move(error));
          return false;
        }
        return true;
      });
  return result;
}

Compiled cegm::python::compileProgram(
    const std::string &source, const std::string &preparation,
    const std::string &pipeline, const cegm::Target &target,
    const std::vector<std::string> &libraries) {
  return lower(source, preparation, pipeline,
               [&](ModuleOp module, Compiled &result) -> llvm::Error {
                 auto program = cegm::Program::create(module, result.signature,
                                                      target, libraries);
                 if (!program)
                   return program.takeError();
                 result.program = std::move(*program);
                 return llvm::Error::success();
               });
}

static Compiled compileNative(const std::string &source,
                              const std::string &preparation,
                              const std::string &pipeline,
                              const std::string &cpu,
                              const std::string &features,
                              const std::vector<std::string> &libraries) {
  return cegm::python::compileProgram(source, preparation, pipeline,
                                      {"", cpu, features}, libraries);
}

static Compiled compileObject(const std::string &source,
                              const std::string &preparation,
                              const std::string &pipeline,
                              const std::string &triple, const std::string &cpu,
                              const std::string &features,
                              const std::string &path) {
  return lower(source, preparation, pipeline, [&](ModuleOp module, Compiled &) {
    return cegm::writeObject(module, {triple, cpu, features}, path);
  });
}

/// The returned results as arrays of bytes with their shapes.
static nb::list takeReturned(const cegm::EntrySignature &signature,
                             const std::vector<int64_t> &words) {
  nb::list results;
  const int64_t *descriptor = words.data();
  for (auto [result, destination] :
       llvm::zip(signature.results, signature.destinations)) {
    if (destination >= 0)
      continue;
    size_t rank = result.shape.size();
    void *allocation = reinterpret_cast<void *>(descriptor[0]);
    auto *data = reinterpret_cast<uint8_t *>(descriptor[1]);
    size_t bytes = result.elementBytes;
    nb::list shape;
    for (size_t i = 0; i != rank; ++i) {
      shape.append(descriptor[3 + i]);
      bytes *= descriptor[3 + i];
    }
    nb::capsule owner(allocation, [](void *p) noexcept { std::free(p); });
    nb::ndarray<nb::numpy, uint8_t, nb::ndim<1>> array(data, {bytes}, owner);
    results.append(nb::make_tuple(array, shape));
    descriptor += 3 + 2 * rank;
  }
  return results;
}

static nb::list call(const cegm::Program &program, const Addresses &addresses,
                     const Shapes &shapes) {
  std::vector<int64_t> words;
  {
    nb::gil_scoped_release release;
    SmallVector<void *> data;
    for (uintptr_t address : addresses)
      data.push_back(reinterpret_cast<void *>(address));
    SmallVector<SmallVector<int64_t>> sizes;
    for (const std::vector<int64_t> &shape : shapes)
      sizes.emplace_back(shape.begin(), shape.end());
    words = program.call(data, sizes);
  }
  return takeReturned(program.getSignature(), words);
}

/// `(element type, shape or None for a number)` of each.
static nb::list describe(ArrayRef<cegm::EntryTensor> tensors) {
  nb::list result;
  for (const cegm::EntryTensor &tensor : tensors) {
    nb::object shape = nb::none();
    if (!tensor.isScalar) {
      nb::list sizes;
      for (int64_t size : tensor.shape)
        sizes.append(ShapedType::isDynamic(size) ? -1 : size);
      shape = nb::tuple(sizes);
    }
    result.append(nb::make_tuple(tensor.elementType, shape));
  }
  return result;
}

static std::vector<std::string> getNames(ArrayRef<cegm::EntryTensor> tensors) {
  std::vector<std::string> names;
  for (const cegm::EntryTensor &tensor : tensors)
    names.push_back(tensor.name);
  return names;
}

void cegm::python::bindNative(nb::module_ &module) {
  nb::class_<Program>(module, "Program")
      .def_prop_ro("name",
                   [](const Program &p) { return p.getSignature().name; })
      .def_prop_ro("num_inputs",
                   [](const Program &p) { return p.getSignature().numInputs; })
      .def_prop_ro(
          "arguments",
          [](const Program &p) { return describe(p.getSignature().arguments); })
      .def_prop_ro(
          "results",
          [](const Program &p) { return describe(p.getSignature().results); })
      .def_prop_ro("destinations",
                   [](const Program &p) {
                     ArrayRef<int64_t> all = p.getSignature().destinations;
                     return std::vector<int64_t>(all.begin(), all.end());
                   })
      .def("call", &call, nb::arg("addresses"), nb::arg("shapes"),
           "Calls the code; returns (bytes, shape) of each returned result.");
  nb::class_<Compiled>(module, "Compiled")
      .def_ro("outcome", &Compiled::outcome)
      .def_ro("program", &Compiled::program)
      .def_prop_ro(
          "arguments",
          [](const Compiled &c) { return describe(c.signature.arguments); })
      .def_prop_ro(
          "results",
          [](const Compiled &c) { return describe(c.signature.results); })
      .def_prop_ro("num_inputs",
                   [](const Compiled &c) { return c.signature.numInputs; })
      .def_prop_ro("name", [](const Compiled &c) { return c.signature.name; })
      .def_prop_ro(
          "argument_names",
          [](const Compiled &c) { return getNames(c.signature.arguments); })
      .def_prop_ro(
          "result_names",
          [](const Compiled &c) { return getNames(c.signature.results); })
      .def_prop_ro("destinations", [](const Compiled &c) {
        ArrayRef<int64_t> all = c.signature.destinations;
        return std::vector<int64_t>(all.begin(), all.end());
      });
  module.def("compile_native", &compileNative, nb::arg("source"),
             nb::arg("preparation"), nb::arg("pipeline"), nb::arg("cpu"),
             nb::arg("features"), nb::arg("libraries"),
             nb::call_guard<nb::gil_scoped_release>(),
             "Runs both pipelines and compiles the result for this process.");
  module.def("compile_object", &compileObject, nb::arg("source"),
             nb::arg("preparation"), nb::arg("pipeline"), nb::arg("triple"),
             nb::arg("cpu"), nb::arg("features"), nb::arg("path"),
             nb::call_guard<nb::gil_scoped_release>(),
             "Runs both pipelines and writes the result as an object file.");
}
