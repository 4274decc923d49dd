"""Train steps as machine code of this process, or in an object file.

`compile` takes the text of a module (StableHLO, cegm or linalg on tensors) and
returns a function on arrays; `compile_object` writes an object file and a C
header. No other compiler takes part.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import glob
import os
import pathlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from cegm import _cegm
from cegm._arrays import as_array, dtype_of, library_of, like
from cegm._header import header_text
from cegm._pipeline import checked, pass_text

__all__ = ["Function", "compile", "compile_object"]


def _fits(shape: Sequence[int], expected: Sequence[int]) -> bool:
    return len(shape) == len(expected) and all(
        size in (-1, actual) for actual, size in zip(shape, expected)
    )


def _text(dtype: np.dtype, shape: Sequence[int]) -> str:
    sizes = "x".join("?" if size < 0 else str(size) for size in shape)
    order = "" if dtype.isnative else " of the other byte order"
    return f"{dtype.name}[{sizes}]{order}"


class Function:
    """A compiled entry function; `compile` makes them.

    Call it with one array for each input, in the order of the entry function's
    arguments: NumPy arrays, or tensors of PyTorch or JAX in the memory of the
    processor, which are read where they are. It returns a list with one result
    for each of the entry function's, tensors of PyTorch or arrays of JAX where
    an input was one, else NumPy arrays. An input that is donated is overwritten
    by the result that takes its place, which is then the same object; data that
    are read-only, not contiguous or shared with another input are copied first.

    `TypeError` names the argument whose type or shape is not that of the entry
    function.
    """

    def __init__(self, program: _cegm.Program, blas: ctypes.CDLL | None):
        self._program = program
        self.name: str = program.name
        arguments = [(dtype_of(t), shape) for t, shape in program.arguments]
        self._inputs = arguments[: program.num_inputs]
        self._results = [(dtype_of(t), shape) for t, shape in program.results]
        self._destinations: list[int] = program.destinations
        self._num_arguments = len(arguments)
        #: The numbers of the inputs that a call overwrites with results.
        self.donated = frozenset(
            d for d in self._destinations if 0 <= d < program.num_inputs
        )
        self._set_blas_threads = getattr(blas, "openblas_set_num_threads", None)

    def _input(self, number: int, value: Any) -> np.ndarray:
        dtype, shape = self._inputs[number]
        if shape is None:
            return np.array(value, dtype)
        array = as_array(value)
        if array.dtype != dtype or not _fits(array.shape, shape):
            raise TypeError(
                f"argument {number} of {self.name}: expected {_text(dtype, shape)}, "
                f"got {_text(array.dtype, array.shape)}"
            )
        if number in self.donated:
            return np.require(array, requirements="CAW")
        return np.ascontiguousarray(array).reshape(array.shape)

    def _separate(self, arrays: list[np.ndarray]) -> None:
        """Copies donated arrays that share memory with another input."""
        spans = sorted((a.ctypes.data, number) for number, a in enumerate(arrays))
        end, last = -1, -1
        for start, number in spans:
            if start < end and arrays[number].nbytes:
                copied = number if number in self.donated else last
                if copied in self.donated:
                    arrays[copied] = arrays[copied].copy()
            if start + arrays[number].nbytes > end:
                end, last = start + arrays[number].nbytes, number

    def __call__(self, *inputs: Any) -> list[Any]:
        if len(inputs) != len(self._inputs):
            raise TypeError(
                f"{self.name} takes {len(self._inputs)} arguments, got {len(inputs)}"
            )
        arrays = [self._input(i, value) for i, value in enumerate(inputs)]
        if self.donated:
            self._separate(arrays)
        outputs: list[Any] = [None] * (self._num_arguments - len(arrays))
        for (dtype, shape), destination in zip(self._results, self._destinations):
            if destination >= len(inputs):
                outputs[destination - len(inputs)] = np.empty(shape, dtype)
        arrays += outputs
        if self._set_blas_threads:
            # The program's own threads share a product.
            self._set_blas_threads(1)
        returned = iter(
            self._program.call([a.ctypes.data for a in arrays], [a.shape for a in arrays])
        )
        results, library = [], library_of(inputs)
        for (dtype, _), destination in zip(self._results, self._destinations):
            if destination < 0:
                data, shape = next(returned)
                array = data.view(dtype).reshape(shape)
            else:
                array = arrays[destination]
            results.append(like(library, array))
        for result, destination in enumerate(self._destinations):
            # The same object where its memory was overwritten.
            if 0 <= destination < len(inputs):
                given = inputs[destination]
                if as_array(given).ctypes.data == arrays[destination].ctypes.data:
                    results[result] = given
        return results


class _SymbolInfo(ctypes.Structure):
    _fields_ = [
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("symbol", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    ]


def _load(names: Sequence[str], symbol: str) -> str | None:
    """The file of the first of the libraries that loads and has `symbol`."""
    for name in names:
        try:
            function = getattr(ctypes.CDLL(name), symbol)
        except (OSError, AttributeError):
            continue
        info = _SymbolInfo()
        address = ctypes.cast(function, ctypes.c_void_p)
        if ctypes.CDLL(None).dladdr(address, ctypes.byref(info)) and info.file:
            return os.path.realpath(os.fsdecode(info.file))
    return None


def _known_names(*names: str) -> list[str]:
    return [found for name in names if (found := ctypes.util.find_library(name))]


@functools.lru_cache(maxsize=1)
def _find_openmp() -> str:
    names = _known_names("omp") + sorted(glob.glob("/usr/lib/llvm-*/lib/libomp.so*"))
    found = _load(names, "__kmpc_fork_call")
    if found is None:
        raise OSError(
            "threads: LLVM's OpenMP library (libomp.so) was not found; install it or "
            "use threads=1"
        )
    if not {"KMP_BLOCKTIME", "OMP_WAIT_POLICY"} & os.environ.keys():
        # Threads that wait keep a core busy for that many milliseconds: long
        # enough between the kernels of a step, where 200, as is usual, would
        # take the core from all that runs after it.
        ctypes.CDLL(found).kmp_set_blocktime(1)
    return found


@functools.lru_cache(maxsize=1)
def _find_blas() -> str | None:
    """A BLAS of the system with the C interface."""
    return _load(_known_names("openblas", "cblas", "blas"), "cblas_sgemm")


def _pipeline(
    donate: bool | Sequence[int],
    blas: bool,
    threads: int,
    schedule: str | os.PathLike | None,
) -> str:
    if threads < 1:
        raise ValueError(f"threads: expected at least 1, got {threads}")
    options: dict[str, Any] = {"blas": blas, "threads": threads}
    if schedule is not None:
        options["schedule"] = os.fspath(schedule)
    if donate is False:
        options["donate"] = False
    elif donate is not True:
        options["donate_arguments"] = [int(number) for number in donate]
    return pass_text("cegm-to-llvm", options)


@functools.lru_cache(maxsize=64)
def _compile(
    text: str,
    preparation: str,
    pipeline: str,
    cpu: str,
    features: str,
    libraries: tuple[str, ...],
) -> _cegm.Program:
    compiled = _cegm.compile_native(
        text, preparation, pipeline, cpu, features, list(libraries)
    )
    return checked(compiled.outcome, "compiling to machine code") and compiled.program


def compile(
    text: str,
    *,
    passes: Sequence[str] = (),
    donate: bool | Sequence[int] = True,
    blas: bool | str | os.PathLike | None = None,
    threads: int = 1,
    schedule: str | os.PathLike | None = None,
    cpu: str = "",
    features: str = "",
) -> Function:
    """Compiles the entry function of a module for this processor.

    `text` is StableHLO, cegm or linalg on tensors; `passes` are passes (with
    options, as in a pipeline) that run before the pipeline to machine code,
    `"inject-entanglement"`, say. `donate=True` lets a call overwrite the inputs
    that the text marks as donated (`tf.aliasing_output`, `jax.buffer_donor`);
    numbers of inputs are donated beside those; with False none is.

    `blas` is a shared library with `cblas_sgemm` and `cblas_dgemm`; None uses
    the system's where there is one, False none. Loops are spread over `threads`
    threads. `schedule` is a file with a transform-dialect schedule that runs
    first. `cpu` and `features` are LLVM's names, this processor's by default.

    The same text with the same options is compiled once in a process. `CegmError`
    where the text does not compile, `OSError` where a library is missing.
    """
    if blas is None or blas is True:
        library = _find_blas()
        if library is None and blas:
            raise OSError("blas: no BLAS with a C interface was found; give its file")
    else:
        library = _load([os.fspath(blas)], "cblas_sgemm") if blas else None
        if blas and library is None:
            raise OSError(f"blas: {os.fspath(blas)} has no cblas_sgemm or does not load")
    libraries = [library] if library else []
    if threads > 1:
        libraries.append(_find_openmp())
    program = _compile(
        text,
        ",".join(passes),
        _pipeline(donate, library is not None, threads, schedule),
        cpu,
        features,
        tuple(libraries),
    )
    return Function(program, ctypes.CDLL(library) if library else None)


def compile_object(
    text: str,
    path: str | os.PathLike,
    *,
    passes: Sequence[str] = (),
    donate: bool | Sequence[int] = True,
    blas: bool = False,
    threads: int = 1,
    schedule: str | os.PathLike | None = None,
    triple: str = "",
    cpu: str = "",
    features: str = "",
) -> pathlib.Path:
    """Writes the entry function of a module to the object file `path`.

    A header of the same name with the suffix `.h` is written beside it, which
    declares a C function of the entry function's name, or of the file's where that
    is `main`, as in modules of JAX; its path is returned. The options are those of
    `compile`; with `blas` the object calls `cblas_sgemm` and `cblas_dgemm`, with
    several threads LLVM's OpenMP library, to which the user links it. `triple` is
    LLVM's name of another target.
    """
    path = pathlib.Path(path)
    pipeline = _pipeline(donate, blas, threads, schedule)
    compiled = _cegm.compile_object(
        text, ",".join(passes), pipeline, triple, cpu, features, os.fspath(path)
    )
    checked(compiled.outcome, "compiling to an object file")
    header = path.with_suffix(".h")
    header.write_text(
        header_text(
            compiled.name,
            path.stem if compiled.name == "main" else compiled.name,
            compiled.arguments,
            compiled.num_inputs,
            compiled.results,
            compiled.destinations,
            compiled.argument_names,
            compiled.result_names,
        )
    )
    return header
