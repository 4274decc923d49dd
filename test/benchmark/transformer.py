"""The transformer that the benchmarks train, with exchangeable contractions."""

from collections.abc import Callable

import flax.linen as nn
import jax
import jax.numpy as jnp
import optax

VOCABULARY = 512


def plain_lookup(table: jax.Array, tokens: jax.Array) -> jax.Array:
    return jnp.take(table, tokens, axis=0, mode="clip")


class Embed(nn.Module):
    features: int
    lookup: Callable

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        table = self.param(
            "table", nn.initializers.normal(0.02), (VOCABULARY, self.features)
        )
        return self.lookup(table, tokens)


class Block(nn.Module):
    heads: int
    dot_general: Callable

    @nn.compact
    def __call__(self, x: jax.Array, mask: jax.Array) -> jax.Array:
        features = x.shape[-1]
        y = nn.LayerNorm()(x)
        x = x + nn.MultiHeadDotProductAttention(
            self.heads,
            use_bias=False,
            qkv_dot_general=self.dot_general,
            out_dot_general=self.dot_general,
        )(y, y, mask=mask)
        y = nn.LayerNorm()(x)
        y = nn.gelu(nn.Dense(4 * features, dot_general=self.dot_general)(y))
        return x + nn.Dense(features, dot_general=self.dot_general)(y)


class Transformer(nn.Module):
    features: int
    layers: int
    heads: int = 4
    dot_general: Callable = jax.lax.dot_general
    lookup: Callable = plain_lookup

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        x = Embed(self.features, self.lookup)(tokens)
        mask = nn.make_causal_mask(tokens)
        for _ in range(self.layers):
            x = Block(self.heads, self.dot_general)(x, mask)
        x = nn.LayerNorm()(x)
        return nn.Dense(VOCABULARY, use_bias=False, dot_general=self.dot_general)(x)


def make_step(model: Transformer, optimizer: optax.GradientTransformation):
    """`(params, state, tokens [batch, sequence + 1]) -> (params, state, loss)`."""

    def loss(params, tokens):
        logits = model.apply({"params": params}, tokens[:, :-1])
        return optax.softmax_cross_entropy_with_integer_labels(
            logits, tokens[:, 1:]
        ).mean()

    def step(params, state, tokens):
        value, grads = jax.value_and_grad(loss)(params, tokens)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, value

    return step


def start(model: Transformer, optimizer, batch: int, length: int):
    """`(params, state, tokens)` to call the step with."""
    tokens = jax.random.randint(
        jax.random.key(1), (batch, length + 1), 0, VOCABULARY, jnp.int32
    )
    params = model.init(jax.random.key(0), tokens[:, :-1])["params"]
    return params, optimizer.init(params), tokens
