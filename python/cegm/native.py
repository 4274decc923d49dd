"""Train steps as machine code of this process, or in an object file.

`compile` takes the text of a module (StableHLO, cegm or linalg on tensors) and
returns a function on arrays; no other compiler takes part.
"""

from __future__ import annotations

import ctypes
import functools
import glob
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from cegm import _cegm
from cegm._pipeline import checked, pass_text

_DTYPES = {
    "f64": np.float64,
    "f32": np.float32,
    "f16": np.float16,
    "i1": np.bool_,
    "index": np.int64,
    "complex<f32>": np.complex64,
    "complex<f64>": np.complex128,
    **{f"{p}{n}": f"int{n}" for p in ("i", "si") for n in (8, 16, 32, 64)},
    **{f"ui{n}": f"uint{n}" for n in (8, 16, 32, 64)},
}


def _dtype(element_type: str) -> np.dtype:
    if element_type in _DTYPES:
        return np.dtype(_DTYPES[element_type])
    if element_type == "bf16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    raise TypeError(f"there is no NumPy type for {element_type}")


def _fits(shape: Sequence[int], expected: Sequence[int]) -> bool:
    return len(shape) == len(expected) and all(
        size in (-1, actual) for actual, size in zip(shape, expected)
    )


class Function:
    """A compiled entry function; `compile` makes them.

    Call it with one array for each input, in the order of the entry function's
    arguments. It returns a list with one NumPy array for each result.
    """

    def __init__(self, program: _cegm.Program):
        self._program = program
        self.name: str = program.name
        arguments = [(_dtype(t), shape) for t, shape in program.arguments]
        self._inputs = arguments[: program.num_inputs]
        self._results = [(_dtype(t), shape) for t, shape in program.results]
        self._destinations: list[int] = program.destinations
        self._donated = frozenset(
            d for d in self._destinations if 0 <= d < program.num_inputs
        )
        self._num_arguments = len(arguments)

    @property
    def donated(self) -> frozenset[int]:
        """The numbers of the inputs that a call overwrites with results."""
        return self._donated

    def _input(self, number: int, value: Any) -> np.ndarray:
        dtype, shape = self._inputs[number]
        if shape is None:
            return np.array(value, dtype)
        array = np.asarray(value)
        if array.dtype != dtype or not _fits(array.shape, shape):
            sizes = "x".join("?" if n < 0 else str(n) for n in shape)
            raise TypeError(
                f"argument {number} of {self.name}: expected {dtype.name}[{sizes}], "
                f"got {array.dtype.name}[{'x'.join(map(str, array.shape))}]"
            )
        if number in self._donated:
            # Data that others must not see changed are copied, as by jax.jit.
            return np.require(array, requirements="CAW")
        return np.ascontiguousarray(array).reshape(array.shape)

    def __call__(self, *inputs: Any) -> list[np.ndarray]:
        if len(inputs) != len(self._inputs):
            raise TypeError(
                f"{self.name} takes {len(self._inputs)} arguments, got {len(inputs)}"
            )
        arrays: list[Any] = [self._input(i, value) for i, value in enumerate(inputs)]
        arrays += [None] * (self._num_arguments - len(arrays))
        for (dtype, shape), destination in zip(self._results, self._destinations):
            if destination >= len(inputs):
                arrays[destination] = np.empty(shape, dtype)
        returned = self._program.call(
            [array.ctypes.data for array in arrays], [array.shape for array in arrays]
        )
        results = []
        rest = iter(returned)
        for (dtype, _), destination in zip(self._results, self._destinations):
            if destination >= 0:
                results.append(arrays[destination])
            else:
                data, shape = next(rest)
                results.append(data.view(dtype).reshape(shape))
        return results


def compile(
    text: str, *, passes: Sequence[str] = (), donate: bool | Sequence[int] = True
) -> Function:
    """Compiles the entry function of a module for this processor.

    `text` is StableHLO, cegm or linalg on tensors; `passes` are passes (with
    options, as in a pipeline) that run before the pipeline to machine code,
    `"inject-entanglement"`, say. `donate=True` lets a call overwrite the inputs
    that the text marks as donated (`tf.aliasing_output`, `jax.buffer_donor`);
    numbers of inputs are donated beside those; with False none is.
    `CegmError` where the text does not compile.
    """
    options: dict[str, Any] = {}
    if donate is False:
        options["donate"] = False
    elif donate is not True:
        options["donate_arguments"] = list(donate)
    pipeline = ",".join([*passes, pass_text("cegm-to-llvm", options)])
    compiled = _cegm.compile_native(text, pipeline, "", "", [])
    checked(compiled.outcome, "compiling to machine code")
    return Function(compiled.program)
