//===- cegm-opt.cpp - Run passes on training graphs -----------------------===//

#include "cegm/InitAll.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

static constexpr char kOverview[] = R"(contextually entangled gradient mapping

Reads the train step that a frontend emitted (StableHLO text or bytecode),
re-weights its parameter gradients by context, and prints the result:

  cegm-opt --explain-entanglement step.mlir -o /dev/null
      which gradients can be re-weighted, and why others can not
  cegm-opt --inject-entanglement step.mlir
      cegm ops where the gradients are computed
  cegm-opt --inject-entanglement="strength=0.2 audit=true" \
           --convert-cegm-to-stablehlo step.mlir -o out.mlir
      with options, back to StableHLO for XLA or IREE

docs/passes.md describes every pass and option.
)";

int main(int argc, char **argv) {
  llvm::cl::AddExtraVersionPrinter([](llvm::raw_ostream &os) {
    os << "cegm " CEGM_VERSION "\n";
  });
  mlir::DialectRegistry registry;
  mlir::cegm::registerAllDialects(registry);
  mlir::cegm::registerAllPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, kOverview, registry));
}
