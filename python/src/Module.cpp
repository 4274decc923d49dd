//===- Module.cpp - The native module of the Python package ---------------===//

#include "Native.h"
#include "Session.h"
#include "XlaKernels.h"

#include "cegm/InitAll.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace mlir::cegm::python;

NB_MODULE(_cegm, module) {
  mlir::cegm::registerAllPasses();

  nb::class_<Message>(module, "Message")
      .def_ro("severity", &Message::severity)
      .def_ro("message", &Message::message)
      .def_ro("location", &Message::location)
      .def_ro("notes", &Message::notes);
  nb::class_<TensorType>(module, "TensorType")
      .def_ro("element_type", &TensorType::elementType)
      .def_ro("shape", &TensorType::shape);
  nb::class_<Outcome>(module, "Outcome")
      .def_ro("succeeded", &Outcome::succeeded)
      .def_ro("text", &Outcome::text)
      .def_ro("diagnostics", &Outcome::diagnostics)
      .def_ro("inputs", &Outcome::inputs)
      .def_ro("results", &Outcome::results)
      .def_ro("audit_metrics", &Outcome::auditMetrics)
      .def_ro("audit_parameters", &Outcome::auditParameters);
  module.def("run_pipeline", &runPipeline, nb::arg("source"),
             nb::arg("pipeline"), nb::call_guard<nb::gil_scoped_release>(),
             "Parses the text, runs the pipeline, returns the outcome.");
  module.def(
      "explain", &explain, nb::arg("source"), nb::arg("options"),
      nb::call_guard<nb::gil_scoped_release>(),
      "Parses the text, returns an outcome with the report as its text.");
  nb::class_<Dependence>(module, "Dependence")
      .def_ro("outcome", &Dependence::outcome)
      .def_ro("results", &Dependence::results);
  module.def("find_dependence", &findDependence, nb::arg("source"),
             nb::arg("argument"), nb::call_guard<nb::gil_scoped_release>(),
             "Which results of the entry function depend on the argument.");
  bindNative(module);
  bindXlaKernels(module);
}
