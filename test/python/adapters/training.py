"""What the tests of the adapters share: data, and how far pytrees are apart."""

import jax
import jax.numpy as jnp
import numpy as np

BATCH, LENGTH, WIDTH, OUT = 3, 7, 4, 2


def data(seed: int = 0):
    """`(x, y)` with an `y` that depends on `x` and its past."""
    x = np.random.default_rng(seed).normal(size=(BATCH, LENGTH, WIDTH)).astype(np.float32)
    return jnp.asarray(x), jnp.asarray(np.cumsum(x, axis=1)[..., :OUT] / 3)


def distance(a, b) -> float:
    """The largest difference of two pytrees of arrays, relative to the second."""
    def one(x, y):
        x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
        return np.abs(x - y).max(initial=0) / max(np.abs(y).max(initial=0), 1e-6)

    differences = jax.tree.leaves(jax.tree.map(one, a, b))
    assert differences
    return float(max(differences))
