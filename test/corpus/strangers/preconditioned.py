"""Optimizers that multiply gradients by matrices: contractions that are no gradients."""

import jax
import jax.numpy as jnp

from corpus.cases.blocks import C, D, F, f32, key
from corpus.strangers import stranger
from corpus.strangers.models import N, Model, equal_mlp, gated, like, made, two_layer


def squares(tree):
    """For each matrix a pair of square ones, left and right."""
    return jax.tree.map(lambda p: tuple(f32(size, size) for size in p.shape), tree)


def pick(tree, number):
    """The trees of the first or the second of the pairs."""
    return jax.tree.map(lambda pair: pair[number], tree, is_leaf=lambda t: type(t) is tuple)


@stranger("modded-nanogpt (Jordan)", "Muon for matrices, quintic iteration in bfloat16")
def muon_nanogpt():
    model = gated()

    def zeropower(g):
        a, b, c = 3.4445, -4.7750, 2.0315
        x = g.astype(jnp.bfloat16)
        tall = x.shape[0] > x.shape[1]
        x = x.T if tall else x
        x /= jnp.linalg.norm(x) + 1e-7
        for _ in range(5):
            aa = x @ x.T
            x = a * x + (b * aa + c * aa @ aa) @ x
        return (x.T if tall else x).astype(g.dtype)

    def step(params, buf, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        buf = jax.tree.map(lambda m, g: 0.95 * m + g, buf, grads)
        nesterov = jax.tree.map(lambda m, g: g + 0.95 * m, buf, grads)
        scale = jax.tree.map(lambda p: max(1, p.shape[0] / p.shape[1]) ** 0.5, params)
        ortho = jax.tree.map(zeropower, nesterov)
        return jax.tree.map(lambda p, u, s: p - 0.02 * s * u, params, ortho, scale), buf

    return made(step, model, like(model.params))


@stranger(
    "levanter, Muon", "Newton and Schulz in a fori_loop, weights of one shape under vmap"
)
def muon_stacked():
    model = equal_mlp()

    def orthogonal(x):
        x = x / (jnp.linalg.norm(x) + 1e-7)
        return jax.lax.fori_loop(0, 5, lambda _, x: 1.5 * x - 0.5 * x @ x.T @ x, x)

    def step(params, m, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        names = ("w0", "w1", "w2")
        updates = jax.vmap(orthogonal)(jnp.stack([m[n] for n in names]))
        new = {n: params[n] - 0.02 * u for n, u in zip(names, updates)}
        return {**new, "head": params["head"] - 1e-3 * jnp.sign(m["head"])}, m

    return made(step, model, like(model.params))


@stranger("Shampoo (Gupta et al.)", "inverse fourth roots by eigh")
def shampoo():
    model = equal_mlp()

    def root(m):
        values, vectors = jnp.linalg.eigh(m + 1e-4 * jnp.eye(m.shape[0]))
        return (vectors * values**-0.25) @ vectors.T

    def step(params, left, right, x, y):
        g = jax.grad(model.loss)(params, x, y)
        left = jax.tree.map(lambda m, g: m + g @ g.T, left, g)
        right = jax.tree.map(lambda m, g: m + g.T @ g, right, g)
        u = jax.tree.map(lambda g, m, n: root(m) @ g @ root(n), g, left, right)
        return jax.tree.map(lambda p, u: p - 0.1 * u, params, u), left, right

    pairs = squares(model.params)
    return made(step, model, pick(pairs, 0), pick(pairs, 1))


@stranger(
    "Distributed Shampoo in optax_shampoo", "inverse roots by Newton, grafting on Adagrad"
)
def shampoo_grafted():
    model = gated()

    def inverse_root(m):
        # An iteration of Denman and Beavers, twice for the fourth root.
        y, z = m / jnp.trace(m), jnp.eye(m.shape[0])
        for _ in range(4):
            t = 0.5 * (3 * jnp.eye(m.shape[0]) - z @ y)
            y, z = y @ t, t @ z
        return z

    def step(params, stats, acc, x, y):
        g = jax.grad(model.loss)(params, x, y)
        new, s2, a2 = {}, {}, {}
        for k, p in params.items():
            s2[k] = 0.95 * stats[k] + 0.05 * jnp.einsum("ij,kj->ik", g[k], g[k])
            a2[k] = acc[k] + g[k] ** 2
            graft = g[k] / (jnp.sqrt(a2[k]) + 1e-8)
            u = inverse_root(s2[k] + 1e-6 * jnp.eye(p.shape[0])) @ g[k]
            u = u * jnp.linalg.norm(graft) / (jnp.linalg.norm(u) + 1e-8)
            new[k] = p - 0.1 * u
        return new, s2, a2

    return made(step, model, pick(squares(model.params), 0), like(model.params))


@stranger("SOAP (Vyas et al.), nikhilvyas/SOAP", "Adam in the eigenbasis, one QR a step")
def soap():
    model = equal_mlp()

    def step(params, gg, q, m, v, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new, gg2, q2, m2, v2 = {}, {}, {}, {}, {}
        for k, p in params.items():
            g, (ql, qr), (left, right) = grads[k], q[k], gg[k]
            m2[k] = 0.95 * m[k] + 0.05 * g
            projected = jnp.einsum("ij,ia,jb->ab", g, ql, qr)
            v2[k] = 0.95 * v[k] + 0.05 * projected**2
            u = (ql.T @ m2[k] @ qr) / (jnp.sqrt(v2[k]) + 1e-8)
            new[k] = p * (1 - 3e-3 * 0.01) - 3e-3 * (ql @ u @ qr.T)
            left = 0.95 * left + 0.05 * jnp.einsum("ij,kj->ik", g, g)
            right = 0.95 * right + 0.05 * jnp.einsum("ij,ik->jk", g, g)
            gg2[k] = (left, right)
            q2[k] = (jnp.linalg.qr(left @ ql)[0], jnp.linalg.qr(right @ qr)[0])
        return new, gg2, q2, m2, v2

    pairs, zeros = squares(model.params), like(model.params)
    return made(step, model, pairs, pairs, zeros, zeros)


@stranger("PSGD Kron (Li), evanatyourservice/psgd_jax", "triangular factors, solves, a key")
def psgd_kron():
    model = gated()

    def step(params, qs, rng, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new, q2 = {}, {}
        for i, (k, p) in enumerate(params.items()):
            ql, qr = qs[k]
            v = jax.random.normal(jax.random.fold_in(rng, i), p.shape)
            a = ql @ grads[k] @ qr.T
            b = jax.scipy.linalg.solve_triangular(qr.T, v.T, lower=True).T
            b = jax.scipy.linalg.solve_triangular(ql.T, b, lower=True)
            dl, dr = jnp.triu(a @ a.T - b @ b.T), jnp.triu(a.T @ a - b.T @ b)
            ql = ql - 0.1 / (jnp.abs(dl).max() + 1e-9) * dl @ ql
            qr = qr - 0.1 / (jnp.abs(dr).max() + 1e-9) * dr @ qr
            q2[k] = (ql, qr)
            new[k] = p - 0.01 * ql.T @ (ql @ grads[k] @ (qr.T @ qr))
        return new, q2

    return made(step, model, squares(model.params), key())


@stranger(
    "GaLore (Zhao et al.), the listing of the paper", "a projector from SVD, moments in it"
)
def galore():
    model = equal_mlp()
    low = {k: f32(3, p.shape[1]) for k, p in model.params.items()}

    def step(params, m, v, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new, m2, v2 = {}, {}, {}
        for k, p in params.items():
            u, _, _ = jnp.linalg.svd(grads[k], full_matrices=False)
            project = u[:, :3]
            r = project.T @ grads[k]
            m2[k], v2[k] = 0.9 * m[k] + 0.1 * r, 0.999 * v[k] + 0.001 * r * r
            new[k] = p - 0.01 * 0.25 * project @ (m2[k] / (jnp.sqrt(v2[k]) + 1e-8))
        return new, m2, v2

    return made(step, model, low, low)


@stranger("APOLLO (Zhu et al.)", "random projection gives the scale of channels only")
def apollo():
    model = gated()

    def step(params, v, rng, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new, v2 = {}, {}
        for k, p in params.items():
            project = jax.random.normal(rng, (4, p.shape[0])) / 2
            r = project @ grads[k]
            v2[k] = 0.99 * v[k] + 0.01 * r**2
            scaled = r / (jnp.sqrt(v2[k]) + 1e-8)
            s = jnp.linalg.norm(scaled, axis=0) / (jnp.linalg.norm(r, axis=0) + 1e-8)
            new[k] = p - 0.01 * grads[k] * s
        return new, v2

    low = {k: f32(4, p.shape[1]) for k, p in model.params.items()}
    return made(step, model, low, key())


@stranger("PowerSGD (Vogels et al.)", "low rank by one power iteration, error feedback")
def power_sgd():
    model = equal_mlp()

    def step(params, q, error, x, y):
        grads = jax.grad(model.loss)(params, x, y)
        new, q2, e2 = {}, {}, {}
        for k, p in params.items():
            delta = grads[k] + error[k]
            left, _ = jnp.linalg.qr(delta @ q[k])
            q2[k] = delta.T @ left
            approx = left @ q2[k].T
            e2[k] = delta - approx
            new[k] = p - 0.1 * approx
        return new, q2, e2

    q = {k: f32(p.shape[1], 2) for k, p in model.params.items()}
    return made(step, model, q, like(model.params))


@stranger(
    "K-FAC (Martens and Grosse), written out for two layers", "x^T x beside the gradient"
)
def kfac():
    model = two_layer()

    def step(params, x, y):
        (w0, b0), (w1, b1) = params

        def forward(s0, s1):
            h = jax.nn.relu(x @ w0 + b0 + s0)
            out = h @ w1 + b1 + s1
            return jnp.mean(jnp.sum((out - y) ** 2, axis=1)), h

        zero = jnp.zeros((N, F)), jnp.zeros((N, C))
        (g0, g1), h = jax.grad(forward, (0, 1), has_aux=True)(*zero)
        new = []
        for (w, b), a, g in ((params[0], x, g0), (params[1], h, g1)):
            cov_a = a.T @ a / N + 1e-2 * jnp.eye(a.shape[1])
            cov_g = N * g.T @ g + 1e-2 * jnp.eye(g.shape[1])
            u = jnp.linalg.solve(cov_a, a.T @ g)
            new.append((w - 0.1 * jnp.linalg.solve(cov_g, u.T).T, b - 0.1 * g.sum(0)))
        return new

    return made(step, model)


@stranger("FOOF (Benzing)", "inputs precondition; the gradient by jax.grad")
def foof():
    w = {"w": f32(D, C)}

    def loss(params, x, y):
        return jnp.mean((jnp.tanh(x @ params["w"]) - y) ** 2)

    def step(params, a, x, y):
        g = jax.grad(loss)(params, x, y)["w"]
        a = 0.95 * a + 0.05 * jnp.einsum("nd,ne->de", x, x) / N
        inverse = jnp.linalg.inv(a + 0.1 * jnp.eye(D))
        return {"w": params["w"] - 0.1 * inverse @ g}, a

    return made(step, Model(loss, w, (f32(N, D), f32(N, C))), f32(D, D))


@stranger("Scion (Pethick et al.)", "a constrained step: (1 - lr) * p + lr * radius * lmo")
def scion():
    model = equal_mlp()

    def spectral(g):
        u, _, vt = jnp.linalg.svd(g, full_matrices=False)
        return -u @ vt

    def step(params, m, x, y):
        g = jax.grad(model.loss)(params, x, y)
        m = jax.tree.map(lambda m, g: (1 - 0.1) * m + 0.1 * g, m, g)
        return jax.tree.map(lambda p, m: (1 - 3e-4) * p + 3e-4 * 50 * spectral(m), params, m), m

    return made(step, model, like(model.params))
