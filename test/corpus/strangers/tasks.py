"""Clients, tasks and inner loops: local steps whose sum or end is the update."""

import jax
import jax.numpy as jnp
import optax

from corpus.case import JaxStep, shapes
from corpus.cases.blocks import f32
from corpus.strangers import stranger
from corpus.strangers.models import (
    M, attention, descend, equal_mlp, gated, like, made, split_in, two_layer,
)
from corpus.strangers.rounds import in_parts, twice


@stranger("FedAvg (McMahan et al.), one local step", "clients under vmap", may_refuse=True)
def fedavg_one_step():
    model = two_layer()

    def step(params, xs, ys):
        def client(x, y):
            grads = jax.grad(model.loss)(params, x, y)
            return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)

        clients = jax.vmap(client)(xs, ys)
        return jax.tree.map(lambda p: p.mean(0), clients)

    def loss(params, xs, ys):
        return jax.vmap(model.loss, (None, 0, 0))(params, xs, ys).mean()

    return made(step, model._replace(batch=split_in(model.batch, M)), loss=loss)


@stranger("FedJAX, for_each_client by a Python loop", "deltas of clients, weighted")
def fedavg_loop():
    model = gated()

    def step(params, sizes, xs, ys):
        deltas = []
        for i in range(3):
            local = descend(params, jax.grad(model.loss)(params, xs[i], ys[i]))
            deltas.append(jax.tree.map(lambda p, q: (p - q) * sizes[i], params, local))
        total = jax.tree.map(lambda *d: sum(d) / sizes.sum(), *deltas)
        return jax.tree.map(lambda p, d: p - 1.0 * d, params, total)

    def loss(params, xs, ys):
        return sum(model.loss(params, xs[i], ys[i]) for i in range(3))

    return made(step, model._replace(batch=split_in(model.batch, 3)), f32(3), loss=loss)


@stranger(
    "FedAvg with local steps, clients by scan", "two local steps each, server momentum"
)
def fedavg_scan():
    model = gated()

    def step(params, velocity, xs, ys):
        def client(total, batch):
            local = descend(params, jax.grad(model.loss)(params, *batch))
            local = descend(local, jax.grad(model.loss)(local, *batch))
            return jax.tree.map(lambda t, p, q: t + p - q, total, params, local), None

        total, _ = jax.lax.scan(client, jax.tree.map(jnp.zeros_like, params), (xs, ys))
        velocity = jax.tree.map(lambda v, d: 0.9 * v + d / M, velocity, total)
        return jax.tree.map(jnp.subtract, params, velocity), velocity

    both = in_parts(model._replace(loss=twice(model)))
    return made(step, both, like(model.params))


@stranger("DiLoCo (Douillard et al.)", "inner AdamW in a scan, outer Nesterov")
def diloco():
    model = equal_mlp()
    inner, outer = optax.adamw(1e-3), optax.sgd(0.7, momentum=0.9, nesterov=True)

    def step(params, inner_state, outer_state, xs, ys):
        def one(carry, batch):
            local, state = carry
            grads = jax.grad(model.loss)(local, *batch)
            updates, state = inner.update(grads, state, local)
            return (optax.apply_updates(local, updates), state), None

        (local, inner_state), _ = jax.lax.scan(one, (params, inner_state), (xs, ys))
        pseudo = jax.tree.map(jnp.subtract, params, local)
        updates, outer_state = outer.update(pseudo, outer_state, params)
        return optax.apply_updates(params, updates), inner_state, outer_state

    states = shapes(inner.init, model.params), shapes(outer.init, model.params)
    return made(step, in_parts(model), *states)


@stranger("Reptile (Nichol et al.)", "two inner steps, then toward them")
def reptile():
    model = gated()

    def step(params, x, y):
        fast = params
        for _ in range(2):
            fast = descend(fast, jax.grad(model.loss)(fast, x, y), 0.02)
        return jax.tree.map(lambda p, q: p + 0.1 * (q - p), params, fast)

    return made(step, model, loss=twice(model))


@stranger(
    "first-order MAML (Finn et al.)", "the gradient at the adapted parameters is applied"
)
def first_order_maml():
    model = equal_mlp()

    def step(params, x1, y1, x2, y2):
        fast = descend(params, jax.grad(model.loss)(params, x1, y1), 0.01)
        value, grads = jax.value_and_grad(model.loss)(fast, x2, y2)
        return descend(params, grads), value

    def loss(params, x1, y1, x2, y2):
        return model.loss(params, x2, y2)

    return made(step, model._replace(batch=model.batch * 2), loss=loss)


@stranger(
    "first-order MAML by stop_gradient, as in learn2learn", "inner gradient is a constant"
)
def maml_stopped():
    model = gated()

    def outer(params, x1, y1, x2, y2):
        inner = jax.lax.stop_gradient(jax.grad(model.loss)(params, x1, y1))
        return model.loss(descend(params, inner, 0.01), x2, y2)

    def step(params, x1, y1, x2, y2):
        value, grads = jax.value_and_grad(outer)(params, x1, y1, x2, y2)
        return descend(params, grads, 1e-3), value

    def loss(params, x1, y1, x2, y2):
        return model.loss(params, x2, y2)

    return made(step, model._replace(batch=model.batch * 2), loss=loss)


@stranger("ANIL: only the head adapts in the inner loop", "head first, then all of it")
def anil():
    model = equal_mlp()

    def step(params, x1, y1, x2, y2):
        def of_head(head):
            return model.loss({**params, "head": head}, x1, y1)

        head = params["head"] - 0.01 * jax.grad(of_head)(params["head"])
        grads = jax.grad(model.loss)({**params, "head": head}, x2, y2)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)

    def loss(params, x1, y1, x2, y2):
        return model.loss(params, x2, y2)

    return made(step, model._replace(batch=model.batch * 2), loss=loss)


@stranger(
    "Lookahead (Zhang et al.), by hand", "k fast steps unrolled, slow weights returned"
)
def lookahead_unrolled():
    model = attention()

    def step(slow, x, y):
        fast = slow
        for _ in range(2):
            fast = jax.tree.map(lambda p, g: p - 0.1 * g, fast, jax.grad(model.loss)(fast, x, y))
        return jax.tree.map(lambda s, f: s + 0.5 * (f - s), slow, fast)

    return made(step, model, loss=twice(model))


@stranger(
    "test-time training (Sun et al.)", "a copy is tuned and thrown away", may_refuse=True
)
def test_time_training():
    model = two_layer()

    def step(params, x1, y1, x2, y2):
        tuned = [
            (w - 0.1 * dw, b - 0.1 * db)
            for (w, b), (dw, db) in zip(params, jax.grad(model.loss)(params, x1, y1))
        ]
        return model.loss(tuned, x2, y2)

    # Nothing that is returned is a parameter.
    def loss(params, x1, y1, x2, y2):
        return 0.0 * jnp.sum(x1)

    arguments = (model.params, *model.batch, *model.batch)
    return JaxStep(step, arguments, loss, batch=range(1, 5))
