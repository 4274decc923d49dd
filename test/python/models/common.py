"""What the models share: batches, the masked loss, optimizers, the step."""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

VOCABULARY = 29
FEATURES = 16
HEADS = 2


@dataclasses.dataclass(frozen=True)
class Model:
    """A model as a pair of functions.

    `init(key)` returns the parameters, `loss(params, batch)` a scalar. `exact`
    is false where the model computes in a type that rounds coarsely.
    """

    name: str
    init: Callable[[jax.Array], Any]
    loss: Callable[[Any, dict[str, jax.Array]], jax.Array]
    exact: bool = True


def _momentum_sgd() -> optax.GradientTransformation:
    return optax.sgd(0.1, momentum=0.9, nesterov=False)


def _clipped_adamw() -> optax.GradientTransformation:
    # The epsilon is large enough that an element whose gradient is nothing but
    # rounding does not turn into a full-sized update of random sign.
    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.adamw(3e-3, eps=1e-4, weight_decay=0.01),
    )


OPTIMIZERS: dict[str, Callable[[], optax.GradientTransformation]] = {
    "adamw": _clipped_adamw,
    "sgd": _momentum_sgd,
}


def make_batch(
    seed: int, batch: int = 3, length: int = 13, masked: bool = True
) -> dict[str, jax.Array]:
    """Random tokens with a copy structure that a model can learn.

    The first two tokens of a sequence differ: between equal ones attention
    has no gradient, up to rounding that differs from program to program.
    `masked` gives the last fifth of every second sequence, and one position in
    the middle, a loss weight of zero: their output gradients are exactly zero.
    """
    random = np.random.default_rng(seed)
    tokens = random.integers(0, VOCABULARY, size=(batch, length + 1))
    tokens[:, 1] = (tokens[:, 0] + 1) % VOCABULARY
    tokens[:, 3::2] = tokens[:, 2:-1:2]
    weights = np.ones((batch, length), np.float32)
    if masked:
        weights[::2, length - length // 5 :] = 0.0
        weights[:, length // 2] = 0.0
    return {
        "inputs": jnp.asarray(tokens[:, :-1], jnp.int32),
        "targets": jnp.asarray(tokens[:, 1:], jnp.int32),
        "weights": jnp.asarray(weights),
    }


def attention_mask(length: int) -> jax.Array:
    """Causal, but for the first two tokens, which all positions see; [S, S].

    A query that sees a single key has a gradient of zero, or of rounding that
    differs from program to program: no position may be one of those.
    """
    mask = jnp.tril(jnp.ones((length, length), bool))
    return mask.at[:, :2].set(True)


def masked_cross_entropy(
    logits: jax.Array, batch: dict[str, jax.Array]
) -> jax.Array:
    """Mean cross entropy over the positions of weight one, in f32 or better."""
    logits = logits.astype(jnp.promote_types(logits.dtype, jnp.float32))
    losses = optax.softmax_cross_entropy_with_integer_labels(
        logits, batch["targets"]
    )
    weights = batch["weights"].astype(losses.dtype)
    return (losses * weights).sum() / weights.sum()


def make_step(model: Model, optimizer: optax.GradientTransformation):
    """`step(params, state, batch) -> (params, state, loss)`."""

    def step(params, state, batch):
        loss, grads = jax.value_and_grad(model.loss)(params, batch)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    return step
