//===- GpuRuntime.cpp - What GPU code from cegm calls on the host ---------===//

#include "cegm/Runtime/GpuRuntime.h"

#include "CudaDriver.h"

#include <mutex>
#include <utility>
#include <vector>

using namespace cegm::cuda;

static Pointer toDevice(void *pointer) {
  return reinterpret_cast<Pointer>(pointer);
}

//===----------------------------------------------------------------------===//
// Errors and streams
//===----------------------------------------------------------------------===//

/// The stream that the caller of this thread wants used, if there is one.
static thread_local struct {
  bool isSet = false;
  void *stream = nullptr;
} callersStream;

int32_t cegmGpuInitialize() { return getDriver() ? 1 : 0; }

const char *cegmGpuTakeError() { return takeError(); }

void cegmGpuUseStream(void *stream) { callersStream = {true, stream}; }

void cegmGpuUseOwnStreams() { callersStream = {}; }

void *mgpuStreamCreate() {
  if (callersStream.isSet)
    return callersStream.stream;
  Handle stream = nullptr;
  constexpr unsigned nonBlocking = 1;
  if (const Driver *driver = getDriver())
    check(*driver, driver->streamCreate(&stream, nonBlocking),
          "create a stream");
  return stream;
}

void mgpuStreamDestroy(void *stream) {
  if (callersStream.isSet)
    return;
  if (const Driver *driver = getDriver())
    check(*driver, driver->streamDestroy(stream), "destroy a stream");
}

void mgpuStreamSynchronize(void *stream) {
  if (callersStream.isSet)
    return;
  if (const Driver *driver = getDriver())
    check(*driver, driver->streamSynchronize(stream), "wait for a stream");
}

void mgpuStreamWaitEvent(void *stream, void *event) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->streamWaitEvent(stream, event, 0),
          "make a stream wait");
}

void *mgpuEventCreate() {
  Handle event = nullptr;
  constexpr unsigned noTiming = 2;
  if (const Driver *driver = getDriver())
    check(*driver, driver->eventCreate(&event, noTiming), "create an event");
  return event;
}

void mgpuEventDestroy(void *event) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->eventDestroy(event), "destroy an event");
}

void mgpuEventSynchronize(void *event) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->eventSynchronize(event), "wait for an event");
}

void mgpuEventRecord(void *event, void *stream) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->eventRecord(event, stream), "record an event");
}

//===----------------------------------------------------------------------===//
// Modules and kernels
//===----------------------------------------------------------------------===//

namespace {
/// A binary, and what it is in each context that has used it.
class Module {
public:
  explicit Module(const void *data) : data(data) {}

  Handle get(const Driver &driver) {
    Context context = nullptr;
    if (!check(driver, driver.getContext(&context), "ask for the context"))
      return nullptr;
    std::lock_guard<std::mutex> lock(mutex);
    for (auto &[where, module] : loaded)
      if (where == context)
        return module;
    Handle module = nullptr;
    if (!check(driver, driver.moduleLoad(&module, data),
               "load kernels for this device"))
      return nullptr;
    loaded.emplace_back(context, module);
    return module;
  }

private:
  const void *data;
  std::mutex mutex;
  std::vector<std::pair<Context, Handle>> loaded;
};
} // namespace

// This runs while the library that holds the kernels is loaded, on machines
// without a GPU too, and so only notes where they are.
void *mgpuModuleLoad(void *data, size_t) { return new Module(data); }

void *mgpuModuleLoadJIT(void *data, int, size_t) { return new Module(data); }

// Contexts may be gone at the end of a process, and take their modules along.
void mgpuModuleUnload(void *module) { delete static_cast<Module *>(module); }

void *mgpuModuleGetFunction(void *module, const char *name) {
  const Driver *driver = getDriver();
  if (!driver)
    return nullptr;
  Handle loaded = static_cast<Module *>(module)->get(*driver);
  Handle function = nullptr;
  if (loaded)
    check(*driver, driver->moduleGetFunction(&function, loaded, name),
          "find a kernel");
  return function;
}

void mgpuLaunchKernel(void *function, intptr_t gridX, intptr_t gridY,
                      intptr_t gridZ, intptr_t blockX, intptr_t blockY,
                      intptr_t blockZ, int32_t sharedBytes, void *stream,
                      void **parameters, void **extra, size_t) {
  if (const Driver *driver = getDriver())
    check(*driver,
          driver->launch(function, gridX, gridY, gridZ, blockX, blockY, blockZ,
                         sharedBytes, stream, parameters, extra),
          "launch a kernel");
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

void *mgpuMemAlloc(uint64_t size, void *stream, uint8_t hostShared) {
  if (hostShared) {
    reportError("cannot allocate memory that host and device share");
    return nullptr;
  }
  Pointer pointer = 0;
  if (const Driver *driver = getDriver())
    if (size > 0)
      check(*driver, driver->memAlloc(&pointer, size, stream),
            "allocate memory of the device");
  return reinterpret_cast<void *>(pointer);
}

void mgpuMemFree(void *pointer, void *stream) {
  if (!pointer)
    return;
  if (const Driver *driver = getDriver())
    check(*driver, driver->memFree(toDevice(pointer), stream),
          "free memory of the device");
}

void mgpuMemcpy(void *target, void *source, size_t size, void *stream) {
  if (const Driver *driver = getDriver())
    check(*driver,
          driver->memcpy(toDevice(target), toDevice(source), size, stream),
          "copy memory");
}

void mgpuMemset32(void *target, uint32_t value, size_t count, void *stream) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->memset32(toDevice(target), value, count, stream),
          "set memory");
}

void mgpuMemset16(void *target, uint16_t value, size_t count, void *stream) {
  if (const Driver *driver = getDriver())
    check(*driver, driver->memset16(toDevice(target), value, count, stream),
          "set memory");
}
