"""Calls compiled functions on a GPU, with PyTorch's tensors as its memory."""

from __future__ import annotations

import ctypes
import pathlib
from typing import Sequence

import torch


class GpuError(RuntimeError):
    """What the runtime reported."""


class Runtime:
    """The runtime library of a folder, `libcegm_gpu_runtime.so`."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._library = ctypes.CDLL(
            str(folder / "libcegm_gpu_runtime.so"), mode=ctypes.RTLD_GLOBAL
        )
        self._library.cegmGpuTakeError.restype = ctypes.c_char_p
        self._library.cegmGpuUseStream.argtypes = [ctypes.c_void_p]

    def check(self) -> None:
        """Raises GpuError with the pending error of this thread, if any."""
        error = self._library.cegmGpuTakeError()
        if error:
            raise GpuError(error.decode())

    def initialize(self) -> None:
        """Raises GpuError where there is no driver or no device."""
        if not self._library.cegmGpuInitialize():
            self.check()

    def use_torch_stream(self) -> None:
        """Launches on PyTorch's current stream from now on, without waiting."""
        stream = torch.cuda.current_stream().cuda_stream
        self._library.cegmGpuUseStream(ctypes.c_void_p(stream))

    def use_own_streams(self) -> None:
        """Each call waits for its work."""
        self._library.cegmGpuUseOwnStreams()


def _descriptor(tensor: torch.Tensor) -> ctypes.Structure:
    """The memref descriptor of a contiguous tensor."""
    rank = tensor.dim()
    sizes = [("sizes", ctypes.c_int64 * rank), ("strides", ctypes.c_int64 * rank)]
    fields = [
        ("allocated", ctypes.c_void_p),
        ("aligned", ctypes.c_void_p),
        ("offset", ctypes.c_int64),
    ]

    class Memref(ctypes.Structure):
        _fields_ = fields + (sizes if rank else [])

    result = Memref(tensor.data_ptr(), tensor.data_ptr(), 0)
    if rank:
        result.sizes[:] = tensor.shape
        result.strides[:] = tensor.stride()
    return result


class Function:
    """A function of a library, by its C interface."""

    def __init__(self, library: ctypes.CDLL, name: str, runtime: Runtime) -> None:
        self._function = getattr(library, f"_mlir_ciface_{name}")
        self._function.restype = None
        self._runtime = runtime

    def bind(self, tensors: Sequence[torch.Tensor]) -> "Call":
        """A call with these arguments, results last."""
        return Call(self._function, tensors, self._runtime)


class Call:
    """A function with its arguments, cheap to call again."""

    def __init__(self, function: object, tensors: Sequence[torch.Tensor], runtime: Runtime):
        for tensor in tensors:
            if not tensor.is_contiguous() or tensor.data_ptr() % 16:
                raise ValueError("tensors must be contiguous and aligned to 16 bytes")
        self._tensors = list(tensors)
        self._memrefs = [_descriptor(tensor) for tensor in tensors]
        self._pointers = [ctypes.byref(memref) for memref in self._memrefs]
        self._function = function
        self._runtime = runtime

    def __call__(self) -> None:
        self._function(*self._pointers)
        self._runtime.check()
