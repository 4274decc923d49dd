"""What happens to a gradient before the rule, and to the new parameters after it."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from corpus.composer.layouts import Arrays

# Each in a few writings, by the number of the form.
CLIPS: dict[str, tuple[Callable[[Arrays], Arrays], ...]] = {}
CHANGES = ("none", "mask", "row mask", "noise", "centralized", "sparse", "sixteen bits")
CHOICES = ("none", "where", "cond", "where all", "scaled", "nan to zero")


def _each(function):
    return lambda g: {name: function(array) for name, array in g.items()}


def _norm(g: Arrays) -> jax.Array:
    return jnp.sqrt(sum(jnp.sum(jnp.square(array)) for array in g.values()))


def _by_minimum(g):
    return _each(lambda a: a * jnp.minimum(1, 1 / (_norm(g) + 1e-6)))(g)


def _by_select(g):
    """As optax writes it."""
    norm = _norm(g)
    return _each(lambda a: jnp.where(norm < 1, a, (a / norm) * 1.0))(g)


def _by_maximum(g):
    return _each(lambda a: a / jnp.maximum(1.0, _norm(g)))(g)


def _by_dot(g):
    """The norm as products of vectors."""
    total = sum(jnp.vdot(array, array) for array in g.values())
    return _each(lambda a: a * jax.lax.rsqrt(jnp.maximum(total, 1.0)))(g)


CLIPS["none"] = (lambda g: g,)
CLIPS["global"] = (_by_minimum, _by_select, _by_maximum, _by_dot)
CLIPS["each"] = (
    _each(lambda a: a * jnp.minimum(1, 1 / (jnp.linalg.norm(a) + 1e-6))),
    _each(lambda a: a / jnp.maximum(1, jnp.sqrt(jnp.sum(a * a)))),
    _each(lambda a: jnp.where(jnp.vdot(a, a) > 1, a * jax.lax.rsqrt(jnp.vdot(a, a)), a)),
)
CLIPS["values"] = (
    _each(lambda a: jnp.clip(a, -1, 1)),
    _each(lambda a: jnp.maximum(jnp.minimum(a, 1.0), -1.0)),
    _each(jnp.tanh),
    _each(lambda a: jax.lax.clamp(-1.0, a, 1.0)),
)
CLIPS["units"] = (
    # A column at a time.
    _each(lambda a: a / jnp.maximum(1, jnp.linalg.norm(a, axis=0, keepdims=True))),
    _each(lambda a: a * jax.lax.rsqrt(1 + jnp.sum(a * a, axis=0))),
)


def change(name: str, g: Arrays, rest: dict) -> Arrays:
    """The gradients after a change that the recipe names in `change`."""
    if name == "mask":
        return {n: a * rest["mask"][n] for n, a in g.items()}
    if name == "row mask":
        return {n: jnp.where(jnp.arange(a.shape[0]).reshape(-1, *[1] * (a.ndim - 1)) > 0, a, 0)
                for n, a in g.items()}
    if name == "noise":
        keys = jax.random.split(rest["key"], len(g))
        return {n: a + 1e-3 * jax.random.normal(k, a.shape) for (n, a), k in zip(g.items(), keys)}
    if name == "centralized":
        return _each(lambda a: a - a.mean(0, keepdims=True) if a.ndim > 1 else a)(g)
    if name == "sparse":
        return _each(lambda a: jnp.where(jnp.abs(a) >= jnp.mean(jnp.abs(a)), a, 0))(g)
    if name == "sixteen bits":
        return _each(lambda a: a.astype(jnp.bfloat16).astype(a.dtype))(g)
    return g


def choose(name: str, value: jax.Array, g: Arrays, new, old):
    """The new parameters and slots, or the old ones if something is not finite."""
    if name == "where":
        good = jnp.isfinite(value)
    elif name in ("where all", "cond"):
        good = jnp.stack([jnp.isfinite(array).all() for array in g.values()]).all()
    else:
        return new
    if name == "cond":
        return jax.lax.cond(good, lambda new, old: new, lambda new, old: old, new, old)
    return jax.tree.map(lambda a, b: jnp.where(good, a, b), new, old)
