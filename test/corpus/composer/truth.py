"""Checks what a recipe should have, by differentiation in place of the walk over the loss.

The loss is evaluated equation by equation, its loops iteration by iteration. Which
operand of a product is a weight, and which is data, is seen from what changes when the
parameters or the batch change. Each product `y(x, w)` of data with a weight becomes
`y(x, stop_gradient(w)) + z` with a zero `z`: the slope at `z` is the cotangent of the
product, and that of `y` in `w`, along it, is the product's part of the gradient. The
parts of all products and what is left without them must be the gradient of the loss
that the step uses, and the products whose part is not zero must be the expected sites.
"""

import collections
import dataclasses
import math
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend import core

from corpus.composer.layouts import Arrays
from corpus.composer.objective import gradient
from corpus.composer.recipe import Recipe
from corpus.composer.steps import Composition
from corpus.expected import Expected

_TOLERANCE, _TRIES = 1e-4, 3
# Without optimisation XLA compiles a small program several times faster.
_QUICK = {"xla_backend_optimization_level": 0, "xla_cpu_use_fusion_emitters": False}


class TruthError(Exception):
    """The expected sites of a recipe are not what differentiation shows."""


class Use(NamedTuple):
    """A product or lookup of the loss, in the order of evaluation."""

    equation: Any
    weight_side: int

    @property
    def kind(self) -> str:
        return "dense" if self.equation.primitive.name == "dot_general" else "embedding"

    def tokens(self) -> int:
        """How many tokens its output has."""
        out = self.equation.outvars[0].aval.shape
        numbers = self.equation.params["dimension_numbers"]
        if self.kind == "embedding":
            return math.prod(n for i, n in enumerate(out) if i not in numbers.offset_dims)
        w = self.equation.invars[self.weight_side].aval.shape
        taken = {*numbers[0][self.weight_side], *numbers[1][self.weight_side]}
        return math.prod(out) // math.prod(n for i, n in enumerate(w) if i not in taken)

    def apply(self, operands: list[jax.Array]) -> jax.Array:
        return self.equation.primitive.bind(*operands, **self.equation.params)


class Evaluation:
    """Runs a jaxpr; `tap(number, equation, operands)` gives the result of each product."""

    def __init__(self, tap):
        self.tap, self.count = tap, 0

    def run(self, jaxpr, consts, arguments: list) -> list:
        values: dict[Any, Any] = {}

        def read(atom):
            return atom.val if isinstance(atom, core.Literal) else values[atom]

        values.update(zip(jaxpr.constvars, consts, strict=True))
        values.update(zip(jaxpr.invars, arguments, strict=True))
        for equation in jaxpr.eqns:
            results = self._equation(equation, [read(atom) for atom in equation.invars])
            values.update(zip(equation.outvars, results, strict=True))
        return [read(atom) for atom in jaxpr.outvars]

    def _equation(self, equation, operands: list) -> list:
        name, params = equation.primitive.name, equation.params
        if name in ("dot_general", "gather"):
            self.count += 1
            return [self.tap(self.count - 1, equation, operands)]
        if name == "scan":
            return self._scan(params, operands)
        inner = params.get("call_jaxpr") or params.get("jaxpr")
        if inner is not None:
            return self._call(inner, operands)
        made = equation.primitive.bind(*operands, **equation.primitive.get_bind_params(params))
        return made if equation.primitive.multiple_results else [made]

    def _call(self, inner, operands: list) -> list:
        return self.run(getattr(inner, "jaxpr", inner), getattr(inner, "consts", ()), operands)

    def _scan(self, params, operands: list) -> list:
        first, last = params["num_consts"], params["num_consts"] + params["num_carry"]
        consts, carry, stacks = operands[:first], operands[first:last], operands[last:]
        made = []
        assert not params["reverse"]
        for i in range(params["length"]):
            results = self._call(params["jaxpr"], [*consts, *carry, *(s[i] for s in stacks)])
            carry = results[: len(carry)]
            made.append(results[len(carry) :])
        return [*carry, *(jnp.stack(parts) for parts in zip(*made))]


def _compiled(function, *arguments):
    return jax.jit(function).lower(*arguments).compile(_QUICK)


class _Loss:
    """The loss as a jaxpr of `(trained, batch)`, for one draw of everything else."""

    def __init__(self, composition: Composition, seed: int):
        objective = composition.objective
        self.names = objective.trained
        self.composition = composition
        self.weights = _weights(objective.shapes, seed)
        self.trained = {name: self.weights[name] for name in self.names}
        self.fixed = {n: w for n, w in self.weights.items() if n in objective.frozen}
        has_teacher = "teacher" in composition.recipe.extras
        self.teacher = _weights(objective.shapes, seed + 100) if has_teacher else None
        self.batch = objective.sample(seed)
        self.closed = jax.make_jaxpr(self.value)(self.trained, self.batch)

    def value(self, trained: Arrays, batch) -> jax.Array:
        return self.composition.objective.total(trained, self.fixed, self.teacher, batch)

    def evaluate(self, trained: Arrays, batch, tap) -> jax.Array:
        flat = jax.tree.leaves((trained, batch))
        return Evaluation(tap).run(self.closed.jaxpr, self.closed.consts, flat)[0]

    def uses(self) -> dict[int, Use]:
        """The products of data with a weight, by their number."""
        equations = {}

        def operands(trained, batch):
            seen = []

            def tap(number, equation, inputs):
                equations[number] = equation
                seen.append(inputs)
                return equation.primitive.bind(*inputs, **equation.params)

            self.evaluate(trained, batch, tap)
            return seen

        run = _compiled(operands, self.trained, self.batch)
        objective = self.composition.objective
        others = _weights(objective.shapes, 1001)
        base = run(self.trained, self.batch)
        by_data = run(self.trained, objective.sample(1001))
        by_weights = run({name: others[name] for name in self.names}, self.batch)

        def changed(after, number, side):
            return not np.array_equal(base[number][side], after[number][side])

        found = {}
        for number, equation in equations.items():
            for side in (0, 1) if equation.primitive.name == "dot_general" else (0,):
                is_weight = changed(by_weights, number, side) and not changed(
                    by_data, number, side
                )
                if is_weight and changed(by_data, number, 1 - side):
                    found[number] = Use(equation, side)
                    break
        return found

    def parts(self, uses: dict[int, Use]) -> tuple[Arrays, dict[int, Arrays]]:
        """What is left of the gradient without the uses, and the part of each use."""

        def tapped(trained, zeros, batch):
            inputs, weights = {}, {}

            def tap(number, equation, operands):
                if number not in uses:
                    return equation.primitive.bind(*operands, **equation.params)
                side = uses[number].weight_side
                inputs[number], weights[number] = operands[1 - side], operands[side]
                held = list(operands)
                held[side] = jax.lax.stop_gradient(operands[side])
                return uses[number].apply(held) + zeros[number]

            return (self.evaluate(trained, batch, tap), weights), inputs

        def all_parts(trained, zeros, batch, selected):
            run = lambda p, z: tapped(p, z, batch)  # noqa: E731
            (value, weights), back, inputs = jax.vjp(run, trained, zeros, has_aux=True)
            none = jax.tree.map(jnp.zeros_like, weights)
            rest, cotangents = back((jnp.ones_like(value), none))
            slopes = {}
            for number, use in uses.items():

                def product(w, number=number, use=use):
                    pair = [w, inputs[number]]
                    return use.apply(pair if use.weight_side == 0 else pair[::-1])

                slope = jax.vjp(product, weights[number])[1](cotangents[number])[0]
                slopes[number] = slope * selected[number]
            part, _ = back((jnp.zeros_like(value), slopes))
            return rest, part

        zeros = {
            n: np.zeros(use.equation.outvars[0].aval.shape, np.float32)
            for n, use in uses.items()
        }
        nothing = {number: np.float32(0) for number in uses}
        run = _compiled(all_parts, self.trained, zeros, self.batch, nothing)
        found = {}
        for number in uses:
            only = nothing | {number: np.float32(1)}
            rest, found[number] = run(self.trained, zeros, self.batch, only)
        if not uses:
            rest = run(self.trained, zeros, self.batch, nothing)[0]
        return rest, found


def _weights(shapes: dict[str, tuple[int, ...]], seed: int) -> Arrays:
    rng = np.random.default_rng(seed)
    return {
        name: jnp.asarray(rng.standard_normal(shape) / math.sqrt(shape[0]) + 0.1, jnp.float32)
        for name, shape in shapes.items()
    }


def _close(a: Arrays, b: Arrays) -> list[str]:
    """The names of what differs by more than rounding."""
    size = max(float(np.max(np.abs(array))) for array in b.values())
    return [name for name in b if not np.allclose(a[name], b[name], 1e-3, _TOLERANCE * size)]


def check(recipe: Recipe) -> None:
    """Raises TruthError if the expected sites are not those of the gradient.

    A cotangent may be zero by chance, as of units that are switched off: what holds for
    one of a few draws of numbers holds.
    """
    for seed in range(_TRIES):
        try:
            _check(recipe, seed)
            return
        except TruthError:
            if seed == _TRIES - 1:
                raise


def _check(recipe: Recipe, seed: int) -> None:
    exact = dataclasses.replace(recipe, precision="f32", turns="once")
    composition = Composition.of(exact)
    loss = _Loss(composition, seed)
    uses = loss.uses()
    rest, parts = loss.parts(uses)

    def used(trained, batch):
        taken = gradient(composition.objective, trained, loss.fixed, loss.teacher, batch)
        return taken[1], jax.grad(loss.value)(trained, batch)

    of_step, of_loss = _compiled(used, loss.trained, loss.batch)(loss.trained, loss.batch)
    if names := _close(of_step, of_loss):
        raise TruthError(f"the step takes another gradient of {names} than the loss has")
    total = {
        name: np.asarray(rest[name]) + sum(np.asarray(p[name]) for p in parts.values())
        for name in rest
    }
    if names := _close(total, of_loss):
        raise TruthError(f"the products do not sum up to the gradient of {names}")

    live: collections.Counter = collections.Counter()
    for number, part in parts.items():
        sources = frozenset(
            composition.path(name) for name, array in part.items() if np.any(array)
        )
        if sources:
            live[uses[number].kind, sources, uses[number].tokens()] += 1
    compare(composition.expected(), live)
    _check_update(composition, loss, of_loss)


def compare(expected: Expected, live: collections.Counter) -> None:
    """Raises TruthError unless the sites are the uses that have a part in the gradient."""
    wanted: collections.Counter = collections.Counter()
    for site in expected.sites:
        wanted[site.kind, site.parameters, math.prod(site.token_shape)] += site.repeats
    if wanted != live:
        more, less = wanted - live, live - wanted
        raise TruthError(f"expected and not there: {dict(more)}; there: {dict(less)}")


def _check_update(composition: Composition, loss: _Loss, grads: Arrays) -> None:
    """Raises TruthError unless each new parameter depends on its gradient."""

    def is_key(shape):
        return jnp.issubdtype(shape.dtype, jax.dtypes.prng_key)

    rng = np.random.default_rng(5)

    def number(shape):
        if is_key(shape):
            return jax.random.key(0)
        if jnp.issubdtype(shape.dtype, jnp.integer):
            return np.full(shape.shape, 3, shape.dtype)
        return (0.1 + rng.random(shape.shape)).astype(shape.dtype)

    order = composition.order
    arguments = composition.arguments()
    labels = order.arguments("params", "state", "batch", "rest")
    if composition.recipe.order == "one state":
        held = arguments[0]
        state, rest = held["others"], held["rest"]
    else:
        state, rest = (arguments[labels.index(name)] for name in ("state", "rest"))
    # What was gathered before is small, so that one gradient can turn a sign.
    state, rest = jax.tree.map(number, state), jax.tree.map(number, rest)
    state = jax.tree.map(lambda s: s * 1e-3 if s.dtype == np.float32 else s, state)
    names = composition.groups[0]
    slots = state["slots"][0] if "slots" in state else composition._no_slots(names)

    def new(g):
        p = loss.trained
        return composition.update(p, g, slots, p, state, rest, jnp.float32(1))[0]

    def others(g, i):
        return {
            name: (3 * i * rng.standard_normal(a.shape)).astype(a.dtype)
            for name, a in g.items()
        }

    run = _compiled(new, grads)
    made = [run(g) for g in (grads, others(grads, 1), others(grads, -1))]
    for name in names:
        if all(np.array_equal(made[0][name], other[name]) for other in made[1:]):
            raise TruthError(f"the new {name} does not depend on its gradient")

