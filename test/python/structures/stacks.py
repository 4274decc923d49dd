"""Stacks of layers: loops over them, and their recomputation."""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
from jax.ad_checkpoint import checkpoint_name

from models.common import FEATURES
from structures import transformer
from structures.library_stacks import LIBRARY_STACKS
from structures.stack_forms import FORWARD, stack_of
from structures.transformer import layer, logits_loss


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


def _init_four(key):
    params = _init_nested(key)
    layers = jax.tree.map(lambda a: a.reshape(4, *a.shape[2:]), params["layers"])
    return params | {"layers": layers}


def _four_unrolled(params, batch):
    x = params["embed"][batch["inputs"]]
    for index in range(4):
        x = transformer.block(layer(params["layers"], index), x)
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
    x = x + checkpoint_name(mixed, "mixed")
    return x + transformer.mlp(p, transformer.normalized(x))


def _recomputed(form, policy):
    run = jax.checkpoint(_named_block, policy=policy)
    return functools.partial(form, run=run)


STACKS = [
    stack_of("layers one by one", "`stack[i]` in a loop of Python", transformer.unrolled),
    stack_of(
        "layers one by one",
        "layers coupled, `coupling=0.5`",
        transformer.unrolled,
        options=(("coupling", 0.5),),
    ),
    stack_of("scan over layers", "`jax.lax.scan`", transformer.scanned),
    stack_of(
        "scan over layers",
        "layers coupled, `coupling=0.5`",
        transformer.scanned,
        options=(("coupling", 0.5),),
    ),
    stack_of(
        "scan over layers",
        "reversed, layers coupled, `coupling=0.5`",
        functools.partial(transformer.scanned, reverse=True),
        plain=_reversed,
        stack_order=tuple(reversed(FORWARD)),
        options=(("coupling", 0.5),),
    ),
    stack_of(
        "scan over layers",
        "`jax.lax.scan(unroll=2)`",
        functools.partial(transformer.scanned, unroll=2),
        plain=_four_unrolled,
        init=_init_four,
        stack_order=(0, 1, 2, 3),
        round=2,
    ),
    stack_of(
        "scan over layers",
        "`jax.lax.scan(reverse=True)`",
        functools.partial(transformer.scanned, reverse=True),
        plain=_reversed,
        stack_order=tuple(reversed(FORWARD)),
    ),
    stack_of(
        "scan over layers",
        "a layer of the stack and one that all share",
        _shared_scanned,
        plain=_shared_unrolled,
        init=_init_with_shared,
        shared="shared",
    ),
    stack_of(
        "scan over layers",
        "scan in a scan, 2 groups of 2",
        _nested_scanned,
        plain=_nested_unrolled,
        init=_init_nested,
        stack_order=(0, 1, 2, 3),
    ),
    stack_of(
        "scan over layers",
        "two layers in each round",
        _alternating_scanned,
        plain=_nested_unrolled,
        init=_init_nested,
        stack_order=(0, 1),
    ),
    *LIBRARY_STACKS,
    *(
        stack_of(
            "recomputed layers",
            f"`jax.checkpoint`, `{name}`",
            _recomputed(transformer.unrolled, policy),
        )
        for name, policy in POLICIES.items()
        # The others differ in what a loop saves.
        if name not in ("everything_saveable", "dots_with_no_batch_dims_saveable")
    ),
    stack_of(
        "recomputed layers",
        "`jax.checkpoint` in a scan, layers coupled, `coupling=0.5`",
        _recomputed(transformer.scanned, POLICIES["nothing_saveable"]),
        options=(("coupling", 0.5),),
    ),
    *(
        stack_of(
            "recomputed layers",
            f"`jax.checkpoint` in a scan, `{name}`",
            _recomputed(transformer.scanned, policy),
        )
        for name, policy in POLICIES.items()
    ),
]
