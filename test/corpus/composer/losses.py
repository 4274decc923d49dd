"""Losses and auxiliary terms, of outputs of any rank."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

# What a loss compares the output with.
LABELS, VALUES, SIGNS = "labels", "values", "signs"

LOSSES: dict[str, tuple[str, Callable[[jax.Array, jax.Array], jax.Array]]] = {}
AUXILIARY: dict[str, Callable] = {}


def loss(target: str):
    def add(function):
        LOSSES[function.__name__] = target, function
        return function

    return add


def auxiliary(function):
    """A term of `(weights, output, activations)`; `weights` are those that are trained."""
    AUXILIARY[function.__name__] = function
    return function


@loss(VALUES)
def squares(out, target):
    return jnp.mean((out - target) ** 2)


@loss(LABELS)
def classes(out, labels):
    scores = jax.nn.log_softmax(out)
    return -jnp.mean(jnp.take_along_axis(scores, labels[..., None], -1))


@loss(LABELS)
def classes_one_hot(out, labels):
    hot = jax.nn.one_hot(labels, out.shape[-1])
    return -jnp.mean(jnp.sum(hot * (out - jax.nn.logsumexp(out, -1, keepdims=True)), -1))


@loss(LABELS)
def classes_masked(out, labels):
    """The mean over positions whose label is not 0."""
    mask = (labels != 0).astype(out.dtype)
    scores = jnp.take_along_axis(jax.nn.log_softmax(out), labels[..., None], -1)[..., 0]
    return -jnp.sum(scores * mask) / jnp.maximum(mask.sum(), 1)


@loss(VALUES)
def absolute(out, target):
    return jnp.mean(jnp.abs(out - target))


@loss(VALUES)
def huber(out, target):
    error = jnp.abs(out - target)
    return jnp.mean(jnp.where(error < 1, 0.5 * error**2, error - 0.5))


@loss(SIGNS)
def hinge(out, target):
    return jnp.mean(jnp.maximum(0.0, 1 - target * out))


@loss(SIGNS)
def logistic(out, target):
    return jnp.sum(jax.nn.softplus(-target * out)) / target.size


@loss(VALUES)
def contrastive(out, target):
    """Each token against the targets of all others."""
    a, b = (t.reshape(-1, t.shape[-1]) for t in (out, target))
    a = a / jnp.sqrt(jnp.sum(a**2, -1, keepdims=True) + 1e-6)
    scores = a @ b.T / 0.5
    return -jnp.mean(jnp.diagonal(jax.nn.log_softmax(scores)))


@loss(VALUES)
def similarities(out, target):
    """All similarities within the batch beside those of the targets."""
    a, b = (t.reshape(-1, t.shape[-1]) for t in (out, target))
    return jnp.mean((a @ a.T - b @ b.T) ** 2)


@loss(VALUES)
def cross_covariance(out, target):
    """Features of output and target, as Barlow twins compares them."""
    a, b = (t.reshape(-1, t.shape[-1]) for t in (out, target))
    across = a.T @ b / len(a)
    return jnp.sum((across - jnp.eye(a.shape[-1])) ** 2)


@auxiliary
def none(weights, out, seen):
    return 0.0


@auxiliary
def decay(weights, out, seen):
    return 1e-3 * sum(jnp.sum(w**2) for w in weights.values())


@auxiliary
def sparsity(weights, out, seen):
    return 1e-3 * sum(jnp.sum(jnp.abs(w)) for w in weights.values())


@auxiliary
def small_activations(weights, out, seen):
    return 1e-2 * sum(jnp.mean(h**2) for h in (*seen, out))


@auxiliary
def covariance(weights, out, seen):
    """The squares of all covariances of the activations, as VICReg has them."""
    total = 0.0
    for h in (*seen, out):
        rows = h.reshape(-1, h.shape[-1])
        rows = rows - rows.mean(0)
        matrix = rows.T @ rows / len(rows)
        total += jnp.sum(matrix**2) - jnp.sum(jnp.diagonal(matrix) ** 2)
    return 0.1 * total


@auxiliary
def gram(weights, out, seen):
    """The last activations shall be orthonormal."""
    h = (*seen, out)[-1]
    rows = h.reshape(-1, h.shape[-1])
    return 0.1 * jnp.mean((jnp.einsum("td,te->de", rows, rows) - jnp.eye(h.shape[-1])) ** 2)


@auxiliary
def orthogonal_weights(weights, out, seen):
    total = 0.0
    for w in weights.values():
        if w.ndim == 2:
            total += jnp.sum((w.T @ w - jnp.eye(w.shape[1])) ** 2)
    return 1e-2 * total


@auxiliary
def small_logits(weights, out, seen):
    return 1e-3 * jnp.mean(jax.nn.logsumexp(out, -1) ** 2)


@auxiliary
def entropy(weights, out, seen):
    share = jax.nn.softmax(out)
    return 1e-2 * jnp.mean(jnp.sum(share * jnp.log(share + 1e-6), -1))


@auxiliary
def balance(weights, out, seen):
    """The features are used equally often over the batch."""
    mean = jax.nn.softmax(out).reshape(-1, out.shape[-1]).mean(0)
    return 1e-1 * out.shape[-1] * jnp.sum(mean**2)
