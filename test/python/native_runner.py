"""Runs MLIR text as machine code that cegm itself compiles."""

from __future__ import annotations

from typing import Callable, Sequence

import numpy as np

from cegm import native
from stablehlo_runner import body_text


def compile_body(
    body: str,
    inputs: dict[str, np.ndarray],
    results: Sequence[str],
    outputs: Sequence[tuple[tuple, type]],
    *passes: str,
) -> Callable[..., list[np.ndarray]]:
    """Compiles a function body of cegm ops whose arguments are named by
    ``inputs`` and which returns the values ``results``.

    ``outputs`` are the shapes and element types of the results; ``passes`` run
    before the pipeline to machine code.
    """
    text = body_text(body, inputs, results, outputs)
    return native.compile(text, passes=passes)


def run_body(
    body: str,
    inputs: dict[str, np.ndarray],
    results: Sequence[str],
    outputs: Sequence[tuple[tuple, type]],
) -> list[np.ndarray]:
    """Compiles a body and runs it on its example inputs."""
    return compile_body(body, inputs, results, outputs)(*inputs.values())
