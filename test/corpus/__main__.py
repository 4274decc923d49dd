"""`python -m corpus`: a table of all cases, or their modules as files."""

import argparse
import pathlib
import sys

import rich.box
import rich.console
import rich.table

import corpus.cases  # noqa: F401  (fills the list of cases)
from corpus.case import ALL, Case
from corpus.compare import Outcome, describe, run
from corpus.exceptions import split


# Columns of the table where no terminal says its own, and problems shown of one case.
_WIDTH, _LINES = 140, 6


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    parser.add_argument("cases", nargs="*", help="names of cases; default: all")
    parser.add_argument(
        "--table", action="store_true", help="explain each case and compare (the default)"
    )
    parser.add_argument(
        "--emit", metavar="DIR", type=pathlib.Path, help="write the StableHLO of each case"
    )
    parser.add_argument(
        "--expected", action="store_true", help="print the sites that each case should have"
    )
    return parser.parse_args()


def _emit(cases: list[Case], folder: pathlib.Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for case in cases:
        (folder / f"{case.name}.mlir").write_text(case.build().text())


def _print_expected(cases: list[Case]) -> None:
    for case in cases:
        expected = case.build().expected()
        print(case.name)
        for site in expected.sites:
            print("  ", describe(site))
        for name, codes in expected.skipped.items():
            print(f"   {name}: {' or '.join(sorted(codes))}")


def _print_table(cases: list[Case], console: rich.console.Console) -> bool:
    """Whether every case is as expected, exceptions aside."""
    table = rich.table.Table(box=rich.box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("library", "case", "feature"):
        table.add_column(heading, overflow="fold")
    for heading in ("expected", "found", "missed", "wrong", "unexplained", "seconds"):
        table.add_column(heading, justify="right")
    outcomes: list[Outcome] = []
    failures: list[str] = []
    for case in cases:
        try:
            outcome = run(case)
        except Exception as error:  # One table shows all cases, whatever fails.
            failures.append(f"{case.name}: {type(error).__name__}: {error}")
            table.add_row(case.library, case.name, case.feature, style="red")
            continue
        outcomes.append(outcome)
        counts = [outcome.expected, outcome.found]
        counts += [len(outcome.missed), len(outcome.wrong), len(outcome.unexplained)]
        table.add_row(
            case.library,
            case.name,
            case.feature,
            *map(str, counts),
            f"{outcome.seconds:.1f}",
            style="red" if split(outcome)[1] else None,
        )
    console.print(table)
    for outcome in outcomes:
        known, unknown = split(outcome)
        failures += [f"{outcome.case.name}: {line}" for line in unknown[:_LINES]]
        if len(unknown) > _LINES:
            failures.append(f"{outcome.case.name}: and {len(unknown) - _LINES} more")
        for reason in dict.fromkeys(known.values()):
            console.print(f"{outcome.case.name}, exception: {reason}", markup=False)
    for line in failures:
        console.print(line, style="red", markup=False)
    total = sum(outcome.seconds for outcome in outcomes)
    console.print(f"{len(cases)} cases, {total:.0f} s, {len(failures)} problems")
    return not failures


def main() -> int:
    arguments = _arguments()
    console = rich.console.Console(width=_WIDTH if not sys.stdout.isatty() else None)
    if unknown := set(arguments.cases) - ALL.keys():
        console.print(f"no such case: {', '.join(sorted(unknown))}")
        return 2
    cases = [ALL[name] for name in arguments.cases or ALL]
    if arguments.emit:
        _emit(cases, arguments.emit)
    if arguments.expected:
        _print_expected(cases)
    if arguments.table or not (arguments.emit or arguments.expected):
        return 0 if _print_table(cases, console) else 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
