"""A Haiku transformer: projections of fused heads, positions from sinusoids."""

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np

from models.common import FEATURES, HEADS, VOCABULARY, Model, attention_mask
from models.common import make_batch, masked_cross_entropy


def _sinusoids(length: int) -> np.ndarray:
    angles = np.arange(length)[:, None] / 100.0 ** (
        np.arange(FEATURES // 2) / FEATURES
    )
    return np.concatenate([np.sin(angles), np.cos(angles)], -1).astype(
        np.float32
    )


def _forward(tokens: jax.Array) -> jax.Array:
    initializer = hk.initializers.VarianceScaling(1.0)
    x = hk.Embed(VOCABULARY, FEATURES)(tokens) + _sinusoids(tokens.shape[1])
    mask = attention_mask(tokens.shape[1])[None, None]
    for _ in range(2):
        y = hk.LayerNorm(-1, True, True)(x)
        x = x + hk.MultiHeadAttention(
            HEADS, FEATURES // HEADS, w_init=initializer, with_bias=False
        )(y, y, y, mask)
        y = hk.LayerNorm(-1, True, True)(x)
        x = x + hk.nets.MLP(
            [2 * FEATURES, FEATURES], activation=jnp.tanh, w_init=initializer
        )(y)
    return hk.Linear(VOCABULARY)(x)


def transformer() -> Model:
    module = hk.without_apply_rng(hk.transform(_forward))

    def init(key: jax.Array):
        return module.init(key, make_batch(0)["inputs"])

    def loss(params, batch):
        return masked_cross_entropy(module.apply(params, batch["inputs"]), batch)

    return Model("haiku", init, loss)
