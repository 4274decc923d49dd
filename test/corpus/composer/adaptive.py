"""Update rules of the Adam family, and those with a norm of the whole parameter."""

import jax
import jax.numpy as jnp

from corpus.composer.rules import B1, B2, EPS, WD, decaying, form, like


def _moments(g, s):
    return B1 * s["m"] + (1 - B1) * g, B2 * s["v"] + (1 - B2) * g * g


def corrected(g, s, h):
    m, v = _moments(g, s)
    m_hat, v_hat = m / (1 - B1**h.count), v / (1 - B2**h.count)
    return m_hat / (jnp.sqrt(v_hat) + EPS), {"m": m, "v": v}


def folded(g, s, h):
    """The corrections of both moments are one factor."""
    m, v = _moments(g, s)
    factor = jnp.sqrt(1 - B2**h.count) / (1 - B1**h.count)
    return factor * m / (jnp.sqrt(v) + EPS), {"m": m, "v": v}


@form("adam", like("mv"))
def adam(p, g, s, h):
    u, s = corrected(g, s, h)
    return p - h.rate * u, s


@form("adam")
def adam_folded(p, g, s, h):
    u, s = folded(g, s, h)
    return p + -h.rate * u, s


@form("adam")
def adam_uncorrected(p, g, s, h):
    m, v = _moments(g, s)
    return p - h.rate * m / jnp.sqrt(v + EPS), {"m": m, "v": v}


@form("adam")
def adam_of_torch(p, g, s, h):
    """Moments by interpolation, the step size before the quotient."""
    m = s["m"] + (1 - B1) * (g - s["m"])
    v = s["v"] * B2 + (1 - B2) * (g * g)
    root = jnp.sqrt(v) / jnp.sqrt(1 - B2**h.count) + EPS
    return p + -(h.rate / (1 - B1**h.count)) * (m / root), {"m": m, "v": v}


@form("adam")
def adam_of_keras(p, g, s, h):
    factor = h.rate * jnp.sqrt(1 - B2**h.count) / (1 - B1**h.count)
    m = s["m"] + (g - s["m"]) * (1 - B1)
    v = s["v"] + (jnp.square(g) - s["v"]) * (1 - B2)
    return p - (m * factor) / (jnp.sqrt(v) + EPS), {"m": m, "v": v}


@form("adam")
def adam_by_reciprocal(p, g, s, h):
    m, v = _moments(g, s)
    scale = jax.lax.rsqrt(v / (1 - B2**h.count) + EPS)
    return p - (h.rate * scale) * (m / (1 - B1**h.count)), {"m": m, "v": v}


decaying("adamw", corrected, like("mv"))
decaying("adamw folded", folded, like("mv"))


@form("adam with decay in the gradient", like("mv"))
def coupled(p, g, s, h):
    return adam(p, g + WD * p, s, h)


@form("nadam", like("mv"))
def nadam(p, g, s, h):
    m, v = _moments(g, s)
    ahead = B1 * m / (1 - B1 ** (h.count + 1)) + (1 - B1) * g / (1 - B1**h.count)
    return p - h.rate * ahead / (jnp.sqrt(v / (1 - B2**h.count)) + EPS), {"m": m, "v": v}


@form("amsgrad", like("mvx"))
def amsgrad(p, g, s, h):
    m, v = _moments(g, s)
    x = jnp.maximum(s["x"], v)
    return p - h.rate * m / (jnp.sqrt(x) + EPS), {"m": m, "v": v, "x": x}


@form("adamax", like("mv"))
def adamax(p, g, s, h):
    m = B1 * s["m"] + (1 - B1) * g
    v = jnp.maximum(B2 * s["v"], jnp.abs(g))
    return p - h.rate / (1 - B1**h.count) * m / (v + EPS), {"m": m, "v": v}


@form("adabelief", like("mv"))
def adabelief(p, g, s, h):
    m = B1 * s["m"] + (1 - B1) * g
    v = B2 * s["v"] + (1 - B2) * (g - m) ** 2 + EPS
    return p - h.rate * m / jnp.sqrt(v), {"m": m, "v": v}


@form("adan", like("dvmo"))
def adan(p, g, s, h):
    """The difference of two gradients is used; the gradient before is kept."""
    change = g - s["o"]
    m, d = B1 * s["m"] + (1 - B1) * g, B1 * s["d"] + (1 - B1) * change
    v = B2 * s["v"] + (1 - B2) * (g + B1 * change) ** 2
    p = (p - h.rate * (m + B1 * d) / (jnp.sqrt(v) + EPS)) / (1 + h.rate * WD)
    return p, {"m": m, "d": d, "v": v, "o": g}


@form("rprop", like("ro"))
def rprop(p, g, s, h):
    """A rate for each element, from the signs of this gradient and the one before."""
    same = g * s["o"]
    r = jnp.where(same > 0, 1.2 * s["r"], jnp.where(same < 0, 0.5 * s["r"], s["r"]))
    return p - jnp.clip(r, 1e-6, 1.0) * jnp.sign(g), {"r": r, "o": g}


def _norm(x):
    return jnp.sqrt(jnp.sum(x * x))


@form("lamb", like("mv"))
def lamb(p, g, s, h):
    u, s = corrected(g, s, h)
    u = u + WD * p
    size, length = _norm(p), _norm(u)
    ratio = jnp.where(size > 0, jnp.where(length > 0, size / length, 1.0), 1.0)
    return p - h.rate * ratio * u, s


@form("lamb")
def lamb_clipped(p, g, s, h):
    u, s = folded(g, s, h)
    u = u + WD * p
    ratio = jnp.clip(jnp.linalg.norm(p), 0, 10) / (jnp.linalg.norm(u) + EPS)
    return p - (h.rate * ratio) * u, s


@form("lars", like("m"))
def lars(p, g, s, h):
    u = g + WD * p
    ratio = 0.01 * _norm(p) / (_norm(g) + WD * _norm(p) + EPS)
    m = B1 * s["m"] + h.rate * ratio * u
    return p - m, {"m": m}


@form("lars")
def lars_after_momentum(p, g, s, h):
    m = B1 * s["m"] + g + WD * p
    ratio = jnp.where(_norm(p) > 0, _norm(p) / (_norm(m) + EPS), 1.0)
    return p - h.rate * ratio * m, {"m": m}
