"""Runs a structure's injected step beside the reference of its plain form."""

from __future__ import annotations

import collections
import dataclasses
import functools
from typing import Any

import jax
import jax.export
import numpy as np

import cegm
import cegm.jax
from cegm.records import Record
from comparison import relative_errors
from reference.scores import Options
from reference.step import QUICKLY, Reference
from structures.forms import SGD, Loss, Part, Partial, Structure

CHOICES = Options(windows=(1, 5, 16), strength=0.2)
STEPS = 2


def options_of(structure: Structure) -> Options:
    return dataclasses.replace(CHOICES, **dict(structure.options))


@dataclasses.dataclass(frozen=True)
class _Plain:
    """A plain loss at one shape of batch; equal ones share a reference."""

    loss: Loss
    init: Any
    frozen: Any
    shapes: tuple

    @classmethod
    def of(cls, structure: Structure, part: Part) -> _Plain:
        batch = part.select(structure.batch(0))
        leaves, tree = jax.tree.flatten(batch)
        shapes = tuple((leaf.shape, leaf.dtype) for leaf in leaves)
        return cls(part.loss, structure.init, structure.frozen, (tree, shapes))


@functools.cache
def _reference(plain: _Plain) -> Reference:
    tree, shapes = plain.shapes
    batch = tree.unflatten(jax.ShapeDtypeStruct(*shape) for shape in shapes)
    frozen = plain.frozen()

    def loss(params, batch):
        return plain.loss(params, batch, *frozen)

    params = plain.init(jax.random.key(3))
    return Reference(loss, _Kept, params, batch)


class _Kept:
    """Stands for an optimizer where only the gradients are asked for."""

    @staticmethod
    def update(grads, state, params):
        return grads, state


def reference_of(structure: Structure, part: Part) -> Reference:
    return _reference(_Plain.of(structure, part))


def wanted_gradients(structure: Structure, params, batch, options: Options, parts=None):
    """`(loss, gradients)`: those of the parts, added up; by default of all."""
    loss, total = 0.0, None
    for part in parts or structure.parts:
        reference = reference_of(structure, part)
        _, _, value, grads, _ = reference.gradients_and_step(
            params, (), part.select(batch), options
        )
        grads = jax.tree.map(lambda g: part.factor * g, grads)
        loss = loss + part.factor * value
        total = grads if total is None else jax.tree.map(lambda a, b: a + b, total, grads)
    return loss, total


@dataclasses.dataclass(frozen=True)
class Stage:
    """The state before a step, its batch, and what the step should return.

    `plain` is what it returns without the injection.
    """

    params: Any
    rest: Any
    batch: Any
    wanted: Any
    plain: Any


def stages(structure: Structure) -> list[Stage]:
    """A run of the reference, computed once for all forms of one function."""
    return _stages(
        dataclasses.replace(
            structure,
            feature="",
            example="",
            gradients=None,
            returns_frozen=False,
            looped=False,
            stack=None,
            stack_order=(),
            shared=None,
            round=1,
            sites_of=None,
            untrained=(),
            symbolic=None,
            parameters=(),
        )
    )


@functools.cache
def _stages(structure: Structure) -> list[Stage]:
    options = options_of(structure)
    params = structure.init(jax.random.key(3))
    rest = structure.update.init(params)
    apply = jax.jit(structure.update.apply, compiler_options=QUICKLY)
    result = []
    for number in range(STEPS):
        batch = structure.batch(number)

        def step(options):
            # All parts at once, or one step after the other.
            rounds = [[part] for part in structure.parts] if structure.loop else [None]
            state = params, rest
            for parts in rounds:
                loss, grads = wanted_gradients(structure, state[0], batch, options, parts)
                state = apply(*state, grads)
            return (*state, loss)

        wanted = step(options)
        plain = step(dataclasses.replace(options, strength=0.0))
        result.append(Stage(params, rest, batch, wanted, plain))
        params, rest, _ = wanted
    return result


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The report; the largest relative error of any leaf of any step; and how
    far the re-weighting moves the step, relative in the same way."""

    records: list[Record]
    error: float
    effect: float

    @property
    def sites(self) -> int:
        return sum(record.is_site for record in self.records)


def arguments(structure: Structure, stage: Stage) -> tuple:
    return (stage.params, stage.rest, stage.batch, *structure.frozen())


def exported_arguments(structure: Structure) -> tuple:
    """What the step is exported for."""
    inputs = arguments(structure, stages(structure)[0])
    if structure.symbolic is None:
        return inputs
    specs = ["..."] * len(inputs)
    specs[2] = structure.symbolic
    return jax.export.symbolic_args_specs(inputs, tuple(specs))


def explain(structure: Structure) -> list[Record]:
    text = cegm.jax.emit(structure.step, *exported_arguments(structure))
    return cegm.explain(text, **_named(structure))


def _named(structure: Structure) -> dict[str, Any]:
    return {"parameters": structure.parameters} if structure.parameters else {}


def injected(step, inputs: tuple, options: Options, **more: Any):
    """The injected step, compiled for inputs of these shapes."""
    entangled = cegm.jax.entangle(step, **dataclasses.asdict(options), **more)
    return jax.jit(entangled).lower(*inputs).compile(QUICKLY)


def injected_once(structure: Structure):
    """The step exported with symbolic sizes, compiled for those at hand."""
    entangled = cegm.jax.entangle(
        structure.step, **dataclasses.asdict(options_of(structure))
    )
    exported = jax.export.export(jax.jit(entangled))(*exported_arguments(structure))
    inputs = arguments(structure, stages(structure)[0])
    return jax.jit(exported.call).lower(*inputs).compile(QUICKLY)


def measure(structure: Structure) -> Outcome:
    if structure.symbolic is not None:
        step = injected_once(structure)
    else:
        first = arguments(structure, stages(structure)[0])
        step = injected(structure.step, first, options_of(structure), **_named(structure))
    error, effect = 0.0, 0.0
    for stage in stages(structure):
        params, rest, loss, *frozen = step(*arguments(structure, stage))
        got = params, rest, loss
        error = max(error, *relative_errors(got, stage.wanted).values())
        effect = max(effect, *relative_errors(stage.plain, stage.wanted).values())
        for kept, given in zip(frozen, structure.frozen()):
            assert max(relative_errors(kept, given).values()) == 0.0
    return Outcome(explain(structure), error, effect)


def expected_sites(structure: Structure) -> list[tuple]:
    """`(parameter, kind, depth, token shape, layer, repeats)` of each record."""
    records = []
    parts = structure.parts[:1] if structure.looped else structure.parts
    if structure.sites_of is not None:
        parts = (Part(structure.sites_of),)
    for part in parts:
        reference = reference_of(structure, part)
        uses: dict[Any, list] = collections.defaultdict(list)
        for site, sizes in zip(reference.sites, reference.token_shapes, strict=True):
            tokens = _reported(sizes, structure.symbolic)
            paths = [reference.parameter_paths[i] for i in sorted(site.parameters)]
            path = "params" + paths[0] if len(paths) == 1 else None
            if any(f"['{name}']" in paths[0] for name in structure.untrained):
                continue
            uses[path].append((site.kind, site.depth, tokens))
        for path, facts in uses.items():
            records += _records_of(structure, path, facts)
    return sorted(records, key=str)


def _reported(sizes, symbolic: str | None) -> tuple[int | None, ...]:
    """Sizes of tokens as the report has them: null where they are symbolic."""
    if symbolic is None:
        return tuple(sizes)
    names = (name.strip() for name in symbolic.split(","))
    return tuple(
        None if name.isidentifier() else size
        for size, name in zip(sizes, names, strict=True)
    )


def _records_of(structure: Structure, path: str | None, facts: list) -> list[tuple]:
    repeats = len(structure.parts) if structure.looped else 1
    layers = structure.stack_order
    if path and structure.stack and structure.stack in path:
        # A layer's uses follow each other.
        each = len(facts) // len(layers)
        records = []
        for index, (kind, _, tokens) in enumerate(facts):
            order, use = divmod(index, each)
            last = order - order % structure.round + structure.round - 1
            depth = facts[last * each + use][1]
            records.append((path, kind, depth, tokens, layers[order], repeats))
        return records
    if path and structure.shared and structure.shared in path:
        return [(path, *facts[0], None, repeats * len(facts))]
    return [(path, *fact, None, repeats) for fact in facts]


def found_sites(structure: Structure, records: list[Record]) -> list[tuple]:
    """The same of the report, which may name one of several parameters of a weight."""
    parts = parts_of_weights(structure)
    found = [
        (
            None if r.parameter in parts else r.parameter,
            r.kind, r.depth, r.token_shape, r.layer, r.repeats,
        )
        for r in records
        if r.is_site
    ]
    return sorted(found, key=str)


def parts_of_weights(structure: Structure) -> set[str]:
    """The parameters from which, with others, the weights of sites are computed."""
    alone, parts = set(), set()
    for part in structure.parts:
        reference = reference_of(structure, part)
        for site in reference.sites:
            paths = {"params" + reference.parameter_paths[i] for i in site.parameters}
            (alone if len(paths) == 1 else parts).update(paths)
    return parts - alone


def parameter_names(structure: Structure) -> set[str]:
    params = jax.eval_shape(structure.init, jax.random.key(0))
    return {
        "params" + jax.tree_util.keystr(path)
        for path, _ in jax.tree_util.tree_flatten_with_path(params)[0]
    }




def chosen_in(partial: Partial):
    """Whether a site takes part: one whose parameters have no reason not to."""
    names = [name for name, _ in partial.reasons]

    def chosen(site, paths: list[str]) -> bool:
        return not any(f"['{name}']" in path for name in names for path in paths)

    return chosen


def measure_partial(partial: Partial) -> Outcome:
    """As `measure`, for one step."""
    params = partial.init(jax.random.key(3))
    state, batch = SGD.init(params), partial.batch(0)
    records = cegm.explain(cegm.jax.emit(partial.step, params, state, batch))
    if not any(record.is_site for record in records):
        return Outcome(records, 0.0, 0.0)
    reference = Reference(partial.plain, _Kept, params, batch, chosen_in(partial))
    steps = []
    for options in (CHOICES, dataclasses.replace(CHOICES, strength=0.0)):
        _, _, loss, grads, _ = reference.gradients_and_step(params, (), batch, options)
        steps.append((*SGD.apply(params, state, grads), loss))
    wanted, plain = steps
    inputs = params, state, batch
    got = injected(partial.step, inputs, CHOICES)(*inputs)
    error, effect = (max(relative_errors(x, wanted).values()) for x in (got, plain))
    return Outcome(records, error, effect)
