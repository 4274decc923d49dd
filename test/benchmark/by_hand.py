"""The default entanglement as a user of JAX would write it: `jax.custom_vjp`.

The same formulas and the same order of contractions as the injection, by hand
in the layers themselves: what the injected step is measured against.
"""

import jax
import jax.numpy as jnp

STRENGTH, TEMPERATURE = 0.1, 0.1
WINDOWS = (1, 16, 128)


def _power_of_two(rows: jax.Array) -> jax.Array:
    """A power of two near the largest magnitude of each row, 1 for a zero row."""
    largest = jnp.abs(rows).max(-1, keepdims=True)
    exponent = jnp.frexp(jnp.where(largest > 0, largest, 1.0))[1]
    return jnp.ldexp(jnp.ones_like(largest), exponent)


def _cosine(c: jax.Array, g: jax.Array) -> jax.Array:
    c, g = c / _power_of_two(c), g / _power_of_two(g)
    norms = (c * c).sum(-1) * (g * g).sum(-1)
    return jnp.where(
        norms > 0, (c * g).sum(-1) * jax.lax.rsqrt(jnp.where(norms > 0, norms, 1)), 0
    )


def token_weights(c: jax.Array, g: jax.Array) -> jax.Array:
    """Weights `[batch, sequence]` of `[batch, sequence, features]`."""
    finite = jnp.isfinite(c).all(-1) & jnp.isfinite(g).all(-1)
    active = finite & (g != 0).any(-1)
    c = jnp.where(finite[..., None], c, 0)
    g = jnp.where(finite[..., None], g, 0)
    batch, length, _ = c.shape
    levels = sorted({min(window, length) for window in WINDOWS})
    scores, mean_c, mean_g, reached = 0.0, c, g, 1
    norms = jnp.linalg.norm(g / _power_of_two(g), axis=-1, keepdims=True)
    norms = norms * _power_of_two(g)
    for window in levels:
        # Each level is averaged from the one before; all sizes divide.
        shape = (batch, length // window, window // reached, -1)
        mean_c, mean_g = mean_c.reshape(shape).mean(2), mean_g.reshape(shape).mean(2)
        norms = norms.reshape(shape).mean(2)
        reached = window
        if window > 1:
            # Gradients that cancel leave rounding, which has no direction.
            left = jnp.linalg.norm(mean_g, axis=-1, keepdims=True)
            level_g = jnp.where(left <= 2.0**-16 * norms, 0, mean_g)
        else:
            level_g = mean_g
        scores += jnp.repeat(_cosine(mean_c, level_g), window, axis=1)
    change = STRENGTH * jnp.tanh(scores / len(levels) / TEMPERATURE)
    count = jnp.maximum(active.sum(), 1)
    mean = jnp.where(active, change, 0).sum() / count
    return jnp.where(active, (1 + change) / (1 + mean), 1)


def _contract(a, b, dims):
    return jax.lax.dot_general(a, b, (dims, ((), ())))


@jax.custom_vjp
def _project(x: jax.Array, w: jax.Array) -> jax.Array:
    """x `[B, S, D]`, w `[D, K]`."""
    return _contract(x, w, ((2,), (0,)))


def _project_forward(x, w):
    return _project(x, w), (x, w)


def _project_backward(kept, dy):
    x, w = kept
    dx = _contract(dy, w, ((2,), (1,)))
    alpha = token_weights(x, dx)[..., None]
    if x.shape[-1] <= dy.shape[-1]:
        x = x * alpha
    else:
        dy = dy * alpha
    return dx, _contract(x, dy, ((0, 1), (0, 1)))


_project.defvjp(_project_forward, _project_backward)


def dot_general(x, w, dimension_numbers, precision=None, **unused) -> jax.Array:
    """Stands for `jax.lax.dot_general` in Flax layers: x `[B, S, D...]`."""
    (contracting, _), batch = dimension_numbers
    count = len(contracting)
    if batch != ((), ()) or tuple(contracting) != tuple(range(2, 2 + count)):
        raise ValueError(f"a contraction of another kind: {dimension_numbers}")
    features = x.shape[2:]
    rows = 1
    for size in features:
        rows *= size
    y = _project(x.reshape(*x.shape[:2], rows), w.reshape(rows, -1))
    return y.reshape(*x.shape[:2], *w.shape[count:])


@jax.custom_vjp
def lookup(table: jax.Array, tokens: jax.Array) -> jax.Array:
    return jnp.take(table, tokens, axis=0, mode="clip")


def _lookup_forward(table, tokens):
    y = lookup(table, tokens)
    return y, (table, tokens, y)


def _lookup_backward(kept, dy):
    table, tokens, y = kept
    alpha = token_weights(y, dy)[..., None]
    return jnp.zeros_like(table).at[tokens].add(dy * alpha, mode="clip"), None


lookup.defvjp(_lookup_forward, _lookup_backward)
