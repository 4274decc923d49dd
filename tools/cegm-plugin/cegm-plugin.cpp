//===- cegm-plugin.cpp - The dialects and passes for mlir-opt -------------===//
//
// mlir-opt --load-dialect-plugin=CegmPlugin.so --load-pass-plugin=CegmPlugin.so
//          --pass-pipeline='builtin.module(inject-entanglement)' model.mlir
//
//===----------------------------------------------------------------------===//

#include "cegm/InitAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cegm", CEGM_VERSION,
          [](mlir::DialectRegistry *registry) {
            mlir::cegm::registerAllDialects(*registry);
          }};
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "cegm", CEGM_VERSION,
          [] { mlir::cegm::registerCegmPasses(); }};
}
