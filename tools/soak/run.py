"""Runs the long searches in pieces, and writes what they found.

A piece that is finished is kept in build/soak and not run again for the same commit, so
that a run that was stopped, by --minutes or by hand, goes on where it was.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD, SOAK = ROOT / "build", ROOT / "build/soak"
SANITIZED = BUILD / "sanitized"
LIT = "/usr/lib/llvm-22/bin/lit"

# Allocators and containers in headers cross the border to libMLIR, which has none.
SANITIZER_OPTIONS = {
    "ASAN_OPTIONS": "allow_user_poisoning=0:detect_container_overflow=0:detect_leaks=0",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}

# Settings of XLA that stand for other processors than this one.
PROCESSORS = {
    "SSE4.2": {"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"},
    "AVX2": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"},
    "AVX-512": {"XLA_FLAGS": "--xla_cpu_max_isa=AVX512"},
    "one thread": {
        "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
        "OMP_NUM_THREADS": "1",
    },
}


@dataclasses.dataclass
class Piece:
    """A part of a stage: what runs, and what makes numbers of what it left."""

    name: str
    command: list[str]
    read: Callable[[], dict]
    environment: dict[str, str] = dataclasses.field(default_factory=dict)


def _json(path: pathlib.Path) -> Callable[[], dict]:
    return lambda: json.loads(path.read_text())


def _mutants(stage: str, tool: pathlib.Path, count: int, first: int) -> Iterator[Piece]:
    size = 1000
    for begin in range(first, first + count, size):
        summary = SOAK / f"{stage}-{begin}.out.json"
        command = [sys.executable, "test/fuzz/fuzz.py", "--first", begin, "--count", size]
        command += ["--seeds", SOAK / "corpus", "--tool", tool, "--jobs", os.cpu_count()]
        command += ["--out", SOAK / f"findings-{stage}", "--summary", summary]
        yield Piece(f"{stage}-{begin}", [str(part) for part in command], _json(summary))


def mutants(options: argparse.Namespace) -> Iterator[Piece]:
    """mutants of train steps and of the lit tests' modules through every pass and pipeline"""
    yield _corpus()
    yield from _mutants("mutants", BUILD / "bin/cegm-mutate", options.mutants, 0)


def _corpus() -> Piece:
    command = [sys.executable, "-m", "corpus", "--emit", str(SOAK / "corpus")]
    return Piece("corpus", command, dict, {"PYTHONPATH": str(ROOT / "test")})


def _tests(log: pathlib.Path) -> Callable[[], dict]:
    """Counts of a JUnit file, by the summary that tools/check.sh prints."""

    def read() -> dict:
        command = [sys.executable, "tools/summarize_results.py", str(log)]
        text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
        counts = re.findall(r"(\d+) (passed|failed|skipped)", text.splitlines()[-1])
        failed = re.findall(r"^FAILED (.*)", text, re.M)
        return {name: int(number) for number, name in counts} | {"names": failed}

    return read


def sanitizers(options: argparse.Namespace) -> Iterator[Piece]:
    """the lit and unit tests and mutants, built with address and undefined-behaviour
    sanitizers"""
    configure = f"cmake -S . -B {SANITIZED} -G Ninja -DCMAKE_BUILD_TYPE=Release"
    configure += " -DCMAKE_CXX_FLAGS_RELEASE=-O1 -DCEGM_BUILD_PYTHON=OFF"
    configure += " -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22"
    configure += f" -DPython_EXECUTABLE={sys.executable}"
    configure += " '-DCEGM_SANITIZE=address;undefined'"
    build = f"{configure} && ninja -C {SANITIZED}"
    yield Piece("sanitized-build", ["bash", "-c", build], dict)
    results = SOAK / "sanitized-lit.xml"
    lit = [LIT, "-s", "--xunit-xml-output", str(results), str(SANITIZED / "test")]
    yield Piece("sanitized-lit", lit, _tests(results))
    results = SOAK / "sanitized-unit.xml"
    unit = [str(SANITIZED / "bin/cegm-unit-tests"), f"--gtest_output=xml:{results}"]
    yield Piece("sanitized-unit", unit, _tests(results), SANITIZER_OPTIONS)
    yield _corpus()
    tool = SANITIZED / "bin/cegm-mutate"
    yield from _mutants("sanitized-mutants", tool, options.sanitized_mutants, 10**6)


def programs(options: argparse.Namespace) -> Iterator[Piece]:
    """random train steps beside the independent reference, in double precision"""
    size = 20
    for begin in range(0, options.programs, size):
        summary = SOAK / f"programs-{begin}.out.json"
        command = [sys.executable, "test/fuzz/programs.py", "--first", str(begin)]
        command += ["--count", str(size), "--summary", str(summary)]
        yield Piece(f"programs-{begin}", command, _json(summary))


def composer(options: argparse.Namespace) -> Iterator[Piece]:
    """random train steps put together from parts, and the sites that are reported of them"""
    size = 500
    for begin in range(0, options.steps, size):
        summary = SOAK / f"composer-{begin}.out.json"
        command = [sys.executable, "-m", "corpus.composer", "--first", str(begin)]
        command += ["--count", str(size), "--keep", str(SOAK / "kept.txt")]
        command += ["--summary", str(summary)]
        yield Piece(
            f"composer-{begin}", command, _json(summary), {"PYTHONPATH": str(ROOT / "test")}
        )


def processors(options: argparse.Namespace) -> Iterator[Piece]:
    """the Python tests with XLA's code for other instruction sets, and on one thread"""
    for name, environment in PROCESSORS.items():
        results = SOAK / f"processor {name}.xml"
        jobs, pinned = os.cpu_count(), []
        if name == "one thread":
            jobs, pinned = 1, ["taskset", "-c", "0"]
        command = [*pinned, sys.executable, "-m", "pytest", "-q", "test/python", "-p"]
        command += ["no:cacheprovider", "-n", str(jobs), "--junitxml", str(results)]
        yield Piece(f"processor {name}", command, _tests(results), environment)


STAGES = {f.__name__: f for f in (mutants, programs, composer, sanitizers, processors)}


def arguments() -> argparse.Namespace:
    stages = "\n".join(f"  {name}: {' '.join(f.__doc__.split())}" for name, f in STAGES.items())
    parser = argparse.ArgumentParser(
        prog="tools/soak.sh",
        description=f"{__doc__}\nstages:\n{stages}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, help="begin no piece after this time")
    parser.add_argument(
        "--only", nargs="+", choices=STAGES, default=list(STAGES), help="stages (default: all)"
    )
    parser.add_argument("--fresh", action="store_true", help="forget what was finished")
    parser.add_argument("--mutants", type=int, default=20000, help="default: 20000")
    parser.add_argument("--sanitized-mutants", type=int, default=2000, help="default: 2000")
    parser.add_argument("--programs", type=int, default=200, help="default: 200")
    parser.add_argument("--steps", type=int, default=10000, help="default: 10000")
    parser.add_argument(
        "--report", type=pathlib.Path, help="write the results as a page, such as docs/soak.md"
    )
    return parser.parse_args()


def _commit() -> str:
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "no commit"


def run(piece: Piece, left: float | None) -> dict | None:
    """The result of a piece, kept in a file; none if it was stopped or broke down."""
    kept = SOAK / f"{piece.name}.json"
    if kept.exists():
        return json.loads(kept.read_text())
    start = time.monotonic()
    print(f"==> {piece.name}", flush=True)
    environment = os.environ | {"PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}"}
    log = SOAK / f"{piece.name}.log"
    with log.open("w") as stream:
        try:
            done = subprocess.run(
                piece.command,
                cwd=ROOT,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=environment | piece.environment,
                timeout=left,
            )
        except subprocess.TimeoutExpired:
            print(f"    stopped after {time.monotonic() - start:.0f} s", flush=True)
            return None
    try:
        result = piece.read()
    except (OSError, ValueError, IndexError) as error:
        print(f"    broke down (status {done.returncode}, {error}), see {log}", flush=True)
        return None
    if piece.read is dict and done.returncode:
        print(f"    failed with status {done.returncode}, see {log}", flush=True)
        return None
    result |= {"seconds": round(time.monotonic() - start)}
    kept.write_text(json.dumps(result, indent=1) + "\n")
    print(f"    {_describe([result])} ({result['seconds']} s)", flush=True)
    return result


def _problems(result: dict) -> int:
    failed = result.get("failed", 0)
    return result.get("findings", 0) + (len(failed) if isinstance(failed, list) else failed)


def _describe(results: list[dict]) -> str:
    """The counts of pieces of one kind, as a sentence."""

    def total(key: str) -> int:
        values = [result.get(key, 0) for result in results]
        return sum(len(v) if isinstance(v, list) else v for v in values)

    if any("mutants" in result for result in results):
        kinds = {key for result in results for _, key in result.get("kinds", [])}
        return (
            f"{total('mutants')} mutants, {total('valid')} of them valid, {total('runs')} runs "
            f"of pipelines, {total('findings')} findings of {len(kinds)} kinds"
        )
    if any("programs" in result for result in results):
        return f"{total('programs')} programs, {total('failed')} failed"
    if any("steps" in result for result in results):
        outcomes = [result["outcomes"] for result in results]
        sums = {kind: sum(counts[kind] for counts in outcomes) for kind in outcomes[0]}
        text = ", ".join(f"{count} {kind}" for kind, count in sums.items())
        return f"{total('steps')} steps: {text}"
    if any("passed" in result for result in results):
        text = f"{total('passed')} passed, {total('failed')} failed"
        return text + (f", {total('skipped')} skipped" if total("skipped") else "")
    return "done"


def _group(name: str) -> str:
    return re.sub(r"-\d+$", "", name)


def report(results: dict[str, dict], unfinished: int, commit: str) -> str:
    lines = [
        "# Long searches",
        "",
        "What `tools/soak.sh` runs beside the tests of `tools/check.sh`, and its last result:",
        f"commit {commit}, {datetime.date.today().isoformat()}.",
        "",
        "| search | result | seconds |",
        "| --- | --- | --- |",
    ]
    groups: dict[str, list[dict]] = {}
    for name, result in results.items():
        groups.setdefault(_group(name), []).append(result)
    for name, members in groups.items():
        text = _describe(members)
        if text != "done":
            seconds = sum(member["seconds"] for member in members)
            lines.append(f"| {name.replace('-', ' ')} | {text} | {seconds} |")
    problems = sorted(
        {key for result in results.values() for _, key in result.get("kinds", [])}
        | {name for result in results.values() for name in result.get("names", [])}
        | {
            f"program {number}"
            for result in results.values()
            if "programs" in result
            for number in result["failed"]
        }
        | {recipe for result in results.values() if "steps" in result for recipe in result["failed"]}
    )
    lines += ["", "Nothing was found." if not problems else "Found:"]
    lines += [""] * bool(problems) + [f"* `{problem}`" for problem in problems]
    if unfinished:
        lines += ["", f"{unfinished} pieces were not run to their end."]
    lines += ["", "Stages:", ""]
    lines += [f"* *{name}*: {' '.join(f.__doc__.split())}." for name, f in STAGES.items()]
    lines += ["", " ".join(__doc__.split("\n\n")[1].split()), ""]
    return "\n".join(lines)


def main() -> int:
    options = arguments()
    commit = _commit()
    stamp = SOAK / "commit"
    if options.fresh or not stamp.exists() or stamp.read_text() != commit:
        shutil.rmtree(SOAK, ignore_errors=True)
        SOAK.mkdir(parents=True)
        stamp.write_text(commit)
    deadline = time.monotonic() + 60 * options.minutes if options.minutes else None
    results: dict[str, dict] = {}
    unfinished = 0
    for stage in options.only:
        for piece in STAGES[stage](options):
            if piece.name in results:
                continue
            left = deadline - time.monotonic() if deadline else None
            is_late = left is not None and left <= 0 and not (SOAK / f"{piece.name}.json").exists()
            result = None if is_late else run(piece, left)
            if result is None:
                unfinished += 1
            else:
                results[piece.name] = result
    page = report(results, unfinished, commit)
    if options.report:
        options.report.write_text(page)
    problems = sum(map(_problems, results.values()))
    print(f"{len(results)} pieces, {unfinished} not run to their end, {problems} problems")
    return 1 if problems or unfinished else 0


if __name__ == "__main__":
    sys.exit(main())
