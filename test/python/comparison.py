"""Comparing the state of two train steps leaf by leaf."""

import jax
import jax.numpy as jnp
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


def assert_close(got, wanted, tolerance: float, nearby=None) -> None:
    """Every leaf within `tolerance`, relative to its norm.

    With `nearby`, the results for `rounded` arguments, each leaf may be off by some
    times what that rounding changed, too: how much of a sum is left where its terms
    cancel, or what Adam makes of such a sum, depends on the machine.
    """
    errors = relative_errors(got, wanted)
    allowed = dict.fromkeys(errors, tolerance)
    if nearby is not None:
        for leaf, change in relative_errors(nearby, wanted).items():
            allowed[leaf] += ROUNDINGS * change
    worst = max(errors, key=lambda leaf: errors[leaf] / allowed[leaf])
    assert errors[worst] <= allowed[worst], (
        f"{worst}: relative error {errors[worst]:.3g}, allowed {allowed[worst]:.3g}"
    )


# How many roundings of the arguments those inside of a step may amount to.
ROUNDINGS = 8


def rounded(tree):
    """The leaves of floating-point type with each element off by one rounding."""
    random = np.random.default_rng(0)

    def leaf(value):
        if not jnp.issubdtype(value.dtype, jnp.floating):
            return value
        signs = random.choice([-1.0, 1.0], value.shape)
        off = 1 + float(jnp.finfo(value.dtype).eps) * signs
        return (value * off).astype(value.dtype)

    return jax.tree.map(leaf, tree)


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
