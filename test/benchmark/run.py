"""Runs the benchmarks and writes their tables into docs/benchmarks.md.

    python test/benchmark/run.py            # all, about half an hour
    python test/benchmark/run.py --rounds 5 # fewer rounds: sooner, and noisier
    python test/benchmark/run.py --native   # machine code's section alone, minutes
    python test/benchmark/run.py --quick    # small sizes, to try the script
"""

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESULTS = ROOT / "build" / "benchmark"
PAGE = ROOT / "docs" / "benchmarks.md"


def machine() -> str:
    cpu = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    cores = len(os.sched_getaffinity(0))
    tool = subprocess.run(
        ["cegm-opt", "--version"], capture_output=True, text=True, check=True
    ).stdout
    llvm = re.search(r"LLVM version (\S+)", tool)
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("jax", "jaxlib", "flax", "optax")
    )
    return (
        f"{cpu[1] if cpu else platform.machine()}, {cores} cores, "
        f"{int(memory[1]) // 2**20} GiB; LLVM {llvm[1] if llvm else '?'}, {versions}, "
        f"Python {platform.python_version()}; {datetime.date.today().isoformat()}."
    )


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " ---: |" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def step_table(results: list[dict]) -> str:
    rows = []
    for r in results:
        times, peaks = r["milliseconds"], r["peak_bytes"]
        rows.append(
            [
                str(r["features"]),
                str(r["length"]),
                f"{times['plain']:.1f}",
                f"{times['injected']:.1f}",
                f"{times['custom_vjp']:.1f}",
                f"{r['injected / plain']:.3f}",
                f"{r['injected, kernels by XLA / plain']:.3f}",
                f"{r['injected, keep-order / plain']:.3f}",
                f"{r['injected / custom_vjp']:.3f}",
                f"{peaks['injected'] / peaks['plain']:.3f}",
            ]
        )
    header = [
        "d_model",
        "S",
        "plain, ms",
        "injected, ms",
        "by hand, ms",
        "injected / plain",
        "kernels by XLA / plain",
        "with keep-order / plain",
        "injected / by hand",
        "peak memory, injected / plain",
    ]
    return table(header, rows)


def opt_table(results: list[dict]) -> str:
    rows = []
    for r in results:
        seconds, peaks = r["seconds"], r["peak_bytes"]
        rows.append(
            [
                f"{r['operations']:,}",
                f"{seconds['parse and print']:.3f}",
                f"{seconds['inject']:.3f}",
                f"{seconds['inject, to StableHLO']:.3f}",
                f"{r['inject / parse and print']:.2f}",
                f"{peaks['inject'] / peaks['parse and print']:.2f}",
            ]
        )
    header = [
        "operations",
        "parse and print, s",
        "inject, s",
        "inject, to StableHLO, s",
        "inject / parse and print",
        "memory, inject / parse and print",
    ]
    return table(header, rows)


def native_table(results: list[dict]) -> str:
    rows = []
    for r in results:
        for name in ("kernel", "step", "matmul"):
            part = r[name]
            times = part["milliseconds"]
            others = ", ".join(f"{n} {times[n]:.2f}" for n in times if n != "native")
            ratios = ", ".join(f"{n} {ratio:.2f}" for n, ratio in part["ratios"].items())
            rows.append([name, str(r["threads"]), f"{times['native']:.2f}", others, ratios])
    header = ["what", "threads", "native, ms", "others, ms", "native / other"]
    return table(header, rows)


def xla_table(results: list[dict]) -> str:
    rows = []
    for r in results:
        times = r["milliseconds"]
        size = " x ".join(map(str, r["shape"]))
        ratio = f"{r['ratios']['XLA']:.2f}"
        rows.append([size, r["type"], f"{times['called']:.3f}", f"{times['XLA']:.3f}", ratio])
    return table(["tensors", "type", "called, ms", "XLA, ms", "called / XLA"], rows)


def native_sections(common: list[str]) -> dict[str, str]:
    """What machine code of this project is measured in, by section."""
    return {
        "native time": native_table(run("native_time.py", *common)),
        "xla kernels": xla_table(run("xla_kernels.py", *common)),
    }


def replace_section(page: str, name: str, text: str) -> str:
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.escape(begin) + ".*?" + re.escape(end)
    if len(re.findall(pattern, page, re.S)) != 1:
        raise ValueError(f"{PAGE}: expected the marks {begin} and {end} once")
    return re.sub(pattern, lambda _: f"{begin}\n{text}\n{end}", page, flags=re.S)


def write_sections(sections: dict[str, str]) -> None:
    page = PAGE.read_text()
    for name, text in sections.items():
        page = replace_section(page, name, text)
    PAGE.write_text(page)
    print(f"wrote {PAGE}")


def run(script: str, *arguments: str) -> list[dict]:
    output = RESULTS / f"{pathlib.Path(script).stem}.json"
    command = [sys.executable, str(HERE / script), "--output", str(output)]
    subprocess.run([*command, *arguments], check=True)
    return json.loads(output.read_text())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--native", action="store_true", help="only machine code's section")
    parser.add_argument("--rounds", type=int, help="rounds of each measurement")
    options = parser.parse_args()
    rounds = 2 if options.quick else options.rounds
    common = ["--rounds", str(rounds)] if rounds else []
    quick = options.quick
    if options.native:
        write_sections(native_sections(common))
        return
    steps = run(
        "step_time.py",
        *common,
        *(["--features", "128", "--lengths", "128"] if quick else []),
    )
    tool = run("opt_time.py", *common, *(["--copies", "1"] if quick else []))
    sections = {
        "machine": machine(),
        "step time": step_table(steps),
        "opt time": opt_table(tool),
        **native_sections(common),
    }
    if quick:
        print(*sections.values(), sep="\n\n")
    else:
        write_sections(sections)


if __name__ == "__main__":
    main()
