"""An Equinox transformer: layers of one token, mapped over the sequence."""

import equinox as eqx
import jax
import jax.numpy as jnp

from models.common import FEATURES, HEADS, VOCABULARY, Model
from models.common import attention_mask, masked_cross_entropy


class Block(eqx.Module):
    attention: eqx.nn.MultiheadAttention
    norm1: eqx.nn.LayerNorm
    norm2: eqx.nn.LayerNorm
    up: eqx.nn.Linear
    down: eqx.nn.Linear

    def __init__(self, key: jax.Array):
        keys = jax.random.split(key, 3)
        self.attention = eqx.nn.MultiheadAttention(HEADS, FEATURES, key=keys[0])
        self.norm1 = eqx.nn.LayerNorm(FEATURES)
        self.norm2 = eqx.nn.LayerNorm(FEATURES)
        self.up = eqx.nn.Linear(FEATURES, 2 * FEATURES, key=keys[1])
        self.down = eqx.nn.Linear(2 * FEATURES, FEATURES, key=keys[2])

    def __call__(self, x: jax.Array, mask: jax.Array) -> jax.Array:
        """x: [S, FEATURES]."""
        y = jax.vmap(self.norm1)(x)
        x = x + self.attention(y, y, y, mask=mask)
        y = jax.vmap(self.norm2)(x)
        return x + jax.vmap(lambda t: self.down(jnp.tanh(self.up(t))))(y)


class Transformer(eqx.Module):
    embed: eqx.nn.Embedding
    blocks: list[Block]
    head: eqx.nn.Linear

    def __init__(self, key: jax.Array):
        keys = jax.random.split(key, 4)
        self.embed = eqx.nn.Embedding(VOCABULARY, FEATURES, key=keys[0])
        self.blocks = [Block(keys[1]), Block(keys[2])]
        self.head = eqx.nn.Linear(FEATURES, VOCABULARY, key=keys[3])

    def __call__(self, tokens: jax.Array) -> jax.Array:
        """tokens: [S]."""
        x = jax.vmap(self.embed)(tokens)
        mask = attention_mask(tokens.shape[0])
        for block in self.blocks:
            x = block(x, mask)
        return jax.vmap(self.head)(x)


def transformer() -> Model:
    def init(key: jax.Array):
        return eqx.filter(Transformer(key), eqx.is_inexact_array)

    def loss(params, batch):
        static = eqx.filter(
            eqx.filter_eval_shape(Transformer, jax.random.key(0)),
            lambda leaf: not isinstance(leaf, jax.ShapeDtypeStruct),
        )
        model = eqx.combine(params, static)
        logits = jax.vmap(model)(batch["inputs"])
        return masked_cross_entropy(logits, batch)

    return Model("equinox", init, loss)
