"""Arrays of NumPy, PyTorch and JAX as memory, and back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

_DTYPES = {
    "f64": np.float64,
    "f32": np.float32,
    "f16": np.float16,
    "i1": np.bool_,
    "index": np.int64,
    "complex<f32>": np.complex64,
    "complex<f64>": np.complex128,
    **{f"{prefix}{n}": f"int{n}" for prefix in ("i", "si") for n in (8, 16, 32, 64)},
    **{f"ui{n}": f"uint{n}" for n in (8, 16, 32, 64)},
}


def dtype_of(element_type: str) -> np.dtype:
    """The NumPy type of an MLIR element type; `TypeError` where there is none."""
    if element_type in _DTYPES:
        return np.dtype(_DTYPES[element_type])
    if element_type == "bf16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    raise TypeError(f"there is no NumPy type for {element_type}")


def _is_of(value: Any, library: str, name: str) -> bool:
    """Whether `value` is of a class of a library that may not be loaded."""
    module = sys.modules.get(library)
    return module is not None and isinstance(value, getattr(module, name))


def as_array(value: Any) -> np.ndarray:
    """`value` as a NumPy array, on the same memory where it has some here."""
    if isinstance(value, np.ndarray):
        return value
    if _is_of(value, "torch", "Tensor"):
        import torch

        tensor = value.detach()
        if tensor.dtype == torch.bfloat16:
            return tensor.view(torch.int16).numpy().view(dtype_of("bf16"))
        return tensor.numpy()
    if hasattr(value, "__dlpack__") and not hasattr(value, "__array__"):
        return np.from_dlpack(value)
    return np.asarray(value)


def library_of(inputs: Sequence[Any]) -> str:
    """The library whose tensors a call with `inputs` returns: that of the first
    of PyTorch and JAX that an input is of, else NumPy."""
    others = [value for value in inputs if not isinstance(value, np.ndarray)]
    for library, name in (("torch", "Tensor"), ("jax", "Array")):
        if any(_is_of(value, library, name) for value in others):
            return library
    return "numpy"


def like(library: str, array: np.ndarray) -> Any:
    """`array` as a tensor of a library, on its memory where that can use it."""
    if library == "torch":
        import torch

        if array.dtype.name == "bfloat16":
            return torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
        return torch.from_numpy(array)
    if library == "jax":
        import jax

        return jax.numpy.asarray(array)
    return array
