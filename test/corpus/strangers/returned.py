"""What a step takes and gives back: gradients alone, updates alone, metrics, orders."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.flatten_util import ravel_pytree

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import f32, i32
from corpus.strangers import stranger
from corpus.strangers.models import (
    ListedStep, attention, classifier, equal_mlp, gated, like, made, split_in, transformer,
    two_layer,
)
from corpus.strangers.safety import descend, norm_of

GIVEN = {"parameters": "params"}


@stranger("Horovod and Ray style workers", "loss and gradients; the server applies them")
def gradients_only():
    model = equal_mlp()

    def step(params, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return {"loss": loss, "grads": grads}

    return made(step, model, options=GIVEN)


@stranger("workers, nothing said of parameters", "gradients only, unnamed", may_refuse=True)
def gradients_only_unnamed():
    model = gated()
    return made(lambda params, x, y: jax.grad(model.loss)(params, x, y), model)


@stranger("clipped gradients of a parameter server", "clipped and cast to half precision")
def gradients_clipped():
    model = transformer()

    def step(params, tokens, labels):
        grads = jax.grad(model.loss)(params, tokens, labels)
        scale = jnp.minimum(1.0, 1.0 / (norm_of(grads) + 1e-6))
        return jax.tree.map(lambda g: (g * scale).astype(jnp.bfloat16), grads)

    return made(step, model, options=GIVEN)


@stranger("scipy.optimize.minimize with jac=True", "loss and a flat vector of gradients")
def gradients_flat():
    model = two_layer()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        return value, ravel_pytree(grads)[0]

    return made(step, model, options=GIVEN)


@stranger("accumulation outside of the step", "gradients added to a buffer that is returned")
def gradients_added():
    model = gated()

    def step(params, buffer, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return jax.tree.map(jnp.add, buffer, grads), loss

    return made(step, model, like(model.params), options=GIVEN)


@stranger("optax updates applied elsewhere", "updates and state, no parameters", may_refuse=True)
def updates_only():
    model = equal_mlp()
    tx = optax.adamw(1e-3)

    def step(params, opt_state, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return (*tx.update(grads, opt_state, params), loss)

    return made(step, model, shapes(tx.init, model.params), options=GIVEN)


@stranger("debugging steps of Flax users", "gradients, updates and new parameters all returned")
def everything():
    model = gated()
    tx = optax.adam(1e-3)

    def step(params, opt_state, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        updates, opt_state = tx.update(grads, opt_state)
        new = optax.apply_updates(params, updates)
        ratio = jax.tree.map(
            lambda u, p: jnp.linalg.norm(u) / (jnp.linalg.norm(p) + 1e-9), updates, params
        )
        return new, opt_state, loss, grads, updates, ratio

    return made(step, model, shapes(tx.init, model.params))


@stranger("wandb style metrics", "histograms and norms of each gradient")
def metrics():
    model = classifier()

    def step(state, batch):
        params, count = state
        loss, grads = jax.value_and_grad(model.loss)(params, batch["x"], batch["y"])
        report = {f"grad/{n}": norm_of(g) for n, g in grads.items()}
        report |= {f"hist/{n}": jnp.histogram(g["kernel"], 5)[0] for n, g in grads.items()}
        return (descend(params, grads), count + 1), {"loss": loss, **report}

    def loss(state, batch):
        return model.loss(state[0], batch["x"], batch["y"])

    batch = {"x": model.batch[0], "y": model.batch[1]}
    return JaxStep(step, ((model.params, i32()), batch), loss, batch=(1,))


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


@stranger("state per parameter, as in DeepMind's older code", "weight and moments side by side")
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


@stranger("line search by backtracking over a few rates", "losses at four candidates, the best kept")
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


@stranger("Armijo backtracking in a while_loop (jaxopt)", "the rate is halved until it descends")
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


@stranger("evaluation by mistake in a corpus of train steps", "a loss and nothing else")
def evaluation():
    model = equal_mlp()
    arguments = (model.params, *model.batch)
    return ListedStep(lambda params, x, y: model.loss(params, x, y), arguments, model.loss, (1, 2))


@stranger("gradient norm probes", "the norm is returned, nothing moves", may_refuse=True)
def norm_only():
    model = gated()

    def step(params, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        return loss, norm_of(grads)

    # No parameter is updated, and no gradient leaves the step.
    return ListedStep(step, (model.params, *model.batch), model.loss, (1, 2))


@stranger("saliency beside training", "the gradient of the inputs is returned too")
def saliency():
    model = gated()

    def step(params, x, y):
        grads, by_input = jax.grad(model.loss, (0, 1))(params, x, y)
        return descend(params, grads), jnp.abs(by_input).sum(-1)

    return made(step, model)


@stranger("FGSM adversarial training (Goodfellow et al.)", "inputs moved by a sign, then the update")
def fgsm():
    model = two_layer()

    def step(params, x, y):
        x = x + 0.1 * jnp.sign(jax.grad(model.loss, 1)(params, x, y))
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        return descend(params, grads), value

    return made(step, model)


@stranger("several heads of data: a list of batches", "losses of a list, summed, one gradient")
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
