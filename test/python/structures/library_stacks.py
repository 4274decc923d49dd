"""Stacks of layers as Flax and Equinox make them and loop over them."""

from __future__ import annotations

import functools

import equinox as eqx
import flax.linen as nn
import jax
import jax.numpy as jnp
from flax import nnx

from models.common import FEATURES, VOCABULARY, attention_mask, make_batch
from models.common import masked_cross_entropy
from models.linen_models import Block
from structures import transformer
from structures.stack_forms import FORWARD, stack_of
from structures.transformer import LAYERS, layer


class _ScannedBlock(nn.Module):
    """One block of the linen model, as a loop's body."""

    @nn.compact
    def __call__(self, x, mask):
        return Block()(x, mask), None


class _LinenStack(nn.Module):
    remat: bool = False

    @nn.compact
    def __call__(self, tokens):
        x = nn.Embed(VOCABULARY, FEATURES, name="embed")(tokens)
        body = nn.remat(_ScannedBlock, prevent_cse=False) if self.remat else _ScannedBlock
        x, _ = nn.scan(
            body,
            variable_axes={"params": 0},
            split_rngs={"params": True},
            in_axes=nn.broadcast,
            length=LAYERS,
        )(name="layers")(x, attention_mask(tokens.shape[1]))
        return nn.Dense(VOCABULARY, use_bias=False, name="head")(x)


def _linen_init(key):
    return _LinenStack().init(key, make_batch(0)["inputs"])["params"]


def _linen_loss(params, batch, remat=False):
    logits = _LinenStack(remat).apply({"params": params}, batch["inputs"])
    return masked_cross_entropy(logits, batch)


def _linen_unrolled(params, batch):
    tokens = batch["inputs"]
    x = params["embed"]["embedding"][tokens]
    mask = attention_mask(tokens.shape[1])
    for index in FORWARD:
        weights = layer(params["layers"]["Block_0"], index)
        x = Block().apply({"params": weights}, x, mask)
    return masked_cross_entropy(x @ params["head"]["kernel"], batch)


class _EquinoxBlock(eqx.Module):
    norm: eqx.nn.LayerNorm
    up: eqx.nn.Linear
    down: eqx.nn.Linear

    def __init__(self, key):
        keys = jax.random.split(key)
        self.norm = eqx.nn.LayerNorm(FEATURES)
        self.up = eqx.nn.Linear(FEATURES, transformer.HIDDEN, key=keys[0])
        self.down = eqx.nn.Linear(transformer.HIDDEN, FEATURES, key=keys[1])

    def __call__(self, x):
        """One token."""
        return x + self.down(jnp.tanh(self.up(self.norm(x))))


def _equinox_init(key):
    keys = jax.random.split(key, LAYERS + 1)
    layers = eqx.filter_vmap(_EquinoxBlock)(keys[:-1])
    embed = transformer.normal(keys[-1], VOCABULARY, FEATURES)
    return {"embed": embed, "layers": eqx.filter(layers, eqx.is_inexact_array)}


@functools.cache
def _equinox_static():
    block = eqx.filter_eval_shape(_EquinoxBlock, jax.random.key(0))
    return eqx.filter(block, lambda leaf: not isinstance(leaf, jax.ShapeDtypeStruct))


def _equinox_run(p, x):
    return jax.vmap(eqx.combine(p, _equinox_static()))(x)


def _equinox_scanned(params, batch):
    def sequence(tokens):
        x, _ = jax.lax.scan(
            lambda x, p: (_equinox_run(p, x), None),
            params["embed"][tokens],
            params["layers"],
        )
        return x @ params["embed"].T

    return masked_cross_entropy(jax.vmap(sequence)(batch["inputs"]), batch)


def _equinox_unrolled(params, batch):
    def sequence(tokens):
        x = params["embed"][tokens]
        for index in FORWARD:
            x = _equinox_run(layer(params["layers"], index), x)
        return x @ params["embed"].T

    return masked_cross_entropy(jax.vmap(sequence)(batch["inputs"]), batch)


class _NnxBlock(nnx.Module):
    def __init__(self, rngs: nnx.Rngs):
        self.up = nnx.Linear(FEATURES, transformer.HIDDEN, rngs=rngs)
        self.down = nnx.Linear(transformer.HIDDEN, FEATURES, rngs=rngs)

    def __call__(self, x):
        return x + self.down(jnp.tanh(self.up(x)))


class _NnxStack(nnx.Module):
    """Layers made by `nnx.vmap` and run by `nnx.scan`."""

    def __init__(self, rngs: nnx.Rngs):
        self.embed = nnx.Embed(VOCABULARY, FEATURES, rngs=rngs)

        @nnx.split_rngs(splits=LAYERS)
        @nnx.vmap(in_axes=0, out_axes=0)
        def make(rngs):
            return _NnxBlock(rngs)

        self.layers = make(rngs)
        self.head = nnx.Linear(FEATURES, VOCABULARY, rngs=rngs)

    def __call__(self, tokens):
        @nnx.scan(in_axes=(nnx.Carry, 0), out_axes=nnx.Carry)
        def run(x, block):
            return block(x)

        return self.head(run(self.embed(tokens), self.layers))


def _nnx_init(key):
    return nnx.to_pure_dict(nnx.state(_NnxStack(nnx.Rngs(params=key)), nnx.Param))


def _nnx_scanned(params, batch):
    template = nnx.eval_shape(lambda: _NnxStack(nnx.Rngs(0)))
    graph, state, rest = nnx.split(template, nnx.Param, ...)
    nnx.replace_by_pure_dict(state, params)
    logits = nnx.merge(graph, state, rest)(batch["inputs"])
    return masked_cross_entropy(logits, batch)


def _nnx_unrolled(params, batch):
    x = params["embed"]["embedding"][batch["inputs"]]
    for index in FORWARD:
        p = layer(params["layers"], index)
        y = jnp.tanh(x @ p["up"]["kernel"] + p["up"]["bias"])
        x = x + y @ p["down"]["kernel"] + p["down"]["bias"]
    head = params["head"]
    return masked_cross_entropy(x @ head["kernel"] + head["bias"], batch)


LIBRARY_STACKS = [
    stack_of(
        "scan over layers",
        "Flax `nn.scan`",
        _linen_loss,
        plain=_linen_unrolled,
        init=_linen_init,
    ),
    stack_of(
        "scan over layers",
        "Flax `nn.scan` of `nn.remat`",
        functools.partial(_linen_loss, remat=True),
        plain=_linen_unrolled,
        init=_linen_init,
    ),
    stack_of(
        "scan over layers",
        "Flax `nnx.scan`",
        _nnx_scanned,
        plain=_nnx_unrolled,
        init=_nnx_init,
    ),
    stack_of(
        "scan over layers",
        "Equinox, in a `vmap` over the batch",
        _equinox_scanned,
        plain=_equinox_unrolled,
        init=_equinox_init,
    ),
]
