"""Runs `explain` on a case and compares what it says with what it should."""

import collections
import dataclasses
import json
import os
import pathlib
import subprocess
import time
from typing import Any

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
    missed, wrong = _compare_sites(expected, report["sites"])
    return Outcome(
        case,
        len(expected.sites),
        len(report["sites"]),
        missed,
        wrong,
        _compare_skipped(expected, report),
        time.monotonic() - start,
    )


def _facts(site: ExpectedSite) -> tuple:
    return site.kind, site.depth, site.layer, site.token_shape


def _compare_sites(expected: Expected, found: list[dict[str, Any]]):
    """Matches expected sites with records one by one.

    A site of a weight that is computed from several parameters may be reported under
    one of them or under none.
    """
    left = collections.Counter()
    for record in found:
        left[_record_key(expected, record)] += 1
    missed = []
    for site in sorted(expected.sites, key=lambda site: len(site.parameters)):
        names = [*sorted(site.parameters)] + [None] * (len(site.parameters) > 1)
        for key in ((name, *_facts(site), r) for name in names for r in (site.repeats, None)):
            if left[key]:
                left[key] -= 1
                break
        else:
            missed.append(_describe(" + ".join(sorted(site.parameters)), *_facts(site), site.repeats))
    return tuple(missed), tuple(_describe(*key) for key in left.elements())


def _record_key(expected: Expected, record: dict[str, Any]) -> tuple:
    name = record["parameter"]
    if record["argument"] is not None and expected.names[record["argument"]] != name:
        name = f"{name}, which is argument {record['argument']}"
    return (
        name,
        record["kind"],
        record["depth"],
        record.get("layer"),
        tuple(sorted(record["token_shape"])),
        record.get("repeats", 1),
    )


def _describe(name: str | None, kind, depth, layer, token_shape, repeats) -> str:
    where = "" if layer is None else f", layer {layer}"
    times = "" if repeats == 1 else f", {repeats or '?'} times"
    size = "x".join(map(str, token_shape))
    return f"{name or 'a computed weight'}: {kind}, depth {depth}{where}, tokens {size}{times}"


def _compare_skipped(expected: Expected, report: dict[str, Any]) -> tuple[str, ...]:
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
