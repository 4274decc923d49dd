"""Runs MLIR text through cegm-opt and executes StableHLO text with JAX."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import subprocess
from typing import Callable, Sequence

import jax
import jax.export
import jax.extend.mlir
import ml_dtypes
import numpy as np
from jax.extend.mlir.dialects import stablehlo

ROOT = pathlib.Path(__file__).resolve().parents[2]
CEGM_OPT = os.environ.get("CEGM_OPT", str(ROOT / "build" / "bin" / "cegm-opt"))

MLIR_TYPES = {
    np.dtype(np.float16): "f16",
    np.dtype(ml_dtypes.bfloat16): "bf16",
    np.dtype(np.float32): "f32",
    np.dtype(np.float64): "f64",
    np.dtype(np.bool_): "i1",
}


def mlir_type(shape: Sequence[int], dtype) -> str:
    """The text of a tensor type."""
    return "tensor<" + "".join(f"{n}x" for n in shape) + MLIR_TYPES[np.dtype(dtype)] + ">"


def cegm_opt(text: str, *flags: str) -> str:
    """The output of cegm-opt; raises with its diagnostics when it fails."""
    done = subprocess.run(
        [CEGM_OPT, *flags], input=text, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


def compile_stablehlo(
    text: str,
    inputs: Sequence[np.ndarray],
    outputs: Sequence[tuple[tuple, type]],
    quick: bool = True,
) -> Callable[..., list[np.ndarray]]:
    """A function that executes ``@main`` of a StableHLO module.

    ``inputs`` are examples of the arguments, ``outputs`` the shapes and element
    types of the results. ``quick`` is for programs that run once or twice: quick
    to compile matters more than fast. Its attribute ``compiled`` works on arrays
    of JAX.
    """
    with jax.enable_x64(True):
        stand_in = jax.jit(
            lambda *args: [jax.numpy.zeros(shape, dtype) for shape, dtype in outputs],
            keep_unused=True,
        )
        exported = jax.export.export(stand_in)(*inputs)
        artifact = jax.extend.mlir.serialize_portable_artifact(
            text, stablehlo.get_current_version(), True
        )
        exported = dataclasses.replace(exported, mlir_module_serialized=artifact)
        options = {"xla_llvm_disable_expensive_passes": True} if quick else None
        compiled = jax.jit(exported.call).lower(*inputs).compile(compiler_options=options)

    def run(*args: np.ndarray) -> list[np.ndarray]:
        with jax.enable_x64(True):
            return [np.asarray(result) for result in compiled(*args)]

    run.compiled = compiled
    return run


def body_text(
    body: str,
    inputs: dict[str, np.ndarray],
    results: Sequence[str],
    outputs: Sequence[tuple[tuple, type]],
) -> str:
    """A module whose ``@main`` has the body: arguments named by ``inputs``, the
    values ``results`` returned, of the shapes and element types ``outputs``."""
    arguments = ", ".join(
        f"%{name}: {mlir_type(value.shape, value.dtype)}"
        for name, value in inputs.items()
    )
    types = ", ".join(mlir_type(shape, dtype) for shape, dtype in outputs)
    return (
        f"func.func public @main({arguments}) -> ({types}) {{\n{body}\n"
        f"  return {', '.join('%' + name for name in results)} : {types}\n}}\n"
    )


def compile_body(
    body: str,
    inputs: dict[str, np.ndarray],
    results: Sequence[str],
    outputs: Sequence[tuple[tuple, type]],
    *flags: str,
) -> Callable[..., list[np.ndarray]]:
    """Compiles a function body of cegm ops whose arguments are named by
    ``inputs`` and which returns the values ``results``."""
    text = body_text(body, inputs, results, outputs)
    lowered = cegm_opt(text, "--convert-cegm-to-stablehlo", "--cse", *flags)
    if "cegm." in lowered or "arith." in lowered:
        raise AssertionError("cegm or arith ops are left:\n" + lowered)
    return compile_stablehlo(lowered, list(inputs.values()), outputs)


def run_body(
    body: str,
    inputs: dict[str, np.ndarray],
    results: Sequence[str],
    outputs: Sequence[tuple[tuple, type]],
) -> list[np.ndarray]:
    """Compiles a body and runs it on its example inputs."""
    return compile_body(body, inputs, results, outputs)(*inputs.values())
