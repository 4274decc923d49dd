"""Runs injected steps on all devices of this process, and prints JSON.

    XLA_FLAGS=--xla_force_host_platform_device_count=8 python -m structures.sharded

For each way of sharding: the largest relative error against the
same step on one device, whether the results are sharded as those of the plain
step, and the collectives of both compiled steps. The number of devices is fixed
when JAX starts, hence a process of its own.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import json
import re
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
from jax.sharding import AxisType, Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

import cegm
import cegm.jax
from comparison import relative_errors
from models.common import VOCABULARY, attention_mask, make_batch
from models.common import masked_cross_entropy
from reference.step import QUICKLY
from structures.transformer import normal, normalized

# Divided by 8 devices.
WIDTH, HEADS, HEAD, HIDDEN, BATCH = 16, 8, 2, 24, 8
OPTIONS = {"windows": (1, 5, 16), "strength": 0.2}
OPTIMIZER = optax.sgd(0.1, momentum=0.9)


def init(key: jax.Array) -> dict[str, jax.Array]:
    keys = jax.random.split(key, 8)
    return {
        "embed": normal(keys[0], VOCABULARY, WIDTH),
        "q": normal(keys[1], WIDTH, HEADS, HEAD),
        "k": normal(keys[2], WIDTH, HEADS, HEAD),
        "v": normal(keys[3], WIDTH, HEADS, HEAD),
        "o": normal(keys[4], HEADS, HEAD, WIDTH),
        "up": normal(keys[5], WIDTH, HIDDEN),
        "down": normal(keys[6], HIDDEN, WIDTH),
        "head": normal(keys[7], WIDTH, VOCABULARY),
    }


def logits(params: dict[str, jax.Array], tokens: jax.Array) -> jax.Array:
    x = params["embed"][tokens]
    y = normalized(x)
    q, k, v = (jnp.einsum("bsd,dhf->bshf", y, params[n]) for n in "qkv")
    scores = jnp.einsum("bshf,bthf->bhst", q, k)
    scores = jnp.where(attention_mask(tokens.shape[1]), scores, -1e9)
    mixed = jnp.einsum("bhst,bthf->bshf", jax.nn.softmax(scores), v)
    x = x + jnp.einsum("bshf,hfd->bsd", mixed, params["o"])
    x = x + jnp.tanh(normalized(x) @ params["up"]) @ params["down"]
    return normalized(x) @ params["head"]


def loss(params, batch) -> jax.Array:
    return masked_cross_entropy(logits(params, batch["inputs"]), batch)


def _update(params, state, grads):
    updates, state = OPTIMIZER.update(grads, state, params)
    return optax.apply_updates(params, updates), state


def step(params, state, batch):
    value, grads = jax.value_and_grad(loss)(params, batch)
    return (*_update(params, state, grads), value)


def _summed_loss(params, batch) -> jax.Array:
    """Sum over tokens, so that losses of parts of the batch add up."""
    losses = optax.softmax_cross_entropy_with_integer_labels(
        logits(params, batch["inputs"]), batch["targets"]
    )
    return (losses * batch["weights"]).sum()


def manual_step(mesh: Mesh):
    """The step with its batch divided by `shard_map` and explicit sums."""

    @functools.partial(
        jax.shard_map,
        mesh=mesh,
        in_specs=(P(), P("data")),
        out_specs=(P(), P()),
        check_vma=False,
    )
    def gradients(params, batch):
        count = jax.lax.psum(batch["weights"].sum(), "data")
        value, grads = jax.value_and_grad(_summed_loss)(params, batch)
        return jax.tree.map(
            lambda a: jax.lax.psum(a, "data") / count, (value, grads)
        )

    def step(params, state, batch):
        value, grads = gradients(params, batch)
        return (*_update(params, state, grads), value)

    return step


def parts_step(count: int):
    """What `manual_step` means on one device: a contraction for each part."""

    def step(params, state, batch):
        size = BATCH // count
        value, total = 0.0, None
        for index in range(count):
            part = jax.tree.map(lambda a: a[size * index : size * (index + 1)], batch)
            more, grads = jax.value_and_grad(_summed_loss)(params, part)
            value = value + more
            total = grads if total is None else jax.tree.map(jnp.add, total, grads)
        tokens = batch["weights"].sum()
        total = jax.tree.map(lambda g: g / tokens, total)
        return (*_update(params, state, total), value / tokens)

    return step


BY_FEATURES = {
    "embed": P(),
    "q": P(None, "model", None),
    "k": P(None, "model", None),
    "v": P(None, "model", None),
    "o": P("model", None, None),
    "up": P(None, "model"),
    "down": P("model", None),
    "head": P(),
}
# The residual stream is divided, too.
BY_ALL_FEATURES = BY_FEATURES | {"embed": P(None, "model")}
# Each parameter is divided over the devices that divide the batch.
FULLY = {
    "embed": P(None, "data"),
    "q": P("data", None, None),
    "k": P("data", None, None),
    "v": P("data", None, None),
    "o": P(None, None, "data"),
    "up": P("data", None),
    "down": P(None, "data"),
    "head": P("data", None),
}
WHOLE = dict.fromkeys(BY_FEATURES, P())


@dataclasses.dataclass(frozen=True)
class Case:
    """A mesh, how parameters and batch lie on it, and the step."""

    name: str
    mesh: Callable[[int], Mesh]
    params: dict[str, P]
    batch: P
    step: Callable[[Mesh], Callable] = lambda mesh: step
    alone: Callable[[int], Callable] = lambda devices: step
    # How many activations are gathered that the plain step does not gather.
    gathers: int = 0


def _mesh(sizes: tuple[int, ...], names: tuple[str, ...]) -> Mesh:
    """Axes along which the compiler finds the shardings between the given ones."""
    return jax.make_mesh(sizes, names, axis_types=(AxisType.Auto,) * len(sizes))


def _data(devices: int) -> Mesh:
    return _mesh((devices,), ("data",))


def _model(devices: int) -> Mesh:
    return _mesh((devices,), ("model",))


def _both(devices: int) -> Mesh:
    return _mesh((2, devices // 2), ("data", "model"))


CASES = [
    Case("batch", _data, WHOLE, P("data")),
    Case("features", _model, BY_FEATURES, P()),
    # The scaled gradient of a residual stream is gathered beside the plain one,
    # once for each layer that reads it from a divided stream.
    Case("features, residual stream too", _model, BY_ALL_FEATURES, P(), gathers=3),
    Case("batch and features", _both, BY_FEATURES, P("data")),
    Case("batch and parameters", _data, FULLY, P("data")),
    Case("shard_map", _data, WHOLE, P("data"), manual_step, parts_step),
]

_COLLECTIVE = re.compile(
    r"= (?P<type>.*?) (?P<op>all-reduce|all-gather|reduce-scatter|all-to-all|"
    r"collective-permute)(?:-start)?\("
)


def collectives(compiled_text: str) -> collections.Counter:
    """`"operation shape"` -> how often, each array of a tuple by itself."""
    found: collections.Counter = collections.Counter()
    for match in _COLLECTIVE.finditer(compiled_text):
        for array in re.findall(r"\w+\[[\d,]*\]", match["type"]):
            found[f"{match['op']} {array}"] += 1
    return found


def _placed(case: Case, mesh: Mesh, values: tuple) -> tuple:
    """Parameters, optimizer state and batch on the mesh."""
    params, state, batch = values

    def put(tree, spec):
        return jax.device_put(tree, NamedSharding(mesh, spec))

    def by_name(tree):
        return {name: put(value, case.params[name]) for name, value in tree.items()}

    state = jax.tree.map(
        lambda t: by_name(t) if isinstance(t, dict) else put(t, P()),
        state,
        is_leaf=lambda t: isinstance(t, dict),
    )
    return by_name(params), state, put(batch, case.batch)


def _shardings(tree: Any) -> Any:
    return jax.tree.map(lambda a: a.sharding, tree)


def _equivalent(got: Any, wanted: Any) -> bool:
    return all(
        a.sharding.is_equivalent_to(b.sharding, a.ndim)
        for a, b in zip(jax.tree.leaves(got), jax.tree.leaves(wanted), strict=True)
    )


def measure(case: Case, declared: bool) -> dict[str, Any]:
    """With `declared` the shardings are given as to `jax.jit`, else the arguments'."""
    devices = jax.device_count()
    mesh = case.mesh(devices)
    params = init(jax.random.key(3))
    values = params, OPTIMIZER.init(params), make_batch(0, batch=BATCH)
    placed = _placed(case, mesh, values)
    alone = jax.jit(
        cegm.jax.entangle(case.alone(devices), **OPTIONS), compiler_options=QUICKLY
    )(*values)
    shardings = {"in_shardings": _shardings(placed)} if declared else {}
    sharded = case.step(mesh)
    entangled = cegm.jax.entangle(sharded, **OPTIONS, **shardings)
    plain, injected = (
        jax.jit(f, **shardings).lower(*placed).compile(QUICKLY)
        for f in (sharded, entangled)
    )
    got, before = injected(*placed), plain(*placed)
    counts, more = collectives(plain.as_text()), collectives(injected.as_text())
    return {
        "case": case.name,
        "declared": declared,
        "devices": devices,
        "error": max(relative_errors(got, alone).values()),
        "effect": max(relative_errors(before, alone).values()),
        "gathers": case.gathers,
        "same_shardings": _equivalent(got, before),
        "plain": counts,
        "added": more - counts,
        "removed": counts - more,
    }


def refusals() -> dict[str, str]:
    """What `shard_map` says to the options that it does not take, by option."""
    mesh = _data(jax.device_count())
    params = init(jax.random.key(3))
    inputs = params, OPTIMIZER.init(params), make_batch(0, batch=BATCH)
    messages = {}
    for option in ("audit", "strength_arg"):
        entangled = cegm.jax.entangle(manual_step(mesh), **{option: True})
        try:
            entangled(*inputs)
        except cegm.CegmError as error:
            messages[option] = str(error)
    return messages


def main() -> None:
    outcomes = [measure(case, True) for case in CASES]
    # `shard_map` says itself how its arguments are divided.
    outcomes += [measure(case, False) for case in CASES[:-1]]
    print(json.dumps({"outcomes": outcomes, "refusals": refusals()}))


if __name__ == "__main__":
    main()
