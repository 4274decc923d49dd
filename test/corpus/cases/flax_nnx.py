"""Flax NNX: modules split into a graph and a state that the step takes and returns."""

import jax
import jax.numpy as jnp
import optax
from flax import nnx

from corpus.case import JaxStep, case
from corpus.cases.blocks import B, C, D, F, LAYERS, S, V, cross_entropy, i32
from corpus.cases.shared import model_step

LIBRARY = "flax nnx"
TOKENS = i32(B, S), i32(B, S)


@case(LIBRARY, "transformer with RMS norms and a gated MLP, clipped AdamW")
def nnx_transformer():
    return model_step("nnx")


class Layer(nnx.Module):
    def __init__(self, rngs: nnx.Rngs):
        self.norm = nnx.LayerNorm(D, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(2, D, 2 * C, decode=False, rngs=rngs)
        self.up = nnx.Linear(D, F, rngs=rngs)
        self.down = nnx.Linear(F, D, rngs=rngs)

    def __call__(self, x: jax.Array) -> jax.Array:
        y = self.norm(x)
        return x + self.attention(y) + self.down(nnx.gelu(self.up(y)))


class Stack(nnx.Module):
    """A language model whose layers are made by `nnx.vmap` and run by `nnx.scan`."""

    def __init__(self, rngs: nnx.Rngs):
        self.embed = nnx.Embed(V, D, rngs=rngs)
        make = nnx.split_rngs(splits=LAYERS)(nnx.vmap(Layer, in_axes=0, out_axes=0))
        self.layers = make(rngs)
        self.head = nnx.Linear(D, V, rngs=rngs)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        @nnx.scan(in_axes=(nnx.Carry, 0), out_axes=nnx.Carry)
        def run(x, layer):
            return layer(x)

        return self.head(run(self.embed(tokens), self.layers))


def functional_step(make, optimizer=None) -> JaxStep:
    """A step of `make(rngs)` on the state of a module and of its `nnx.Optimizer`.

    The step is one on pytrees: `step(params, rest, tokens, labels)`.
    """

    def whole():
        model = make(nnx.Rngs(0))
        return model, nnx.Optimizer(model, optimizer or optax.adam(1e-3), wrt=nnx.Param)

    def loss_of(model, tokens, labels):
        return cross_entropy(model(tokens), labels)

    model, trainer = nnx.eval_shape(whole)
    graph, params, rest = nnx.split(model, nnx.Param, ...)
    trainer_graph, state = nnx.split(trainer)

    def loss(params, rest, state, tokens, labels):
        return loss_of(nnx.merge(graph, params, rest), tokens, labels)

    def step(params, rest, state, tokens, labels):
        model = nnx.merge(graph, params, rest)
        trainer = nnx.merge(trainer_graph, state)
        value, gradients = nnx.value_and_grad(loss_of)(model, tokens, labels)
        trainer.update(model, gradients)
        _, params, rest = nnx.split(model, nnx.Param, ...)
        return params, rest, nnx.state(trainer), value

    return JaxStep(step, (params, rest, state, *TOKENS), loss, batch=(3, 4))


@case(LIBRARY, "nnx.scan over layers made by nnx.vmap, nnx.Optimizer")
def nnx_scan():
    return functional_step(Stack)


@case(LIBRARY, "a model with dropout and a layer used twice, nnx.Optimizer")
def nnx_shared():
    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs):
            self.embed = nnx.Embed(V, D, rngs=rngs)
            self.layer = Layer(rngs)
            self.dropout = nnx.Dropout(0.1, rngs=rngs)

        def __call__(self, tokens):
            x = self.dropout(self.layer(self.embed(tokens)))
            return self.embed.attend(self.layer(x))

    return functional_step(Model, optax.sgd(0.1, momentum=0.9))


@case(LIBRARY, "nnx.RNN of a GRU cell")
def nnx_gru():
    class Model(nnx.Module):
        def __init__(self, rngs: nnx.Rngs):
            self.embed = nnx.Embed(V, D, rngs=rngs)
            self.layer = nnx.RNN(nnx.GRUCell(D, F, rngs=rngs), rngs=rngs)
            self.head = nnx.Linear(F, V, rngs=rngs)

        def __call__(self, tokens):
            return self.head(jnp.tanh(self.layer(self.embed(tokens))))

    return functional_step(Model)
