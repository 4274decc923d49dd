"""Time of one ``cegm.entangle`` on a CPU core, against the copy of as many bytes.

    PYTHONPATH=build/python python test/benchmark/entangle_cpu.py

Prints, for each shape and element type, the microseconds of a copy that reads and
writes what the formulas need (context, gradient and input in, result out), of the
machine code of ``cegm.native``, and of XLA's code for the StableHLO of the same op.
The programs take turns and the smallest time of all rounds counts, so that other
load of the machine hits them alike; all run on one core.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import sys
import time
from typing import Callable, Sequence

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})

import jax
import ml_dtypes
import numpy as np

from cegm import native

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
from stablehlo_runner import cegm_opt, compile_stablehlo, mlir_type  # noqa: E402

DTYPES = {"f32": np.float32, "bf16": ml_dtypes.bfloat16}


def entangle_text(shape: Sequence[int], dtype) -> str:
    """A function that entangles three tensors of shape ``[batch, sequence, width]``."""
    rows, tokens = mlir_type(shape, dtype), mlir_type(shape[:2], np.float32)
    flags = mlir_type(shape[:2], np.bool_)
    return f"""
func.func public @main(%y: {rows}, %c: {rows}, %g: {rows}, %l: tensor<f32>) -> {rows} {{
  %e, %s, %a, %w = cegm.entangle %y, %c, %g, %l
      tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2]
      : ({rows}, {rows}, {rows}, tensor<f32>) -> ({rows}, {tokens}, {flags}, {tokens})
  return %e : {rows}
}}"""


def smallest_times(
    programs: dict[str, Callable[[], object]], rounds: int
) -> dict[str, float]:
    """The smallest time of each program in seconds, by turns."""
    best = dict.fromkeys(programs, float("inf"))
    for _ in range(rounds):
        for name, run in programs.items():
            start = time.perf_counter()
            run()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def measure(shape: Sequence[int], dtype, rounds: int) -> dict[str, float]:
    """The times of one shape, after a check that both programs agree."""
    generator = np.random.default_rng(0)
    inputs = [generator.standard_normal(shape).astype(dtype) for _ in range(3)]
    inputs.append(np.array(0.1, np.float32))
    text = entangle_text(shape, dtype)
    ours = native.compile(text)
    lowered = cegm_opt(text, "--convert-cegm-to-stablehlo", "--cse")
    xla = compile_stablehlo(lowered, inputs, [(shape, dtype)], quick=False)
    on_device = [jax.device_put(x) for x in inputs]
    np.testing.assert_allclose(
        ours(*inputs)[0].astype(np.float32),
        np.asarray(xla(*inputs)[0]).astype(np.float32),
        rtol=2e-2 if dtype is not np.float32 else 1e-4,
        atol=1e-5,
    )
    bytes_moved = 4 * inputs[0].nbytes
    source = np.ones(bytes_moved // 2, np.uint8)
    target = np.zeros_like(source)
    programs = {
        "copy": lambda: np.copyto(target, source),
        "native": lambda: ours(*inputs),
        "XLA": lambda: jax.block_until_ready(xla.compiled(*on_device)),
    }
    return smallest_times(programs, rounds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    print("| shape | type | copy, us | native, us | XLA, us | copy / native | XLA / native |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
    for shape in ((8, 128, 256), (8, 256, 512), (8, 512, 1024)):
        for name, dtype in DTYPES.items():
            times = measure(shape, dtype, rounds)
            copy, ours, xla = (1e6 * times[key] for key in ("copy", "native", "XLA"))
            print(
                f"| {list(shape)} | {name} | {copy:.0f} | {ours:.0f} | {xla:.0f} |"
                f" {copy / ours:.2f} | {xla / ours:.2f} |"
            )


if __name__ == "__main__":
    main()
