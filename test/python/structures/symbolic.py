"""Steps that are exported once for batches and sequences of any size."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import optax

from structures import transformer
from structures.forms import Part, Structure, differentiated, update_of
from structures.weights import _forward as forward
from structures.weights import _init as init

LAYERS = tuple(range(transformer.LAYERS))


def _biased_init(key):
    return {"bias": jnp.zeros(init(key)["up"].shape), **init(key)}


def _biased(params, batch):
    """A weight that is broadcast to the batch and added up there again."""
    tokens = batch["inputs"].shape
    repeated = jnp.broadcast_to(params["bias"], (tokens[0], *params["bias"].shape))
    moved = params | {"up": params["up"] + repeated.mean(0)}
    return forward({k: v for k, v in moved.items() if k != "bias"}, batch)


SYMBOLIC = [
    Structure(
        "symbolic shapes",
        '`jax.export.symbolic_shape("b, s")`, a scan over layers',
        transformer.init,
        differentiated(transformer.scanned),
        (Part(transformer.unrolled),),
        symbolic="b, s",
        stack="layers",
        stack_order=LAYERS,
    ),
    Structure(
        "symbolic shapes",
        "`b, s`, a weight that is broadcast to the batch",
        _biased_init,
        differentiated(_biased),
        (Part(_biased),),
        symbolic="b, s",
    ),
    Structure(
        "symbolic shapes",
        "`b, 13`, AdamW",
        init,
        differentiated(forward),
        (Part(forward),),
        update_of(optax.adamw(1e-2, eps=1e-3)),
        symbolic="b, 13",
    ),
]
