//===- cegm-mutate.cpp - Mutants of modules, and what becomes of them -----===//
//
// Reads requests from standard input, one JSON object a line, and answers each
// with one:
//
//   {"seed": "step.mlir", "donor": "other.mlir", "random": 7, "steps": [0, 1],
//    "valid": true, "pipelines": ["canonicalize"], "print": "mutant.mlir"}
//
// Each request runs in a process of its own, so that a crash ends nothing else;
// after one, the rest of the pipelines runs in another. `fuzz.py` sends them.
//
//===----------------------------------------------------------------------===//

#include "Mutations.h"
#include "Stages.h"

#include "cegm/InitAll.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Signals.h"

#include <fcntl.h>
#include <iostream>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::cegm;
using namespace mlir::cegm::fuzz;
namespace json = llvm::json;

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CEGM_ADDRESS_SANITIZER 1
#endif
#endif

/// Seconds of processor time for a stage; a sanitizer makes all slower.
#ifdef CEGM_ADDRESS_SANITIZER
static constexpr int kSeconds = 120;
#else
static constexpr int kSeconds = 30;
#endif
#ifndef CEGM_ADDRESS_SANITIZER
static constexpr rlim_t kMemory = rlim_t(6) << 30;
#endif
static constexpr int kTries = 8;
static constexpr size_t kLogSize = 1 << 16;

/// What a child has come to, in memory that outlives it.
struct Progress {
  char stage[4096];
  int next;
  size_t length;
  /// Lines of JSON.
  char log[kLogSize];
};

static void enter(Progress &progress, StringRef stage, int next) {
  stage = stage.take_front(sizeof(progress.stage) - 1);
  memcpy(progress.stage, stage.data(), stage.size());
  progress.stage[stage.size()] = 0;
  progress.next = next;
  // Of processor time, so that other work on the machine does not count.
  itimerval limit{{0, 0}, {kSeconds, 0}};
  setitimer(ITIMER_PROF, &limit, nullptr);
  alarm(20 * kSeconds);
}

static void report(Progress &progress, json::Value value) {
  std::string line;
  llvm::raw_string_ostream(line) << value << "\n";
  if (progress.length + line.size() > kLogSize)
    return;
  memcpy(progress.log + progress.length, line.data(), line.size());
  progress.length += line.size();
}

static json::Object describe(const Finding &finding, StringRef stage) {
  return json::Object{{"kind", finding.kind},
                      {"stage", json::fixUTF8(stage)},
                      {"detail", json::fixUTF8(finding.detail)}};
}

namespace {
struct Request {
  std::string seed, donor, print;
  int64_t random = 0;
  std::vector<int64_t> steps;
  bool valid = true;
  std::vector<std::string> pipelines;
};

bool fromJSON(const json::Value &value, Request &request, json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("seed", request.seed) &&
         map.mapOptional("donor", request.donor) &&
         map.mapOptional("print", request.print) &&
         map.mapOptional("random", request.random) &&
         map.mapOptional("steps", request.steps) &&
         map.mapOptional("valid", request.valid) &&
         map.mapOptional("pipelines", request.pipelines);
}

} // namespace

static void write(StringRef path, ModuleOp module) {
  std::error_code error;
  llvm::raw_fd_ostream stream(path, error);
  if (!error)
    module.print(stream, OpPrintingFlags().printGenericOpForm());
}

static bool verifies(ModuleOp module) {
  ScopedDiagnosticHandler silence(module.getContext(), [](Diagnostic &) {});
  return succeeded(verify(module));
}

/// The mutant, after the steps of the request. Each step is tried until its
/// result verifies, unless the request takes all.
static OwningOpRef<ModuleOp> mutate(ModuleOp seed, ModuleOp donor,
                                    const Request &request, Progress &progress,
                                    bool &valid) {
  ScopedDiagnosticHandler silence(seed.getContext(), [](Diagnostic &) {});
  OwningOpRef<ModuleOp> mutant = seed.clone();
  valid = true;
  json::Array applied;
  for (int64_t step : request.steps) {
    Random random(uint64_t(request.random) * 1000003 + step);
    for (int i = 0; i != kTries; ++i) {
      Mutation mutation = random.pick(getMutations());
      OwningOpRef<ModuleOp> next = mutant->clone();
      if (!mutation.apply(*next, donor, random))
        continue;
      if (!request.print.empty())
        write(request.print, *next);
      bool good = verifies(*next);
      if (!good && request.valid)
        continue;
      mutant = std::move(next);
      valid = good;
      applied.push_back(mutation.name);
      break;
    }
  }
  if (!request.print.empty())
    write(request.print, *mutant);
  report(progress,
         json::Object{{"applied", std::move(applied)}, {"valid", valid}});
  return mutant;
}

/// What a child does, from the pipeline `first` on; -1 is before all.
static void runChild(ModuleOp seed, ModuleOp donor, const Request &request,
                     Progress &progress, int first) {
  enter(progress, "mutate", 0);
  bool valid;
  size_t length = progress.length;
  OwningOpRef<ModuleOp> mutant = mutate(seed, donor, request, progress, valid);
  if (first >= 0)
    progress.length = length;
  if (first < 0) {
    enter(progress, "read", 0);
    if (std::optional<Finding> finding = checkReading(*mutant, valid))
      report(progress, describe(*finding, "read"));
  }
  if (!valid)
    return;
  for (int i = std::max(first, 0), e = request.pipelines.size(); i < e; ++i) {
    enter(progress, request.pipelines[i], i + 1);
    if (std::optional<Finding> finding =
            checkPipeline(*mutant, request.pipelines[i]))
      report(progress, describe(*finding, request.pipelines[i]));
  }
}

/// What the end of a process says.
static std::optional<Finding> judge(int status, StringRef errors) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return std::nullopt;
  // The end says most, and the start of what a sanitizer prints.
  std::string detail = errors.take_front(6000).str();
  if (errors.size() > 6000)
    detail += "\n...\n" + errors.take_back(2000).str();
  if (errors.contains("out of memory") || errors.contains("bad_alloc"))
    return Finding{"memory", detail};
  if (WIFSIGNALED(status) &&
      (WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGALRM))
    return Finding{"hang", detail};
  return Finding{"crash", detail};
}

/// The module without scripts of the transform dialect, which are read and
/// written by MLIR alone.
static OwningOpRef<ModuleOp> parseSeed(StringRef path, MLIRContext &context) {
  auto module = parseSourceFile<ModuleOp>(path, &context);
  if (module)
    for (auto inner : llvm::make_early_inc_range(module->getOps<ModuleOp>()))
      if (inner->hasAttr("transform.with_named_sequence"))
        inner.erase();
  return module;
}

static int serve(int reply) {
  DialectRegistry registry;
  registerAllDialects(registry);
  mlir::cegm::registerAllPasses();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  llvm::StringMap<OwningOpRef<ModuleOp>> seeds;
  auto load = [&](StringRef path) -> ModuleOp {
    OwningOpRef<ModuleOp> &module = seeds[path];
    if (!module)
      module = parseSeed(path, context);
    return module ? *module : ModuleOp();
  };

  auto *progress = static_cast<Progress *>(
      mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE,
           MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  SmallString<64> errorPath;
  int errorFile;
  if (llvm::sys::fs::createTemporaryFile("cegm-mutate", "txt", errorFile,
                                         errorPath))
    return 1;

  auto answer = [&](json::Object object) {
    std::string line;
    llvm::raw_string_ostream(line) << json::Value(std::move(object)) << "\n";
    for (size_t done = 0; done < line.size();)
      if (ssize_t n = ::write(reply, line.data() + done, line.size() - done);
          n > 0)
        done += n;
      else
        return;
  };

  for (std::string line; std::getline(std::cin, line);) {
    llvm::Expected<Request> request = json::parse<Request>(line);
    if (!request) {
      answer(json::Object{{"error", toString(request.takeError())}});
      continue;
    }
    ModuleOp seed = load(request->seed);
    ModuleOp donor = request->donor.empty() ? seed : load(request->donor);
    if (!seed || !donor) {
      answer(json::Object{{"error", "no module in " + request->seed}});
      continue;
    }
    progress->length = 0;
    json::Array findings;
    for (int first = -1;;) {
      if (ftruncate(errorFile, 0) || lseek(errorFile, 0, SEEK_SET))
        return 1;
      pid_t child = fork();
      if (child == 0) {
        dup2(errorFile, STDERR_FILENO);
#ifndef CEGM_ADDRESS_SANITIZER
        rlimit memory{kMemory, kMemory};
        setrlimit(RLIMIT_AS, &memory);
#endif
        runChild(seed, donor, *request, *progress, first);
        fflush(nullptr);
        _exit(0);
      }
      int status;
      while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
      }
      std::string errors;
      if (auto buffer = llvm::MemoryBuffer::getFile(errorPath))
        errors = (*buffer)->getBuffer().str();
      std::optional<Finding> finding = judge(status, errors);
      if (!finding)
        break;
      findings.push_back(describe(*finding, progress->stage));
      if (StringRef(progress->stage) == "mutate")
        break;
      first = progress->next;
      if (first >= int(request->pipelines.size()))
        break;
    }
    json::Object result;
    SmallVector<StringRef> lines;
    StringRef(progress->log, progress->length).split(lines, '\n', -1, false);
    for (StringRef text : lines) {
      llvm::Expected<json::Value> value = json::parse(text);
      if (!value) {
        consumeError(value.takeError());
        continue;
      }
      json::Object &object = *value->getAsObject();
      if (object.get("kind"))
        findings.push_back(std::move(object));
      else
        result = std::move(object);
    }
    result["findings"] = std::move(findings);
    answer(std::move(result));
  }
  llvm::sys::fs::remove(errorPath);
  return 0;
}

int main(int, char **argv) {
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0],
                                          /*DisableCrashReporting=*/true);
  // Reports of passes go to standard output; the answers have one of their own.
  int reply = dup(STDOUT_FILENO);
  int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  return serve(reply);
}
