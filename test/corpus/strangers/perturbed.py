"""Gradients elsewhere than at the parameters, and gradients of single examples."""

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import key
from corpus.strangers import stranger
from corpus.strangers.models import (
    AliasedStep, classifier, descend, equal_mlp, gated, like, made, norm_of, two_layer,
)


@stranger(
    "SAM (Foret et al.), google-research/sam", "dual vector of the gradient, then again"
)
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


@stranger(
    "adversarial weight perturbation (Wu et al.)", "weights scaled by their own norms"
)
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


@stranger(
    "noisy networks as regularizer; variational SGD", "gradient at randomly moved weights"
)
def noisy_weights():
    model = classifier()

    def step(params, rng, x, labels):
        leaves, tree = jax.tree.flatten(params)
        keys = jax.random.split(rng, len(leaves))
        moved = [p + 0.01 * jax.random.normal(k, p.shape) for p, k in zip(leaves, keys)]
        grads = jax.grad(model.loss)(jax.tree.unflatten(tree, moved), x, labels)
        return descend(params, grads), jax.random.split(rng)[0]

    return made(step, model, key())


@stranger(
    "SVRG (Johnson and Zhang)", "a gradient of the snapshot is subtracted", may_refuse=True
)
def svrg():
    model = two_layer()

    def step(params, snapshot, mu, x, y):
        g, old = (jax.grad(model.loss)(p, x, y) for p in (params, snapshot))
        return jax.tree.map(lambda p, g, o, m: p - 0.1 * (g - o + m), params, g, old, mu)

    def loss(params, snapshot, mu, x, y):
        return model.loss(params, x, y) + model.loss(snapshot, x, y)

    return with_copy(step, model, loss, "snapshot")


@stranger(
    "STORM (Cutkosky and Orabona)", "recursive momentum, last parameters", may_refuse=True
)
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
