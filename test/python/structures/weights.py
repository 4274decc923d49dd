"""What the contraction meets is computed from parameters, or used twice."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp

from models.common import FEATURES, VOCABULARY, masked_cross_entropy
from structures.forms import BF16, Part, Structure, differentiated
from structures.transformer import normal, normalized

HIDDEN, RANK = 24, 4


def _init(key):
    keys = jax.random.split(key, 4)
    return {
        "embed": normal(keys[0], VOCABULARY, FEATURES),
        "up": normal(keys[1], FEATURES, HIDDEN),
        "down": normal(keys[2], HIDDEN, FEATURES),
        "head": normal(keys[3], FEATURES, VOCABULARY),
    }


def _forward(params, batch, weight=lambda name, w: w):
    """A model of one MLP, its matrices passed through `weight(name, w)`."""
    x = params["embed"][batch["inputs"]]
    y = jnp.tanh(normalized(x) @ weight("up", params["up"]))
    x = x + y @ weight("down", params["down"])
    return masked_cross_entropy(
        normalized(x) @ weight("head", params["head"]), batch
    )


def _adapters_init(key):
    keys = jax.random.split(key, 4)
    return {
        "up": {"a": normal(keys[0], FEATURES, RANK), "b": normal(keys[1], RANK, HIDDEN)},
        "down": {"a": normal(keys[2], HIDDEN, RANK), "b": normal(keys[3], RANK, FEATURES)},
    }


def _base():
    return (_init(jax.random.key(11)),)


def _adapted(params, batch, base):
    """Low-rank updates beside the frozen matrices."""

    def product(x, name):
        return x @ base[name] + x @ params[name]["a"] @ params[name]["b"]

    x = base["embed"][batch["inputs"]]
    x = x + product(jnp.tanh(product(normalized(x), "up")), "down")
    return masked_cross_entropy(normalized(x) @ base["head"], batch)


def _merged(params, batch, base):
    """Low-rank updates added to the frozen matrices."""
    merged = dict(base)
    for name, p in params.items():
        merged[name] = base[name] + p["a"] @ p["b"]
    return _forward(merged, batch)


def _weight_norm_init(key):
    params = _init(key)
    scales = {k: jnp.linalg.norm(v, axis=0) for k, v in params.items()}
    return {"direction": params, "scale": {k: scales[k] for k in ("up", "down")}}


def _weight_norm(params, batch):
    def weight(name, w):
        if name not in params["scale"]:
            return w
        return params["scale"][name] * w / jnp.linalg.norm(w, axis=0)

    return _forward(params["direction"], batch, weight)


def _quantized(params, batch):
    """Weights rounded to 15 levels; their gradients pass straight through."""

    def weight(name, w):
        step = jax.lax.stop_gradient(jnp.abs(w).max() / 7)
        return w + jax.lax.stop_gradient(jnp.round(w / step) * step - w)

    return _forward(params, batch, weight)


def _quantized_inputs(params, batch):
    """Activations, too."""

    def rounded(x):
        step = jax.lax.stop_gradient(jnp.abs(x).max() / 7)
        return x + jax.lax.stop_gradient(jnp.round(x / step) * step - x)

    x = params["embed"][batch["inputs"]]
    y = jnp.tanh(rounded(normalized(x)) @ rounded(params["up"]))
    x = x + rounded(y) @ rounded(params["down"])
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _parts_init(key):
    params = _init(key)
    left, right = jnp.split(params.pop("up"), 2, axis=1)
    return params | {"left": left, "right": right}


def _concatenated(params, batch):
    """Two parameters side by side in one contraction."""
    up = jnp.concatenate([params["left"], params["right"]], axis=1)
    return _forward(params | {"up": up}, batch)


def _fused_init(key):
    params = _init(key)
    return params | {"up": jnp.concatenate([params["up"], params["up"][:, ::-1]], 1)}


def _split_parameter(params, batch):
    """One parameter, used as two: a gated layer."""
    gate, up = jnp.split(params["up"], 2, axis=1)
    x = params["embed"][batch["inputs"]]
    y = normalized(x)
    x = x + (jax.nn.sigmoid(y @ gate) * (y @ up)) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _shared_layer(params, batch):
    """The same MLP three times."""
    x = params["embed"][batch["inputs"]]
    for _ in range(3):
        x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _tied(params, batch):
    """The lookup table is the output projection."""
    return _forward(params | {"head": params["embed"].T}, batch)


def _tied_init(key):
    params = _init(key)
    del params["head"]
    return params


def _autoencoder_init(key):
    params = _init(key)
    del params["down"]
    return params


def _tied_to_input(params, batch):
    """A decoder that is the transposed encoder: an autoencoder's tie."""
    x = params["embed"][batch["inputs"]]
    y = jnp.tanh(normalized(x) @ params["up"])
    x = x + y @ params["up"].T
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _one_hot(params, batch):
    """The lookup is a contraction."""
    x = jax.nn.one_hot(batch["inputs"], VOCABULARY) @ params["embed"]
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _positions_init(key):
    keys = jax.random.split(key)
    return _init(keys[0]) | {"positions": normal(keys[1], 32, FEATURES)}


def _added_positions(params, batch):
    """Rows of the table are added: nothing is contracted or looked up by data."""
    rows = params["positions"][: batch["inputs"].shape[1]]
    x = params["embed"][batch["inputs"]] + rows
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _looked_up_positions(params, batch):
    """Positions count unmasked tokens, so that they are data."""
    positions = jnp.cumsum(batch["weights"].astype(jnp.int32), 1)
    x = params["embed"][batch["inputs"]] + params["positions"][positions]
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return masked_cross_entropy(normalized(x) @ params["head"], batch)


def _cast(dtype, params, batch):
    """Computes in a narrower type; the parameters stay in f32."""
    return _forward(jax.tree.map(lambda p: p.astype(dtype), params), batch)


_bfloat16 = functools.partial(_cast, jnp.bfloat16)


def _direct(feature, example, init, loss, **more):
    return Structure(
        feature, example, init, differentiated(loss), (Part(loss),), **more
    )


def _frozen(example, loss, **more):
    return _direct(
        "LoRA, frozen base", example, _adapters_init, loss, frozen=_base, **more
    )


WEIGHTS = [
    _frozen("updates beside the base", _adapted),
    _frozen("updates beside the base, base returned", _adapted, returns_frozen=True),
    _frozen("updates merged into the base, all named by `parameters`", _merged,
            parameters=("params", "frozen")),
    _frozen("updates merged, base returned", _merged, returns_frozen=True),
    _direct("computed weights", "weight normalisation", _weight_norm_init, _weight_norm),
    _direct("computed weights", "quantisation-aware training of weights",
            _init, _quantized),
    _direct("computed weights", "of weights and activations",
            _init, _quantized_inputs),
    _direct("computed weights", "two parameters concatenated", _parts_init, _concatenated),
    _direct("computed weights", "one parameter split in two", _fused_init, _split_parameter),
    _direct("shared weights", "one MLP used three times", _init, _shared_layer),
    _direct("shared weights", "lookup and output projection", _tied_init, _tied),
    _direct("shared weights", "a layer and its transpose",
            _autoencoder_init, _tied_to_input),
    _direct("embeddings", "one-hot contraction", _init, _one_hot),
    _direct("embeddings", "a table of positions, added", _positions_init, _added_positions),
    _direct("embeddings", "a table of positions, looked up",
            _positions_init, _looked_up_positions),
    _direct("narrow types", "bf16 copies of f32 parameters",
            _init, _bfloat16, tolerance=BF16),
]
