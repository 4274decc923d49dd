//===- ParsedModule.h - A module from text, for tests -----------*- C++ -*-===//

#ifndef CEGM_TEST_UNIT_ANALYSIS_PARSEDMODULE_H
#define CEGM_TEST_UNIT_ANALYSIS_PARSEDMODULE_H

#include "cegm/Analysis/TrainingGraph.h"
#include "cegm/InitAll.h"

#include "mlir/Parser/Parser.h"

namespace mlir::cegm {

struct ParsedModule {
  explicit ParsedModule(StringRef text) {
    DialectRegistry registry;
    registerAllDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    module = parseSourceString<ModuleOp>(text, &context);
  }

  FunctionOpInterface entry() { return findEntryFunction(*module); }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

} // namespace mlir::cegm

#endif // CEGM_TEST_UNIT_ANALYSIS_PARSEDMODULE_H
