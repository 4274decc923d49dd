"""Gradients of gradients, and gradients with respect to other things.

A weight that a gradient has moved depends on data, so that what meets it is no
site of the parameter.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from models.common import masked_cross_entropy
from structures.forms import Partial, differentiated
from structures.transformer import normalized
from structures.weights import _forward as forward
from structures.weights import _init as init


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


def _gradient_penalty(params, batch):
    """The loss contains a gradient with respect to an activation."""
    x = params["embed"][batch["inputs"]]

    def energy(x):
        return jnp.tanh(jnp.tanh(x @ params["up"]) @ params["down"]).sum()

    slope = jax.grad(energy)(x)
    return masked_cross_entropy(normalized(x + slope) @ params["head"], batch)


def _from_embeddings(params, x, batch):
    y = jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x + y) @ params["head"], batch)


def _adversarial(params, batch):
    """The inputs are moved to where the loss is larger."""
    x = params["embed"][batch["inputs"]]
    slope = jax.grad(_from_embeddings, 1)(params, jax.lax.stop_gradient(x), batch)
    shift = jax.lax.stop_gradient(0.05 * jnp.sign(slope))
    return _from_embeddings(params, x + shift, batch)


NAMES = "embed", "up", "down", "head"
INNER = tuple((name, "inner-gradient") for name in NAMES)

HIGHER_ORDER = [
    Partial(
        "adversarial training", "inputs moved by the sign of their gradient",
        init, differentiated(_adversarial), _adversarial, (),
    ),
    Partial(
        "gradient of a gradient", "a slope in the loss: each use of a weight is a site",
        init, differentiated(_gradient_penalty), _gradient_penalty, (),
    ),
    Partial("sharpness-aware steps", "weights moved by a first gradient",
            init, _sharpness_aware, None, INNER),
    Partial("meta-learning", "a loss after a step of descent",
            init, _inner_loop, None, INNER),
    Partial("meta-learning", "the same, of first order",
            init, _inner_loop_first_order, None, INNER),
]
