"""Scores, weights and audit metrics of one site, in float64 numpy.

Written from the formulas alone; shares no code with the package or with the
step reference's JAX part. Arrays are `[T..., F]`: token dimensions, of which
the last is the sequence, and flattened features.
"""

import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Options:
    """The choices of a re-weighting, by the names of the pass's options."""

    strength: float = 0.1
    kernel: str = "cosine"
    windows: tuple[int, ...] = (1, 16, 128)
    decay: float = 1.0
    weighting: str = "tanh"
    temperature: float = 0.1
    sign: str = "positive"
    normalize: str = "mean"
    apply: str = "weight"
    context: str = "input"
    radial: str = "keep"
    coupling: float = 0.0


def window_means(rows: np.ndarray, window: int) -> np.ndarray:
    """Each position's mean over its window; the last window may be shorter."""
    result = np.empty_like(rows)
    for start in range(0, rows.shape[-2], window):
        part = rows[..., start : start + window, :]
        result[..., start : start + window, :] = part.mean(-2, keepdims=True)
    return result


def token_flags(c: np.ndarray, g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`(active, finite)` of each token."""
    finite = np.isfinite(c).all(-1) & np.isfinite(g).all(-1)
    return finite & (g != 0).any(-1), finite


def _kappa(kernel, c, g, active):
    if kernel == "cosine":
        # Unit rows first: norms of tiny or huge rows stay representable.
        norms = np.linalg.norm(c, axis=-1), np.linalg.norm(g, axis=-1)
        both = (norms[0] != 0) & (norms[1] != 0)
        unit_c = c / np.where(both, norms[0], 1)[..., None]
        unit_g = g / np.where(both, norms[1], 1)[..., None]
        return np.where(both, (unit_c * unit_g).sum(-1), 0.0)
    if kernel == "inner":
        products = (c * g).sum(-1)
        chosen = products[active]
        rms = np.sqrt((chosen**2).mean()) if chosen.size else 0.0
        return products / rms if rms != 0 else np.zeros_like(products)
    raise ValueError(f"no kernel {kernel!r}")


# Up to what share of its rows' norms a window's mean gradient is rounding of
# rows that cancel, by the element type of the graph.
CANCELLED = {
    "float32": 2.0**-16,
    "bfloat16": 2.0**-7,
    "float16": 2.0**-9,
    "float64": 2.0**-40,
}


def _mean_gradient(g: np.ndarray, window: int, share: float) -> np.ndarray:
    means = window_means(g, window)
    if min(window, g.shape[-2]) == 1:
        return means
    norms = np.linalg.norm(g, axis=-1, keepdims=True)
    left = np.linalg.norm(means, axis=-1, keepdims=True)
    return np.where(left <= share * window_means(norms, window), 0.0, means)


def scores(c, g, options: Options, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """`(scores, active)`; the score of a non-finite token is NaN.

    `dtype` is the element type of the gradients in the graph.
    """
    c, g = np.asarray(c, np.float64), np.asarray(g, np.float64)
    active, finite = token_flags(c, g)
    c = np.where(finite[..., None], c, 0.0)
    g = np.where(finite[..., None], g, 0.0)
    length = c.shape[-2]
    windows = sorted({length if w == 0 else min(w, length) for w in options.windows})
    betas = np.asarray([options.decay**level for level in range(len(windows))])
    betas = betas / betas.sum()
    total = np.zeros(c.shape[:-1])
    for beta, window in zip(betas, windows):
        total += beta * _kappa(
            options.kernel,
            window_means(c, window),
            _mean_gradient(g, window, CANCELLED[dtype]),
            active,
        )
    return np.where(finite, total, np.nan), active


def couple(own: np.ndarray, parents: list[np.ndarray], share: float) -> np.ndarray:
    """Own scores drawn towards the mean of the parents' known ones."""
    if not parents or share == 0:
        return own
    stack = np.stack(parents)
    known = np.isfinite(stack)
    count = known.sum(0)
    mean = np.where(known, stack, 0.0).sum(0) / np.maximum(count, 1)
    return np.where(count > 0, (1 - share) * own + share * mean, own)


def weights(s: np.ndarray, active: np.ndarray, options: Options) -> np.ndarray:
    """The factor of each token; exactly 1 where the token is not active."""
    u = {
        "positive": s,
        "negative": -s,
        "magnitude": np.abs(s),
    }[options.sign] / options.temperature
    u = np.where(active, u, 0.0)
    strength = options.strength
    if options.weighting == "tanh":
        alpha = 1 + strength * np.tanh(u)
    elif options.weighting == "linear":
        alpha = 1 + strength * np.clip(u, -1, 1)
    elif options.weighting == "exp":
        alpha = np.exp(strength * np.clip(u, -1, 1))
    elif options.weighting == "softmax":
        shifted = np.where(active, u, -np.inf)
        top = shifted.max(-1, keepdims=True)
        e = np.where(active, np.exp(u - np.where(np.isfinite(top), top, 0)), 0.0)
        sums = e.sum(-1, keepdims=True)
        share = e / np.where(sums == 0, 1, sums)
        count = active.sum(-1, keepdims=True)
        alpha = (1 - strength) + strength * count * share
    else:
        raise ValueError(f"no weighting {options.weighting!r}")
    if options.normalize == "mean" and active.any():
        alpha = alpha / alpha[active].mean()
    return np.where(active, alpha, 1.0)


def audit(s, alpha, active, strength: float) -> dict[str, float]:
    """The metrics of a site by name."""
    non_finite = int(np.isnan(s).sum())
    if not active.any():
        zeros = dict.fromkeys(
            ("energy", "mean", "deviation", "minimum", "maximum"), 0.0
        )
        return zeros | {
            "weight_minimum": 1.0,
            "weight_maximum": 1.0,
            "positive_share": 0.0,
            "active": 0,
            "non_finite": non_finite,
        }
    s, alpha = s[active], alpha[active]
    return {
        "energy": strength * s.mean(),
        "mean": s.mean(),
        "deviation": s.std(),
        "minimum": s.min(),
        "maximum": s.max(),
        "weight_minimum": alpha.min(),
        "weight_maximum": alpha.max(),
        "positive_share": (s > 0).mean(),
        "active": s.size,
        "non_finite": non_finite,
    }
