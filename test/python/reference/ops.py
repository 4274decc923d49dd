"""What each op of the cegm dialect computes, in float64 numpy.

Written from the formulas, row by row and window by window, without regard to
speed: the compiled ops are compared with these functions. Arrays come in the
element type of the graph and are read as float64, so that results are those of
exact arithmetic up to rounding at the end.
"""

from __future__ import annotations

from typing import NamedTuple, Optional, Sequence

import numpy as np

Array = np.ndarray

AUDIT_METRICS = (
    "energy",
    "mean",
    "deviation",
    "minimum",
    "maximum",
    "weight_minimum",
    "weight_maximum",
    "positive_share",
    "active",
    "non_finite",
)


class Scores(NamedTuple):
    """Scores and active flags, both of shape ``[batch..., sequence]``."""

    scores: Array
    active: Array


def rows(x: Array, tokens: Sequence[int], features: Sequence[int]) -> Array:
    """``x`` as float64 with shape ``[tokens..., product of features]``."""
    x = np.asarray(x).astype(np.float64).transpose(*tokens, *features)
    return x.reshape(*x.shape[: len(tokens)], -1)


def levels(windows: Sequence[int], length: int) -> list[int]:
    """Window lengths of the hierarchy: each level once, the whole as ``length``."""
    result: list[int] = []
    for window in windows:
        size = length if window == 0 else min(window, length)
        if size not in result:
            result.append(size)
    return result


def window_means(x: Array, window: int) -> Array:
    """For each token, the mean row of its window, ``x`` having shape
    ``[batch..., sequence, features]``."""
    result = np.empty_like(x)
    for start in range(0, x.shape[-2], window):
        part = x[..., start : start + window, :]
        result[..., start : start + window, :] = part.mean(-2, keepdims=True)
    return result


# The share of the gradients' norms below which their mean counts as zero.
CANCELLATION = {
    "float16": 2.0**-9,
    "bfloat16": 2.0**-7,
    "float32": 2.0**-16,
    "float64": 2.0**-40,
}


def without_cancelled(g: Array, window: int, share: float) -> Array:
    """``window_means`` of the gradients, zero where they cancel."""
    means = window_means(g, window)
    if window == 1:
        return means
    norms = window_means(np.linalg.norm(g, axis=-1, keepdims=True), window)
    cancelled = np.linalg.norm(means, axis=-1, keepdims=True) <= share * norms
    return np.where(cancelled, 0.0, means)


def kernel_values(
    c: Array, g: Array, active: Array, kernel: str, metric: Optional[Array]
) -> Array:
    """The kernel of each pair of rows, shape ``[batch..., sequence]``."""
    if kernel == "cosine":
        norms = np.linalg.norm(c, axis=-1) * np.linalg.norm(g, axis=-1)
        product = (c * g).sum(-1)
        return np.divide(product, norms, out=np.zeros_like(norms), where=norms > 0)
    product = (c * g if kernel == "inner" else c * g * metric).sum(-1)
    count = active.sum()
    rms = np.sqrt((product[active] ** 2).sum() / count) if count else 0.0
    return product / rms if rms > 0 else np.zeros_like(product)


def score(
    context: Array,
    gradient: Array,
    *,
    context_tokens: Sequence[int],
    gradient_tokens: Sequence[int],
    context_features: Sequence[int],
    gradient_features: Sequence[int],
    kernel: str = "cosine",
    metric: Optional[Array] = None,
    windows: Sequence[int] = (1, 16, 128),
    decay: float = 1.0,
) -> Scores:
    """``cegm.score``: agreement of each token's gradient with its context."""
    c = rows(context, context_tokens, context_features)
    g = rows(gradient, gradient_tokens, gradient_features)
    if metric is not None:
        metric = np.asarray(metric).astype(np.float64).reshape(-1)
    finite = np.isfinite(c).all(-1) & np.isfinite(g).all(-1)
    active = finite & (g != 0).any(-1)
    # Tokens that are not finite enter the means as zeros.
    c, g = (np.where(finite[..., None], x, 0.0) for x in (c, g))
    sizes = levels(windows, c.shape[-2])
    beta = float(decay) ** np.arange(len(sizes))
    beta /= beta.sum()
    total = np.zeros(c.shape[:-1])
    for weight, size in zip(beta, sizes):
        mean = without_cancelled(g, size, CANCELLATION[np.asarray(gradient).dtype.name])
        total += weight * kernel_values(
            window_means(c, size), mean, active, kernel, metric
        )
    return Scores(np.where(finite, total, np.nan), active)


def couple(scores: Array, parents: Sequence[Array], coupling: float) -> Array:
    """``cegm.couple``: own scores blended with the mean of the parents that have
    a number there."""
    result = np.array(scores, np.float64)
    for index in np.ndindex(result.shape):
        known = [p[index] for p in parents if not np.isnan(p[index])]
        if known and not np.isnan(result[index]):
            mean = np.mean(np.array(known, np.float64))
            result[index] = (1 - coupling) * result[index] + coupling * mean
    return result


def weigh(
    scores: Array,
    active: Array,
    strength: float,
    *,
    weighting: str = "tanh",
    temperature: float = 0.1,
    sign: str = "positive",
    normalization: str = "mean",
) -> Array:
    """``cegm.weigh``: positive token weights from scores."""
    scores = np.asarray(scores).astype(np.float64)
    strength = float(strength)
    active = active & ~np.isnan(scores)
    signed = {"positive": scores, "negative": -scores, "magnitude": np.abs(scores)}
    u = np.where(active, signed[sign], 0.0) / temperature
    clamped = np.clip(u, -1, 1)
    if weighting == "tanh":
        weights = 1 + strength * np.tanh(u)
    elif weighting == "linear":
        weights = 1 + strength * clamped
    elif weighting == "exp":
        weights = np.exp(strength * clamped)
    else:
        weights = np.ones_like(u)
        for index in np.ndindex(u.shape[:-1]):
            members = active[index]
            if members.any():
                powers = np.exp(u[index][members] - u[index][members].max())
                share = members.sum() * powers / powers.sum()
                weights[index][members] = (1 - strength) + strength * share
    if normalization == "mean" and active.any():
        weights = weights / weights[active].mean()
    return np.where(active, weights, 1.0)


def scale(x: Array, weights: Array, tokens: Sequence[int]) -> Array:
    """``cegm.scale``: rows multiplied by token weights, in float64."""
    x = np.asarray(x).astype(np.float64)
    order = list(tokens) + [d for d in range(x.ndim) if d not in tokens]
    factors = np.asarray(weights).astype(np.float64)
    factors = factors.reshape(factors.shape + (1,) * (x.ndim - factors.ndim))
    return (x.transpose(order) * factors).transpose(np.argsort(order))


def audit(scores: Array, weights: Array, active: Array, strength: float) -> Array:
    """``cegm.audit``: the ten metrics of ``AUDIT_METRICS``."""
    scores = np.asarray(scores).astype(np.float64)
    non_finite = float(np.isnan(scores).sum())
    if not active.any():
        return np.array([0, 0, 0, 0, 0, 1, 1, 0, 0, non_finite], np.float64)
    s, w = scores[active], np.asarray(weights).astype(np.float64)[active]
    values = [float(strength) * s.mean(), s.mean(), s.std(), s.min(), s.max()]
    values += [w.min(), w.max(), (s > 0).mean(), float(active.sum()), non_finite]
    return np.array(values)


def remove_radial(entangled: Array, plain: Array, parameter: Array) -> Array:
    """``cegm.remove_radial``: the change without its part along the parameter."""
    e, g, p = (np.asarray(x).astype(np.float64) for x in (entangled, plain, parameter))
    square = (p * p).sum()
    return e - (p * (e - g)).sum() / square * p if square > 0 else e
