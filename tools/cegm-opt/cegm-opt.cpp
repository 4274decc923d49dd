//===- cegm-opt.cpp - Run passes on training graphs -----------------------===//

#include "cegm/InitAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::cegm::registerAllDialects(registry);
  mlir::cegm::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(
      argc, argv, "Contextually entangled gradient mapping\n", registry));
}
