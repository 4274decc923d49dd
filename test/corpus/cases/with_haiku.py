"""Haiku: pure functions from modules, layer_stack, scans, its own recurrent cores."""

from collections.abc import Callable

import haiku as hk
import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, shapes, train_step
from corpus.cases.blocks import B, C, D, F, LAYERS, S, V, cross_entropy, f32, i32, key
from corpus.cases.shared import model_step

LIBRARY = "haiku"
TOKENS = i32(B, S), i32(B, S)


@case(LIBRARY, "transformer with fused heads, sinusoids, clipped AdamW")
def haiku_transformer():
    return model_step("haiku")


def pure_step(forward: Callable, *batch, **fields) -> JaxStep:
    """The step of `forward(inputs)`, which returns logits; `batch` is inputs, labels."""
    module = hk.without_apply_rng(hk.transform(forward))

    def loss(params, inputs, labels):
        return cross_entropy(module.apply(params, inputs), labels)

    return train_step(loss, shapes(module.init, key(), batch[0]), *batch, **fields)


def layer(x: jax.Array) -> jax.Array:
    y = hk.LayerNorm(-1, True, True)(x)
    y = hk.MultiHeadAttention(2, C, w_init=hk.initializers.VarianceScaling(1.0))(y, y, y)
    x = x + hk.Linear(D)(y)
    return x + hk.nets.MLP([F, D], activation=jax.nn.gelu)(x)


@case(LIBRARY, "hk.layer_stack over layers")
def haiku_layer_stack():
    def forward(tokens):
        x = hk.layer_stack(LAYERS)(layer)(hk.Embed(V, D)(tokens))
        return hk.Linear(V)(x)

    return pure_step(forward, *TOKENS)


@case(LIBRARY, "hk.layer_stack over layers with hk.remat, Lion")
def haiku_layer_stack_remat():
    def forward(tokens):
        x = hk.layer_stack(LAYERS)(hk.remat(layer))(hk.Embed(V, D)(tokens))
        return hk.Linear(V)(x)

    return pure_step(forward, *TOKENS, optimizer=optax.lion(1e-3))


@case(LIBRARY, "hk.dynamic_unroll of an LSTM")
def haiku_lstm():
    def forward(tokens):
        core = hk.LSTM(F)
        x = jnp.moveaxis(hk.Embed(V, D)(tokens), 1, 0)
        x, _ = hk.dynamic_unroll(core, x, core.initial_state(B))
        return hk.Linear(V)(jnp.moveaxis(x, 0, 1))

    return pure_step(forward, *TOKENS)


@case(LIBRARY, "hk.scan over chunks of the sequence, a layer shared by them")
def haiku_scan_chunks():
    def forward(tokens):
        dense, head = hk.Linear(F), hk.Linear(V)
        x = hk.Embed(V, D)(tokens)
        body = lambda carry, x: (carry, head(jnp.tanh(dense(x))))  # noqa: E731
        _, logits = hk.scan(body, (), jnp.stack(jnp.split(x, 4, axis=1)))
        return jnp.concatenate(list(logits), axis=1)

    return pure_step(forward, i32(B, S + 1), i32(B, S + 1))


@case(LIBRARY, "depthwise and pointwise convolutions, group norm, dense head")
def haiku_convolution():
    def forward(images):
        x = hk.Conv2D(D, 3, stride=2)(images)
        x = hk.DepthwiseConv2D(1, 3)(jax.nn.relu(hk.GroupNorm(4)(x)))
        x = jax.nn.relu(hk.Conv2D(F, 1)(x))
        return hk.Linear(C)(jnp.mean(x, (1, 2)))

    return pure_step(forward, f32(B, 14, 10, 3), i32(B))
