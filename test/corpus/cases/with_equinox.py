"""Equinox: layers of one example or one token, mapped by vmap."""

from collections.abc import Callable

import equinox as eqx
import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, case, train_step
from corpus.cases.blocks import B, C, D, F, LAYERS, S, V, cross_entropy, f32, i32
from corpus.cases.shared import model_step

LIBRARY = "equinox"
TOKENS = i32(B, S), i32(B, S)


@case(LIBRARY, "transformer of one sequence under vmap, clipped AdamW")
def equinox_transformer():
    return model_step("equinox")


def module_step(make: Callable, loss_of: Callable, *batch, **fields) -> JaxStep:
    """A step on the arrays of the module `make(key)`; `loss_of(module, *batch)`."""
    # Without the arrays: the functions and numbers of the module.
    whole = eqx.filter_eval_shape(make, jax.random.key(0))
    is_array = lambda leaf: isinstance(leaf, jax.ShapeDtypeStruct)  # noqa: E731
    params, static = eqx.partition(whole, is_array)

    def loss(params, *batch):
        return loss_of(eqx.combine(params, static), *batch)

    return train_step(loss, params, *batch, **fields)


def classify(module: Callable, x: jax.Array, labels: jax.Array) -> jax.Array:
    """The loss of a module of one example."""
    return cross_entropy(jax.vmap(module)(x), labels)


@case(LIBRARY, "MLP of one example under vmap, SGD")
def equinox_mlp():
    make = lambda key: eqx.nn.MLP(D, C, F, 2, key=key)  # noqa: E731
    return module_step(make, classify, f32(B, D), i32(B), optimizer=optax.sgd(0.1))


class Layer(eqx.Module):
    norm: eqx.nn.LayerNorm
    up: eqx.nn.Linear
    down: eqx.nn.Linear

    def __init__(self, key: jax.Array):
        first, second = jax.random.split(key)
        self.norm = eqx.nn.LayerNorm(D)
        self.up = eqx.nn.Linear(D, F, key=first)
        self.down = eqx.nn.Linear(F, D, key=second)

    def __call__(self, x: jax.Array) -> jax.Array:
        return x + self.down(jnp.tanh(self.up(self.norm(x))))


class Stack(eqx.Module):
    """Layers made by `eqx.filter_vmap`, run by scan over their arrays."""

    embed: eqx.nn.Embedding
    layers: Layer
    head: eqx.nn.Linear

    def __init__(self, key: jax.Array):
        first, second, third = jax.random.split(key, 3)
        self.embed = eqx.nn.Embedding(V, D, key=first)
        self.layers = eqx.filter_vmap(Layer)(jax.random.split(second, LAYERS))
        self.head = eqx.nn.Linear(D, V, key=third)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        arrays, static = eqx.partition(self.layers, eqx.is_array)

        def body(x, layer):
            return jax.vmap(eqx.combine(layer, static))(x), None

        x, _ = jax.lax.scan(body, jax.vmap(self.embed)(tokens), arrays)
        return jax.vmap(self.head)(x)


@case(LIBRARY, "scan over layers inside the vmap over examples")
def equinox_scan():
    return module_step(Stack, classify, *TOKENS)


@case(LIBRARY, "scan over layers with eqx.filter_checkpoint")
def equinox_scan_checkpoint():
    def loss(module, tokens, labels):
        return classify(eqx.filter_checkpoint(module), tokens, labels)

    return module_step(Stack, loss, *TOKENS)


@case(LIBRARY, "convolution of one image, batch norm left out, dense head")
def equinox_convolution():
    class Model(eqx.Module):
        conv: eqx.nn.Conv2d
        head: eqx.nn.Linear

        def __init__(self, key):
            first, second = jax.random.split(key)
            self.conv = eqx.nn.Conv2d(3, D, 3, stride=2, key=first)
            self.head = eqx.nn.Linear(D, C, key=second)

        def __call__(self, image):
            return self.head(jnp.mean(jax.nn.relu(self.conv(image)), (1, 2)))

    return module_step(Model, classify, f32(B, 3, 14, 10), i32(B))


@case(LIBRARY, "GRU cell in a scan over time, of one sequence under vmap")
def equinox_gru():
    class Model(eqx.Module):
        cell: eqx.nn.GRUCell
        head: eqx.nn.Linear

        def __init__(self, key):
            first, second = jax.random.split(key)
            self.cell = eqx.nn.GRUCell(D, F, key=first)
            self.head = eqx.nn.Linear(F, C, key=second)

        def __call__(self, x):
            step = lambda h, x: (self.cell(x, h), None)  # noqa: E731
            return self.head(jax.lax.scan(step, jnp.zeros(F), x)[0])

    return module_step(Model, classify, f32(B, S, D), i32(B))
