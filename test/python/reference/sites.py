"""Finds the sites of a loss in its jaxpr and evaluates it with taps on them.

A value is *data* when the batch reaches it, and *weight-like* when parameters
reach it and the batch does not. A site is a dot_general of a data and a
weight-like operand, or a gather from a weight-like operand at data indices.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax.extend import core

_CALLS = {"jit", "pjit", "closed_call", "core_call", "checkpoint", "remat"}


@dataclasses.dataclass(frozen=True)
class Mark:
    """What reaches a value: the batch, which parameter leaves, how many sites.

    `depth` is the largest depth of the sites that the value depends on.
    """

    data: bool = False
    parameters: frozenset[int] = frozenset()
    depth: int = 0

    @property
    def weight_like(self) -> bool:
        return bool(self.parameters) and not self.data


@dataclasses.dataclass(frozen=True)
class Site:
    """One use of a parameter: the contraction, and which side is the weight."""

    kind: str
    parameters: frozenset[int]
    weight_side: int
    equation: Any
    # Whether any parameter reaches the activation, so that the plain step
    # computes an input gradient here.
    has_input_gradient: bool
    depth: int

    def apply(self, x: jax.Array, w: jax.Array) -> jax.Array:
        operands = (w, x) if self.weight_side == 0 else (x, w)
        return self.equation.primitive.bind(*operands, **self.equation.params)

    def input_rows(self, x: np.ndarray) -> np.ndarray:
        """`[T..., D]` of an array with the shape of the activation.

        The tokens are in the order in which the output has them.
        """
        contracting, batching = self.equation.params["dimension_numbers"]
        side = 1 - self.weight_side
        return _rows(x, contracting[side], first=batching[side])

    def output_rows(self, y: np.ndarray) -> np.ndarray:
        """`[T..., K]` of an array with the shape of the output."""
        return _rows(y, self._output_features(y.ndim))

    def token_shape(self, output_shape: tuple[int, ...]) -> tuple[int, ...]:
        features = self._output_features(len(output_shape))
        return tuple(
            size for dim, size in enumerate(output_shape) if dim not in features
        )

    def token_weights(self, alpha: jax.Array, rank: int) -> jax.Array:
        """`alpha` `[T...]`, made to multiply the output, of that rank."""
        return jax.numpy.expand_dims(alpha, self._output_features(rank))

    def _output_features(self, rank: int) -> tuple[int, ...]:
        numbers = self.equation.params["dimension_numbers"]
        if self.kind == "embedding":
            return numbers.offset_dims
        w = self.equation.invars[self.weight_side].aval
        # Dimensions that both operands share, as those of experts, lead.
        contracting, batch = (dims[self.weight_side] for dims in numbers)
        count = w.ndim - len(contracting) - len(batch)
        if self.weight_side == 0:
            return tuple(range(len(batch), len(batch) + count))
        return tuple(range(rank - count, rank))


def _rows(
    array: np.ndarray, features: tuple[int, ...], first: tuple[int, ...] = ()
) -> np.ndarray:
    tokens = list(first)
    tokens += [d for d in range(array.ndim) if d not in (*first, *features)]
    shape = [array.shape[d] for d in tokens] + [-1]
    return np.transpose(array, tokens + list(features)).reshape(shape)


def find_site(equation, marks: list[Mark]) -> Site | None:
    """The use of a parameter that an equation is, its operands having these marks."""
    name = equation.primitive.name
    if name == "dot_general":
        for side in (0, 1):
            weight, other = marks[side], marks[1 - side]
            if weight.weight_like and other.data:
                return Site(
                    "dense",
                    weight.parameters,
                    side,
                    equation,
                    has_input_gradient=bool(other.parameters),
                    depth=other.depth + 1,
                )
    if name == "gather" and marks[0].weight_like and marks[1].data:
        return Site(
            "embedding",
            marks[0].parameters,
            0,
            equation,
            has_input_gradient=False,
            depth=marks[1].depth + 1,
        )
    return None


Tap = Callable[[Site, jax.Array, jax.Array], jax.Array]


def evaluate(closed, arguments, marks: list[Mark], tap: Tap):
    """The results of a closed jaxpr, each site's output being `tap(site, x, w)`."""
    results, _ = _run(closed.jaxpr, closed.consts, arguments, marks, tap)
    return results


def _run(jaxpr, consts, arguments, marks, tap):
    values: dict[Any, Any] = {}
    known: dict[Any, Mark] = {}

    def read(atom):
        if isinstance(atom, core.Literal):
            return atom.val, Mark()
        return values[atom], known[atom]

    def write(variables, new_values, new_marks):
        for variable, value, mark in zip(variables, new_values, new_marks):
            values[variable] = value
            known[variable] = mark

    write(jaxpr.constvars, consts, [Mark()] * len(consts))
    write(jaxpr.invars, arguments, marks)
    for equation in jaxpr.eqns:
        operands = [read(atom) for atom in equation.invars]
        inputs = [value for value, _ in operands]
        reach = [mark for _, mark in operands]
        site = find_site(equation, reach)
        if equation.primitive.name in _CALLS:
            inner = equation.params.get("jaxpr") or equation.params["call_jaxpr"]
            body = getattr(inner, "jaxpr", inner)
            outputs, out_marks = _run(
                body, getattr(inner, "consts", ()), inputs, reach, tap
            )
            write(equation.outvars, outputs, out_marks)
            continue
        if site is not None:
            outputs = [tap(site, inputs[1 - site.weight_side], inputs[site.weight_side])]
        else:
            parameters = equation.primitive.get_bind_params(equation.params)
            outputs = equation.primitive.bind(*inputs, **parameters)
            if not equation.primitive.multiple_results:
                outputs = [outputs]
        mark = Mark(
            any(m.data for m in reach),
            frozenset().union(*(m.parameters for m in reach)),
            max([m.depth for m in reach], default=0) if site is None else site.depth,
        )
        write(equation.outvars, outputs, [mark] * len(outputs))
    pairs = [read(atom) for atom in jaxpr.outvars]
    return [value for value, _ in pairs], [mark for _, mark in pairs]
