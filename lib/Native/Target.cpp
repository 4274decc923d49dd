//===- Target.cpp - Object code for a processor ---------------------------===//

#include "cegm/Native/Program.h"

#include "mlir/ExecutionEngine/ExecutionEngine.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;

/// LLVM only warns of a processor or a feature that it does not know, and ends
/// the process where the code then asks for more than the processor has.
static llvm::Error checkNames(const llvm::Triple &triple,
                              const cegm::Target &target) {
  std::string problem;
  const llvm::Target *found =
      llvm::TargetRegistry::lookupTarget(triple, problem);
  if (!found)
    return llvm::createStringError(problem);
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      found->createMCSubtargetInfo(triple, "", ""));
  if (!info)
    return llvm::createStringError("the target '" + triple.str() +
                                   "' has no processors");
  if (!target.cpu.empty() && !info->isCPUStringValid(target.cpu))
    return llvm::createStringError("cpu: '" + target.cpu +
                                   "' is not a processor of the target '" +
                                   triple.str() + "'");
  for (StringRef feature : llvm::split(target.features, ',')) {
    StringRef name = feature.trim();
    if (name.empty())
      continue;
    bool hasSign = name.consume_front("+") || name.consume_front("-");
    auto isThis = [&](const llvm::SubtargetFeatureKV &known) {
      return name == known.Key;
    };
    if (!hasSign || llvm::none_of(info->getAllProcessorFeatures(), isThis))
      return llvm::createStringError(
          "features: expected '+' or '-' and a feature of the target '" +
          triple.str() + "', got '" + feature + "'");
  }
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
cegm::createTargetMachine(const Target &target) {
  static const bool initialized = [] {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargets();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllAsmPrinters();
    llvm::InitializeAllAsmParsers();
    return true;
  }();
  (void)initialized;
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  // The features of the host are those of no other processor.
  if (!target.triple.empty() || !target.cpu.empty())
    builder = llvm::orc::JITTargetMachineBuilder(
        llvm::Triple(target.triple.empty() ? builder->getTargetTriple().str()
                                           : target.triple));
  if (llvm::Error error = checkNames(builder->getTargetTriple(), target))
    return error;
  if (!target.cpu.empty())
    builder->setCPU(target.cpu);
  if (!target.features.empty()) {
    SmallVector<StringRef> features;
    StringRef(target.features).split(features, ',');
    builder->addFeatures(
        std::vector<std::string>(features.begin(), features.end()));
  }
  builder->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
  builder->setRelocationModel(llvm::Reloc::PIC_);
  return builder->createTargetMachine();
}

void cegm::optimize(llvm::Module &code, llvm::TargetMachine &machine) {
  // The loops of small tensors have constant bounds: unrolled, they would be
  // most of the code, and most of the time that it takes to compile.
  llvm::PipelineTuningOptions tuning;
  tuning.LoopUnrolling = false;
  tuning.LoopVectorization = true;
  tuning.LoopInterleaving = true;
  tuning.SLPVectorization = false;
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2)
      .run(code, modules);
}

llvm::Error cegm::writeObject(ModuleOp module, const Target &target,
                              StringRef path) {
  auto machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateModuleToLLVMIR(module, context);
  if (!code)
    return llvm::createStringError("the module has no translation to LLVM IR");
  ExecutionEngine::setupTargetTripleAndDataLayout(code.get(), machine->get());
  // An entry function may be called main, and every object has its kernels:
  // only the C interface is for others to see.
  for (llvm::Function &function : *code)
    if (!function.isDeclaration() &&
        !function.getName().starts_with("_mlir_ciface_"))
      function.setLinkage(llvm::GlobalValue::InternalLinkage);
  optimize(*code, **machine);
  std::error_code failure;
  llvm::ToolOutputFile file(path, failure, llvm::sys::fs::OF_None);
  if (failure)
    return llvm::createFileError(path, failure);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, file.os(), nullptr,
                                      llvm::CodeGenFileType::ObjectFile))
    return llvm::createStringError("the target writes no object files");
  passes.run(*code);
  file.keep();
  return llvm::Error::success();
}
