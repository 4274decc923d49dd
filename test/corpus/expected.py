"""The sites that a train step should have, from the jaxpr of its loss.

The walk goes over the loss alone, never over the step: no gradient, no optimizer and
no text is looked at. It runs every loop as often as the loss does, and carries along
what reaches each value; nothing is computed but small integers, so that a slice at a
loop's counter is known to be that layer of a stack.

A *use* is a contraction of data with a weight, or a lookup in a weight at data indices.
Uses of one equation that differ in the iteration alone are one site that repeats; uses
of different layers of a stack are different sites. A site is expected if the loss is
differentiable in its output and no reason speaks against it (`_reason`).
"""

import dataclasses
import inspect
from collections.abc import Callable, Sequence
from typing import Any

import jax

from corpus.marks import Mark, Source, Use
from corpus.walk import Walk

# Reasons that do not follow from a use of the parameter: it is none of a product.
ELEMENTWISE = frozenset({"no-contraction"})


@dataclasses.dataclass(frozen=True)
class ExpectedSite:
    """A site, as the report should have it.

    `parameters` are the paths of the leaves that the weight is computed from: most
    often one. `token_shape` is sorted, since the order of dimensions is the graph's
    choice. `layer` is None where the weight is no slice of a stack.
    """

    kind: str
    parameters: frozenset[str]
    token_shape: tuple[int, ...]
    depth: int
    layer: int | None = None
    repeats: int = 1


@dataclasses.dataclass(frozen=True)
class Expected:
    """What `explain` should say of a step.

    `skipped` maps each parameter that must have a reason to the codes that are right.
    `names` are the paths of all arguments of the step, in their order.
    """

    sites: tuple[ExpectedSite, ...]
    skipped: dict[str, frozenset[str]]
    names: tuple[str, ...]


def argument_names(step: Callable, arguments: Sequence[Any]) -> list[list[str]]:
    """The pytree path of each leaf of each argument, as JAX names the inputs."""
    signature = inspect.signature(step)
    bound = signature.bind(*arguments).arguments
    labels = []
    for name, value in bound.items():
        variadic = signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
        count = len(value) if variadic else 1
        labels += [f"{name}[{i}]" if variadic else name for i in range(count)]
    return [
        [label + jax.tree_util.keystr(path) for path, _ in _leaves(argument)]
        for label, argument in zip(labels, arguments, strict=True)
    ]


def _leaves(tree: Any) -> list[tuple[Any, Any]]:
    return jax.tree_util.tree_flatten_with_path(tree)[0]


def expected_of(
    loss: Callable[..., jax.Array],
    arguments: Sequence[Any],
    names: list[list[str]],
    *,
    parameters: Sequence[int],
    batch: Sequence[int],
    is_frozen: Callable[[str], bool] = lambda path: False,
) -> Expected:
    """What the step with this loss should report.

    Args:
      loss: `loss(*arguments)`, a scalar; what it differentiates is `parameters`.
      arguments: arrays or their shapes, as the step takes them.
      names: the path of each leaf of each argument.
      parameters: numbers of the arguments that are trained.
      batch: numbers of the arguments that hold data. What is neither trained nor data
        (moments of an optimizer, random keys) reaches nothing.
      is_frozen: whether a leaf of `parameters`, given by its path, is not trained.
    """
    closed = jax.make_jaxpr(loss)(*arguments)
    walk = Walk()
    marks = []
    flat = [name for group in names for name in group]
    for number, group in enumerate(names):
        for name in group:
            trained = number in parameters and not is_frozen(name)
            source = Source(len(marks)) if trained else None
            marks.append(walk.argument(number in batch, source))
    results = walk.run(closed.jaxpr, closed.consts, marks)
    assert len(results) == 1, f"a loss is one scalar, this one has {len(results)} results"
    return resolve(walk.uses, results[0], flat)


def resolve(uses: list[Use], loss: Mark, names: list[str]) -> Expected:
    """Which uses are sites, given what reaches the loss; `names` are those of leaves."""
    groups: dict[Any, list[Use]] = {}
    for use in uses:
        if use.index in loss.live:
            groups.setdefault(use.key, []).append(use)
    recurrent = _recurrent(uses, groups)
    reasons = {key: _reason(group[0], key in recurrent) for key, group in groups.items()}
    sites, depths = {}, {}
    for use in uses:
        if reasons.get(use.key, "dead") is not None or use.index not in loss.live:
            continue
        depths[use.index] = 1 + max((depths.get(i, 0) for i in use.behind), default=0)
        site = ExpectedSite(
            use.kind,
            frozenset(names[source.leaf] for source in use.sources),
            tuple(sorted(use.token_shape)),
            depths[use.index],
            use.layer,
            len(groups[use.key]),
        )
        sites.setdefault(use.key, site)

    codes: dict[str, set[str]] = {}
    with_site = {name for site in sites.values() for name in site.parameters}
    for key, reason in reasons.items():
        sources = groups[key][0].sources if reason else ()
        right = {reason} | ({"part-of-weight"} if len(sources) > 1 else set())
        for source in sources:
            codes.setdefault(names[source.leaf], set()).update(right)
    skipped = {}
    for leaf in sorted({source.leaf for source in loss.sources}):
        name = names[leaf]
        if name not in with_site:
            skipped[name] = frozenset(codes.get(name, ELEMENTWISE))
    for site in sites.values():
        # Of a computed weight one parameter at most is the site's.
        for name in sorted(site.parameters) if len(site.parameters) > 1 else ():
            alone = any(s.parameters == {name} for s in sites.values())
            if not alone:
                skipped[name] = frozenset({"part-of-weight"})
    return Expected(tuple(sites.values()), skipped, tuple(names))


def _recurrent(uses: list[Use], groups: dict[Any, list[Use]]) -> set[Any]:
    """The groups that feed a later iteration of a loop over data that repeats them.

    There the tokens come one step at a time, and a step waits for the one before: time.
    A loop that takes no data apart uses a layer again, on all tokens.
    """
    by_index = {use.index: use for use in uses}
    repeating = {key: _repeating_loops(group) for key, group in groups.items()}
    found = set()
    for later in uses:
        for index in later.behind:
            earlier = by_index[index]
            loops = repeating.get(earlier.key, frozenset())
            if any(
                loop == other and i != j and loop in loops
                for (loop, i), (other, j) in zip(earlier.loops, later.loops)
            ):
                found.add(earlier.key)
    return found


def _repeating_loops(group: list[Use]) -> frozenset[Any]:
    """The loops over data of which several iterations run the site."""
    iterations: dict[Any, set[int]] = {}
    for use in group:
        for loop, i in use.loops:
            iterations.setdefault(loop, set()).add(i)
    return frozenset(loop for loop, numbers in iterations.items() if len(numbers) > 1)


def _reason(use: Use, recurrent: bool) -> str | None:
    """The code with which a use of a parameter is turned down, if it is."""
    if use.kind in ("convolution", "ragged"):
        return use.kind
    if use.in_branch:
        return "in-branch"
    return "recurrent" if recurrent else None
