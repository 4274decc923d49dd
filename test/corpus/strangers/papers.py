"""Optimizers of papers, each written by hand: what they compute beside the gradient."""

import jax
import jax.numpy as jnp

from corpus.case import JaxStep
from corpus.cases.blocks import f32, i32, key
from corpus.strangers import stranger
from corpus.strangers.models import (
    N, attention, classifier, equal_mlp, gated, like, made, transformer, two_layer,
)


@stranger(
    "Lion (Chen et al.), the listing of the paper", "interpolate, sign, decay, moment"
)
def lion():
    model = transformer()

    def step(params, m, tokens, labels):
        loss, g = jax.value_and_grad(model.loss)(params, tokens, labels)
        update = jax.tree.map(lambda m, g: jnp.sign(0.9 * m + 0.1 * g), m, g)
        m = jax.tree.map(lambda m, g: 0.99 * m + (1 - 0.99) * g, m, g)
        params = jax.tree.map(lambda p, u: p - 1e-4 * (u + 1.0 * p), params, update)
        return params, m, loss

    return made(step, model, like(model.params))


@stranger("Sophia-G (Liu et al.)", "a second gradient, on sampled labels", may_refuse=True)
def sophia_g():
    model = classifier()

    def logits(params, x):
        for name in ("Dense_0", "Dense_1"):
            x = jax.nn.relu(x @ params[name]["kernel"] + params[name]["bias"])
        return x @ params["Dense_2"]["kernel"] + params["Dense_2"]["bias"]

    def step(params, m, h, rng, x, labels):
        g = jax.grad(model.loss)(params, x, labels)
        sampled = jax.random.categorical(rng, logits(params, x))
        other = jax.grad(model.loss)(params, x, sampled)
        h = jax.tree.map(lambda h, g: 0.99 * h + 0.01 * N * g * g, h, other)
        m = jax.tree.map(lambda m, g: 0.96 * m + 0.04 * g, m, g)

        def move(p, m, h):
            return p - 1e-3 * jnp.clip(m / jnp.maximum(0.04 * h, 1e-12), -1, 1)

        return jax.tree.map(move, params, m, h), m, h

    zeros = like(model.params)
    return made(step, model, zeros, zeros, key())


@stranger("AdaHessian (Yao et al.)", "Hutchinson by jvp of the gradient", may_refuse=True)
def adahessian():
    model = gated()

    def step(params, v, rng, x, y):
        z = {k: jax.random.rademacher(rng, p.shape, p.dtype) for k, p in params.items()}
        g, hz = jax.jvp(lambda p: jax.grad(model.loss)(p, x, y), (params,), (z,))
        v = jax.tree.map(lambda v, h, z: 0.999 * v + 0.001 * (h * z) ** 2, v, hz, z)
        return jax.tree.map(lambda p, g, v: p - 0.1 * g / (v**0.5 + 1e-4), params, g, v), v

    return made(step, model, like(model.params), key())


@stranger("Adan (Xie et al.), lucidrains/Adan-pytorch", "previous gradient in the state")
def adan():
    model = attention()

    def step(params, m, v, n, previous, x, y):
        g = jax.grad(model.loss)(params, x, y)
        diff = jax.tree.map(jnp.subtract, g, previous)
        m = jax.tree.map(lambda m, g: m + 0.02 * (g - m), m, g)
        v = jax.tree.map(lambda v, d: v + 0.08 * (d - v), v, diff)
        n = jax.tree.map(lambda n, g, d: n + 0.01 * ((g + 0.92 * d) ** 2 - n), n, g, diff)

        def move(p, m, v, n):
            return (p - 1e-3 / (jnp.sqrt(n) + 1e-8) * (m + 0.92 * v)) / (1 + 0.02 * 1e-3)

        return jax.tree.map(move, params, m, v, n), m, v, n, g

    zeros = like(model.params)
    return made(step, model, zeros, zeros, zeros, zeros)


@stranger("Adam-mini (Zhang et al.)", "one second moment for each row")
def adam_mini():
    model = equal_mlp()

    def step(params, m, v, x, y):
        g = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.95 * v + 0.05 * (g * g).mean(1, keepdims=True), v, g)
        return jax.tree.map(lambda p, m, v: p - 1e-3 * m / (v**0.5 + 1e-8), params, m, v), m, v

    rows = {k: f32(p.shape[0], 1) for k, p in model.params.items()}
    return made(step, model, like(model.params), rows)


@stranger("Cautious optimizers (Liang et al.)", "a mask where update and gradient agree")
def cautious():
    model = gated()

    def step(params, m, v, x, y):
        g = jax.grad(model.loss)(params, x, y)
        new, m2, v2 = {}, {}, {}
        for k in params:
            m2[k], v2[k] = 0.9 * m[k] + 0.1 * g[k], 0.99 * v[k] + 0.01 * g[k] ** 2
            u = m2[k] / (jnp.sqrt(v2[k]) + 1e-8)
            mask = (u * g[k] > 0).astype(u.dtype)
            new[k] = params[k] - 1e-3 * u * mask / jnp.maximum(mask.mean(), 1e-3)
        return new, m2, v2

    zeros = like(model.params)
    return made(step, model, zeros, zeros)


@stranger("Grokfast (Lee et al.)", "slow gradients amplified before Adam")
def grokfast():
    model = classifier()

    def step(params, slow, v, x, labels):
        g = jax.grad(model.loss)(params, x, labels)
        slow = jax.tree.map(lambda s, g: 0.98 * s + 0.02 * g, slow, g)
        g = jax.tree.map(lambda g, s: g + 2.0 * s, g, slow)
        v = jax.tree.map(lambda v, g: 0.98 * v + 0.02 * g**2, v, g)
        return jax.tree.map(lambda p, g, v: p - 1e-3 * g / (v**0.5 + 1e-8), params, g, v), slow, v

    zeros = like(model.params)
    return made(step, model, zeros, zeros)


@stranger(
    "Prodigy (Mishchenko and Defazio), the algorithm", "inner products estimate a distance"
)
def prodigy():
    model = gated()

    def step(params, start, s, d, r, x, y):
        g = jax.grad(model.loss)(params, x, y)
        moved = jax.tree.map(jnp.subtract, start, params)
        inner = sum(jnp.vdot(a, b) for a, b in zip(jax.tree.leaves(g), jax.tree.leaves(moved)))
        r = 0.99 * r + 0.01 * d**2 * inner
        s = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * d**2 * g, s, g)
        norm = sum(jnp.sum(jnp.abs(leaf)) for leaf in jax.tree.leaves(s))
        d = jnp.maximum(d, r / norm)
        return jax.tree.map(lambda p, g: p - d * jnp.sign(g), params, g), start, s, d, r

    zeros = like(model.params)
    return made(step, model, zeros, zeros, f32(), f32())


@stranger(
    "schedule-free (Defazio et al.), the three sequences", "gradient at a mixture of two"
)
def schedule_free():
    model = equal_mlp()

    def mix(z, x):
        return jax.tree.map(lambda z, x: (1 - 0.9) * z + 0.9 * x, z, x)

    def step(z, x, t, a, b):
        g = jax.grad(model.loss)(mix(z, x), a, b)
        z = jax.tree.map(lambda z, g: z - 0.1 * g, z, g)
        c = 1 / (t + 1)
        return z, jax.tree.map(lambda x, z: (1 - c) * x + c * z, x, z), t + 1

    def loss(z, x, t, a, b):
        return model.loss(mix(z, x), a, b)

    arguments = (model.params, like(model.params), f32(), *model.batch)
    return JaxStep(step, arguments, loss, batch=(3, 4), parameters=(0, 1))


@stranger("CAME (Luo et al.)", "confidence from a factored residual")
def came():
    model = equal_mlp()

    def step(params, row, col, m, x, y):
        g = jax.grad(model.loss)(params, x, y)
        r2, c2, m2, new = {}, {}, {}, {}
        for k, p in params.items():
            sq = g[k] ** 2 + 1e-30
            r2[k] = 0.99 * row[k] + 0.01 * sq.mean(-1)
            c2[k] = 0.99 * col[k] + 0.01 * sq.mean(-2)
            u = g[k] * (r2[k] / r2[k].mean())[:, None] ** -0.5 * c2[k][None] ** -0.5
            u = u / jnp.maximum(1.0, jnp.sqrt(jnp.mean(u**2)))
            m2[k] = 0.9 * m[k] + 0.1 * u
            new[k] = p - 1e-3 * m2[k] / (jnp.sqrt(jnp.mean((u - m2[k]) ** 2)) + 1e-8)
        return new, r2, c2, m2

    rows = {k: f32(p.shape[0]) for k, p in model.params.items()}
    cols = {k: f32(p.shape[1]) for k, p in model.params.items()}
    return made(step, model, rows, cols, like(model.params))


@stranger(
    "MARS (Yuan et al.), approximate form", "difference to the last gradient, clipped"
)
def mars():
    model = gated()

    def step(params, m, last, t, x, y):
        g = jax.grad(model.loss)(params, x, y)
        c = jax.tree.map(lambda g, o: g + 0.025 * 0.95 / 0.05 * (g - o), g, last)
        norm = jnp.sqrt(sum(jnp.sum(leaf**2) for leaf in jax.tree.leaves(c)))
        c = jax.tree.map(lambda c: c / jnp.maximum(norm, 1.0), c)
        m = jax.tree.map(lambda m, c: 0.95 * m + 0.05 * c, m, c)
        return jax.tree.map(lambda p, m: p - 0.01 * jnp.sign(m), params, m), m, g, t + 1

    zeros = like(model.params)
    return made(step, model, zeros, zeros, i32())


@stranger("Barzilai and Borwein", "a step size from two differences")
def barzilai_borwein():
    model = gated()

    def step(params, last_p, last_g, x, y):
        g = jax.grad(model.loss)(params, x, y)
        s = jax.tree.leaves(jax.tree.map(jnp.subtract, params, last_p))
        r = jax.tree.leaves(jax.tree.map(jnp.subtract, g, last_g))
        top = sum(jnp.vdot(a, a) for a in s)
        bottom = sum(jnp.vdot(a, b) for a, b in zip(s, r))
        rate = jnp.abs(top / (bottom + 1e-8))
        return jax.tree.map(lambda p, g: p - rate * g, params, g), params, g

    zeros = like(model.params)
    return made(step, model, zeros, zeros)


@stranger(
    "hypergradient descent (Baydin et al.)", "the rate learns from products of gradients"
)
def hypergradient():
    model = two_layer()

    def step(params, last, lr, x, y):
        g = jax.grad(model.loss)(params, x, y)
        h = jax.tree.reduce(jnp.add, jax.tree.map(lambda a, b: jnp.sum(a * b), g, last))
        lr = lr + 1e-4 * h
        return jax.tree.map(lambda p, g: p - lr * g, params, g), g, lr

    return made(step, model, like(model.params), f32())
