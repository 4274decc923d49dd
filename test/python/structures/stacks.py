"""Stacks of layers: loops over them, recomputation, other libraries' loops."""

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
from structures.forms import Part, Structure, differentiated
from structures.transformer import LAYERS, layer, logits_loss

FORWARD = tuple(range(LAYERS))


def _transformer(feature, example, loss, plain=transformer.unrolled, **more):
    more = {"stack": "layers", "stack_order": FORWARD} | more
    return Structure(
        feature,
        example,
        more.pop("init", transformer.init),
        differentiated(loss),
        (Part(plain),),
        **more,
    )


def _reversed(params, batch):
    x = params["embed"][batch["inputs"]]
    for index in reversed(FORWARD):
        x = transformer.block(layer(params["layers"], index), x)
    return logits_loss(params, x, batch)


def _init_with_shared(key):
    keys = jax.random.split(key)
    shared = transformer.normal(keys[0], FEATURES, FEATURES)
    return transformer.init(keys[1]) | {"shared": shared}


def _mixing(params, p, x):
    """A layer of the stack, and one that all layers share."""
    return transformer.block(p, x) + jnp.tanh(x @ params["shared"])


def _shared_scanned(params, batch):
    return transformer.scanned(
        params, batch, lambda p, x: _mixing(params, p, x)
    )


def _shared_unrolled(params, batch):
    return transformer.unrolled(
        params, batch, lambda p, x: _mixing(params, p, x)
    )


def _init_nested(key):
    params = transformer.init(key)
    # Two groups of two layers each.
    grouped = jax.tree.map(
        lambda stack: jnp.concatenate([stack, stack[:1] + 0.1]).reshape(
            2, 2, *stack.shape[1:]
        ),
        params["layers"],
    )
    return params | {"layers": grouped}


def _nested_scanned(params, batch):
    def run(x, p):
        return transformer.block(p, x), None

    def run_group(x, group):
        return jax.lax.scan(run, x, group)

    x = params["embed"][batch["inputs"]]
    x, _ = jax.lax.scan(run_group, x, params["layers"])
    return logits_loss(params, x, batch)


def _nested_unrolled(params, batch):
    x = params["embed"][batch["inputs"]]
    for group in range(2):
        for index in range(2):
            p = layer(layer(params["layers"], group), index)
            x = transformer.block(p, x)
    return logits_loss(params, x, batch)


def _alternating_scanned(params, batch):
    """Two layers of the stack in each round of the loop."""

    def run(x, pair):
        for index in range(2):
            x = transformer.block(layer(pair, index), x)
        return x, None

    x = params["embed"][batch["inputs"]]
    x, _ = jax.lax.scan(run, x, params["layers"])
    return logits_loss(params, x, batch)


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


POLICIES = {
    "nothing_saveable": jax.checkpoint_policies.nothing_saveable,
    "everything_saveable": jax.checkpoint_policies.everything_saveable,
    "dots_saveable": jax.checkpoint_policies.dots_saveable,
    "dots_with_no_batch_dims_saveable": (
        jax.checkpoint_policies.dots_with_no_batch_dims_saveable
    ),
    "save_only_these_names": jax.checkpoint_policies.save_only_these_names("mixed"),
}


def _named_block(p, x):
    mixed = transformer.attention(p, transformer.normalized(x))
    x = x + jax.ad_checkpoint.checkpoint_name(mixed, "mixed")
    return x + transformer.mlp(p, transformer.normalized(x))


def _recomputed(form, policy):
    run = jax.checkpoint(_named_block, policy=policy)
    return functools.partial(form, run=run)


STACKS = [
    _transformer("layers one by one", "`stack[i]` in a loop of Python", transformer.unrolled),
    _transformer("scan over layers", "`jax.lax.scan`", transformer.scanned),
    _transformer(
        "scan over layers",
        "`jax.lax.scan(unroll=2)`, 3 layers",
        functools.partial(transformer.scanned, unroll=2),
    ),
    _transformer(
        "scan over layers",
        "`jax.lax.scan(reverse=True)`",
        functools.partial(transformer.scanned, reverse=True),
        plain=_reversed,
        stack_order=tuple(reversed(FORWARD)),
    ),
    _transformer(
        "scan over layers",
        "a layer of the stack and one that all share",
        _shared_scanned,
        plain=_shared_unrolled,
        init=_init_with_shared,
        shared="shared",
    ),
    _transformer(
        "scan over layers",
        "scan in a scan, 2 groups of 2",
        _nested_scanned,
        plain=_nested_unrolled,
        init=_init_nested,
        stack_order=(0, 1, 2, 3),
    ),
    _transformer(
        "scan over layers",
        "two layers in each round",
        _alternating_scanned,
        plain=_nested_unrolled,
        init=_init_nested,
        stack_order=(0, 1, 2, 3),
    ),
    _transformer(
        "scan over layers",
        "Flax `nn.scan`",
        _linen_loss,
        plain=_linen_unrolled,
        init=_linen_init,
    ),
    _transformer(
        "scan over layers",
        "Flax `nn.scan` of `nn.remat`",
        functools.partial(_linen_loss, remat=True),
        plain=_linen_unrolled,
        init=_linen_init,
    ),
    _transformer(
        "scan over layers",
        "Flax `nnx.scan`",
        _nnx_scanned,
        plain=_nnx_unrolled,
        init=_nnx_init,
    ),
    _transformer(
        "scan over layers",
        "Equinox, in a `vmap` over the batch",
        _equinox_scanned,
        plain=_equinox_unrolled,
        init=_equinox_init,
    ),
    *(
        _transformer(
            "recomputed layers", f"`jax.checkpoint`, `{name}`", _recomputed(form, policy)
        )
        for form in (transformer.unrolled,)
        for name, policy in POLICIES.items()
    ),
    *(
        _transformer(
            "recomputed layers",
            f"`jax.checkpoint` in a scan, `{name}`",
            _recomputed(transformer.scanned, policy),
        )
        for name, policy in POLICIES.items()
    ),
]
