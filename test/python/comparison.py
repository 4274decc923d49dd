"""Comparing the state of two train steps leaf by leaf."""

import jax
import numpy as np


def relative_errors(got, wanted) -> dict[str, float]:
    """Per leaf: the norm of the difference by the norm of what is wanted."""
    flat_got, tree_got = jax.tree_util.tree_flatten_with_path(got)
    flat_wanted, tree_wanted = jax.tree_util.tree_flatten_with_path(wanted)
    assert tree_got == tree_wanted
    errors = {}
    for (path, a), (_, b) in zip(flat_got, flat_wanted):
        assert a.dtype == b.dtype and a.shape == b.shape, jax.tree_util.keystr(path)
        a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
        scale = np.linalg.norm(b)
        difference = np.linalg.norm(a - b)
        assert np.isfinite(difference), jax.tree_util.keystr(path)
        errors[jax.tree_util.keystr(path)] = difference / scale if scale else difference
    return errors


def assert_close(got, wanted, tolerance: float) -> None:
    """Every leaf within `tolerance`, relative to its norm."""
    errors = relative_errors(got, wanted)
    worst = max(errors, key=errors.get)
    assert errors[worst] <= tolerance, (
        f"{worst}: relative error {errors[worst]:.3g}, allowed {tolerance:.3g}"
    )


def assert_identical(got, wanted) -> None:
    """Bit for bit."""
    for (path, a), (_, b) in zip(
        jax.tree_util.tree_flatten_with_path(got)[0],
        jax.tree_util.tree_flatten_with_path(wanted)[0],
        strict=True,
    ):
        a, b = np.asarray(a), np.asarray(b)
        assert a.dtype == b.dtype and a.tobytes() == b.tobytes(), (
            jax.tree_util.keystr(path)
        )
