"""Steps with parts that are no sites, and steps with none at all.

Each says which parameters have sites, which have none and why, and where
anything is re-weighted, the plain form with which its numbers are compared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from models.common import FEATURES, VOCABULARY, make_batch, masked_cross_entropy
from structures.forms import SGD, Batch, Loss, differentiated, no_constants
from structures.transformer import normal, normalized
from structures.weights import _forward as forward
from structures.weights import _init as init


@dataclasses.dataclass(frozen=True)
class Partial:
    """A step that is re-weighted in part, or not at all.

    `reasons` maps names of parameters to the code of their reason; the others
    have sites. `plain` is the loss in the form that the reference reads.
    """

    feature: str
    example: str
    init: Callable[[jax.Array], Any]
    gradients: Callable[..., tuple[jax.Array, Any]]
    plain: Loss | None
    reasons: tuple[tuple[str, str], ...]
    batch: Callable[[int], Batch] = make_batch

    frozen: Callable[[], tuple] = no_constants

    @property
    def name(self) -> str:
        return f"{self.feature}: {self.example}".replace("`", "")

    def step(self, params, rest, batch):
        loss, grads = self.gradients(params, batch)
        return (*SGD.apply(params, rest, grads), loss)


def _recurrent_init(key):
    keys = jax.random.split(key, 5)
    return {
        "embed": normal(keys[0], VOCABULARY, FEATURES),
        "inward": normal(keys[1], FEATURES, FEATURES),
        "across": normal(keys[2], FEATURES, FEATURES),
        "head": normal(keys[3], FEATURES, VOCABULARY),
    }


def _cell(params, h, x):
    return jnp.tanh(x @ params["inward"] + h @ params["across"])


def _start(x):
    return jnp.zeros((x.shape[0], FEATURES))


def _recurrent(params, batch):
    """A loop over time; the lookup and the output stand outside of it."""
    x = params["embed"][batch["inputs"]]

    def cell(h, x):
        h = _cell(params, h, x)
        return h, h

    _, y = jax.lax.scan(cell, _start(x), jnp.swapaxes(x, 0, 1))
    logits = jnp.swapaxes(y, 0, 1) @ params["head"]
    return masked_cross_entropy(logits, batch)


def _recurrent_plain(params, batch):
    x = params["embed"][batch["inputs"]]
    h, outputs = _start(x), []
    for t in range(x.shape[1]):
        h = _cell(params, h, x[:, t])
        outputs.append(h)
    return masked_cross_entropy(jnp.stack(outputs, 1) @ params["head"], batch)


def _projected(params, batch):
    """The input projection stands before the loop, so that it is a site."""
    x = params["embed"][batch["inputs"]]
    inward = x @ params["inward"]

    def cell(h, x):
        h = jnp.tanh(x + h @ params["across"])
        return h, h

    _, y = jax.lax.scan(cell, _start(x), jnp.swapaxes(inward, 0, 1))
    return masked_cross_entropy(jnp.swapaxes(y, 0, 1) @ params["head"], batch)


def _projected_plain(params, batch):
    x = params["embed"][batch["inputs"]]
    inward = x @ params["inward"]
    h, outputs = _start(x), []
    for t in range(x.shape[1]):
        h = jnp.tanh(inward[:, t] + h @ params["across"])
        outputs.append(h)
    return masked_cross_entropy(jnp.stack(outputs, 1) @ params["head"], batch)


def _convolution_init(key):
    keys = jax.random.split(key)
    return init(keys[0]) | {"filter": normal(keys[1], 3, FEATURES, FEATURES)}


def _convolution(params, batch):
    x = params["embed"][batch["inputs"]]
    x = x + jax.lax.conv_general_dilated(
        x, params["filter"], (1,), [(2, 0)], dimension_numbers=("NHC", "HIO", "NHC")
    )
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _ragged_init(key):
    keys = jax.random.split(key)
    return init(keys[0]) | {"experts": normal(keys[1], 3, FEATURES, FEATURES)}


def _ragged(params, batch):
    """Tokens in groups of different size, one expert each."""
    x = params["embed"][batch["inputs"]]
    rows = x.reshape(-1, FEATURES)
    sizes = jnp.array([10, 20, rows.shape[0] - 30], jnp.int32)
    y = jax.lax.ragged_dot(rows, params["experts"], sizes).reshape(x.shape)
    x = x + jnp.tanh(normalized(y) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _sharpness_aware(params, batch):
    """The gradient that counts is taken at weights moved by another one."""
    grads = jax.grad(forward)(params, batch)
    norm = jnp.sqrt(sum((g * g).sum() for g in jax.tree.leaves(grads)))
    moved = jax.tree.map(lambda p, g: p + 0.05 * g / norm, params, grads)
    return jax.value_and_grad(forward)(moved, batch)


def _inner_loop(params, batch):
    """A loss after a step of descent, differentiated through the step."""

    def outer(params):
        grads = jax.grad(forward)(params, batch)
        adapted = jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)
        return forward(adapted, batch)

    return jax.value_and_grad(outer)(params)


def _inner_loop_first_order(params, batch):
    """The same without the second derivatives."""

    def outer(params):
        grads = jax.lax.stop_gradient(jax.grad(forward)(params, batch))
        adapted = jax.tree.map(lambda p, g: p - 0.1 * g, params, grads)
        return forward(adapted, batch)

    return jax.value_and_grad(outer)(params)


def _several_steps(params, batch):
    """Two steps of descent in one graph; the change counts as the gradient."""

    def descend(p, _):
        loss, grads = jax.value_and_grad(forward)(p, batch)
        return jax.tree.map(lambda a, g: a - 0.1 * g, p, grads), loss

    moved, losses = jax.lax.scan(descend, params, None, length=2)
    return losses[-1], jax.tree.map(lambda p, m: p - m, params, moved)


def _gradient_penalty(params, batch):
    """The loss contains a gradient with respect to the inputs."""

    def loss(params):
        x = params["embed"][batch["inputs"]]

        def energy(x):
            return jnp.tanh(jnp.tanh(x @ params["up"]) @ params["down"]).sum()

        slope = jax.grad(energy)(x)
        logits = normalized(x + slope) @ params["head"]
        return masked_cross_entropy(logits, batch)

    return jax.value_and_grad(loss)(params)


ALL = "embed", "up", "down", "head"


def _all(code: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, code) for name in ALL)


REFUSED = [
    Partial(
        "recurrent nets", "`jax.lax.scan` over time", _recurrent_init,
        differentiated(_recurrent), _recurrent_plain,
        (("inward", "recurrent"), ("across", "recurrent")),
    ),
    Partial(
        "recurrent nets", "input projection before the loop", _recurrent_init,
        differentiated(_projected), _projected_plain, (("across", "recurrent"),),
    ),
    Partial(
        "convolutions", "`jax.lax.conv_general_dilated`", _convolution_init,
        differentiated(_convolution), _convolution, (("filter", "convolution"),),
    ),
    Partial(
        "experts", "`jax.lax.ragged_dot`", _ragged_init,
        differentiated(_ragged), _ragged, (("experts", "ragged"),),
    ),
]
