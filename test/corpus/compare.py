"""Runs `explain` on a case and compares what it says with what it should."""

import collections
import dataclasses
import json
import os
import pathlib
import subprocess
import time
from typing import Any, NamedTuple

from corpus.case import Case
from corpus.expected import Expected, ExpectedSite

_ROOT = pathlib.Path(__file__).resolve().parents[2]
CEGM_OPT = pathlib.Path(os.environ.get("CEGM_OPT", _ROOT / "build" / "bin" / "cegm-opt"))


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Of one case: what was missed, what was wrong, each in a line of words.

    `missed` are expected sites without a record, `wrong` records without an expected
    site, `unexplained` parameters without a site whose reason is missing or another.
    """

    case: Case
    expected: int
    found: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    unexplained: tuple[str, ...]
    seconds: float

    @property
    def problems(self) -> list[str]:
        named = (
            ("missed", self.missed),
            ("wrong", self.wrong),
            ("unexplained", self.unexplained),
        )
        return [f"{kind}: {line}" for kind, lines in named for line in lines]


def explain(text: str, options: dict[str, str]) -> dict[str, Any]:
    """The report of `--explain-entanglement=format=json`.

    Raises RuntimeError with the diagnostics if the module is refused.
    """
    words = " ".join(f"{key}={value}" for key, value in {"format": "json", **options}.items())
    result = subprocess.run(
        [CEGM_OPT, f"--explain-entanglement={words}", "-", "-o", os.devnull],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise RuntimeError(f"cegm-opt ended with {result.returncode}: {result.stderr[:2000]}")
    return json.loads(result.stdout)


def run(case: Case) -> Outcome:
    """Emits the step, explains it and compares."""
    start = time.monotonic()
    step = case.build()
    report = explain(step.text(), step.options)
    expected = step.expected()
    missed, wrong = compare_sites(expected, report["sites"])
    return Outcome(
        case,
        len(expected.sites),
        len(report["sites"]),
        missed,
        wrong,
        compare_skipped(expected, report),
        time.monotonic() - start,
    )


class _Facts(NamedTuple):
    """What is compared of a site. `name` is None for a weight of several parameters."""

    name: str | None
    kind: str
    depth: int
    layer: int | None
    token_shape: tuple[int, ...]
    repeats: int | None

    def __str__(self) -> str:
        name = self.name or "a computed weight"
        layer = "" if self.layer is None else f", layer {self.layer}"
        times = "" if self.repeats == 1 else f", {self.repeats or '?'} times"
        size = "x".join(map(str, self.token_shape))
        return f"{name}: {self.kind}, depth {self.depth}{layer}, tokens {size}{times}"


def _expected_facts(site: ExpectedSite, name: str | None) -> _Facts:
    return _Facts(name, site.kind, site.depth, site.layer, site.token_shape, site.repeats)


def describe(site: ExpectedSite) -> str:
    """A line of words, with all parameters that the weight comes from."""
    return str(_expected_facts(site, " + ".join(sorted(site.parameters))))


def compare_sites(
    expected: Expected, found: list[dict[str, Any]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What was missed and what is wrong, after matching sites with records one by one.

    A site of a weight that is computed from several parameters may be reported under
    one of them or under none.
    """
    left = collections.Counter(_record_facts(expected, record) for record in found)
    missed = []
    for site in sorted(expected.sites, key=lambda site: len(site.parameters)):
        names = [*sorted(site.parameters)] + [None] * (len(site.parameters) > 1)
        for facts in (_expected_facts(site, name) for name in names):
            if left[facts]:
                left[facts] -= 1
                break
        else:
            missed.append(describe(site))
    return tuple(missed), tuple(map(str, left.elements()))


def _record_facts(expected: Expected, record: dict[str, Any]) -> _Facts:
    name, number = record["parameter"], record["argument"]
    if number is not None and expected.names[number : number + 1] != (name,):
        name = f"{name}, which is argument {number}"
    return _Facts(
        name,
        record["kind"],
        record["depth"],
        record["layer"],
        tuple(sorted(record["token_shape"])),
        record["repeats"],
    )


def compare_skipped(expected: Expected, report: dict[str, Any]) -> tuple[str, ...]:
    """Parameters without a site whose reason is missing or another, in words."""
    codes: dict[str | None, set[str]] = {}
    for record in report["skipped"]:
        codes.setdefault(record["parameter"], set()).add(record["code"])
    # One of the parameters of a computed weight may stand for it.
    named = {record["parameter"] for record in report["sites"]}
    lines = []
    for name, right in expected.skipped.items():
        if name in named:
            continue
        given = codes.get(name, set())
        if not given & right:
            lines.append(
                f"{name}: expected {' or '.join(sorted(right))}, "
                f"got {', '.join(sorted(given)) or 'nothing'}"
            )
    return tuple(lines)
