"""A small causal transformer in plain JAX, its layers one stack of parameters.

`x` is `[batch, sequence, FEATURES]` everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from models.common import FEATURES, HEADS, VOCABULARY
from models.common import attention_mask, masked_cross_entropy

LAYERS = 3
HIDDEN = 24
HEAD_FEATURES = FEATURES // HEADS

SHAPES = {
    "q": (FEATURES, HEADS, HEAD_FEATURES),
    "k": (FEATURES, HEADS, HEAD_FEATURES),
    "v": (FEATURES, HEADS, HEAD_FEATURES),
    "o": (HEADS, HEAD_FEATURES, FEATURES),
    "up": (FEATURES, HIDDEN),
    "bias": (HIDDEN,),
    "down": (HIDDEN, FEATURES),
}


def normal(key: jax.Array, *shape: int) -> jax.Array:
    return 0.3 * jax.random.normal(key, shape)


def init(key: jax.Array) -> dict[str, Any]:
    keys = iter(jax.random.split(key, len(SHAPES) + 2))
    layers = {name: normal(next(keys), LAYERS, *s) for name, s in SHAPES.items()}
    return {
        "embed": normal(next(keys), VOCABULARY, FEATURES),
        "head": normal(next(keys), FEATURES, VOCABULARY),
        "layers": layers,
    }


def normalized(x: jax.Array) -> jax.Array:
    return x * jax.lax.rsqrt((x * x).mean(-1, keepdims=True) + 1e-3)


def attention(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    q = jnp.einsum("bsd,dhf->bshf", x, p["q"])
    k = jnp.einsum("bsd,dhf->bshf", x, p["k"])
    v = jnp.einsum("bsd,dhf->bshf", x, p["v"])
    scores = jnp.einsum("bshf,bthf->bhst", q, k) / HEAD_FEATURES**0.5
    scores = jnp.where(attention_mask(x.shape[1]), scores, -1e9)
    mixed = jnp.einsum("bhst,bthf->bshf", jax.nn.softmax(scores), v)
    return jnp.einsum("bshf,hfd->bsd", mixed, p["o"])


def mlp(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    return jnp.tanh(x @ p["up"] + p["bias"]) @ p["down"]


def block(p: dict[str, jax.Array], x: jax.Array) -> jax.Array:
    x = x + attention(p, normalized(x))
    return x + mlp(p, normalized(x))


def layer(layers: dict[str, jax.Array], index: int) -> dict[str, jax.Array]:
    return jax.tree.map(lambda stack: stack[index], layers)


def logits_loss(params, x: jax.Array, batch) -> jax.Array:
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def unrolled(params, batch, run: Callable = block) -> jax.Array:
    """The loss, layer by layer."""
    x = params["embed"][batch["inputs"]]
    for index in range(LAYERS):
        x = run(layer(params["layers"], index), x)
    return logits_loss(params, x, batch)


def scanned(params, batch, run: Callable = block, **options) -> jax.Array:
    """The loss, its layers in one loop."""
    x = params["embed"][batch["inputs"]]
    x, _ = jax.lax.scan(lambda x, p: (run(p, x), None), x, params["layers"], **options)
    return logits_loss(params, x, batch)
