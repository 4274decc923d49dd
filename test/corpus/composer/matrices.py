"""Update rules that look at rows and columns, with products of matrices among them.

A parameter of another rank than 2 is flattened to `[first, others]`; vectors, for which
these rules are not made, are updated by momentum.
"""

import functools

import jax
import jax.numpy as jnp

from corpus.composer.rules import B1, B2, EPS, Shape, form

RANK = 2


def as_matrix(shape: Shape) -> Shape:
    return (shape[0], functools.reduce(lambda a, b: a * b, shape[1:], 1))


def _rows(shape):
    return as_matrix(shape)[:1]


def _columns(shape):
    return as_matrix(shape)[1:]


def _left(shape):
    return (*_rows(shape), *_rows(shape))


def _right(shape):
    return (*_columns(shape), *_columns(shape))


def _low(shape):
    return (RANK, *_columns(shape))


def _basis(shape):
    return (*_rows(shape), RANK)


def matrix_form(rule, **slots):
    """A writing of `(p, g, s, h) -> (p, s)` for matrices, made one for all ranks."""

    def add(function):
        @form(rule, slots, matrix=True)
        @functools.wraps(function)
        def update(p, g, s, h):
            if p.ndim < 2:
                return p - h.rate * g, s
            if p.ndim == 2:
                return function(p, g, s, h)
            shape = as_matrix(p.shape)
            flat = {k: v.reshape(slots[k](p.shape)) for k, v in s.items()}
            new, flat = function(p.reshape(shape), g.reshape(shape), flat, h)
            return new.reshape(p.shape), {k: v.reshape(s[k].shape) for k, v in flat.items()}

        return function

    return add


def same(shape):
    return as_matrix(shape)


@matrix_form("adafactor", r=_rows, c=_columns)
def adafactor(p, g, s, h):
    square = g * g + 1e-30
    r = B2 * s["r"] + (1 - B2) * square.mean(1)
    c = B2 * s["c"] + (1 - B2) * square.mean(0)
    v = r[:, None] * c[None, :] / r.mean()
    u = g * jax.lax.rsqrt(v + EPS)
    u = u / jnp.maximum(1, jnp.sqrt(jnp.mean(u * u)))
    return p - h.rate * u, {"r": r, "c": c}


@matrix_form("adafactor", r=_rows, c=_columns)
def adafactor_by_factors(p, g, s, h):
    """A factor for the rows and one for the columns, a rate relative to the parameter."""
    decay = 1 - h.count**-0.8
    r = decay * s["r"] + (1 - decay) * jnp.mean(jnp.square(g), 1)
    c = decay * s["c"] + (1 - decay) * jnp.mean(jnp.square(g), 0)
    row, column = (r / jnp.mean(r) + EPS) ** -0.5, (c + EPS) ** -0.5
    u = g * jnp.expand_dims(row, 1) * jnp.expand_dims(column, 0)
    scale = jnp.maximum(1e-3, jnp.sqrt(jnp.mean(p * p)))
    return p - h.rate * scale * u, {"r": r, "c": c}


@matrix_form("adafactor", r=_rows, c=_columns)
def adafactor_outer(p, g, s, h):
    """The second moments as a product of two vectors."""
    r = B2 * s["r"] + (1 - B2) * jnp.sum(g**2, 1)
    c = B2 * s["c"] + (1 - B2) * jnp.sum(g**2, 0)
    v = jnp.outer(r, c) / jnp.sum(r)
    return p - h.rate * g / (jnp.sqrt(v) + EPS), {"r": r, "c": c}


@matrix_form("shampoo", L=_left, R=_right)
def shampoo_inverse(p, g, s, h):
    left, right = s["L"] + g @ g.T, s["R"] + g.T @ g
    inverse = [jnp.linalg.inv(m + jnp.eye(len(m))) for m in (left, right)]
    return p - h.rate * inverse[0] @ g @ inverse[1], {"L": left, "R": right}


@matrix_form("shampoo", L=_left, R=_right)
def shampoo_by_newton(p, g, s, h):
    """Inverse roots by a few products, moments by einsum."""
    left = B2 * s["L"] + (1 - B2) * jnp.einsum("ik,jk->ij", g, g)
    right = B2 * s["R"] + (1 - B2) * jnp.einsum("ki,kj->ij", g, g)

    def root(m):
        m = m / (jnp.trace(m) + EPS) + 0.1 * jnp.eye(len(m))
        x = jnp.eye(len(m))
        for _ in range(2):
            x = 1.5 * x - 0.5 * x @ m @ x @ x
        return x

    u = jnp.einsum("ij,jk,kl->il", root(left), g, root(right))
    return p - h.rate * u, {"L": left, "R": right}


@matrix_form("one-sided preconditioner", L=_left)
def one_sided(p, g, s, h):
    left = B2 * s["L"] + (1 - B2) * g @ g.T
    u = jnp.linalg.solve(left + 0.1 * jnp.eye(len(left)), g)
    return p - h.rate * u, {"L": left}


@matrix_form("soap", L=_left, Q=_left, m=same, v=same)
def soap(p, g, s, h):
    """Adam in a basis of rows, which a product with the statistics turns."""
    left = B2 * s["L"] + (1 - B2) * g @ g.T
    basis = s["Q"]
    turned = basis.T @ g
    m, v = B1 * s["m"] + (1 - B1) * turned, B2 * s["v"] + (1 - B2) * turned**2
    u = basis @ (m / (jnp.sqrt(v) + EPS))
    new = left @ basis
    new = new / (jnp.linalg.norm(new, axis=0, keepdims=True) + EPS)
    return p - h.rate * u, {"L": left, "Q": new, "m": m, "v": v}


def _newton_schulz(x, steps=2):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = x / (jnp.linalg.norm(x) + EPS)
    turned = x.shape[0] > x.shape[1]
    x = x.T if turned else x
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if turned else x


@matrix_form("muon", m=same)
def muon(p, g, s, h):
    m = B1 * s["m"] + g
    return p - h.rate * _newton_schulz(g + B1 * m), {"m": m}


@matrix_form("muon", m=same)
def muon_cubic(p, g, s, h):
    """The cubic iteration in a loop, a factor for the shape."""
    m = s["m"] + (1 - B1) * (g - s["m"])
    x = m / (jnp.sqrt(jnp.sum(m * m)) + EPS)
    x = jax.lax.fori_loop(0, 3, lambda _, x: 1.5 * x - 0.5 * x @ (x.T @ x), x)
    factor = max(1, p.shape[0] / p.shape[1]) ** 0.5
    return p * (1 - 0.01 * h.rate) - h.rate * factor * x, {"m": m}


@matrix_form("muon", m=same)
def muon_einsum(p, g, s, h):
    m = B1 * s["m"] + (1 - B1) * g
    x = m / (jnp.linalg.norm(m) + EPS)
    for _ in range(2):
        x = 1.5 * x - 0.5 * jnp.einsum("ij,kj,kl->il", x, x, x)
    return p + -h.rate * x, {"m": m}


@matrix_form("galore", P=_basis, m=_low, v=_low)
def galore(p, g, s, h):
    """Adam in a space of few dimensions, by a basis that is kept."""
    low = s["P"].T @ g
    m, v = B1 * s["m"] + (1 - B1) * low, B2 * s["v"] + (1 - B2) * low**2
    return p - h.rate * s["P"] @ (m / (jnp.sqrt(v) + EPS)), {"P": s["P"], "m": m, "v": v}


@matrix_form("galore", P=_basis, m=_low, v=_low)
def galore_turning(p, g, s, h):
    """The basis follows the gradient by a power iteration."""
    basis = g @ (g.T @ s["P"])
    basis = basis / (jnp.linalg.norm(basis, axis=0) + EPS)
    low = jnp.einsum("ir,ij->rj", basis, g)
    m, v = B1 * s["m"] + (1 - B1) * low, B2 * s["v"] + (1 - B2) * low * low
    u = jnp.einsum("ir,rj->ij", basis, m / (jnp.sqrt(v) + EPS))
    return p - h.rate * u, {"P": basis, "m": m, "v": v}


@matrix_form("power", P=_basis, m=same)
def power(p, g, s, h):
    """A gradient of low rank with what it leaves out kept for later (PowerSGD)."""
    m = g + s["m"]
    basis = m @ (m.T @ s["P"])
    basis = basis / (jnp.linalg.norm(basis, axis=0) + EPS)
    low = basis @ (basis.T @ m)
    return p - h.rate * low, {"P": basis, "m": m - low}


@matrix_form("tangent")
def tangent(p, g, s, h):
    """A step along an orthogonal manifold: the symmetric part of the gradient goes."""
    product = p.T @ g
    u = g - p @ (product + product.T) / 2
    return p - h.rate * u, s


@matrix_form("column norms", m=same)
def column_norms(p, g, s, h):
    m = B1 * s["m"] + (1 - B1) * g
    q = p - h.rate * m / (jnp.linalg.norm(m, axis=0, keepdims=True) + EPS)
    return q / jnp.maximum(1, jnp.linalg.norm(q, axis=0)), {"m": m}
