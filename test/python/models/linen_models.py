"""Flax linen transformers: heads as dimensions of their own, tied, bf16."""

from typing import Any

import flax.linen as nn
import jax
import jax.numpy as jnp

from models.common import FEATURES, HEADS, VOCABULARY, Model, attention_mask
from models.common import make_batch, masked_cross_entropy


def _rotate(x: jax.Array) -> jax.Array:
    """Turns pairs of features by the position; x: [B, S, heads, features]."""
    half = x.shape[-1] // 2
    angles = jnp.arange(x.shape[1])[:, None, None] / 10.0 ** jnp.arange(half)
    first, second = x[..., :half], x[..., half:]
    sin, cos = jnp.sin(angles), jnp.cos(angles)
    return jnp.concatenate(
        [first * cos - second * sin, first * sin + second * cos], -1
    )


def rotary(query, key, value, **options) -> jax.Array:
    """Attention with rotary positions."""
    return nn.dot_product_attention(_rotate(query), _rotate(key), value, **options)


class Block(nn.Module):
    """Pre-norm attention and MLP."""

    dtype: Any = None
    rotary: bool = False

    @nn.compact
    def __call__(self, x: jax.Array, mask: jax.Array) -> jax.Array:
        y = nn.LayerNorm(dtype=self.dtype)(x)
        x = x + nn.MultiHeadDotProductAttention(
            num_heads=HEADS,
            dtype=self.dtype,
            use_bias=False,
            attention_fn=rotary if self.rotary else nn.dot_product_attention,
        )(y, y, mask=mask)
        y = nn.LayerNorm(dtype=self.dtype)(x)
        y = nn.gelu(nn.Dense(2 * FEATURES, dtype=self.dtype)(y))
        return x + nn.Dense(FEATURES, dtype=self.dtype)(y)


class Transformer(nn.Module):
    """A causal language model with learned positions."""

    layers: int = 2
    tied: bool = False
    dtype: Any = None
    rotary: bool = False

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        embed = nn.Embed(VOCABULARY, FEATURES, dtype=self.dtype)
        positions = self.param(
            "positions", nn.initializers.normal(0.02), (64, FEATURES)
        )
        x = embed(tokens)
        x = x + positions[: tokens.shape[1]].astype(x.dtype)
        mask = attention_mask(tokens.shape[1])
        for _ in range(self.layers):
            x = Block(self.dtype, self.rotary)(x, mask)
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
    """The output projection is the transposed embedding: two sites.

    Rotary positions make every score well-conditioned. Without them the key
    gradients of a sequence sum to exactly zero (softmax ignores a shift that
    all keys share), and what a window of the whole sequence scores there is
    rounding noise: no two programs agree on it.
    """
    return _model("linen_tied", Transformer(layers=1, tied=True, rotary=True))


def bfloat16() -> Model:
    """Computes in bf16; the parameters stay in f32."""
    return _model("linen_bf16", Transformer(dtype=jnp.bfloat16), exact=False)
