"""Calls the runtime on a machine without a GPU: `no_gpu.py <library>`."""

import ctypes
import sys


def main() -> None:
    library = ctypes.CDLL(sys.argv[1])
    take = library.cegmGpuTakeError
    take.restype = ctypes.c_char_p
    for name in ("mgpuModuleLoad", "mgpuModuleGetFunction", "mgpuMemAlloc"):
        getattr(library, name).restype = ctypes.c_void_p

    def print_error() -> None:
        error = take()
        print("error:", error.decode() if error else "none")

    print("initialized:", library.cegmGpuInitialize())
    print_error()
    print_error()
    # What a library of kernels does as it is loaded must work without a GPU.
    module = library.mgpuModuleLoad(b"kernels", ctypes.c_size_t(7))
    print("module noted:", module is not None)
    function = library.mgpuModuleGetFunction(ctypes.c_void_p(module), b"scale")
    print("function:", function)
    print("memory:", library.mgpuMemAlloc(ctypes.c_uint64(64), None, ctypes.c_uint8(0)))
    print_error()
    library.mgpuModuleUnload(ctypes.c_void_p(module))


if __name__ == "__main__":
    main()
