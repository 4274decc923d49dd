//===- CudaDriver.h - The CUDA driver, loaded when needed -----------------===//

#ifndef CEGM_LIB_RUNTIME_CUDADRIVER_H
#define CEGM_LIB_RUNTIME_CUDADRIVER_H

#include <cstddef>
#include <cstdint>

namespace cegm::cuda {

/// The few types of the driver's interface that are used here; all handles are
/// pointers to what only the driver knows.
using Result = int;
using Device = int;
using Pointer = unsigned long long;
using Context = void *;
using Handle = void *;
inline constexpr Result success = 0;

/// The driver's functions, by the names that its library exports.
#define CEGM_CUDA_FUNCTIONS(X)                                                 \
  X(init, "cuInit", unsigned)                                                  \
  X(getErrorName, "cuGetErrorName", Result, const char **)                     \
  X(getErrorString, "cuGetErrorString", Result, const char **)                 \
  X(deviceGetCount, "cuDeviceGetCount", int *)                                 \
  X(deviceGet, "cuDeviceGet", Device *, int)                                   \
  X(retainPrimaryContext, "cuDevicePrimaryCtxRetain", Context *, Device)       \
  X(getContext, "cuCtxGetCurrent", Context *)                                  \
  X(setContext, "cuCtxSetCurrent", Context)                                    \
  X(getContextDevice, "cuCtxGetDevice", Device *)                              \
  X(moduleLoad, "cuModuleLoadData", Handle *, const void *)                    \
  X(moduleUnload, "cuModuleUnload", Handle)                                    \
  X(moduleGetFunction, "cuModuleGetFunction", Handle *, Handle, const char *)  \
  X(launch, "cuLaunchKernel", Handle, unsigned, unsigned, unsigned, unsigned,  \
    unsigned, unsigned, unsigned, Handle, void **, void **)                    \
  X(streamCreate, "cuStreamCreate", Handle *, unsigned)                        \
  X(streamDestroy, "cuStreamDestroy_v2", Handle)                               \
  X(streamSynchronize, "cuStreamSynchronize", Handle)                          \
  X(streamWaitEvent, "cuStreamWaitEvent", Handle, Handle, unsigned)            \
  X(eventCreate, "cuEventCreate", Handle *, unsigned)                          \
  X(eventDestroy, "cuEventDestroy_v2", Handle)                                 \
  X(eventSynchronize, "cuEventSynchronize", Handle)                            \
  X(eventRecord, "cuEventRecord", Handle, Handle)                              \
  X(getDefaultPool, "cuDeviceGetDefaultMemPool", Handle *, Device)             \
  X(setPoolAttribute, "cuMemPoolSetAttribute", Handle, int, void *)            \
  X(memAlloc, "cuMemAllocAsync", Pointer *, size_t, Handle)                    \
  X(memFree, "cuMemFreeAsync", Pointer, Handle)                                \
  X(memcpy, "cuMemcpyAsync", Pointer, Pointer, size_t, Handle)                 \
  X(memset32, "cuMemsetD32Async", Pointer, unsigned, size_t, Handle)           \
  X(memset16, "cuMemsetD16Async", Pointer, unsigned short, size_t, Handle)

struct Driver {
#define CEGM_CUDA_MEMBER(name, symbol, ...) Result (*name)(__VA_ARGS__);
  CEGM_CUDA_FUNCTIONS(CEGM_CUDA_MEMBER)
#undef CEGM_CUDA_MEMBER
};

/// The driver, with a context current in this thread; null, with the error
/// reported, if there is none, or if this thread has an error already.
const Driver *getDriver();

/// Keeps an error of this thread, if it is the first.
void reportError(const char *format, ...) __attribute__((format(printf, 1, 2)));

/// Reports what the driver answered to `what`, unless it is success. Returns
/// whether it is.
bool check(const Driver &driver, Result result, const char *what);

/// The error of this thread, or null; it has none from then on.
const char *takeError();

} // namespace cegm::cuda

#endif // CEGM_LIB_RUNTIME_CUDADRIVER_H
