"""Gradients of single examples, weights of examples, ensembles of models."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import f32, key
from corpus.strangers import stranger
from corpus.strangers.models import (
    M, attention, bag_of_words, classifier, descend, equal_mlp, gated, made, norm_of,
    two_layer,
)


@stranger(
    "TensorFlow Privacy, Optax dpsgd", "vmap of grad, clip, sum, noise", may_refuse=True
)
def dp_sgd():
    model = equal_mlp()

    def step(params, rng, x, y):
        def one(x, y):
            g = jax.grad(model.loss)(params, x[None], y[None])
            n = norm_of(g)
            return jax.tree.map(lambda g: g / jnp.maximum(1.0, n), g)

        clipped = jax.vmap(one)(x, y)
        keys = dict(zip(params, jax.random.split(rng, 4)))
        new = {}
        for k, p in params.items():
            noise = 1.1 * jax.random.normal(keys[k], p.shape)
            new[k] = p - 0.1 * (clipped[k].sum(0) + noise) / x.shape[0]
        return new

    def loss(params, x, y):
        return jax.vmap(lambda x, y: model.loss(params, x[None], y[None]))(x, y).mean()

    return made(step, model, key(), loss=loss)


@stranger("dp-transformers, rows", "products of rows, then factors", may_refuse=True)
def dp_sgd_rows():
    model = classifier()

    def step(params, x, labels):
        def one(x, label):
            return jax.grad(model.loss)(params, x[None], label[None])

        grads = jax.vmap(one)(x, labels)
        squares = sum(jnp.sum(g.reshape(7, -1) ** 2, 1) for g in jax.tree.leaves(grads))
        factor = jnp.minimum(1.0, 1.0 / jnp.sqrt(squares))
        total = jax.tree.map(lambda g: jnp.einsum("n,n...->...", factor, g), grads)
        return jax.tree.map(lambda p, g: p - 0.1 * g / 7, params, total)

    def loss(params, x, labels):
        return jax.vmap(lambda x, y: model.loss(params, x[None], y[None]))(x, labels).mean()

    return made(step, model, loss=loss)


@stranger(
    "DP-SGD by micro-batches in a scan (Opacus, jax-privacy)", "one example at a time"
)
def dp_sgd_scan():
    model = gated()

    def step(params, rng, x, y):
        def one(total, example):
            xi, yi = example
            g = jax.grad(model.loss)(params, xi[None], yi[None])
            factor = jnp.minimum(1.0, 1.0 / norm_of(g))
            return jax.tree.map(lambda t, g: t + factor * g, total, g), None

        total, _ = jax.lax.scan(one, jax.tree.map(jnp.zeros_like, params), (x, y))
        noise = {k: jax.random.normal(rng, p.shape) for k, p in params.items()}
        return jax.tree.map(lambda p, t, n: p - 0.1 * (t + n) / 5, params, total, noise)

    def loss(params, x, y):
        def add(total, example):
            return total + model.loss(params, *(e[None] for e in example)), None

        return jax.lax.scan(add, 0.0, (x, y))[0]

    return made(step, model, key(), loss=loss)


@stranger("fast gradient clipping (Lee and Kifer)", "norms first, then a re-weighted loss")
def reweighted_clipping():
    model = bag_of_words()

    def losses(params, tokens, labels):
        scores = jax.nn.log_softmax(params["table"][tokens].mean(1) @ params["out"])
        return -jnp.take_along_axis(scores, labels[:, None], 1)[:, 0]

    def step(params, tokens, labels):
        h = params["table"][tokens].mean(1)
        probs = jax.nn.softmax(h @ params["out"])
        e = probs - jax.nn.one_hot(labels, probs.shape[1])
        norms = jnp.linalg.norm(h, axis=1) * jnp.linalg.norm(e, axis=1)
        weight = jax.lax.stop_gradient(jnp.minimum(1.0, 1.0 / norms))
        grads = jax.grad(lambda p: jnp.mean(weight * losses(p, tokens, labels)))(params)
        return descend(params, grads)

    return made(step, model)


@stranger("gradient signal to noise (Balles)", "variance of examples", may_refuse=True)
def gradient_variance():
    model = two_layer()

    def step(params, x, y):
        def one(x, y):
            return jax.grad(model.loss)(params, x[None], y[None])

        each = jax.vmap(one)(x, y)
        mean = jax.tree.map(lambda g: g.mean(0), each)
        var = jax.tree.map(lambda g: g.var(0), each)
        new = jax.tree.map(lambda p, m, v: p - 0.1 * m * m**2 / (m**2 + v), params, mean, var)
        return new, sum(v.sum() for v in jax.tree.leaves(var))

    def loss(params, x, y):
        return jax.vmap(lambda x, y: model.loss(params, x[None], y[None]))(x, y).mean()

    return made(step, model, loss=loss)


@stranger(
    "importance sampling, prioritized replay (Schaul et al.)",
    "weights of examples are data",
)
def weighted_examples():
    model = two_layer()

    def each(params, x, y):
        (w0, b0), (w1, b1) = params
        return jnp.sum((jax.nn.relu(x @ w0 + b0) @ w1 + b1 - y) ** 2, 1)

    def step(params, weights, x, y):
        def loss(p):
            errors = each(p, x, y)
            return jnp.mean(weights * errors), errors

        grads, errors = jax.grad(loss, has_aux=True)(params)
        return descend(params, grads), jnp.abs(errors) + 1e-6

    return made(step, model, f32(7))


@stranger("focal and hard example mining (OHEM)", "only the largest losses count")
def hard_examples():
    model = two_layer()

    def loss(params, x, y):
        (w0, b0), (w1, b1) = params
        errors = jnp.sum((jax.nn.relu(x @ w0 + b0) @ w1 + b1 - y) ** 2, 1)
        return jax.lax.top_k(errors, 3)[0].mean()

    def step(params, x, y):
        value, grads = jax.value_and_grad(loss)(params, x, y)
        return value, descend(params, grads)

    return made(step, model, loss=loss)


@stranger("mixup (Zhang et al.)", "convex pairs of inputs by a permutation")
def mixup():
    model = attention()

    def mixed(params, t, order, x, y):
        x, y = t * x + (1 - t) * x[order], t * y + (1 - t) * y[order]
        return model.loss(params, x, y)

    def step(params, rng, x, y):
        one, two = jax.random.split(rng)
        order = jax.random.permutation(one, x.shape[0])
        t = jax.random.beta(two, 0.2, 0.2)
        grads = jax.grad(mixed)(params, t, order, x, y)
        return descend(params, grads), rng

    return made(step, model, key())


@stranger(
    "deep ensembles; vmapped training (Lu, purejaxrl)", "members have their own optimizer"
)
def ensemble():
    model = gated()
    members = jax.tree.map(lambda t: f32(M, *t.shape), model.params)

    def step(members, m, x, y):
        def one(params, m):
            value, g = jax.value_and_grad(model.loss)(params, x, y)
            m = jax.tree.map(lambda m, g: 0.9 * m + g, m, g)
            return descend(params, m), m, value

        return jax.vmap(one)(members, m)

    def loss(members, x, y):
        return jax.vmap(model.loss, (0, None, None))(members, x, y).sum()

    return made(step, model._replace(params=members), members, loss=loss)


@stranger(
    "Stein variational descent (Liu and Wang)", "particles, a kernel", may_refuse=True
)
def stein():
    model = gated()
    members = jax.tree.map(lambda t: f32(M, *t.shape), model.params)

    def step(members, x, y):
        grads = jax.vmap(jax.grad(model.loss), (0, None, None))(members, x, y)
        flat = jnp.concatenate([p.reshape(M, -1) for p in jax.tree.leaves(members)], 1)
        distance = jnp.sum((flat[:, None] - flat[None]) ** 2, -1)
        kernel = jnp.exp(-distance / (jnp.median(distance) + 1e-6))
        mixed = jax.tree.map(lambda g: jnp.einsum("ij,j...->i...", kernel, g) / M, grads)
        return descend(members, mixed)

    def loss(members, x, y):
        return jax.vmap(model.loss, (0, None, None))(members, x, y).sum()

    return made(step, model._replace(params=members), loss=loss)
