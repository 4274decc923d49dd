"""Flax linen: its own attention, scan, remat, recurrent and normalisation layers."""

import flax.linen as nn
import jax
import jax.numpy as jnp
import models
import optax

from corpus.case import JaxStep, case, shapes, train_step
from corpus.cases.blocks import B, C, D, F, LAYERS, S, V, cross_entropy, f32, i32, key
from corpus.cases.shared import model_step

LIBRARY = "flax linen"
TOKENS = i32(B, S), i32(B, S)


@case(LIBRARY, "transformer of linen's layers, learned positions, clipped AdamW")
def linen_transformer():
    return model_step("linen")


@case(LIBRARY, "tied embedding by Embed.attend, rotary positions, Lion")
def linen_tied():
    return model_step("linen_tied", optax.lion(1e-3))


@case(LIBRARY, "bf16 compute, f32 parameters, SGD with momentum")
def linen_bfloat16():
    return model_step("linen_bf16", models.OPTIMIZERS["sgd"]())


class Layer(nn.Module):
    """Attention and MLP, as `nn.scan` wants it: carry in, carry and output out."""

    @nn.compact
    def __call__(self, x: jax.Array, _: None) -> tuple[jax.Array, None]:
        y = nn.LayerNorm()(x)
        x = x + nn.MultiHeadDotProductAttention(num_heads=2, qkv_features=2 * C)(y)
        y = nn.gelu(nn.Dense(F)(nn.LayerNorm()(x)))
        return x + nn.Dense(D)(y), None


class Stack(nn.Module):
    """A language model whose layers are one stack."""

    remat: bool = False

    @nn.compact
    def __call__(self, tokens: jax.Array) -> jax.Array:
        layer = nn.remat(Layer, prevent_cse=False) if self.remat else Layer
        layers = nn.scan(
            layer,
            variable_axes={"params": 0},
            split_rngs={"params": True},
            length=LAYERS,
        )
        x, _ = layers()(nn.Embed(V, D)(tokens), None)
        return nn.Dense(V)(nn.LayerNorm()(x))


def language_step(module: nn.Module, **fields) -> JaxStep:
    params = shapes(module.init, key(), TOKENS[0])["params"]

    def loss(params, tokens, labels):
        return cross_entropy(module.apply({"params": params}, tokens), labels)

    return train_step(loss, params, *TOKENS, **fields)


@case(LIBRARY, "nn.scan over layers")
def linen_scan():
    return language_step(Stack())


@case(LIBRARY, "nn.scan over layers with nn.remat, Adafactor")
def linen_scan_remat():
    optimizer = optax.adafactor(1e-3, min_dim_size_to_factor=8)
    return language_step(Stack(remat=True), optimizer=optimizer)


@case(LIBRARY, "nn.remat of unrolled layers")
def linen_remat():
    class Model(nn.Module):
        @nn.compact
        def __call__(self, tokens):
            x = nn.Embed(V, D)(tokens)
            for _ in range(2):
                x, _ = nn.remat(Layer)()(x, None)
            return nn.Dense(V)(x)

    return language_step(Model())


@case(LIBRARY, "nn.RNN of an LSTM cell between dense layers")
def linen_lstm():
    class Model(nn.Module):
        @nn.compact
        def __call__(self, tokens):
            x = nn.RNN(nn.OptimizedLSTMCell(F))(nn.Embed(V, D)(tokens))
            return nn.Dense(V)(x)

    return language_step(Model())


@case(LIBRARY, "convolutions, batch norm with running statistics, dropout")
def linen_convolution():
    class Model(nn.Module):
        @nn.compact
        def __call__(self, images):
            x = nn.Conv(D, (3, 3), strides=2, use_bias=False)(images)
            x = nn.relu(nn.BatchNorm(use_running_average=False)(x))
            x = jnp.mean(nn.relu(nn.Conv(F, (3, 3), strides=2)(x)), (1, 2))
            return nn.Dense(C)(nn.Dropout(0.1, deterministic=False)(x))

    module, optimizer = Model(), optax.sgd(0.1, momentum=0.9)
    images, labels = f32(B, 14, 10, 3), i32(B)
    variables = shapes(lambda k, x: module.init({"params": k, "dropout": k}, x), key(), images)
    params, statistics = variables["params"], variables["batch_stats"]

    def forward(params, statistics, dropout, images, labels):
        logits, changed = module.apply(
            {"params": params, "batch_stats": statistics},
            images,
            rngs={"dropout": dropout},
            mutable=["batch_stats"],
        )
        return cross_entropy(logits, labels), changed["batch_stats"]

    def loss(params, state, dropout, images, labels):
        return forward(params, state[0], dropout, images, labels)[0]

    def step(params, state, dropout, images, labels):
        statistics, moments = state
        grad = jax.value_and_grad(forward, has_aux=True)
        (value, statistics), gradients = grad(params, statistics, dropout, images, labels)
        updates, moments = optimizer.update(gradients, moments, params)
        return optax.apply_updates(params, updates), (statistics, moments), value

    state = statistics, shapes(optimizer.init, params)
    return JaxStep(step, (params, state, key(), images, labels), loss, batch=(3, 4))
