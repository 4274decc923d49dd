#!/usr/bin/env python3
"""What ptxas says of the kernels: registers, shared memory, spills.

    python test/gpu/ptxas_report.py            # rewrites the table in docs/gpu.md
    python test/gpu/ptxas_report.py --check    # every kernel of a corpus, each chip

ptxas is looked for in the package nvidia-cuda-nvcc of this Python and on PATH. It
compiles for a chip that need not be there. Where there is no ptxas, the script
says so and exits with 77.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import dataclasses
import pathlib
import re
import subprocess
import sys
import tempfile

import cases
from find_ptxas import find_ptxas

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHIPS = ("sm_80", "sm_90", "sm_100")
PAGE = ROOT / "docs" / "gpu.md"
BEGIN, END = "<!-- begin ptxas -->\n", "<!-- end ptxas -->\n"


@dataclasses.dataclass(frozen=True)
class Usage:
    """What one kernel needs; `shared` and `spilled` in bytes."""

    registers: int
    shared: int
    spilled: int


def get_ptx(text: str, chip: str, build: pathlib.Path) -> str:
    """The PTX of the kernels of a module."""
    done = subprocess.run(
        [str(build / "bin" / "cegm-opt"), f"--cegm-to-nvvm=chip={chip} format=isa"],
        input=text, capture_output=True, text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"cegm-opt: {done.stderr[:2000]}")
    found = re.search(r'assembly = "((?:[^"\\]|\\.)*)"', done.stdout)
    if not found:
        raise RuntimeError("cegm-opt: no assembly in the output")
    return re.sub(
        r"\\(22|[0-9A-F]{2}|[\\\"])",
        lambda m: chr(int(m[1], 16)) if len(m[1]) == 2 else m[1],
        found[1],
    )


def assemble(ptxas: str, ptx: str, chip: str) -> dict[str, Usage]:
    """The usage of each kernel; raises with what ptxas says if it refuses one."""
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "kernels.ptx"
        source.write_text(ptx)
        done = subprocess.run(
            [ptxas, "-v", f"-arch={chip}", str(source), "-o", f"{folder}/kernels.cubin"],
            capture_output=True, text=True,
        )
    if done.returncode != 0:
        raise RuntimeError(f"ptxas for {chip}: {done.stderr[:2000]}")
    result, name, spilled = {}, "", 0
    for line in done.stderr.splitlines():
        if found := re.search(r"Function properties for (\w+)", line):
            name = found[1]
        if found := re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", line):
            spilled = int(found[1]) + int(found[2])
        if found := re.search(r"Used (\d+) registers", line):
            shared = re.search(r"(\d+) bytes smem", line)
            result[name] = Usage(int(found[1]), int(shared[1]) if shared else 0, spilled)
    return result


def check(ptxas: str, build: pathlib.Path, chips: list[str], groups: list[str]) -> int:
    """Assembles the kernels of groups of cases; returns how many spill."""
    text = "\n".join(c.text() for name in groups for c in cases.check_groups()[name])
    spilling = 0
    for chip in chips:
        usage = assemble(ptxas, get_ptx(text, chip, build), chip)
        for name, kernel in usage.items():
            if kernel.spilled:
                spilling += 1
                print(f"{chip}: {name} spills {kernel.spilled} bytes")
        print(f"{chip}: {len(usage)} kernels accepted")
        if not usage:
            raise RuntimeError(f"ptxas for {chip}: no kernel found")
    return spilling


def table(ptxas: str, build: pathlib.Path) -> str:
    """The Markdown table of the kernels of representative cases."""
    size = {"tokens": (32, 2048), "features": (1024,), "input_features": (1024,)}
    chosen = [
        cases.Case(f"{kernel}_{element}", context=element, gradient=element, input=element,
                   kernel=kernel, weighting=weighting, windows=(1, 16, 128, 0), **size)
        for element in cases.ELEMENTS
        for kernel, weighting in (("cosine", "tanh"), ("bilinear", "softmax"))
    ]
    jobs = {}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for case in chosen:
            for chip in CHIPS:
                jobs[case.name, chip] = pool.submit(
                    lambda text, chip: assemble(ptxas, get_ptx(text, chip, build), chip),
                    case.text(), chip,
                )
    rows: dict[str, dict[str, list[Usage]]] = {}
    for (_, chip), job in jobs.items():
        for name, usage in job.result().items():
            rows.setdefault(name, {}).setdefault(chip, []).append(usage)
    lines = [
        "| kernel | " + " | ".join(f"registers, {chip}" for chip in CHIPS)
        + " | shared memory, bytes | spilled, bytes |",
        "| --- |" + " ---: |" * (len(CHIPS) + 2),
    ]
    for name, chips in sorted(rows.items()):
        cells = []
        for chip in CHIPS:
            numbers = sorted({usage.registers for usage in chips[chip]})
            cells.append(
                f"{numbers[0]} to {numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
            )
        every = [usage for usages in chips.values() for usage in usages]
        cells.append(str(max(usage.shared for usage in every)))
        cells.append(str(max(usage.spilled for usage in every)))
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    version = subprocess.run([ptxas, "--version"], capture_output=True, text=True).stdout
    release = re.search(r"release ([\d.]+)", version)
    lines.append("")
    lines.append(f"ptxas {release[1] if release else 'of unknown release'}.")
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--chips", nargs="*", default=list(CHIPS))
    parser.add_argument("--groups", nargs="*", default=list(cases.check_groups()))
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    options = parser.parse_args()
    ptxas = find_ptxas()
    if not ptxas:
        print("skipped: no ptxas on PATH or in the package nvidia-cuda-nvcc")
        return 77
    if options.check:
        return 1 if check(ptxas, options.build, options.chips, options.groups) else 0
    page = PAGE.read_text()
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(before + BEGIN + table(ptxas, options.build) + END + after)
    return 0


if __name__ == "__main__":
    sys.exit(main())
