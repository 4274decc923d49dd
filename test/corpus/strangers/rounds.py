"""Several gradients in one step: accumulation, epochs, unrolled steps, clients, tasks."""

import functools

import jax
import jax.numpy as jnp
import optax

from corpus.case import shapes
from corpus.cases.blocks import f32, i32, key
from corpus.strangers import stranger
from corpus.strangers.models import (
    M, classifier, descend, equal_mlp, gated, like, made, split_in, transformer, two_layer,
)


def mean_of_scan(model, params, *batches):
    """The mean loss over a leading dimension of the batch, one part after the other."""

    def add(total, batch):
        return total + model.loss(params, *batch), None

    return jax.lax.scan(add, 0.0, batches)[0]


def in_parts(model, count=M):
    """The model, with a batch of `count` parts and the loss over them in turn."""
    loss = functools.partial(mean_of_scan, model)
    return model._replace(loss=loss, batch=split_in(model.batch, count))


def epochs_of(model, count):
    """The loss on the same batch again and again."""

    def loss(params, *batch):
        def add(total, _):
            return total + model.loss(params, *batch), None

        return jax.lax.scan(add, 0.0, None, count)[0]

    return loss


def twice(model):
    """The loss, two times over, as of two gradients of the same batch."""
    return lambda params, *batch: model.loss(params, *batch) + model.loss(params, *batch)


@stranger(
    "nanoGPT ports, gradient accumulation by scan", "sums in a scan, divided after it"
)
def accumulate_scan():
    model = transformer()
    tx = optax.adamw(1e-3)

    def step(params, opt_state, tokens, labels):
        def micro(carry, batch):
            total, grads = carry
            loss, g = jax.value_and_grad(model.loss)(params, *batch)
            return (total + loss, jax.tree.map(jnp.add, grads, g)), None

        zeros = jax.tree.map(jnp.zeros_like, params)
        (total, grads), _ = jax.lax.scan(micro, (0.0, zeros), (tokens, labels))
        grads = jax.tree.map(lambda g: g / M, grads)
        updates, opt_state = tx.update(grads, opt_state, params)
        return optax.apply_updates(params, updates), opt_state, total / M

    return made(step, in_parts(model), shapes(tx.init, model.params))


@stranger("big_vision, accumulate_gradient", "fori_loop with dynamic_slice of the batch")
def accumulate_fori():
    model = equal_mlp()

    def step(params, x, y):
        def body(i, carry):
            xi, yi = (jax.lax.dynamic_slice_in_dim(a, i * 5, 5) for a in (x, y))
            loss, g = jax.value_and_grad(model.loss)(params, xi, yi)
            return carry[0] + loss, jax.tree.map(jnp.add, carry[1], g)

        first = jax.value_and_grad(model.loss)(params, x[:5], y[:5])
        loss, grads = jax.lax.fori_loop(1, M, body, first)
        return descend(params, jax.tree.map(lambda g: g / M, grads)), loss / M

    # One gradient before the loop, three in it.
    def loss(params, x, y):
        parts = tuple(a.reshape(M, 5, *a.shape[1:])[1:] for a in (x, y))
        return model.loss(params, x[:5], y[:5]) + mean_of_scan(model, params, *parts)

    batch = (f32(5 * M, 11, 16), f32(5 * M, 11, 13))
    return made(step, model._replace(batch=batch), loss=loss)


@stranger("Flax guides, accumulation in a Python loop", "a list of gradients, summed")
def accumulate_list():
    model = gated()

    def step(params, x, y):
        grads = [jax.grad(model.loss)(params, x[i], y[i]) for i in range(3)]
        mean = jax.tree.map(lambda *g: sum(g) / len(g), *grads)
        return descend(params, mean)

    def loss(params, x, y):
        return sum(model.loss(params, x[i], y[i]) for i in range(3))

    return made(step, model._replace(batch=split_in(model.batch, 3)), loss=loss)


@stranger(
    "accumulation by stacking: lax.map over micro-batches", "gradients stacked, then mean"
)
def accumulate_map():
    model = classifier()

    def step(params, x, labels):
        grads = jax.lax.map(lambda batch: jax.grad(model.loss)(params, *batch), (x, labels))
        return descend(params, jax.tree.map(lambda g: g.mean(0), grads))

    return made(step, in_parts(model))


@stranger("pmap tutorials, by vmap with an axis name", "pmean of replicas", may_refuse=True)
def replicas_pmean():
    model = two_layer()

    def step(params, x, y):
        def replica(x, y):
            value, grads = jax.value_and_grad(model.loss)(params, x, y)
            return jax.lax.pmean(value, "i"), jax.lax.pmean(grads, "i")

        value, grads = jax.vmap(replica, axis_name="i")(x, y)
        grads = jax.tree.map(lambda g: g[0], grads)
        return jax.tree.map(lambda p, g: p - 0.1 * g, params, grads), value[0]

    def loss(params, x, y):
        return jax.vmap(model.loss, (None, 0, 0))(params, x, y).mean()

    return made(step, model._replace(batch=split_in(model.batch, M)), loss=loss)


@stranger("optax.MultiSteps, written with where", "applied every fourth step, by a counter")
def accumulate_where():
    model = equal_mlp()

    def step(params, acc, count, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        acc = jax.tree.map(lambda a, g: a + (g - a) / (count + 1), acc, grads)
        emit = count == 3
        params = jax.tree.map(lambda p, a: jnp.where(emit, p - 0.1 * a, p), params, acc)
        acc = jax.tree.map(lambda a: jnp.where(emit, 0.0, a), acc)
        return params, acc, jnp.where(emit, 0, count + 1)

    return made(step, model, like(model.params), i32())


@stranger("MultiSteps by lax.cond", "moments change in one branch only")
def accumulate_cond():
    model = gated()

    def step(params, acc, m, count, x, y):
        loss, grads = jax.value_and_grad(model.loss)(params, x, y)
        acc = jax.tree.map(jnp.add, acc, grads)

        def emit(args):
            params, acc, m = args
            m = jax.tree.map(lambda m, a: 0.9 * m + a / 4, m, acc)
            return descend(params, m), jax.tree.map(jnp.zeros_like, acc), m

        now = (count + 1) % 4 == 0
        params, acc, m = jax.lax.cond(now, emit, lambda args: args, (params, acc, m))
        return params, acc, m, count + 1, loss

    zeros = like(model.params)
    return made(step, model, zeros, zeros, i32())


@stranger("levanter, accumulation in bfloat16", "half-precision gradients added in float32")
def accumulate_half():
    model = equal_mlp()

    def step(params, x, y):
        half = jax.tree.map(lambda p: p.astype(jnp.bfloat16), params)

        def micro(acc, batch):
            g = jax.grad(model.loss)(half, *batch)
            return jax.tree.map(lambda a, g: a + g.astype(jnp.float32) / M, acc, g), None

        zeros = jax.tree.map(jnp.zeros_like, params)
        grads, _ = jax.lax.scan(micro, zeros, (x, y))
        return descend(params, grads)

    parts = in_parts(model)

    def loss(params, *batch):
        return parts.loss(jax.tree.map(lambda p: p.astype(jnp.bfloat16), params), *batch)

    return made(step, parts, loss=loss)


@stranger("unrolled steps of tutorials", "two steps on one batch, in Python")
def two_steps():
    model = gated()

    def step(params, x, y):
        for _ in range(2):
            params = descend(params, jax.grad(model.loss)(params, x, y))
        return params

    return made(step, model, loss=twice(model))


@stranger("t5x and Levanter style multi-step train loops", "three batches, Adam, in Python")
def three_steps_adam():
    model = two_layer()
    tx = optax.adam(1e-3)

    def step(params, opt_state, xs, ys):
        losses = []
        for i in range(3):
            value, grads = jax.value_and_grad(model.loss)(params, xs[i], ys[i])
            updates, opt_state = tx.update(grads, opt_state)
            params = optax.apply_updates(params, updates)
            losses.append(value)
        return params, opt_state, jnp.stack(losses)

    def loss(params, xs, ys):
        return sum(model.loss(params, xs[i], ys[i]) for i in range(3))

    model = model._replace(batch=split_in(model.batch, 3))
    return made(step, model, shapes(tx.init, model.params), loss=loss)


@stranger(
    "flax steps under lax.scan (t5x, purejaxrl)", "whole steps in a scan over batches"
)
def steps_in_scan():
    model = equal_mlp()
    tx = optax.sgd(0.1, momentum=0.9)

    def step(params, opt_state, xs, ys):
        def one(carry, batch):
            params, opt_state = carry
            value, grads = jax.value_and_grad(model.loss)(params, *batch)
            updates, opt_state = tx.update(grads, opt_state)
            return (optax.apply_updates(params, updates), opt_state), value

        (params, opt_state), losses = jax.lax.scan(one, (params, opt_state), (xs, ys))
        return params, opt_state, losses.mean()

    return made(step, in_parts(model), shapes(tx.init, model.params))


@stranger("JAX docs, fori_loop training", "full-batch steps in a fori_loop")
def steps_in_fori():
    model = two_layer()

    def step(params, x, y):
        def body(_, params):
            grads = jax.grad(model.loss)(params, x, y)
            return jax.tree.map(lambda p, g: p - 0.01 * g, params, grads)

        return jax.lax.fori_loop(0, 4, body, params)

    return made(step, model, loss=epochs_of(model, 4))


@stranger("minibatch epochs with permutations (purejaxrl)", "a scan in a scan, shuffled")
def epochs_in_scan():
    model = classifier()

    def step(params, rng, x, labels):
        def epoch(carry, _):
            params, rng = carry
            rng, sub = jax.random.split(rng)
            order = jax.random.permutation(sub, x.shape[0]).reshape(M, -1)

            def minibatch(params, ids):
                value, grads = jax.value_and_grad(model.loss)(params, x[ids], labels[ids])
                return descend(params, grads), value

            params, losses = jax.lax.scan(minibatch, params, order)
            return (params, rng), losses.mean()

        (params, rng), losses = jax.lax.scan(epoch, (params, rng), None, 2)
        return params, rng, losses

    def loss(params, x, labels):
        def epoch(total, _):
            parts = x.reshape(M, 7, -1), labels.reshape(M, 7)
            return total + mean_of_scan(model, params, *parts), None

        return jax.lax.scan(epoch, 0.0, None, 2)[0]

    batch = (f32(7 * M, 16), i32(7 * M))
    return made(step, model._replace(batch=batch), key(), loss=loss)
