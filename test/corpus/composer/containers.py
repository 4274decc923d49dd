"""Containers of parameters, and the order of arguments and results."""

import collections
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

CONTAINERS = ("dict", "list", "tuple", "nested", "named", "inner")
RESULTS = ("params first", "params last", "dict", "state in metrics")


@functools.cache
def _named(names: tuple[str, ...]) -> type:
    return collections.namedtuple("Weights", names)


def pack(container: str, weights: dict[str, Any]) -> Any:
    """The weights in a container; `unpack` is the way back."""
    values = list(weights.values())
    half = len(values) // 2
    if container == "list":
        return values
    if container == "tuple":
        return tuple(values)
    if container == "nested":
        return {"blocks": [{"w": value} for value in values[:half]], "rest": values[half:]}
    if container == "named":
        return _named(tuple(weights))(*values)
    if container == "inner":
        return {"params": {"model": dict(weights)}}
    return dict(weights)


def unpack(container: str, names: list[str], tree: Any) -> dict[str, Any]:
    if container == "nested":
        tree = [block["w"] for block in tree["blocks"]] + list(tree["rest"])
    elif container == "inner":
        tree = tree["params"]["model"]
    if isinstance(tree, dict):
        return {name: tree[name] for name in names}
    return dict(zip(names, tree, strict=True))


class Order(NamedTuple):
    """`bind(body)` is a step whose arguments are `arguments(params, state, batch, rest)`.

    `parameters` and `batch` are numbers of arguments, `prefix` is how the path of a
    parameter begins. `body` takes `(params, state, batch, rest)`.
    """

    bind: Callable[[Callable], Callable]
    arguments: Callable[[Any, Any, Any, Any], tuple]
    parameters: tuple[int, ...]
    batch: Callable[[int], tuple[int, ...]]
    prefix: str


def _params_first(body):
    def step(params, state, batch, rest):
        return body(params, state, batch, rest)

    return step


def _params_last(body):
    def step(rest, state, batch, params):
        return body(params, state, batch, rest)

    return step


def _batch_first(body):
    def step(batch, params, rest, state):
        return body(params, state, batch, rest)

    return step


def _one_state(body):
    def step(carry, batch):
        return body(carry["weights"], carry["others"], batch, carry["rest"])

    return step


def _spread(body):
    def step(params, state, rest, *batch):
        return body(params, state, batch, rest)

    return step


ORDERS = {
    "params first": Order(
        _params_first, lambda p, s, b, r: (p, s, b, r), (0,), lambda n: (2,), "params"
    ),
    "params last": Order(
        _params_last, lambda p, s, b, r: (r, s, b, p), (3,), lambda n: (2,), "params"
    ),
    "batch first": Order(
        _batch_first, lambda p, s, b, r: (b, p, r, s), (1,), lambda n: (0,), "params"
    ),
    "one state": Order(
        _one_state,
        lambda p, s, b, r: ({"weights": p, "others": s, "rest": r}, b),
        (0,),
        lambda n: (1,),
        "carry['weights']",
    ),
    "spread": Order(
        _spread,
        lambda p, s, b, r: (p, s, r, *b),
        (0,),
        lambda n: tuple(range(3, 3 + n)),
        "params",
    ),
}


def results(name: str, params: Any, state: Any, metrics: dict[str, Any]) -> Any:
    if name == "params last":
        return metrics, state, params
    if name == "dict":
        return {"new_params": params, "aux": metrics, "opt_state": state}
    if name == "state in metrics":
        return params, {**metrics, "state": state}
    return params, state, metrics
