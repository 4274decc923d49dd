"""`python -m corpus.strangers`: how the report on each step compares with the truth.

A step is *right* if all expected sites are reported and no other; *refused* if sites are
missing and a parameter of each has a reason; *missing* if one has none; *wrong* if a site
is reported that is not expected; *error* if it could not be run. Depth and layer alone
make a note.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
import json
import math
import pathlib
import sys
import time
from typing import Any

from corpus.compare import compare_sites, describe, explain
from corpus.expected import Expected
from corpus.strangers import STRANGERS, held_out

VERDICTS = ("right", "refused", "missing", "wrong", "error")


@dataclasses.dataclass(frozen=True)
class Result:
    """Of one step; `lines` say what differs, in words."""

    name: str
    verdict: str
    expected: int = 0
    lines: tuple[str, ...] = ()
    seconds: float = 0.0


def judge(name: str) -> Result:
    """Emits the step, explains it and compares."""
    start = time.monotonic()
    try:
        step = STRANGERS[name].build()
        expected = step.expected()
        verdict, lines = compare(expected, explain(step.text(), step.options))
    except Exception as error:  # The totals count every step, whatever fails.
        words = f"{type(error).__name__}: {error}".splitlines()[0]
        return Result(name, "error", 0, (words,), time.monotonic() - start)
    seconds = time.monotonic() - start
    return Result(name, verdict, len(expected.sites), tuple(lines), seconds)


def compare(expected: Expected, report: dict[str, Any]) -> tuple[str, list[str]]:
    """The verdict and what differs."""
    flat = dataclasses.replace(
        expected,
        sites=tuple(dataclasses.replace(s, depth=0, layer=None) for s in expected.sites),
    )
    records = [
        {**_in_terms_of(expected, record), "depth": 0, "layer": None}
        for record in report["sites"]
    ]
    missed, wrong = compare_sites(flat, records)
    lines = [f"wrong: {line}" for line in wrong]
    parameters = {describe(site): site.parameters for site in flat.sites}
    reasons: dict[str | None, set[str]] = {}
    for record in report["skipped"]:
        reasons.setdefault(record["parameter"], set()).add(record["code"])
    silent = False
    for line in missed:
        codes = {code for p in parameters[line] for code in reasons.get(p, ())}
        # What has no name at all cannot be refused by name.
        codes |= {code for code in reasons.get(None, ()) if code == "unnamed"}
        silent |= not codes
        lines.append(f"missed: {line} ({', '.join(sorted(codes)) or 'no reason'})")
    if not missed and not wrong:
        notes = compare_sites(expected, report["sites"])
        listed = any(site.depth == 0 for site in expected.sites)
        return "right", [] if listed else [f"note: {line}" for line in sum(notes, ())]
    return "wrong" if wrong else "missing" if silent else "refused", lines


def _in_terms_of(expected: Expected, record: dict[str, Any]) -> dict[str, Any]:
    """The record with the name that its argument has in `expected`, and its tokens in one
    dimension where the loss has made one of them.

    A pytree of a library of its own has other names in the module than in the step.
    """
    name, tokens = record["parameter"], record["token_shape"]
    if record["argument"] is not None:
        name = expected.names[record["argument"]]
    shapes = {site.token_shape for site in expected.sites if name in site.parameters}
    if tuple(sorted(tokens)) not in shapes and (math.prod(tokens),) in shapes:
        tokens = [math.prod(tokens)]
    return {**record, "parameter": name, "token_shape": tokens}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m corpus.strangers", description=__doc__)
    parser.add_argument("names", nargs="*", help="names of steps; default: all not held out")
    parser.add_argument("--held-out", action="store_true", help="only those held out")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path, help="write results")
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1)")
    parser.add_argument("--list", action="store_true", help="print the names and sources")
    parser.add_argument(
        "--check", action="store_true", help="emit each step and derive its sites; no tool"
    )
    return parser.parse_args()


def check(name: str) -> Result:
    """Whether a step can be emitted at all, and how many sites it has."""
    try:
        step = STRANGERS[name].build()
        step.text()
        expected = step.expected()
    except Exception as error:  # As above.
        return Result(name, "error", 0, (f"{type(error).__name__}: {error}",))
    return Result(name, "right", len(expected.sites), tuple(map(describe, expected.sites)))


def _print(result: Result, every_line: bool) -> None:
    if result.verdict != "right" or every_line:
        mark = " (may refuse)" if STRANGERS[result.name].may_refuse else ""
        print(f"{result.name}: {result.verdict}{mark}; {'; '.join(result.lines)}")
    else:
        for line in (line for line in result.lines if line.startswith("note")):
            print(f"{result.name}: {line}")


def main() -> int:
    arguments = _arguments()
    if unknown := set(arguments.names) - STRANGERS.keys():
        print(f"no such step: {', '.join(sorted(unknown))}")
        return 2
    kept = held_out()
    names = [name for name in STRANGERS if (name in kept) == arguments.held_out]
    if arguments.check and not arguments.held_out:
        names = list(STRANGERS)
    names = arguments.names or names
    if arguments.list:
        for name in names:
            print(f"{name}: {STRANGERS[name].feature} [{STRANGERS[name].source}]")
        return 0
    run = check if arguments.check else judge
    results = []
    with concurrent.futures.ProcessPoolExecutor(arguments.jobs) as pool:
        for result in pool.map(run, names):
            results.append(result)
            _print(result, every_line=arguments.check and bool(arguments.names))
            sys.stdout.flush()
    counts = collections.Counter(result.verdict for result in results)
    seconds = sum(result.seconds for result in results)
    totals = ", ".join(f"{counts[verdict]} {verdict}" for verdict in VERDICTS)
    print(f"{len(results)} steps: {totals}; {seconds:.0f} s")
    if arguments.json:
        records = [dataclasses.asdict(result) for result in results]
        arguments.json.write_text(json.dumps(records, indent=1))
    return 0 if counts["right"] == len(results) else 1


if __name__ == "__main__":
    sys.exit(main())
