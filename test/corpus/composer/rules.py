"""Update rules of single elements, each in the ways in which people write it.

A rule maps `(p, g, s, h)` to the new parameter and the new slots: the parameter, its
gradient, a dict of slots and `Numbers`. All writings of one rule are algebraically the
same or differ in details that libraries differ in; none is another kind of step.
"""

import dataclasses
from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

Shape = tuple[int, ...]
Slots = dict[str, Callable[[Shape], Shape]]


class Numbers(NamedTuple):
    """Learning rate and number of the step, from 1."""

    rate: jax.Array | float
    count: jax.Array


@dataclasses.dataclass(frozen=True)
class Rule:
    """`matrix` tells whether the rule looks at rows and columns."""

    slots: Slots
    forms: list[Callable]
    matrix: bool = False


RULES: dict[str, Rule] = {}


def like(names: str) -> Slots:
    """Slots of the parameter's shape, one for each letter."""
    return {name: lambda shape: shape for name in names}


def form(rule: str, slots: Slots | None = None, matrix: bool = False):
    """Adds a writing to a rule; the first one says what the slots are."""

    def add(function):
        RULES.setdefault(rule, Rule(slots or {}, [], matrix)).forms.append(function)
        return function

    return add


def stateless(rule: str, *updates: Callable) -> None:
    """A rule without slots, by `update(p, g, rate)`."""
    for update in updates:
        form(rule)(lambda p, g, s, h, update=update: (update(p, g, h.rate), s))


def decaying(rule: str, direction: Callable, slots: Slots) -> None:
    """A rule with weight decay, by `direction(g, s, h) -> (u, s)`, in each writing of it."""
    writings = (
        lambda p, u, a: p - a * (u + WD * p),
        lambda p, u, a: p * (1 - a * WD) - a * u,
        lambda p, u, a: (p - a * WD * p) - a * u,
        lambda p, u, a: (p - a * u) * (1 - a * WD),
        lambda p, u, a: (p - a * u) - a * WD * p,
        lambda p, u, a: (1 - a) * p + a * (p - u - WD * p),
        lambda p, u, a: p + (-a * u + -a * WD * p),
        lambda p, u, a: (1 - a * WD) * p + a * WD * (0 - u / WD),
        lambda p, u, a: p + a * (-(u + p * WD)),
    )
    for writing in writings:

        @form(rule, slots)
        def update(p, g, s, h, writing=writing):
            u, s = direction(g, s, h)
            return writing(p, u, h.rate), s


WD, MU, B1, B2, EPS = 0.01, 0.9, 0.9, 0.99, 1e-8

stateless(
    "sgd",
    lambda p, g, a: p - a * g,
    lambda p, g, a: p + (-a) * g,
    lambda p, g, a: p + -(g * a),
    lambda p, g, a: (1 - a) * p + a * (p - g),
    lambda p, g, a: -(a * g - p),
    lambda p, g, a: p - jnp.multiply(g, jnp.full(g.shape, a)),
    lambda p, g, a: jnp.subtract(p, g / (1 / a)),
)
stateless(
    "sign",
    lambda p, g, a: p - a * jnp.sign(g),
    lambda p, g, a: p - a * jnp.where(g > 0, 1.0, -1.0),
    lambda p, g, a: jnp.where(g > 0, p - a, p + a),
    lambda p, g, a: p - a * g / (jnp.abs(g) + EPS),
)
stateless(
    "normalised",
    lambda p, g, a: p - a * g / (jnp.sqrt(jnp.sum(g * g)) + EPS),
    lambda p, g, a: p - a * g / jnp.maximum(jnp.linalg.norm(g), EPS),
    lambda p, g, a: p - a * g * jax.lax.rsqrt(jnp.mean(g**2) + EPS),
    lambda p, g, a: p - a / jnp.sqrt(jnp.vdot(g, g) + EPS) * g,
)
stateless(
    "soft threshold",
    lambda p, g, a: jnp.sign(p - a * g) * jnp.maximum(jnp.abs(p - a * g) - a * WD, 0),
    lambda p, g, a: (p - a * g) - jnp.clip(p - a * g, -a * WD, a * WD),
    lambda p, g, a: jax.nn.relu(p - a * g - a * WD) - jax.nn.relu(a * g - p - a * WD),
    lambda p, g, a: jnp.where(jnp.abs(p - a * g) > a * WD, p - a * g, 0.0),
    lambda p, g, a: (p - a * g) / (1 + a * WD),
)


def _ball(q, radius=1.0):
    return q * jnp.minimum(1, radius / (jnp.linalg.norm(q) + EPS))


stateless(
    "ball",
    lambda p, g, a: _ball(p - a * g),
    lambda p, g, a: (p - a * g) / jnp.maximum(1, jnp.sqrt(jnp.sum((p - a * g) ** 2))),
    lambda p, g, a: jnp.clip(p - a * g, -1, 1),
    lambda p, g, a: jnp.where(jnp.sum((p - a * g) ** 2) > 1, _ball(p - a * g), p - a * g),
)
decaying("sgd with decay", lambda g, s, h: (g, s), {})


@form("momentum", like("m"))
def heavy_ball(p, g, s, h):
    m = MU * s["m"] + g
    return p - h.rate * m, {"m": m}


@form("momentum")
def keras_ball(p, g, s, h):
    m = MU * s["m"] - h.rate * g
    return p + m, {"m": m}


@form("momentum")
def averaged(p, g, s, h):
    m = MU * s["m"] + (1 - MU) * g
    return p - h.rate * m, {"m": m}


@form("momentum")
def interpolated(p, g, s, h):
    m = s["m"] + (1 - MU) * (g - s["m"])
    return p + h.rate * -m, {"m": m}


@form("momentum")
def difference(p, g, s, h):
    """The parameters before are what is kept."""
    return p - h.rate * g + MU * (p - s["m"]), {"m": p}


@form("nesterov", like("m"))
def nesterov(p, g, s, h):
    m = MU * s["m"] + g
    return p - h.rate * (g + MU * m), {"m": m}


@form("nesterov")
def keras_nesterov(p, g, s, h):
    m = MU * s["m"] - h.rate * g
    return p + MU * m - h.rate * g, {"m": m}


@form("nesterov")
def nesterov_by_difference(p, g, s, h):
    y = p - h.rate * g
    return y + MU * (y - s["m"]), {"m": y}


@form("lion", like("m"))
def lion(p, g, s, h):
    u = jnp.sign(B1 * s["m"] + (1 - B1) * g)
    return p - h.rate * (u + WD * p), {"m": B2 * s["m"] + (1 - B2) * g}


@form("lion")
def lion_decay_first(p, g, s, h):
    p = p * (1 - h.rate * WD)
    u = s["m"] + (1 - B1) * (g - s["m"])
    return p - h.rate * jnp.sign(u), {"m": s["m"] * B2 + g * (1 - B2)}


@form("signed momentum", like("m"))
def signed_momentum(p, g, s, h):
    m = MU * s["m"] + (1 - MU) * g
    return p - h.rate * jnp.sign(m), {"m": m}


@form("rmsprop", like("v"))
def rmsprop(p, g, s, h):
    v = B2 * s["v"] + (1 - B2) * g**2
    return p - h.rate * g / (jnp.sqrt(v) + EPS), {"v": v}


@form("rmsprop")
def rmsprop_by_root(p, g, s, h):
    v = s["v"] + (1 - B2) * (jnp.square(g) - s["v"])
    return p - h.rate * g * jax.lax.rsqrt(v + EPS), {"v": v}


@form("rmsprop")
def adagrad(p, g, s, h):
    v = s["v"] + g * g
    return p - h.rate * jnp.where(v > 0, jax.lax.rsqrt(v + EPS), 0) * g, {"v": v}


@form("centred rmsprop", like("vm"))
def centred_rmsprop(p, g, s, h):
    v, m = B2 * s["v"] + (1 - B2) * g * g, B2 * s["m"] + (1 - B2) * g
    return p - h.rate * g / jnp.sqrt(v - m**2 + 1e-3), {"v": v, "m": m}


@form("dual averaging", like("z"))
def dual_averaging(p, g, s, h):
    z = s["z"] + g
    return -h.rate / jnp.sqrt(h.count) * z, {"z": z}


@form("anchored averaging", like("za"))
def anchored(p, g, s, h):
    z = s["z"] + g
    return s["a"] - h.rate * z, {"z": z, "a": s["a"]}


@form("schedule free", like("z"))
def schedule_free(p, g, s, h):
    z = s["z"] - h.rate * g
    return p + (z - p) / h.count, {"z": z}
