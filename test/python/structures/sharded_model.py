"""The model that is divided over devices, and its optimizer."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import optax

from models.common import VOCABULARY, attention_mask, masked_cross_entropy
from structures.transformer import normal, normalized

# Divided by 8 devices.
WIDTH, HEADS, HEAD, HIDDEN, BATCH = 16, 8, 2, 24, 8
OPTIMIZER = optax.sgd(0.1, momentum=0.9)


def init(key: jax.Array) -> dict[str, jax.Array]:
    keys = jax.random.split(key, 8)
    return {
        "embed": normal(keys[0], VOCABULARY, WIDTH),
        "q": normal(keys[1], WIDTH, HEADS, HEAD),
        "k": normal(keys[2], WIDTH, HEADS, HEAD),
        "v": normal(keys[3], WIDTH, HEADS, HEAD),
        "o": normal(keys[4], HEADS, HEAD, WIDTH),
        "up": normal(keys[5], WIDTH, HIDDEN),
        "down": normal(keys[6], HIDDEN, WIDTH),
        "head": normal(keys[7], WIDTH, VOCABULARY),
    }


def logits(
    params: dict[str, jax.Array],
    tokens: jax.Array,
    mask: jax.Array | None = None,
    gather: Callable[[jax.Array], jax.Array] = lambda part: part,
) -> jax.Array:
    """Of a layer of attention and one of features, `[B, S, VOCABULARY]`.

    Where the sequence is divided, `gather` gives all keys and values for those
    of a part, and `mask` is that of the part's queries, `[S, all]`.
    """
    if mask is None:
        mask = attention_mask(tokens.shape[1])
    x = params["embed"][tokens]
    y = normalized(x)
    q, k, v = (jnp.einsum("bsd,dhf->bshf", y, params[n]) for n in "qkv")
    k, v = gather(k), gather(v)
    scores = jnp.einsum("bshf,bthf->bhst", q, k)
    scores = jnp.where(mask, scores, -1e9)
    mixed = jnp.einsum("bhst,bthf->bshf", jax.nn.softmax(scores), v)
    x = x + jnp.einsum("bshf,hfd->bsd", mixed, params["o"])
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return normalized(x) @ params["head"]


def loss(params, batch) -> jax.Array:
    return masked_cross_entropy(logits(params, batch["inputs"]), batch)


def update(params, state, grads):
    updates, state = OPTIMIZER.update(grads, state, params)
    return optax.apply_updates(params, updates), state
