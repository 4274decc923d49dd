//===- cegm-opt.cpp - Run passes on training graphs -----------------------===//

#include "LongLines.h"

#include "cegm/InitAll.h"
#include "cegm/Support/BooleanConstants.h"
#include "cegm/Support/InputFormat.h"

#include "mlir/IR/DialectRegistry.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/ToolOutputFile.h"
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

using namespace mlir;

/// What mlir-opt does, on text in which boolean constants are as frontends
/// print them, and as every release of MLIR reads them.
static LogicalResult run(StringRef inputName, StringRef outputName,
                         DialectRegistry &registry,
                         const MlirOptMainConfig &config) {
  if (inputName == "-" && llvm::sys::Process::StandardInIsUserInput())
    llvm::errs() << "(reading from the terminal; end with ctrl-d)\n";
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> input = openInputFile(inputName, &error);
  std::unique_ptr<llvm::ToolOutputFile> output;
  if (input) {
    if (auto problem = cegm::describeForeignInput(input->getBuffer()))
      error = "'" + inputName.str() + "' " + *problem;
    else
      output = openOutputFile(outputName, &error);
  }
  if (!output) {
    llvm::errs() << "error: " << error << "\n";
    return failure();
  }
  auto runOn = [&](llvm::raw_ostream &os) {
    input = cegm::dropByteOrderMark(std::move(input));
    cegm::abbreviateLongLines(*input, registry);
    return MlirOptMain(os, cegm::packBooleanConstants(std::move(input)),
                       registry, config);
  };
  LogicalResult result = failure();
  if (config.shouldEmitBytecode()) {
    result = runOn(output->os());
  } else {
    cegm::BooleanConstantsStream words(
        output->os(), cegm::BooleanConstantsStream::Form::Words);
    result = runOn(words);
  }
  if (succeeded(result))
    output->keep();
  return result;
}

int main(int argc, char **argv) {
  llvm::InitLLVM initialization(argc, argv);
  llvm::cl::AddExtraVersionPrinter(
      [](llvm::raw_ostream &os) { os << "cegm " CEGM_VERSION "\n"; });
  DialectRegistry registry;
  cegm::registerAllDialects(registry);
  cegm::registerAllPasses();
  auto [input, output] =
      registerAndParseCLIOptions(argc, argv, kOverview, registry);
  auto config = MlirOptMainConfig::createFromCLOptions();
  // These print lists, and read nothing.
  if (config.shouldShowDialects() || config.shouldListPasses())
    return asMainReturnCode(MlirOptMain(argc, argv, input, output, registry));
  return asMainReturnCode(run(input, output, registry, config));
}
