"""Steps with parts that are no sites, and steps with none at all.

Each says which parameters have sites, which have none and why, and where
anything is re-weighted, the plain form with which its numbers are compared.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp

from models.common import FEATURES, VOCABULARY, masked_cross_entropy
from structures import transformer
from structures.accumulation import loss_of_parts, loss_of_scan, two_batches
from structures.forms import Partial, differentiated
from structures.higher_order import HIGHER_ORDER
from structures.transformer import normal, normalized
from structures.weights import _forward as forward
from structures.weights import _init as init


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
    Partial(
        "gradient accumulation", "the loss itself is a scan over micro-batches",
        transformer.init, differentiated(loss_of_scan), loss_of_parts,
        (("embed", "no-gradient"), ("bias", "no-contraction")), batch=two_batches,
    ),
    *HIGHER_ORDER,
]
