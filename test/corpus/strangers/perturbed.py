"""Gradients elsewhere than at the parameters, and gradients of single examples."""

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import f32, key
from corpus.strangers import stranger
from corpus.strangers.models import (
    AliasedStep, M, attention, bag_of_words, classifier, equal_mlp, gated, like, made, two_layer,
)
from corpus.strangers.safety import descend, norm_of


@stranger("SAM (Foret et al.), google-research/sam", "dual vector of the gradient, then again")
def sam():
    model = equal_mlp()

    def step(params, m, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        length = norm_of(grads)
        noised = jax.tree.map(lambda p, g: p + 0.05 * g / length, params, grads)
        loss, grads = jax.value_and_grad(model.loss)(noised, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + g, m, grads)
        return descend(params, m), m, loss

    return made(step, model, like(model.params))


@stranger("ASAM (Kwon et al.)", "perturbation scaled by the weights")
def asam():
    model = two_layer()

    def step(params, x, y):
        g = jax.grad(model.loss)(params, x, y)
        scaled = jax.tree.map(lambda p, g: (jnp.abs(p) + 0.01) * g, params, g)
        c = 0.5 / (norm_of(scaled) + 1e-12)
        away = jax.tree.map(lambda p, s: p + c * (jnp.abs(p) + 0.01) * s, params, scaled)
        return descend(params, jax.grad(model.loss)(away, x, y))

    return made(step, model)


@stranger("davda54/sam in arrays", "add e_w, take the gradient, subtract e_w, step")
def sam_subtract():
    model = gated()

    def step(params, x, y):
        loss, g = jax.value_and_grad(model.loss)(params, x, y)
        scale = 0.05 / (norm_of(g) + 1e-12)
        e_w = jax.tree.map(lambda g: g * scale, g)
        params = jax.tree.map(jnp.add, params, e_w)
        g = jax.grad(model.loss)(params, x, y)
        params = jax.tree.map(jnp.subtract, params, e_w)
        return jax.tree.map(lambda p, g: p - 0.1 * (g + 5e-4 * p), params, g), loss

    # The first gradient is added and subtracted again.
    return made(step, model)


@stranger("GSAM (Zhuang et al.)", "both gradients make the update", may_refuse=True)
def gsam():
    model = equal_mlp()

    def step(params, x, y):
        g = jax.grad(model.loss)(params, x, y)
        n = norm_of(g)
        away = jax.tree.map(lambda p, g: p + 0.05 * g / n, params, g)
        h = jax.grad(model.loss)(away, x, y)
        inner = sum(jnp.vdot(a, b) for a, b in zip(jax.tree.leaves(g), jax.tree.leaves(h)))
        across = jax.tree.map(lambda g, h: g - inner / (norm_of(h) + 1e-9) ** 2 * h, g, h)
        return jax.tree.map(lambda p, h, v: p - 0.1 * (h - 0.4 * v), params, h, across)

    def loss(params, x, y):
        return model.loss(params, x, y) + model.loss(params, x, y)

    return made(step, model, loss=loss)


@stranger("adversarial weight perturbation (Wu et al.)", "weights scaled by their own norms")
def weight_perturbation():
    model = gated()

    def step(params, x, y):
        g = jax.grad(model.loss)(params, x, y)
        diff = {k: p + 0.01 * g[k] for k, p in params.items()}
        away = {}
        for k, p in params.items():
            d = diff[k] - p
            away[k] = p + 0.005 * jnp.linalg.norm(p) / (jnp.linalg.norm(d) + 1e-12) * d
        value, g = jax.value_and_grad(model.loss)(away, x, y)
        return descend(params, g), value

    return made(step, model)


@stranger("noisy networks as regularizer; variational SGD", "gradient at randomly moved weights")
def noisy_weights():
    model = classifier()

    def step(params, rng, x, labels):
        leaves, tree = jax.tree.flatten(params)
        keys = jax.random.split(rng, len(leaves))
        moved = [p + 0.01 * jax.random.normal(k, p.shape) for p, k in zip(leaves, keys)]
        grads = jax.grad(model.loss)(jax.tree.unflatten(tree, moved), x, labels)
        return descend(params, grads), jax.random.split(rng)[0]

    return made(step, model, key())


@stranger("SVRG (Johnson and Zhang)", "a gradient of the snapshot is subtracted", may_refuse=True)
def svrg():
    model = two_layer()

    def step(params, snapshot, mu, x, y):
        g, old = (jax.grad(model.loss)(p, x, y) for p in (params, snapshot))
        return jax.tree.map(lambda p, g, o, m: p - 0.1 * (g - o + m), params, g, old, mu)

    def loss(params, snapshot, mu, x, y):
        return model.loss(params, x, y) + model.loss(snapshot, x, y)

    return with_copy(step, model, loss, "snapshot")


@stranger("STORM (Cutkosky and Orabona)", "recursive momentum, last parameters", may_refuse=True)
def storm():
    model = gated()

    def step(params, last, d, x, y):
        g, old = (jax.grad(model.loss)(p, x, y) for p in (params, last))
        d = jax.tree.map(lambda d, g, o: g + 0.9 * (d - o), d, g, old)
        return descend(params, d), params, d

    def loss(params, last, d, x, y):
        return model.loss(params, x, y) + model.loss(last, x, y)

    return with_copy(step, model, loss, "last")


def with_copy(step, model, loss, name) -> JaxStep:
    """A step whose second argument is a copy; the gradient there moves the parameters."""
    copy = like(model.params)
    arguments = (model.params, copy, copy, *model.batch)
    return AliasedStep(step, arguments, loss, (3, 4), (0, 1), aliases={name: "params"})


@stranger("TensorFlow Privacy, Optax dpsgd", "vmap of grad, clip, sum, noise", may_refuse=True)
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


@stranger("DP-SGD by micro-batches in a scan (Opacus, jax-privacy)", "one example at a time")
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


@stranger("importance sampling, prioritized replay (Schaul et al.)", "weights of examples are data")
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


@stranger("deep ensembles; vmapped training (Lu, purejaxrl)", "members have their own optimizer")
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


@stranger("Stein variational descent (Liu and Wang)", "particles, a kernel", may_refuse=True)
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
