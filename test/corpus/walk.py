"""A walk over a jaxpr that follows data, parameters and sites, loop by loop."""

import dataclasses
import math
from typing import Any

import numpy as np
from jax.extend import core
from reference.sites import Site, find_site

from corpus.marks import SMALL, Mark, Source, Use, constant, is_integral, join, layer_of


class Walk:
    """The walk; `uses` are in the order in which the loss runs them."""

    def __init__(self):
        self.uses: list[Use] = []
        # The equation at hand, with the calls and loops around it.
        self.path: tuple[Any, ...] = ()
        self._loops: tuple[tuple[Any, int], ...] = ()
        self._branches = 0

    @staticmethod
    def argument(data: bool, source: Source | None) -> Mark:
        """The mark of an argument that is data, a parameter, or neither."""
        return Mark(data, frozenset({source} if source else ()))

    def run(self, jaxpr, consts, arguments: list[Mark]) -> list[Mark]:
        """The marks of the results."""
        known: dict[Any, Mark] = {}

        def read(atom) -> Mark:
            if isinstance(atom, core.Literal):
                return constant(atom.val)
            return known[atom]

        known.update(zip(jaxpr.constvars, map(constant, consts), strict=True))
        known.update(zip(jaxpr.invars, arguments, strict=True))
        for equation in jaxpr.eqns:
            outer, self.path = self.path, (*self.path, id(equation))
            results = self._equation(equation, [read(atom) for atom in equation.invars])
            self.path = outer
            for variable, mark in zip(equation.outvars, results, strict=True):
                known[variable] = mark.differentiable(variable.aval)
        return [read(atom) for atom in jaxpr.outvars]

    def _equation(self, equation, marks: list[Mark]) -> list[Mark]:
        name = equation.primitive.name
        rule = getattr(self, f"_{name}", None)
        if rule is not None:
            return rule(equation, marks)
        inner = equation.params.get("call_jaxpr") or equation.params.get("jaxpr")
        if inner is not None:
            return self._call(inner, marks)
        mark = self._compute(equation, marks)
        if mark is None:
            mark = join(marks)
            if site := find_site(equation, marks):
                weight, other = marks[site.weight_side], marks[1 - site.weight_side]
                mark = self.use(mark, site.kind, weight, other, _token_shape(site, other))
        return [mark] * len(equation.outvars)

    def use(self, mark: Mark, kind: str, weight: Mark, other: Mark, shape) -> Mark:
        """Notes a use at the present path, and returns the mark of its result."""
        index = len(self.uses)
        self.uses.append(
            Use(
                index,
                kind,
                weight.sources,
                tuple(shape),
                other.behind,
                (self.path, weight.sources),
                self._loops,
                self._branches > 0,
            )
        )
        return dataclasses.replace(
            mark, behind=mark.behind | {index}, live=mark.live | {index}
        )

    def _compute(self, equation, marks: list[Mark]) -> Mark | None:
        """A few integers, if all that they depend on is known."""
        aval = equation.outvars[0].aval
        if (
            equation.primitive.multiple_results
            or not is_integral(aval.dtype)
            or aval.size > SMALL
            or any(mark.known is None for mark in marks)
        ):
            return None
        value = equation.primitive.bind(*(m.known for m in marks), **equation.params)
        return Mark(known=np.asarray(value))

    # Rules for primitives of which more is known than what their operands are.

    def _scan(self, equation, marks: list[Mark]) -> list[Mark]:
        params = equation.params
        body, length = params["jaxpr"], params["length"]
        consts = marks[: params["num_consts"]]
        rest = marks[params["num_consts"] :]
        carry, stacks = rest[: params["num_carry"]], rest[params["num_carry"] :]
        slices: list[list[Mark]] = []
        iterations = range(length)
        outer = self._loops
        slices_data = any(stack.data for stack in stacks)
        for i in reversed(iterations) if params["reverse"] else iterations:
            if slices_data:
                self._loops = (*outer, (self.path, i))
            items = [layer_of(stack, i, length) for stack in stacks]
            results = self._call(body, [*consts, *carry, *items])
            carry = results[: len(carry)]
            slices.append(results[len(carry) :])
        self._loops = outer
        return [*carry, *(join(list(parts)) for parts in zip(*slices))]

    def _while(self, equation, marks: list[Mark]) -> list[Mark]:
        params = equation.params
        skip = params["cond_nconsts"]
        consts = marks[skip : skip + params["body_nconsts"]]
        carry = [join([m]) for m in marks[skip + params["body_nconsts"] :]]
        # Nothing is differentiated backwards through it: two rounds show what reaches
        # what, and the number of rounds is nobody's concern.
        for _ in range(2):
            results = self._call(params["body_jaxpr"], [*consts, *carry])
            carry = [join(list(pair)) for pair in zip(carry, results)]
        return carry

    def _cond(self, equation, marks: list[Mark]) -> list[Mark]:
        index, operands = marks[0], marks[1:]
        self._branches += 1
        results = [self._call(b, operands) for b in equation.params["branches"]]
        self._branches -= 1
        chosen = Mark(index.data, behind=index.behind)
        return [join([chosen, *alternatives]) for alternatives in zip(*results)]

    def _stop_gradient(self, equation, marks: list[Mark]) -> list[Mark]:
        return [Mark(marks[0].data, behind=marks[0].behind, known=marks[0].known)]

    def _conv_general_dilated(self, equation, marks: list[Mark]) -> list[Mark]:
        data, weight = marks
        mark = join(marks)
        if data.data and weight.weight_like:
            mark = self.use(mark, "convolution", weight, data, ())
        return [mark]

    def _ragged_dot_general(self, equation, marks: list[Mark]) -> list[Mark]:
        data, weight = marks[:2]
        mark = join(marks)
        if data.data and weight.weight_like:
            mark = self.use(mark, "ragged", weight, data, ())
        return [mark]

    def _reshape(self, equation, marks: list[Mark]) -> list[Mark]:
        before, after = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
        mark = self._compute(equation, marks) or join(marks)
        for rank in range(2, len(before)):
            if after and math.prod(before[:rank]) == after[0]:
                mark = dataclasses.replace(mark, merged=before[:rank])
        return [mark]

    def _slice(self, equation, marks: list[Mark]) -> list[Mark]:
        starts = equation.params["start_indices"]
        return [self._sliced(equation, marks, starts[0] if starts else None)]

    def _dynamic_slice(self, equation, marks: list[Mark]) -> list[Mark]:
        if len(marks) == 1 or marks[1].known is None:
            return [join(marks)]
        return [self._sliced(equation, marks, int(marks[1].known))]

    def _sliced(self, equation, marks: list[Mark], start: int | None) -> Mark:
        whole, part = equation.invars[0].aval.shape, equation.outvars[0].aval.shape
        is_layer = len(whole) > 1 and part == (1, *whole[1:]) and whole[0] > 1
        computed = self._compute(equation, marks)
        if computed is not None:
            return computed
        if is_layer and marks[0].weight_like and start is not None:
            return join([layer_of(marks[0], start, whole[0]), *marks[1:]])
        return join(marks)

    def _reduce(self, equation, marks: list[Mark]) -> list[Mark]:
        return [join(marks)] * len(equation.outvars)

    def _call(self, inner, marks: list[Mark]) -> list[Mark]:
        return self.run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), marks)


def _token_shape(site: Site, data: Mark) -> tuple[int, ...]:
    """The token dimensions of a site; batch and sequence as they were before a reshape."""
    shape = site.token_shape(site.equation.outvars[0].aval.shape)
    if site.kind == "dense" and data.merged:
        merged = math.prod(data.merged)
        contracting, batch = site.equation.params["dimension_numbers"]
        side = 1 - site.weight_side
        if 0 not in contracting[side] and 0 not in batch[side]:
            first = shape.index(merged)
            shape = shape[:first] + data.merged + shape[first + 1 :]
    return shape
