"""Flax linen transformers: heads as dimensions of their own, tied, bf16."""

from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from models.common import FEATURES, HEADS, VOCABULARY, Model, make_batch
from models.common import masked_cross_entropy


class Block(nn.Module):
    """Pre-norm attention and MLP."""

    dtype: Any = None

    @nn.compact
    def __call__(self, x: jax.Array, mask: jax.Array) -> jax.Array:
        y = nn.LayerNorm(dtype=self.dtype)(x)
        x = x + nn.MultiHeadDotProductAttention(
            num_heads=HEADS, dtype=self.dtype, use_bias=False
        )(y, y, mask=mask)
        y = nn.LayerNorm(dtype=self.dtype)(x)
        y = nn.gelu(nn.Dense(2 * FEATURES, dtype=self.dtype)(y))
        return x + nn.Dense(FEATURES, dtype=self.dtype)(y)


class Transformer(nn.Module):
    """A causal language model with learned positions."""

    layers: int = 2
    tied: bool = False
    dtype: Any = None

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        embed = nn.Embed(VOCABULARY, FEATURES, dtype=self.dtype)
        positions = self.param(
            "positions", nn.initializers.normal(0.02), (64, FEATURES)
        )
        x = embed(tokens)
        x = x + positions[: tokens.shape[1]].astype(x.dtype)
        mask = nn.make_causal_mask(tokens)
        for _ in range(self.layers):
            x = Block(self.dtype)(x, mask)
        x = nn.LayerNorm(dtype=self.dtype)(x)
        if self.tied:
            return embed.attend(x)
        return nn.Dense(VOCABULARY, use_bias=False, dtype=self.dtype)(x)


def _model(name: str, module: nn.Module, exact: bool = True) -> Model:
    def init(key: jax.Array):
        return module.init(key, make_batch(0)["inputs"])["params"]

    def loss(params, batch):
        logits = module.apply({"params": params}, batch["inputs"])
        return masked_cross_entropy(logits, batch)

    return Model(name, init, loss, exact)


def transformer() -> Model:
    return _model("linen", Transformer())


def tied() -> Model:
    """The output projection is the transposed embedding: two sites."""
    return _model("linen_tied", Transformer(layers=1, tied=True))


def bfloat16() -> Model:
    """Computes in bf16; the parameters stay in f32."""
    return _model("linen_bf16", Transformer(dtype=jnp.bfloat16), exact=False)
