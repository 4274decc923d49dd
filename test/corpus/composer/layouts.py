"""What the rule is applied to: each parameter, all as one vector, equal ones as a stack."""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.flatten_util import ravel_pytree

from corpus.composer.rules import RULES, Numbers, Rule, Shape

Arrays = dict[str, jax.Array]
# Number of elements in a row where parameters are cut into rows.
_ROW = 8


class Layout(NamedTuple):
    """`shapes` says how large the slots are; `apply(p, g, slots, numbers)` updates all.

    `numbers` maps a name to the rate and count for it.
    """

    shapes: Callable[[dict[str, Shape]], Any]
    apply: Callable[[Arrays, Arrays, Any, Callable[[str], Numbers]], tuple[Arrays, Any]]


LAYOUTS: dict[str, Callable[[Rule, Callable, int], Layout]] = {}
# Those that make one tensor of several parameters, so that these have one rate, and
# those of them whose tensor has no rows and columns of a parameter.
JOINT, FLAT = set(), set()


def layout(joint: bool = False, flat: bool = False):
    def add(function):
        LAYOUTS[function.__name__] = function
        if joint:
            JOINT.add(function.__name__)
        if flat:
            FLAT.add(function.__name__)
        return function

    return add


def make(name: str, rule: str, form: int) -> Layout:
    writings = RULES[rule].forms
    return LAYOUTS[name](RULES[rule], writings[form % len(writings)], form)


def _slots(rule: Rule, shape: Shape) -> dict[str, Shape]:
    return {name: of(shape) for name, of in rule.slots.items()}


@layout()
def leaves(rule, update, form):
    def shapes(params):
        return {name: _slots(rule, shape) for name, shape in params.items()}

    def apply(p, g, slots, numbers):
        done = {name: update(p[name], g[name], slots[name], numbers(name)) for name in p}
        return {n: new for n, (new, _) in done.items()}, {n: s for n, (_, s) in done.items()}

    return Layout(shapes, apply)


@layout()
def jitted(rule, update, form):
    """One function for all parameters, which the text calls."""
    inner = leaves(rule, jax.jit(update), form)
    return Layout(inner.shapes, inner.apply)


def _total(params: dict[str, Shape]) -> int:
    return sum(map(math.prod, params.values()))


@layout(joint=True, flat=True)
def ravelled(rule, update, form):
    def shapes(params):
        return _slots(rule, (_total(params),))

    def apply(p, g, slots, numbers):
        vector, back = ravel_pytree(p)
        new, slots = update(vector, ravel_pytree(g)[0], slots, numbers(next(iter(p))))
        return back(new), slots

    return Layout(shapes, apply)


def _split(vector: jax.Array, like: Arrays) -> Arrays:
    ends, parts = 0, {}
    for name, array in like.items():
        parts[name] = vector[ends : ends + array.size].reshape(array.shape)
        ends += array.size
    return parts


def _joined(arrays: Arrays) -> jax.Array:
    return jnp.concatenate([array.reshape(-1) for array in arrays.values()])


@layout(joint=True, flat=True)
def concatenated(rule, update, form):
    """The change of all parameters is one vector, which is split and added to each."""

    def shapes(params):
        return _slots(rule, (_total(params),))

    def apply(p, g, slots, numbers):
        before = _joined(p)
        new, slots = update(before, _joined(g), slots, numbers(next(iter(p))))
        if form % 2:
            return _split(new, p), slots
        change = _split(new - before, p)
        return {name: p[name] + change[name] for name in p}, slots

    return Layout(shapes, apply)


@layout(joint=True, flat=True)
def rows(rule, update, form):
    """All parameters, padded, as rows of one length."""

    def shapes(params):
        return _slots(rule, (-(-_total(params) // _ROW), _ROW))

    def cut(arrays):
        vector = _joined(arrays)
        return jnp.pad(vector, (0, -vector.size % _ROW)).reshape(-1, _ROW)

    def apply(p, g, slots, numbers):
        new, slots = update(cut(p), cut(g), slots, numbers(next(iter(p))))
        return _split(new.reshape(-1), p), slots

    return Layout(shapes, apply)


def _groups(params: dict[str, Shape]) -> dict[str, list[str]]:
    """Names of parameters of one shape, under the first of them."""
    groups: dict[Shape, list[str]] = {}
    for name, shape in params.items():
        groups.setdefault(shape, []).append(name)
    return {names[0]: names for names in groups.values()}


def _stacks(rule: Rule, run: Callable, form: int) -> Layout:
    """`run(p, g, slots, numbers)` updates a stack of equal parameters."""

    def shapes(params):
        return {
            first: {
                name: (len(names), *shape)
                for name, shape in _slots(rule, params[first]).items()
            }
            for first, names in _groups(params).items()
        }

    def apply(p, g, slots, numbers):
        done, after = {}, {}
        for first, names in _groups({n: array.shape for n, array in p.items()}).items():
            stacks = [jnp.stack([arrays[n] for n in names]) for arrays in (p, g)]
            new, after[first] = run(*stacks, slots[first], numbers(first))
            parts = new if form % 2 else [new[i] for i in range(len(names))]
            done |= dict(zip(names, parts))
        return {name: done[name] for name in p}, after

    return Layout(shapes, apply)


@layout(joint=True)
def stacked(rule, update, form):
    return _stacks(rule, jax.vmap(update, (0, 0, 0, None)), form)


@layout(joint=True)
def mapped(rule, update, form):
    """A loop over equal parameters."""

    def run(p, g, slots, numbers):
        return jax.lax.map(lambda each: update(*each, numbers), (p, g, slots))

    return _stacks(rule, run, form)
