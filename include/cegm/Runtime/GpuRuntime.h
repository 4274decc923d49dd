/*===- GpuRuntime.h - What GPU code from cegm calls on the host -----------===*\
|*                                                                            *|
|* The C interface of libcegm_gpu_runtime. Code that --cegm-to-nvvm made calls
*|
|* the functions named mgpu*, as MLIR's lowering writes them; callers of such *|
|* code use those named cegmGpu*.                                             *|
|*                                                                            *|
|* The CUDA driver is loaded when it is first needed. No function ends the    *|
|* process or throws: the first error of a thread is kept, what that thread   *|
|* asks for after it is not done, and cegmGpuTakeError() returns it. Pointers *|
|* to memory are pointers to memory of the device.                            *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef CEGM_RUNTIME_GPURUNTIME_H
#define CEGM_RUNTIME_GPURUNTIME_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CEGM_GPU_EXPORT __attribute__((visibility("default")))

/** Loads the driver, and makes a context current if the thread has none: the
 *  primary one of the device that CEGM_GPU_DEVICE names in the environment, or
 * of device 0. Returns 1, or 0 if there is no driver or no device; then
 *  cegmGpuTakeError() says which. */
CEGM_GPU_EXPORT int32_t cegmGpuInitialize(void);

/** The first error of this thread since the last call, or null. The text stays
 *  valid until the thread's next call. */
CEGM_GPU_EXPORT const char *cegmGpuTakeError(void);

/** What the thread launches from now on runs on `stream`, a CUstream (null is
 *  the default stream), in its order, and functions return without waiting for
 *  it. */
CEGM_GPU_EXPORT void cegmGpuUseStream(void *stream);

/** Ends the effect of cegmGpuUseStream: functions make a stream of their own,
 *  and return when the work on it is done. */
CEGM_GPU_EXPORT void cegmGpuUseOwnStreams(void);

/** Modules: a binary for the device, or PTX text, that stays where it is. It is
 *  loaded when its first kernel is launched. */
CEGM_GPU_EXPORT void *mgpuModuleLoad(void *data, size_t size);
CEGM_GPU_EXPORT void *mgpuModuleLoadJIT(void *data, int optimization,
                                        size_t size);
CEGM_GPU_EXPORT void mgpuModuleUnload(void *module);
CEGM_GPU_EXPORT void *mgpuModuleGetFunction(void *module, const char *name);
CEGM_GPU_EXPORT void mgpuLaunchKernel(void *function, intptr_t gridX,
                                      intptr_t gridY, intptr_t gridZ,
                                      intptr_t blockX, intptr_t blockY,
                                      intptr_t blockZ, int32_t sharedBytes,
                                      void *stream, void **parameters,
                                      void **extra, size_t count);

CEGM_GPU_EXPORT void *mgpuStreamCreate(void);
CEGM_GPU_EXPORT void mgpuStreamDestroy(void *stream);
CEGM_GPU_EXPORT void mgpuStreamSynchronize(void *stream);
CEGM_GPU_EXPORT void mgpuStreamWaitEvent(void *stream, void *event);
CEGM_GPU_EXPORT void *mgpuEventCreate(void);
CEGM_GPU_EXPORT void mgpuEventDestroy(void *event);
CEGM_GPU_EXPORT void mgpuEventSynchronize(void *event);
CEGM_GPU_EXPORT void mgpuEventRecord(void *event, void *stream);

/** Memory of the device, from the pool of the driver, in the order of a stream.
 *  `hostShared` is refused. */
CEGM_GPU_EXPORT void *mgpuMemAlloc(uint64_t size, void *stream,
                                   uint8_t hostShared);
CEGM_GPU_EXPORT void mgpuMemFree(void *pointer, void *stream);
/** Copies between any two of host and device. */
CEGM_GPU_EXPORT void mgpuMemcpy(void *target, void *source, size_t size,
                                void *stream);
CEGM_GPU_EXPORT void mgpuMemset32(void *target, uint32_t value, size_t count,
                                  void *stream);
CEGM_GPU_EXPORT void mgpuMemset16(void *target, uint16_t value, size_t count,
                                  void *stream);

#ifdef __cplusplus
}
#endif

#endif /* CEGM_RUNTIME_GPURUNTIME_H */
