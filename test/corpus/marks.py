"""What reaches a value of a loss, and what a use of a parameter is."""

import dataclasses
from typing import Any

import jax
import numpy as np

# Integers up to this many are computed: counters of loops and the indices of layers.
SMALL = 64


@dataclasses.dataclass(frozen=True)
class Source:
    """A leaf of the parameters, or one layer of it if it is a stack."""

    leaf: int
    layer: int | None = None


@dataclasses.dataclass(frozen=True)
class Mark:
    """What reaches a value.

    `sources` are the trained parameters that the value is differentiable in, `behind`
    the uses that it depends on at all, `live` those that it is differentiable in.
    `known` is the value itself where it is a few integers that depend on no argument.
    `merged` are the sizes of the dimensions that a reshape made into the first one.
    """

    data: bool = False
    sources: frozenset[Source] = frozenset()
    behind: frozenset[int] = frozenset()
    live: frozenset[int] = frozenset()
    known: np.ndarray | None = None
    merged: tuple[int, ...] = ()

    # What the rule that is shared with the reference asks for.
    depth = 0

    @property
    def parameters(self) -> frozenset[Source]:
        return self.sources

    @property
    def weight_like(self) -> bool:
        return bool(self.sources) and not self.data

    def differentiable(self, aval: Any) -> "Mark":
        """The mark of a result of type `aval`: integers have no derivative."""
        if jax.numpy.issubdtype(aval.dtype, np.inexact):
            return self
        return dataclasses.replace(self, sources=frozenset(), live=frozenset())


@dataclasses.dataclass(frozen=True)
class Use:
    """One run of a contraction of data with a weight, or of a lookup in one.

    `loops` are the loops around it that take slices of data, outermost first, each with
    the iteration. `key` is the same for all runs of one site: those of one equation with
    the same weight.
    """

    index: int
    kind: str
    sources: frozenset[Source]
    token_shape: tuple[int, ...]
    behind: frozenset[int]
    key: Any
    loops: tuple[tuple[Any, int], ...]
    in_branch: bool

    @property
    def layer(self) -> int | None:
        layers = {source.layer for source in self.sources}
        return layers.pop() if len(layers) == 1 else None


def join(marks: list[Mark]) -> Mark:
    """The mark of what depends on all of the marked values, differentiably."""
    def union(field):
        return frozenset().union(*(getattr(mark, field) for mark in marks))

    return Mark(
        any(mark.data for mark in marks), union("sources"), union("behind"), union("live")
    )


def constant(value: Any) -> Mark:
    """The mark of a value that depends on no argument."""
    dtype = getattr(value, "dtype", np.asarray(value).dtype)
    if np.size(value) <= SMALL and is_integral(dtype):
        return Mark(known=np.asarray(value))
    return Mark()


def is_integral(dtype: Any) -> bool:
    return dtype == np.bool_ or jax.numpy.issubdtype(dtype, np.integer)


def layer_of(stack: Mark, index: int, length: int) -> Mark:
    """Part `index` of `length` along the first dimension."""
    known = stack.known
    if known is not None:
        return Mark(known=known[index])
    if not stack.weight_like:
        return stack

    def part(source: Source) -> Source:
        return Source(source.leaf, (source.layer or 0) * length + index)

    return dataclasses.replace(stack, sources=frozenset(map(part, stack.sources)))
