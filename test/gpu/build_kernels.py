#!/usr/bin/env python3
"""Compiles the cases of the GPU tests into libraries that need no compiler.

    python test/gpu/build_kernels.py [--chip sm_90] [--output build/gpu-kernels]

Each group of cases becomes one shared library with its host code and machine code
(by ptxas, where one is found) or PTX (`--format isa`) inside; the runtime library
and a copy of what check_kernels.py needs go beside them. The folder can be
carried to a machine with a GPU.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import pathlib
import shutil
import subprocess

import cases
from find_ptxas import find_ptxas

ROOT = pathlib.Path(__file__).resolve().parents[2]
LLVM = pathlib.Path("/usr/lib/llvm-22/bin")


def run(*command: object, stdin: str | None = None) -> str:
    """Runs a command and returns its output; raises with its errors."""
    done = subprocess.run(
        [str(part) for part in command], input=stdin, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[:2000]}")
    return done.stdout


def compile_group(
    name: str, group: list[cases.Case], build: pathlib.Path, output: pathlib.Path,
    chip: str, form: str,
) -> pathlib.Path:
    """Compiles one group into `lib<name>.so` and returns its path."""
    text = "\n".join(case.text() for case in group)
    (output / f"{name}.mlir").write_text(text)
    lowered = run(
        build / "bin" / "cegm-opt", f"--cegm-to-nvvm=chip={chip} format={form}", stdin=text
    )
    ir = output / f"{name}.ll"
    ir.write_text(run(LLVM / "mlir-translate", "--mlir-to-llvmir", stdin=lowered))
    library = output / f"lib{name}.so"
    run(
        LLVM / "clang", "-O1", "-shared", "-fPIC", "-Wno-override-module", "-x", "ir", ir,
        "-o", library, f"-L{build / 'lib'}", "-lcegm_gpu_runtime", "-Wl,-rpath,$ORIGIN",
    )
    ir.unlink()
    return library


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--chip", default="sm_90")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument(
        "--format", choices=("isa", "bin", "fatbin"),
        default="bin" if find_ptxas() else "isa",
    )
    parser.add_argument("--only", nargs="*", help="groups to compile")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    output = options.output or options.build / "gpu-kernels"
    output.mkdir(parents=True, exist_ok=True)

    groups = {**cases.check_groups(), "benchmarks": cases.benchmark_group()}
    # One group whatever the format, so that PTX is tried as well.
    forms = {"others": "isa"}
    chosen = {k: v for k, v in groups.items() if not options.only or k in options.only}
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        jobs = {
            name: pool.submit(
                compile_group, name, group, options.build, output, options.chip,
                forms.get(name, options.format),
            )
            for name, group in chosen.items()
        }
        for name, job in jobs.items():
            print(f"{job.result()}: {len(chosen[name])} functions", flush=True)
    shutil.copy2(options.build / "lib" / "libcegm_gpu_runtime.so", output)
    here = pathlib.Path(__file__).parent
    for file in ("cases.py", "check_kernels.py", "device.py", "triton_kernels.py"):
        shutil.copy2(here / file, output)
    shutil.copy2(ROOT / "test" / "python" / "reference" / "ops.py", output)


if __name__ == "__main__":
    main()
