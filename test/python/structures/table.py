"""Writes the table of `docs/structures.md`: every structure, run.

    python test/python/structures/table.py [sites] [none] [devices]

The lines between the marks of the page are replaced, those of all tables or of
the named ones.
"""

from __future__ import annotations

import pathlib
import sys

if __name__ == "__main__":
    # As `conftest.py` does for the tests.
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from structures import ALL, REFUSED
from structures.checks import measure, measure_partial
from structures.devices import elements, run

PAGE = pathlib.Path(__file__).resolve().parents[3] / "docs" / "structures.md"
HEADS = {
    "sites": "| feature | example | sites | largest relative error |",
    "none": "| feature | example | sites | left alone | largest relative error |",
    "devices": "| divided over 8 devices | shardings | plain step | added | error |",
}


def _mark(table: str, end: bool = False) -> str:
    return f"<!-- {'end of ' if end else ''}table: {table} -->"


def rows(table: str) -> dict[tuple[str, str], list[str]]:
    """The page's rows by feature and example, the other cells as text."""
    text = PAGE.read_text()
    start, end = text.index(_mark(table)), text.index(_mark(table, end=True))
    result = {}
    for line in text[start:end].splitlines():
        # The head of the table and the rule below it are no rows.
        if line.startswith("| ") and line not in (HEADS[table], _rule(table)):
            feature, example, *cells = (c.strip() for c in line.strip("| ").split(" | "))
            result[feature, example] = cells
    return result


def _rule(table: str) -> str:
    return "|" + " --- |" * (HEADS[table].count("|") - 1)


def _error(value: float) -> str:
    return f"{value:.0e}"


def _site_rows() -> list[str]:
    lines = []
    for structure in ALL:
        outcome = measure(structure)
        print(f"{structure.name}: {outcome}", file=sys.stderr, flush=True)
        lines.append(
            f"| {structure.feature} | {structure.example} | {outcome.sites} "
            f"| {_error(outcome.error)} |"
        )
    return lines


def _partial_rows() -> list[str]:
    lines = []
    for partial in REFUSED:
        outcome = measure_partial(partial)
        print(f"{partial.name}: {outcome}", file=sys.stderr, flush=True)
        codes = ", ".join(f"{name}: `{code}`" for name, code in partial.reasons)
        error = _error(outcome.error) if outcome.sites else "-"
        lines.append(
            f"| {partial.feature} | {partial.example} | {outcome.sites} | {codes} "
            f"| {error} |"
        )
    return lines


def _collectives(counts: dict[str, int]) -> str:
    """How many of each kind, and the largest of them in elements."""
    kinds: dict[str, list[str]] = {}
    for collective, count in counts.items():
        kinds.setdefault(collective.split()[0], []).extend([collective] * count)
    return ", ".join(
        f"{len(found)} {kind} (up to {max(map(elements, found))})"
        for kind, found in sorted(kinds.items())
    ) or "none"


def _device_rows() -> list[str]:
    return [
        f"| {outcome['case']} | {'given' if outcome['declared'] else 'of the arguments'} "
        f"| {_collectives(outcome['plain'])} | {_collectives(outcome['added'])} "
        f"| {_error(outcome['error'])} |"
        for outcome in run(8)["outcomes"]
    ]


WRITERS = {"sites": _site_rows, "none": _partial_rows, "devices": _device_rows}


def main() -> None:
    for table in sys.argv[1:] or WRITERS:
        lines = WRITERS[table]()
        text = PAGE.read_text()
        start = text.index(_mark(table)) + len(_mark(table))
        end = text.index(_mark(table, end=True))
        body = "\n".join(["", HEADS[table], _rule(table), *lines, ""])
        PAGE.write_text(text[:start] + body + text[end:])


if __name__ == "__main__":
    main()
