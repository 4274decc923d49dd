"""Updates without a library: one step of descent, written in many algebraic forms."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.example_libraries import optimizers as jax_optimizers
from jax.flatten_util import ravel_pytree

from corpus.case import JaxStep
from corpus.cases.blocks import f32, i32
from corpus.strangers import stranger
from corpus.strangers.models import (
    bag_of_words, classifier, equal_mlp, gated, like, made, transformer, two_layer,
)
from corpus.strangers.players import apply


@stranger("JAX docs, Autodidax and the MNIST tutorial", "a list of pairs, comprehension")
def pairs_sgd():
    model = two_layer()

    @jax.jit
    def update(params, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return [(w - 0.01 * dw, b - 0.01 * db) for (w, b), (dw, db) in zip(params, grads)]

    return made(update, model)


@stranger("JAX docs, working with pytrees", "tree_map, rate as an argument, loss last")
def pytree_sgd():
    model = classifier()

    def update(params, lr, x, labels):
        loss, grads = jax.value_and_grad(model.loss)(params, x, labels)
        new_params = jax.tree_util.tree_map(lambda p, g: p - lr * g, params, grads)
        return new_params, loss

    return made(update, model, f32())


@stranger("d2l.ai, JAX chapters", "the loss first, a rate over the batch size")
def d2l_sgd():
    model = gated()

    def step(params, x, y):
        value, grads = jax.value_and_grad(model.loss)(params, x, y)
        params = jax.tree_util.tree_map(lambda p, g: p - 0.03 * g / x.shape[0], params, grads)
        return value, params

    return made(step, model)


@stranger("AdamW (Loshchilov and Hutter), algorithm 2", "p - lr * (u + wd * p)")
def decay_inside():
    model = equal_mlp()

    def step(params, m, x, y):
        g = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        new = jax.tree.map(lambda p, u: p - 0.1 * (u + 0.01 * p), params, m)
        return new, m

    return made(step, model, like(model.params))


@stranger("nanoGPT ports to JAX", "p * (1 - lr * wd) - lr * u, matrices only")
def decay_outside():
    model = transformer()

    def step(params, m, lr, tokens, labels):
        value, g = jax.value_and_grad(model.loss)(params, tokens, labels)
        m = jax.tree.map(lambda m, g: m * 0.9 + g * 0.1, m, g)

        def apply(p, u):
            keep = 1 - lr * 0.1 if p.ndim >= 2 else 1.0
            return p * keep - lr * u

        return jax.tree.map(apply, params, m), m, value

    return made(step, model, like(model.params), f32())


@stranger("Hanson and Pratt; fast.ai notes on decay", "(1 - a) * p + a * (p - g)")
def convex_step():
    model = gated()

    def step(params, a, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        return {k: (1 - a) * p + a * (p - grads[k]) for k, p in params.items()}

    return made(step, model, f32())


@stranger("L2 in the loss, as in the JAX tutorial of stax", "decay by the loss itself")
def decay_in_loss():
    model = equal_mlp()

    def loss(params, x, y):
        squares = sum(jnp.vdot(p, p) for p in jax.tree.leaves(params))
        return model.loss(params, x, y) + 1e-4 / 2 * squares

    def step(params, x, y):
        grads = jax.grad(loss)(params, x, y)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)

    return made(step, model)


@stranger("jax.example_libraries.optimizers", "packed states, get_params")
def example_library_momentum():
    model = two_layer()
    init, update, get_params = jax_optimizers.momentum(0.01, 0.9)
    state = jax.eval_shape(init, model.params)

    def step(i, opt_state, x, y):
        params = get_params(opt_state)
        return update(i, jax.grad(model.loss)(params, x, y), opt_state)

    def loss(i, opt_state, x, y):
        return model.loss(get_params(opt_state), x, y)

    def is_velocity(path):
        return path.endswith("[1]")

    arguments = (i32(), state, *model.batch)
    return JaxStep(step, arguments, loss, (2, 3), (1,), is_velocity)


@stranger("jax.flatten_util docs, scipy style", "one flat vector, ravelled gradients")
def flat_vector():
    model = equal_mlp()

    def step(params, velocity, x, y):
        flat, unravel = ravel_pytree(params)
        grads, _ = ravel_pytree(jax.grad(model.loss)(params, x, y))
        velocity = 0.9 * velocity - 0.1 * grads
        return unravel(flat + velocity), velocity

    return made(step, model, f32(3 * 16 * 16 + 16 * 13))


@stranger(
    "evosax and PSGD users", "the flat vector itself is the parameter", may_refuse=True
)
def flat_parameter():
    model = gated()
    flat, unravel = ravel_pytree(jax.tree.map(lambda s: jnp.zeros(s.shape), model.params))

    def loss(theta, x, y):
        return model.loss(unravel(theta), x, y)

    def step(theta, x, y):
        value, g = jax.value_and_grad(loss)(theta, x, y)
        return theta - 0.1 * g, value

    return made(step, model._replace(params=f32(flat.size)), loss=loss)


class Momentum(NamedTuple):
    params: Any
    velocity: Any
    count: Any


@stranger("chex dataclass style states", "a named tuple in, a named tuple out")
def named_state():
    model = classifier()

    def step(state, x, labels):
        grads = jax.grad(lambda p: model.loss(p, x, labels))(state.params)
        velocity = jax.tree.map(lambda v, g: 0.9 * v + g, state.velocity, grads)
        params = jax.tree.map(lambda p, v: p - 0.1 * v, state.params, velocity)
        return state._replace(params=params, velocity=velocity, count=state.count + 1)

    state = Momentum(model.params, like(model.params), i32())
    return made(
        step, model._replace(params=state), loss=lambda s, *batch: model.loss(s.params, *batch)
    )


@stranger("Sutskever et al. 2013, Nesterov's look-ahead", "gradient at p + mu * v")
def nesterov_ahead():
    model = gated()

    def step(params, velocity, x, y):
        ahead = jax.tree.map(lambda p, v: p + 0.9 * v, params, velocity)
        g = jax.grad(model.loss)(ahead, x, y)
        velocity = jax.tree.map(lambda v, g: 0.9 * v - 0.01 * g, velocity, g)
        return jax.tree.map(jnp.add, params, velocity), velocity

    return made(step, model, like(model.params))


@stranger("heavy ball (Polyak)", "p - lr * g + mu * (p - previous)")
def heavy_ball():
    model = equal_mlp()

    def step(params, previous, x, y):
        g = jax.grad(model.loss)(params, x, y)
        new = jax.tree.map(
            lambda p, g, q: p - 0.1 * g + 0.9 * (p - q), params, g, previous
        )
        return new, params

    return made(step, model, like(model.params))


@stranger("Bottou, averaged SGD", "running mean written as a weighted sum")
def averaged():
    model = bag_of_words()

    def step(params, mean, t, tokens, labels):
        g = jax.grad(model.loss)(params, tokens, labels)
        params = jax.tree.map(lambda p, g: p - 0.1 / (1 + t) * g, params, g)
        mean = jax.tree.map(lambda m, p: (m * t + p) / (t + 1), mean, params)
        return params, mean, t + 1

    return made(step, model, like(model.params), f32())


@stranger("maximum likelihood in tutorials", "ascent on the negative loss")
def ascent():
    model = classifier()

    def step(params, x, labels):
        def objective(p):
            return -model.loss(p, x, labels)

        value, grads = jax.value_and_grad(objective)(params)
        return jax.tree.map(lambda p, g: p + 0.1 * g, params, grads), value

    return made(step, model)


@stranger("Gauss-Seidel style loops", "each parameter moved by a gradient of its own")
def one_at_a_time():
    model = gated()

    def step(params, x, y):
        for name in ("gate", "up", "down"):
            def of_one(w, name=name, params=params):
                return model.loss({**params, name: w}, x, y)

            params = {**params, name: params[name] - 0.1 * jax.grad(of_one)(params[name])}
        return params

    return made(step, model)
