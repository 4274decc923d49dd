"""`python -m corpus.composer`: random train steps, and what is reported wrongly of them."""

import argparse
import collections
import json
import os
import pathlib
import sys
import time

os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402

from corpus.composer import check  # noqa: E402
from corpus.composer.recipe import Recipe  # noqa: E402
from corpus.composer.steps import Composition  # noqa: E402


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m corpus.composer", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="steps to draw (default 100)")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--recipe", help="one step instead, as it was printed: Recipe(...)")
    parser.add_argument("--emit", action="store_true", help="with --recipe: print its StableHLO")
    parser.add_argument(
        "--truth", type=int, default=10, help="check each so many steps' truth (default 10)"
    )
    parser.add_argument(
        "--no-shrink", action="store_true", help="print failures as they were drawn"
    )
    parser.add_argument(
        "--keep", type=pathlib.Path, help="add the shrunk failures to this file, one a line"
    )
    parser.add_argument("--summary", type=pathlib.Path, help="write the counts here as JSON")
    return parser.parse_args()


def _keep(path: pathlib.Path, recipe: Recipe) -> None:
    line = repr(recipe)
    before = path.read_text().splitlines() if path.exists() else []
    if line not in before:
        path.write_text("\n".join([*before, line]) + "\n")


def _replay(options: argparse.Namespace) -> int:
    recipe = Recipe.read(options.recipe)
    if options.emit:
        print(Composition.of(recipe).text())
        return 0
    outcome = check.run(recipe, with_truth=True)
    print(outcome)
    if outcome.failed and not options.no_shrink:
        print("shrunk:", check.shrink(outcome))
    return 1 if outcome.failed else 0


def main() -> int:
    options = _arguments()
    if options.recipe is not None:
        return _replay(options)
    start = time.monotonic()
    kinds: collections.Counter = collections.Counter()
    codes: collections.Counter = collections.Counter()
    failed: list[str] = []
    for number in range(options.first, options.first + options.count):
        with_truth = options.truth > 0 and number % options.truth == 0
        outcome = check.run(Recipe.draw(number), with_truth)
        kinds[outcome.kind] += 1
        codes.update(outcome.codes)
        if outcome.failed:
            print(f"[{number}] {outcome}", flush=True)
            if not options.no_shrink:
                outcome = check.shrink(outcome, with_truth)
                print(f"  shrunk: {outcome}", flush=True)
            if repr(outcome.recipe) not in failed:
                failed.append(repr(outcome.recipe))
            if options.keep:
                _keep(options.keep, outcome.recipe)
        if number % 50 == 49:
            jax.clear_caches()
    seconds = time.monotonic() - start
    counts = {kind: kinds[kind] for kind in check.KINDS}
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()), f"in {seconds:.0f} s")
    if codes:
        print("refused:", ", ".join(f"{n} {code}" for code, n in codes.most_common()))
    if options.summary:
        result = {"steps": options.count, "failed": failed, "outcomes": counts}
        options.summary.write_text(json.dumps(result, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
