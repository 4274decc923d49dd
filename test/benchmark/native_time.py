"""Machine code of this project beside that of XLA, IREE and PyTorch.

For one and two threads, each in a process that is bound to as many cores: the
fused kernel of one site, a whole train step, and a matrix product. All variants
of a table run by turns on the same inputs; reported are medians, and medians of
the ratios within a round.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

KERNEL = """
func.func @main(%dy: tensor<{b}x{s}x{d}xf32>, %x: tensor<{b}x{s}x{d}xf32>, %dx: tensor<{b}x{s}x{d}xf32>)
    -> tensor<{b}x{s}x{d}xf32> {{
  %strength = arith.constant dense<0.1> : tensor<f32>
  %entangled, %scores, %active, %weights = cegm.entangle %dy, %x, %dx, %strength
      tokens = [0, 1] x [0, 1] x [0, 1] features = [2] x [2] windows = [1, 16, 128]
      : (tensor<{b}x{s}x{d}xf32>, tensor<{b}x{s}x{d}xf32>, tensor<{b}x{s}x{d}xf32>, tensor<f32>)
      -> (tensor<{b}x{s}x{d}xf32>, tensor<{b}x{s}xf32>, tensor<{b}x{s}xi1>, tensor<{b}x{s}xf32>)
  return %entangled : tensor<{b}x{s}x{d}xf32>
}}
"""
MATMUL = """
func.func @main(%a: tensor<{n}x{n}xf32>, %b: tensor<{n}x{n}xf32>) -> tensor<{n}x{n}xf32> {{
  %zero = arith.constant dense<0.0> : tensor<{n}x{n}xf32>
  %0 = linalg.matmul ins(%a, %b : tensor<{n}x{n}xf32>, tensor<{n}x{n}xf32>)
      outs(%zero : tensor<{n}x{n}xf32>) -> tensor<{n}x{n}xf32>
  return %0 : tensor<{n}x{n}xf32>
}}
"""


def interleave(variants: dict[str, Callable[[], object]], rounds: int) -> dict:
    """Milliseconds and ratios to the first variant."""
    names = list(variants)
    for name in names:
        variants[name]()
        variants[name]()
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            # Threads of the one before, which wait for more work, go to sleep.
            time.sleep(0.01)
            began = time.perf_counter()
            variants[name]()
            seconds[name].append(time.perf_counter() - began)
    first = names[0]
    return {
        "milliseconds": {n: 1e3 * statistics.median(seconds[n]) for n in names},
        "ratios": {
            n: statistics.median(a / b for a, b in zip(seconds[first], seconds[n]))
            for n in names[1:]
        },
    }


def torch_formulas(torch, windows=(1, 16, 128), strength=0.1, temperature=0.1):
    """The kernel's formulas on PyTorch tensors whose sequences all windows divide."""

    def entangle(dy, x, dx):
        batch, length, features = x.shape
        score = 0.0
        for window in windows:
            shape = (batch, length // window, window, features)
            c, g = x.reshape(shape).mean(2), dx.reshape(shape).mean(2)
            norms = (c * c).sum(-1).sqrt() * (g * g).sum(-1).sqrt()
            value = torch.where(norms > 0, (c * g).sum(-1) / norms, 0.0)
            score = score + value.repeat_interleave(window, 1) / len(windows)
        active = (dx != 0).any(-1)
        weight = torch.where(active, 1 + strength * torch.tanh(score / temperature), 1.0)
        mean = (weight * active).sum() / active.sum()
        return dy * torch.where(active, weight / mean, 1.0)[..., None]

    return torch.compile(entangle)


def measure_kernel(threads: int, rounds: int) -> dict:
    """Bytes: three tensors read and one written; the copy moves as many."""
    import jax
    import numpy as np
    import torch

    import cegm.native
    from stablehlo_runner import cegm_opt, compile_stablehlo

    torch.set_num_threads(threads)
    b, s, d = 8, 1024, 512
    text = KERNEL.format(b=b, s=s, d=d)
    random = np.random.default_rng(0)
    inputs = [random.normal(size=(b, s, d)).astype(np.float32) for _ in range(3)]
    out = np.empty_like(inputs[0])

    def copy():
        for source in inputs[:2]:
            np.copyto(out, source)

    native = cegm.native.compile(text, threads=threads)
    lowered = cegm_opt(text, "--convert-cegm-to-stablehlo", "--cse")
    xla = compile_stablehlo(lowered, inputs, [((b, s, d), np.float32)], quick=False)
    placed = [jax.device_put(array) for array in inputs]
    compiled = torch_formulas(torch)
    tensors = [torch.from_numpy(array) for array in inputs]
    np.testing.assert_allclose(native(*inputs)[0], xla(*inputs)[0], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(
        native(*inputs)[0], compiled(*tensors).numpy(), rtol=1e-3, atol=1e-4
    )
    return interleave(
        {
            "native": lambda: native(*inputs),
            "copy": copy,
            "XLA": lambda: jax.block_until_ready(xla.compiled(*placed)),
            "torch.compile": lambda: compiled(*tensors),
        },
        rounds,
    )


def measure_step(threads: int, rounds: int) -> dict:
    import iree.compiler
    import iree.runtime
    import jax
    import numpy as np
    import optax

    import cegm.native
    from transformer import Transformer, make_step, start

    model, optimizer = Transformer(128, 2), optax.adamw(1e-3)
    arguments = start(model, optimizer, 4, 128)
    step = make_step(model, optimizer)
    jitted = jax.jit(step)
    text = jitted.lower(*arguments).as_text()
    began = time.perf_counter()
    native = cegm.native.compile(text, threads=threads)
    compile_seconds = time.perf_counter() - began
    arrays = [np.asarray(leaf) for leaf in jax.tree.leaves(arguments)]
    wanted = [np.asarray(leaf) for leaf in jax.tree.leaves(jitted(*arguments))]
    for got, want in zip(native(*arrays), wanted, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-2, atol=2e-4)

    binary = iree.compiler.compile_str(
        text,
        target_backends=["llvm-cpu"],
        input_type="stablehlo",
        extra_args=["--iree-llvmcpu-target-cpu=host"],
    )
    config = iree.runtime.Config("local-task" if threads > 1 else "local-sync")
    module = iree.runtime.load_vm_module(
        iree.runtime.VmModule.copy_buffer(config.vm_instance, binary), config
    )
    on_device = [iree.runtime.asdevicearray(config.device, array) for array in arrays]

    def run_iree():
        return [result.to_host() for result in module["main"](*on_device)]

    result = interleave(
        {
            "native": lambda: native(*arrays),
            "XLA": lambda: jax.block_until_ready(jitted(*arguments)),
            "IREE": run_iree,
        },
        rounds,
    )
    return {**result, "compile_seconds": compile_seconds}


def measure_matmul(threads: int, rounds: int) -> dict:
    import numpy as np

    import cegm.native

    n = 512
    text = MATMUL.format(n=n)
    random = np.random.default_rng(0)
    a, b = (random.normal(size=(n, n)).astype(np.float32) for _ in range(2))
    loops = cegm.native.compile(text, threads=threads, blas=False)
    blas = cegm.native.compile(text, threads=threads, blas=True)
    np.testing.assert_allclose(loops(a, b)[0], blas(a, b)[0], rtol=1e-3, atol=1e-3)
    return interleave(
        {"native": lambda: loops(a, b), "OpenBLAS": lambda: blas(a, b)}, rounds
    )


def measure(threads: int, rounds: int) -> dict:
    cores = sorted(os.sched_getaffinity(0))[:threads]
    # Before any library starts its threads.
    os.sched_setaffinity(0, cores)
    os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ["OMP_NUM_THREADS"] = str(threads)
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python"))
    return {
        "threads": threads,
        "kernel": measure_kernel(threads, rounds),
        "step": measure_step(threads, rounds),
        "matmul": measure_matmul(threads, rounds),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, help="only these; for the child process")
    parser.add_argument("--output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    if options.threads:
        result = measure(options.threads, options.rounds)
        options.output.write_text(json.dumps(result, indent=2))
        return
    results = []
    options.output.parent.mkdir(parents=True, exist_ok=True)
    for threads in range(1, min(2, len(os.sched_getaffinity(0))) + 1):
        command = [sys.executable, __file__, "--threads", str(threads)]
        command += ["--rounds", str(options.rounds), "--output", str(options.output)]
        subprocess.run(command, check=True)
        results.append(json.loads(options.output.read_text()))
        print(json.dumps(results[-1]), flush=True)
    options.output.write_text(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
