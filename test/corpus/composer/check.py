"""Compares the sites of a recipe with what `--explain-entanglement` reports of its step."""

import collections
import dataclasses
import traceback
from typing import Any

from corpus.compare import compare_sites, explain
from corpus.composer import truth
from corpus.composer.recipe import Recipe
from corpus.composer.steps import Composition
from corpus.expected import Expected

# From the best to the worst. A site is refused if the report has a reason for it, and
# missing if it has none; an error is one of the tool, or of the truth.
KINDS = ("right", "refused", "missing", "wrong", "error")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What a step showed, in lines of words; `codes` are those of refused sites."""

    recipe: Recipe
    kind: str
    lines: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return self.kind in ("missing", "wrong", "error")

    def __str__(self) -> str:
        return "\n  ".join([f"{self.kind}: {self.recipe!r}", *self.lines])


def run(recipe: Recipe, with_truth: bool = False) -> Outcome:
    """Emits the step of a recipe and explains it."""
    try:
        composition = Composition.of(recipe)
        if with_truth:
            truth.check(recipe)
        expected = composition.expected()
        report = explain(composition.text(), {})
    except Exception as error:  # The search goes on, whatever fails.
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {str(error)[:500]} ({place.name}, line {place.lineno})"
        return Outcome(recipe, "error", (text,))
    return judge(recipe, expected, report)


def judge(recipe: Recipe, expected: Expected, report: dict[str, Any]) -> Outcome:
    """The outcome of a report."""
    missed, wrong = compare_sites(expected, report["sites"])
    if recipe.turns != "once" or missed:
        # The weights of a second round come out of the first one, whose products are
        # before those of the second on some paths: how deep that is, is not defined.
        # Nor is it what it should be behind a layer without a site.
        flat, records = _without_depth(expected, report["sites"])
        missed_at_all, wrong_at_all = compare_sites(flat, records)
        if recipe.turns != "once" or missed_at_all:
            missed, wrong = missed_at_all, wrong_at_all
    codes = collections.defaultdict(set)
    for record in report["skipped"]:
        codes[record["parameter"]].add(record["code"])
    refused, missing = [], []
    for line in missed:
        # A record under the names of a computed weight may say that the weight is a site,
        # and a record of the weight itself has no name.
        names: list[str | None] = [*line.partition(": ")[0].split(" + ")]
        names += [None] * (len(names) > 1)
        said = set().union(*(codes[name] for name in names)) - {"part-of-weight"}
        (refused if said else missing).append((line, said))
    lines = [f"wrong: {line}" for line in wrong]
    lines += [f"missing: {line}" for line, _ in missing]
    lines += [f"refused: {line} ({', '.join(sorted(said))})" for line, said in refused]
    if not report["sites"] and not report["skipped"]:
        lines.append("missing: neither a site nor a reason")
        missing.append(("", set()))
    kind = "wrong" if wrong else "missing" if missing else "refused" if refused else "right"
    given = tuple(code for _, said in refused for code in sorted(said))
    return Outcome(recipe, kind, tuple(lines), given)


def _without_depth(expected: Expected, records: list[dict[str, Any]]):
    sites = tuple(dataclasses.replace(site, depth=0) for site in expected.sites)
    return dataclasses.replace(expected, sites=sites), [r | {"depth": 0} for r in records]


def shrink(outcome: Outcome, with_truth: bool = False, limit: int = 200) -> Outcome:
    """The simplest recipe that fails in the same way, by one part after another."""
    tried = {outcome.recipe}
    changed = True
    while changed:
        changed = False
        for recipe in outcome.recipe.simpler():
            if recipe in tried:
                continue
            if len(tried) > limit:
                return outcome
            tried.add(recipe)
            simpler = run(recipe, with_truth)
            if simpler.kind == outcome.kind:
                outcome, changed = simpler, True
                break
    return outcome
