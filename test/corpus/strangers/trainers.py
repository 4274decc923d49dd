"""How trainers are built: orders of arguments, donation, line searches, other gradients."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import f32
from corpus.strangers import stranger
from corpus.strangers.models import (
    attention, descend, equal_mlp, gated, like, made, norm_of, split_in, two_layer,
)


@stranger("haiku examples: batch, params, state in other orders", "the batch comes first")
def batch_first():
    model = equal_mlp()

    def step(batch, params):
        x, y = batch
        grads = jax.grad(model.loss)(params, x, y)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)

    def loss(batch, params):
        return model.loss(params, *batch)

    return JaxStep(step, (model.batch, model.params), loss, (0,), (1,))


class State(NamedTuple):
    w: Any
    m: Any
    v: Any


@stranger(
    "state per parameter, as in DeepMind's older code", "weight and moments side by side"
)
def state_per_parameter():
    model = attention()

    def step(states, x, y):
        params = {k: s.w for k, s in states.items()}
        grads = jax.grad(model.loss)(params, x, y)

        def move(s, g):
            m, v = 0.9 * s.m + 0.1 * g, 0.99 * s.v + 0.01 * g * g
            return State(s.w - 1e-3 * m / (jnp.sqrt(v) + 1e-8), m, v)

        return {k: move(states[k], grads[k]) for k in states}

    def loss(states, x, y):
        return model.loss({k: s.w for k, s in states.items()}, x, y)

    states = {k: State(p, p, p) for k, p in model.params.items()}
    return JaxStep(
        step, (states, *model.batch), loss, (1, 2), is_frozen=lambda path: ".w" not in path
    )


@stranger("class-based trainers with static arguments", "partial, jit and donation")
def donated():
    model = equal_mlp()

    @functools.partial(jax.jit, static_argnames=("nesterov",), donate_argnums=(0, 1))
    def inner(params, m, lr, x, y, *, nesterov):
        grads = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + g, m, grads)
        u = jax.tree.map(lambda m, g: 0.9 * m + g, m, grads) if nesterov else m
        return jax.tree.map(lambda p, u: p - lr * u, params, u), m

    def step(params, m, lr, x, y):
        return inner(params, m, lr, x, y, nesterov=True)

    return made(step, model, like(model.params), f32())


@stranger("validation in the train step", "loss on held-out data at the new parameters")
def with_validation():
    model = two_layer()

    def step(params, x, y, xv, yv):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        params = descend(params, grads)
        return params, loss, model.loss(params, xv, yv)

    def loss(params, x, y, xv, yv):
        return model.loss(params, x, y)

    return made(step, model._replace(batch=model.batch * 2), loss=loss)


@stranger(
    "line search by backtracking over a few rates",
    "losses at four candidates, the best kept",
)
def rate_search():
    model = gated()

    def step(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        rates = jnp.array([1.0, 0.3, 0.1, 0.03])

        def at(rate):
            return model.loss(jax.tree.map(lambda p, g: p - rate * g, params, grads), x, y)

        best = rates[jnp.argmin(jax.vmap(at)(rates))]
        return jax.tree.map(lambda p, g: p - best * g, params, grads)

    return made(step, model)


@stranger(
    "Armijo backtracking in a while_loop (jaxopt)", "the rate is halved until it descends"
)
def armijo():
    model = two_layer()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        slope = norm_of(grads) ** 2

        def too_far(t):
            moved = jax.tree.map(lambda p, g: p - t * g, params, grads)
            return model.loss(moved, x, y) > value - 1e-4 * t * slope

        t = jax.lax.while_loop(too_far, lambda t: t / 2, 1.0)
        return jax.tree.map(lambda p, g: p - t * g, params, grads), value

    return made(step, model)


@stranger("saliency beside training", "the gradient of the inputs is returned too")
def saliency():
    model = gated()

    def step(params, x, y):
        grads, by_input = jax.grad(model.loss, (0, 1))(params, x, y)
        return descend(params, grads), jnp.abs(by_input).sum(-1)

    return made(step, model)


@stranger(
    "FGSM adversarial training (Goodfellow et al.)",
    "inputs moved by a sign, then the update",
)
def fgsm():
    model = two_layer()

    def step(params, x, y):
        x = x + 0.1 * jnp.sign(jax.grad(model.loss, 1)(params, x, y))
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        return descend(params, grads), value

    return made(step, model)


@stranger(
    "several heads of data: a list of batches", "losses of a list, summed, one gradient"
)
def list_of_batches():
    model = attention()

    def loss(params, xs, ys):
        return sum(model.loss(params, xs[i], ys[i]) for i in range(2)) / 2

    def step(params, xs, ys):
        return descend(params, jax.grad(loss)(params, xs, ys))

    return made(step, model._replace(batch=split_in(model.batch, 2)), loss=loss)


@stranger("remat in small trainers", "jax.checkpoint around the loss")
def rematerialized():
    model = equal_mlp()
    loss = jax.checkpoint(model.loss)

    def step(params, x, y):
        value, grads = jax.value_and_grad(loss)(params, x, y)
        return descend(params, grads), value

    return made(step, model, loss=loss)
