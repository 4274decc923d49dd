"""Sizes and layers that the plain JAX cases share.

All sizes differ, and none divides another but by chance of being small, so that a
dimension that is taken for another shows.
"""

from typing import Any

import jax
import jax.numpy as jnp

B, S, V, D, H, K, F, C = 5, 11, 29, 16, 2, 6, 23, 13
LAYERS = 3


def f32(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.float32)


def i32(*shape: int) -> jax.ShapeDtypeStruct:
    return jax.ShapeDtypeStruct(shape, jnp.int32)


def key() -> jax.ShapeDtypeStruct:
    """A random key, as an argument of a step."""
    return jax.eval_shape(lambda: jax.random.key(0))


def stacked(tree: Any, layers: int = LAYERS) -> Any:
    """The leaves with one more dimension in front, of size `layers`."""
    return jax.tree.map(lambda t: jax.ShapeDtypeStruct((layers, *t.shape), t.dtype), tree)


def squared_error(prediction: jax.Array, target: jax.Array) -> jax.Array:
    return jnp.mean((prediction - target) ** 2)


def cross_entropy(logits: jax.Array, labels: jax.Array) -> jax.Array:
    """The mean over all positions; logits: [..., classes], labels: [...]."""
    scores = jax.nn.log_softmax(logits.astype(jnp.float32))
    return -jnp.mean(jnp.take_along_axis(scores, labels[..., None], -1))


def normalize(x: jax.Array, scale: jax.Array) -> jax.Array:
    """RMS norm over the last dimension."""
    return x * jax.lax.rsqrt(jnp.mean(x**2, -1, keepdims=True) + 1e-6) * scale


def attend(q: jax.Array, k: jax.Array, v: jax.Array) -> jax.Array:
    """Causal attention; q, k, v: [B, S, H, K]."""
    scores = jnp.einsum("bqhk,bshk->bhqs", q, k) / q.shape[-1] ** 0.5
    mask = jnp.tril(jnp.ones(scores.shape[-2:], bool))
    weights = jax.nn.softmax(jnp.where(mask, scores, -1e30))
    return jnp.einsum("bhqs,bshk->bqhk", weights, v)


def block_params() -> dict[str, jax.ShapeDtypeStruct]:
    return {
        "norm1": f32(D),
        "q": f32(D, H, K),
        "k": f32(D, H, K),
        "v": f32(D, H, K),
        "out": f32(H, K, D),
        "norm2": f32(D),
        "up": f32(D, F),
        "down": f32(F, D),
    }


def block(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    """A transformer block with heads as a dimension; x: [B, S, D]."""
    y = normalize(x, p["norm1"])
    q, k, v = (jnp.einsum("bsd,dhk->bshk", y, p[name]) for name in "qkv")
    x = x + jnp.einsum("bshk,hkd->bsd", attend(q, k, v), p["out"])
    return x + mlp(p, normalize(x, p["norm2"]))


def mlp(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    return jax.nn.gelu(x @ p["up"]) @ p["down"]


def lm_params(blocks: Any) -> dict[str, Any]:
    """A language model around `blocks`."""
    return {"embed": f32(V, D), "blocks": blocks, "norm": f32(D), "head": f32(D, V)}


def lm_loss(run_blocks, params: dict[str, Any], tokens: jax.Array, labels: jax.Array):
    """The loss of a language model; `run_blocks(blocks, x)` maps [B, S, D] to itself."""
    x = run_blocks(params["blocks"], params["embed"][tokens])
    return cross_entropy(normalize(x, params["norm"]) @ params["head"], labels)


def in_turn(blocks: list, x: jax.Array) -> jax.Array:
    for p in blocks:
        x = block(p, x)
    return x
