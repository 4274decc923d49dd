"""JAX functions as machine code by way of linalg, compared with JAX itself."""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np

from cegm import native


def compile_function(function: Callable, *args) -> Callable[..., list[np.ndarray]]:
    """The StableHLO of `function` for such arguments, compiled by this project.

    Arguments that the function does not use are kept, so that the compiled function
    takes the flattened ones.
    """
    lowered = jax.jit(function, keep_unused=True).lower(*args)
    return native.compile(lowered.as_text())


def assert_matches(
    function: Callable, *args, tolerance: float = 1e-6, x64: bool = False
) -> None:
    """Every result like that of JAX.

    Integers and booleans are equal. Floating-point numbers are within `tolerance`,
    relative to the larger of the number and 1; NaN and infinities stand in the same
    places. `x64` lets JAX compute in 64 bits.
    """
    with jax.enable_x64(x64):
        wanted = jax.tree.leaves(jax.jit(function)(*args))
        leaves = [np.asarray(leaf) for leaf in jax.tree.leaves(args)]
        got = compile_function(function, *args)(*leaves)
    assert len(got) == len(wanted)
    for number, (a, b) in enumerate(zip(got, wanted)):
        b = np.asarray(b)
        assert a.dtype == b.dtype and a.shape == b.shape, (
            f"result {number}: {a.dtype}{a.shape}, expected {b.dtype}{b.shape}"
        )
        if a.dtype.kind in "iub":
            np.testing.assert_array_equal(a, b, err_msg=f"result {number}")
            continue
        wide = np.complex128 if a.dtype.kind == "c" else np.float64
        np.testing.assert_allclose(
            a.astype(wide),
            b.astype(wide),
            rtol=tolerance,
            atol=tolerance,
            err_msg=f"result {number}",
        )
