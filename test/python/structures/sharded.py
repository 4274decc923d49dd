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
from collections.abc import Callable, Mapping
from typing import Any

import jax
from jax.sharding import AxisType, Mesh, NamedSharding
from jax.sharding import PartitionSpec as P

import cegm.jax
from comparison import relative_errors
from models.common import make_batch
from reference.scores import Options
from reference.step import QUICKLY
from structures import manual
from structures.sharded_model import BATCH, OPTIMIZER, init, loss, update

OPTIONS = {"windows": (1, 5, 16), "strength": 0.2}


def step(params, state, batch):
    value, grads = jax.value_and_grad(loss)(params, batch)
    return (*update(params, state, grads), value)


def whole_step(devices: int) -> Callable:
    """What a divided step means on one device."""
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
    alone: Callable[[int], Callable] = whole_step
    # Of the injection, beside those of all cases.
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    length: int = 13
    # Whether `jax.pmap` divides the step: its arguments and results have a
    # dimension of devices, and lie as it says.
    is_pmap: bool = False
    # How many activations are gathered that the plain step does not gather,
    # where the injection is not told how the arguments are divided.
    gathers: int = 0


def _mesh(sizes: tuple[int, ...], names: tuple[str, ...]) -> Mesh:
    """Axes along which the compiler finds the shardings between the given ones."""
    return jax.make_mesh(sizes, names, axis_types=(AxisType.Auto,) * len(sizes))


def _data(devices: int) -> Mesh:
    return _mesh((devices,), ("data",))


def _sequence(devices: int) -> Mesh:
    return _mesh((devices,), ("sequence",))


def _batch_and_sequence(devices: int) -> Mesh:
    return _mesh((2, devices // 2), ("data", "sequence"))


def _model(devices: int) -> Mesh:
    return _mesh((devices,), ("model",))


def _both(devices: int) -> Mesh:
    return _mesh((2, devices // 2), ("data", "model"))


CASES = [
    Case("batch", _data, WHOLE, P("data")),
    Case("features", _model, BY_FEATURES, P()),
    # The factor that takes the weights is gathered beside the plain one, once for
    # each layer that reads it from a divided stream.
    Case("features, residual stream too", _model, BY_ALL_FEATURES, P(), gathers=3),
    Case("batch and features", _both, BY_FEATURES, P("data")),
    Case("batch and parameters", _data, FULLY, P("data")),
    Case("sequence", _sequence, WHOLE, P(None, "sequence"), length=16),
]

ACROSS = {"across_devices": True}
# What each device runs says itself how its arguments are divided.
MANUAL = [
    Case("shard_map", _data, WHOLE, P("data"), manual.batch_step, manual.parts_step),
    Case(
        "shard_map, across devices",
        _data,
        WHOLE,
        P("data"),
        manual.batch_step,
        options=ACROSS,
    ),
    Case(
        "shard_map, inner products across devices",
        _both,
        WHOLE,
        P(("data", "model")),
        manual.batch_step,
        options={**ACROSS, "kernel": "inner"},
    ),
    Case(
        "shard_map, summed outside, across devices",
        _data,
        WHOLE,
        P("data"),
        manual.stacked_step,
        options=ACROSS,
    ),
    # Windows are cut where the sequence is, so there are none.
    Case(
        "shard_map, batch and sequence, across devices",
        _batch_and_sequence,
        WHOLE,
        P("data", "sequence"),
        manual.context_step,
        options={**ACROSS, "windows": (1,)},
        length=16,
    ),
    Case(
        "pmap",
        _data,
        WHOLE,
        P("data"),
        manual.pmap_step,
        manual.parts_step,
        is_pmap=True,
    ),
    Case(
        "pmap, across devices",
        _data,
        WHOLE,
        P("data"),
        manual.pmap_step,
        options=ACROSS,
        is_pmap=True,
    ),
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


@functools.cache
def _results_alone(
    make: Callable[[int], Callable], length: int, options: tuple[tuple[str, Any], ...]
) -> Any:
    """Of the step on one device."""
    entangled = cegm.jax.entangle(make(jax.device_count()), **dict(options))
    return jax.jit(entangled, compiler_options=QUICKLY)(*inputs(length))


def measure(case: Case, declared: bool) -> dict[str, Any]:
    """With `declared` the shardings are given as to `jax.jit`, else the arguments'."""
    devices = jax.device_count()
    mesh = case.mesh(devices)
    options = {**OPTIONS, **case.options}
    values = inputs(case.length)
    if case.is_pmap:
        # Where `pmap` itself leaves them.
        placed = jax.device_put(
            manual.for_pmap(values, devices), NamedSharding(mesh, P("data"))
        )
    else:
        placed = _placed(case, mesh, values)
    # One device has all tokens.
    alone = _results_alone(
        case.alone,
        case.length,
        tuple((k, v) for k, v in options.items() if k not in ACROSS),
    )
    shardings = {"in_shardings": _shardings(placed)} if declared else {}
    sharded = case.step(mesh)
    entangled = cegm.jax.entangle(sharded, **options, **shardings)
    plain, injected = (
        jax.jit(f, **shardings).lower(*placed).compile(QUICKLY)
        for f in (sharded, entangled)
    )
    got, before = injected(*placed), plain(*placed)
    same_shardings = _equivalent(got, before)
    if case.is_pmap:
        got, before = manual.of_one_device(got), manual.of_one_device(before)
    counts, more = collectives(plain.as_text()), collectives(injected.as_text())
    return {
        "case": case.name,
        "declared": declared,
        "devices": devices,
        "error": max(relative_errors(got, alone).values()),
        "effect": max(relative_errors(before, alone).values()),
        "gathers": 0 if declared else case.gathers,
        "same_shardings": same_shardings,
        "plain": counts,
        "added": more - counts,
        "removed": counts - more,
    }


def inputs(length: int = 13):
    """Parameters, optimizer state and batch."""
    params = init(jax.random.key(3))
    return params, OPTIMIZER.init(params), make_batch(0, batch=BATCH, length=length)


def beside_reference() -> list[dict[str, Any]]:
    """The divided batch against the reference, and its metrics.

    A strength that changes is an input of all devices. Metrics are those of each
    device, or of all.
    """
    devices = jax.device_count()
    (case, *_) = MANUAL
    mesh = case.mesh(devices)
    values = inputs()
    placed = _placed(case, mesh, values)
    outcomes = []
    for across in (False, True):
        entangled = cegm.jax.entangle(
            case.step(mesh),
            windows=OPTIONS["windows"],
            across_devices=across,
            strength_arg=True,
            audit=True,
        )
        compiled = jax.jit(entangled, compiler_options=QUICKLY)
        got, metrics = compiled(*placed, strength=OPTIONS["strength"])
        parts = 1 if across else devices
        wanted, audits = manual.reference_step(*values, parts, Options(**OPTIONS))
        outcomes.append(
            {
                "across": across,
                "error": max(relative_errors(got, wanted).values()),
                "metrics": {
                    path: {name: column.tolist() for name, column in columns.items()}
                    for path, columns in metrics.items()
                },
                "wanted": audits,
            }
        )
    return outcomes


def main() -> None:
    outcomes = [measure(case, True) for case in CASES]
    # Windows of a sequence that is not known to be divided are slices.
    known = [case for case in CASES if case.name != "sequence"]
    outcomes += [measure(case, False) for case in known + MANUAL]
    print(json.dumps({"outcomes": outcomes, "reference": beside_reference()}))


if __name__ == "__main__":
    main()
