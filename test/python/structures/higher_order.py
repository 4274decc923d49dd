"""Gradients of gradients, and gradients with respect to other things."""

from __future__ import annotations

import jax
import jax.numpy as jnp

from models.common import masked_cross_entropy
from structures.forms import Partial, differentiated
from structures.transformer import normalized
from structures.weights import _init as init


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


HIGHER_ORDER = [
    Partial(
        "adversarial training", "inputs moved by the sign of their gradient",
        init, differentiated(_adversarial), _adversarial, (),
    ),
    Partial(
        "gradient of a gradient", "a slope in the loss: each use of a weight is a site",
        init, differentiated(_gradient_penalty), _gradient_penalty, (),
    ),
]
