//===- CudaDriver.cpp - The CUDA driver, loaded when needed ---------------===//

#include "CudaDriver.h"

#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <mutex>

using namespace cegm::cuda;

static thread_local char pendingError[512];
static thread_local char takenError[512];

void cegm::cuda::reportError(const char *format, ...) {
  if (pendingError[0])
    return;
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(pendingError, sizeof(pendingError), format, arguments);
  va_end(arguments);
}

const char *cegm::cuda::takeError() {
  if (!pendingError[0])
    return nullptr;
  snprintf(takenError, sizeof(takenError), "%s", pendingError);
  pendingError[0] = 0;
  return takenError;
}

bool cegm::cuda::check(const Driver &driver, Result result, const char *what) {
  if (result == success)
    return true;
  const char *name = nullptr, *text = nullptr;
  driver.getErrorName(result, &name);
  driver.getErrorString(result, &text);
  reportError("cannot %s: %s (%s)", what, text ? text : "unknown error",
              name ? name : "no name");
  return false;
}

namespace {
/// The driver of this process, or why there is none.
struct Loaded {
  Driver driver = {};
  bool isUsable = false;
  char error[256] = {};

  Loaded() { load(); }

  void load() {
    void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
    if (!library)
      return fail("no CUDA driver: %s", dlerror());
#define CEGM_CUDA_LOAD(name, symbol, ...)                                      \
  driver.name =                                                                \
      reinterpret_cast<Result (*)(__VA_ARGS__)>(dlsym(library, symbol));       \
  if (!driver.name)                                                            \
    return fail("the CUDA driver has no %s, and is too old", symbol);
    CEGM_CUDA_FUNCTIONS(CEGM_CUDA_LOAD)
#undef CEGM_CUDA_LOAD
    Result result = driver.init(0);
    int count = 0;
    if (result == success)
      result = driver.deviceGetCount(&count);
    const char *text = nullptr;
    if (result != success) {
      driver.getErrorString(result, &text);
      return fail("no CUDA device: %s", text ? text : "unknown error");
    }
    if (count == 0)
      return fail("no CUDA device: the driver lists %s", "none");
    isUsable = true;
  }

  void fail(const char *format, const char *detail) {
    snprintf(error, sizeof(error), format, detail);
  }
};
} // namespace

/// Keeps what is freed for the next allocation instead of giving it back when a
/// stream is waited for.
static void keepPool(const Driver &driver, Device device) {
  constexpr int releaseThreshold = 4;
  Handle pool = nullptr;
  uint64_t everything = UINT64_MAX;
  if (driver.getDefaultPool(&pool, device) == success)
    driver.setPoolAttribute(pool, releaseThreshold, &everything);
}

static bool makeContextCurrent(const Driver &driver) {
  Context context = nullptr;
  if (!check(driver, driver.getContext(&context), "ask for the context"))
    return false;
  if (context)
    return true;
  const char *wanted = getenv("CEGM_GPU_DEVICE");
  Device device = 0;
  return check(driver, driver.deviceGet(&device, wanted ? atoi(wanted) : 0),
               "find the device") &&
         check(driver, driver.retainPrimaryContext(&context, device),
               "make a context") &&
         check(driver, driver.setContext(context), "use the context");
}

const Driver *cegm::cuda::getDriver() {
  static Loaded loaded;
  if (pendingError[0])
    return nullptr;
  if (!loaded.isUsable) {
    reportError("%s", loaded.error);
    return nullptr;
  }
  if (!makeContextCurrent(loaded.driver))
    return nullptr;
  static std::once_flag pool;
  std::call_once(pool, [] {
    Device device;
    if (loaded.driver.getContextDevice(&device) == success)
      keepPool(loaded.driver, device);
  });
  return &loaded.driver;
}
