"""Mutants of train steps through every pass: `python test/fuzz/fuzz.py --help`.

A finding is a crash, a hang, a failure without an error, and a result that does
not verify or cannot be read back. Findings with one stack or one message are one;
each is shrunk to the mutations that it takes and kept in a folder of its own, with
the module, the pipeline and what was printed.
"""

import argparse
import concurrent.futures
import hashlib
import json
import pathlib
import random
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import pipelines  # noqa: E402
from tool import ROOT, Tool, key  # noqa: E402

_TESTS = (
    "Dialect/StableHLO",
    "Dialect/CHLO",
    "Dialect/Cegm",
    "Dialect/Shardy",
    "Dialect/TMTensor",
    "Conversion/StableHLOToLinalg",
    "Conversion/CegmToStableHLO",
    "Conversion/CegmToLinalg",
    "Pipelines",
    "Transforms",
)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=200, help="mutants to run")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--random", type=int, default=1, help="seed of all random choices")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--time-limit", type=float, help="seconds after which no more is begun")
    parser.add_argument(
        "--costly-every", type=int, default=10, help="mutants that also become machine code"
    )
    parser.add_argument("--no-tests", action="store_true", help="only train steps as seeds")
    parser.add_argument("--stop-early", action="store_true", help="end at the first finding")
    parser.add_argument("--seeds", type=pathlib.Path, nargs="*", default=[], help="more modules")
    parser.add_argument("--tool", type=pathlib.Path, default=ROOT / "build/bin/cegm-mutate")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build/fuzz/findings")
    parser.add_argument("--summary", type=pathlib.Path, help="write the counts here as JSON")
    return parser.parse_args()


def seeds(more: list[pathlib.Path], with_tests: bool, folder: pathlib.Path) -> list[pathlib.Path]:
    """Train steps, and the modules of the lit tests, one a file."""
    result = sorted((ROOT / "test/Transforms/Inputs").glob("*.mlir"))
    result += sorted(file for path in more for file in path.glob("*.mlir"))
    if not with_tests:
        return result
    folder.mkdir(parents=True, exist_ok=True)
    for group in _TESTS:
        for file in sorted((ROOT / "test" / group).glob("*.mlir")):
            # Those of errors are refused by design.
            parts = [] if "errors" in file.name else re.split(r"^// -----.*$", file.read_text(), flags=re.M)
            for i, part in enumerate(parts):
                if "func" not in part:
                    continue
                path = folder / f"{group.replace('/', '-')}-{file.stem}-{i}.mlir"
                path.write_text(part)
                result.append(path)
    return result


class Run:
    """All mutants of one command; threads share it."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.found: dict[str, dict] = {}
        self.mutants = self.valid = self.runs = self.findings = 0
        self.lock = threading.Lock()
        self.deadline = time.monotonic() + options.time_limit if options.time_limit else None
        tool = Tool(options.tool)
        self.seeds = []
        folder = options.out.parent / "seeds"
        for path in seeds(options.seeds, not options.no_tests, folder):
            try:
                tool.ask({"seed": str(path)})
                self.seeds.append(path)
            except RuntimeError:
                continue
        tool.close()

    def request(self, number: int) -> dict:
        rng = random.Random(f"{self.options.random}-{number}")
        seed = rng.choice(self.seeds)
        passes = pipelines.cheap(rng, seed.stem)
        if self.options.costly_every and number % self.options.costly_every == 0:
            passes += pipelines.costly(rng, seed.stem)
        return {
            "seed": str(seed),
            "donor": str(rng.choice(self.seeds)),
            "random": rng.randrange(1 << 30),
            "steps": list(range(rng.choice((1, 1, 2, 3, 5, 10)))),
            "valid": rng.random() < 0.9,
            "pipelines": passes,
        }

    def over(self) -> bool:
        if self.options.stop_early and self.found:
            return True
        return self.deadline is not None and time.monotonic() > self.deadline

    def work(self, numbers) -> None:
        tool = Tool(self.options.tool)
        for number in numbers:
            if self.over():
                break
            request = self.request(number)
            answer = tool.ask(request)
            with self.lock:
                self.mutants += 1
                self.valid += answer.get("valid", False)
                self.runs += len(request["pipelines"]) if answer.get("valid") else 0
            for finding in answer["findings"]:
                self.note(tool, number, request, finding)
        tool.close()

    def note(self, tool: Tool, number: int, request: dict, finding: dict) -> None:
        name = key(finding)
        with self.lock:
            self.findings += 1
            entry = self.found.get(name)
            if entry:
                entry["times"] += 1
                return
            entry = {"key": name, "times": 1, "mutant": number, **finding}
            self.found[name] = entry
        folder = self.options.out / hashlib.sha1(name.encode()).hexdigest()[:10]
        folder.mkdir(parents=True, exist_ok=True)
        entry["folder"] = str(folder)
        smaller = shrink(tool, request, finding, name)
        tool.ask({**smaller, "print": str(folder / "mutant.mlir")})
        entry["as_text"] = self.as_text(folder / "mutant.mlir", smaller["pipelines"])
        (folder / "finding.json").write_text(
            json.dumps({**entry, "request": smaller}, indent=1) + "\n"
        )
        print(
            f"[{number}] {name}\n    {finding['stage']}\n    {folder}, "
            f"cegm-opt: {entry['as_text']}",
            flush=True,
        )

    def as_text(self, path: pathlib.Path, passes: list[str]) -> str:
        """How cegm-opt ends on the printed mutant."""
        command = [self.options.tool.parent / "cegm-opt", path, "-o", "/dev/null"]
        if passes:
            command.append(f"--pass-pipeline=builtin.module({passes[0]})")
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=120)
        except subprocess.TimeoutExpired:
            return "no end"
        (path.parent / "stderr.txt").write_text(ended.stderr)
        return f"status {ended.returncode}"


def shrink(tool: Tool, request: dict, finding: dict, name: str) -> dict:
    """The request with the one pipeline, and as few mutations as it takes."""
    stage = finding["stage"]
    request = {**request, "pipelines": [stage] if stage in request["pipelines"] else []}
    if finding["kind"] == "hang":
        return request
    for step in list(request["steps"]):
        fewer = {**request, "steps": [s for s in request["steps"] if s != step]}
        if any(key(other) == name for other in tool.ask(fewer)["findings"]):
            request = fewer
    return request


def main() -> int:
    options = arguments()
    start = time.monotonic()
    run = Run(options)
    print(f"{len(run.seeds)} seeds", flush=True)
    numbers = iter(range(options.first, options.first + options.count))
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        shared = _Shared(numbers)
        for future in [pool.submit(run.work, shared) for _ in range(options.jobs)]:
            future.result()
    seconds = time.monotonic() - start
    print(
        f"{run.mutants} mutants, {run.valid} of them valid, {run.runs} runs of pipelines, "
        f"{run.findings} findings of {len(run.found)} kinds, {seconds:.0f} s"
    )
    if options.summary:
        counts = {
            name: getattr(run, name) for name in ("mutants", "valid", "runs", "findings")
        }
        kinds = sorted(run.found.values(), key=lambda entry: -entry["times"])
        counts |= {"seconds": seconds, "kinds": [[e["times"], e["key"]] for e in kinds]}
        options.summary.write_text(json.dumps(counts, indent=1) + "\n")
    return 1 if run.found else 0


class _Shared:
    """One iterator for several threads."""

    def __init__(self, numbers):
        self._numbers = numbers
        self._lock = threading.Lock()

    def __iter__(self):
        return self

    def __next__(self):
        with self._lock:
            return next(self._numbers)


if __name__ == "__main__":
    sys.exit(main())
