#!/usr/bin/env python3
"""Checks and measures the compiled GPU kernels on a machine that has a GPU.

    python test/gpu/check_kernels.py [--kernels build/gpu-kernels] [--figures]

Needs what build_kernels.py made, PyTorch, numpy and ml_dtypes, and for `--figures`
Triton; no LLVM. Every function is compared with the float64 reference, run twice
for equal bits, and, with `--figures`, measured against a copy on the device and
the Triton kernels. Where there is no GPU, it says so and exits with 77.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import pathlib
import statistics
import sys
import time
from typing import Callable, Optional

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "python" / "reference")]

try:
    import ml_dtypes
    import numpy as np
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

import cases  # noqa: E402
import device  # noqa: E402
import ops  # noqa: E402

TORCH = {
    "f16": torch.float16,
    "bf16": torch.bfloat16,
    "f32": torch.float32,
    "f64": torch.float64,
    "i1": torch.bool,
}
NUMPY = {"f16": np.float16, "bf16": ml_dtypes.bfloat16, "f32": np.float32, "f64": np.float64}
# Half a unit in the last place, relative.
ROUNDING = {"f16": 2.0**-11, "bf16": 2.0**-8, "f32": 2.0**-24, "f64": 2.0**-53}
# Magnitudes of rows whose squares leave the range of f32 (of f64 graphs: not).
EXTREMES = {
    "f16": (1e-5, 3e4),
    "bf16": (1e-30, 1e30),
    "f32": (1e-30, 1e30),
    "f64": (1e-100, 1e100),
}


def make_data(case: cases.Case, seed: int = 0) -> dict[str, np.ndarray]:
    """Random arguments; with rows out of the ordinary if the case is special."""
    rng = np.random.default_rng(seed)
    data = {}
    for name, shape, element in case.arguments():
        data[name] = rng.standard_normal(shape)
        if name == "strength":
            data[name] = np.array(case.strength_given)
    # Some agreement, so that scores are not all near zero.
    for which in ("context", "gradient"):
        shared = np.random.default_rng(7).standard_normal(case.tokens + case.features)
        data[which] = data[which] + 0.5 * shared.transpose(np.argsort(case.order(which)))
    if case.special:
        add_special_rows(case, data)
    for parent in range(case.parents):
        scores = data[f"parent{parent}"]
        scores[(0,) * scores.ndim] = np.nan
    return {
        name: data[name].astype(NUMPY[element]) for name, _, element in case.arguments()
    }


def add_special_rows(case: cases.Case, data: dict[str, np.ndarray]) -> None:
    """Rows of zeros, extreme magnitudes, infinities and NaNs, and a window whose
    gradients cancel, in the last sequence; the first is left as it is."""
    views = {}
    for which in ("context", "gradient"):
        tokens, features = case.dims(which)
        view = data[which].transpose(*tokens, *features)
        views[which] = view.reshape(-1, *view.shape[len(case.tokens) - 1 :])
        assert np.shares_memory(views[which], data[which]) or view.ndim < 3
    sequences, length = views["context"].shape[:2]
    last = sequences - 1
    small = {w: EXTREMES[getattr(case, w)][0] for w in views}
    large = {w: EXTREMES[getattr(case, w)][1] for w in views}

    def scale(which: str, place: int, factor: float) -> None:
        if place < length:
            views[which][last, place] *= factor

    scale("gradient", 1, 0.0)
    scale("context", 2, 0.0)
    scale("gradient", 3, small["gradient"])
    scale("context", 4, small["context"])
    if length > 18 and sequences > 1:
        scale("gradient", length - 1, np.nan)
        views["context"][last, length - 2].flat[0] = np.inf
    middle = sequences // 2
    if sequences > 2 and length > 8:
        views["gradient"][middle, 5] *= large["gradient"] / 8
        views["context"][middle, 6] *= large["context"] / 8
    if sequences > 1 and length >= 16:
        views["gradient"][0, 1:16:2] = -views["gradient"][0, 0:16:2]
    for which, view in views.items():
        tokens, features = case.dims(which)
        shape = [data[which].shape[d] for d in tokens + features]
        data[which] = view.reshape(shape).transpose(np.argsort(tokens + features))


def expected(case: cases.Case, data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What the reference gives."""
    metric = data.get("metric")
    context_tokens, context_features = case.dims("context")
    gradient_tokens, gradient_features = case.dims("gradient")
    with np.errstate(all="ignore"):
        scores, active = ops.score(
            data["context"],
            data["gradient"],
            context_tokens=context_tokens,
            gradient_tokens=gradient_tokens,
            context_features=context_features,
            gradient_features=gradient_features,
            kernel=case.kernel,
            metric=metric,
            windows=case.windows,
            decay=case.decay,
        )
        parents = [data[f"parent{p}"] for p in range(case.parents)]
        scores = ops.couple(scores, parents, case.coupling)
        weights = ops.weigh(
            scores,
            active,
            case.any_strength,
            weighting=case.weighting,
            temperature=case.temperature,
            sign=case.sign,
            normalization=case.normalization,
        )
        entangled = ops.scale(data["input"], weights, range(len(case.tokens)))
    return {"entangled": entangled, "scores": scores, "active": active, "weights": weights}


def to_torch(array: np.ndarray, element: str) -> torch.Tensor:
    """A copy on the device, bit for bit."""
    array = np.ascontiguousarray(array)
    if element == "bf16":
        host = torch.from_numpy(array.view(np.int16)).view(torch.bfloat16)
    else:
        host = torch.from_numpy(array)
    return host.cuda().reshape(array.shape)


def to_numpy(tensor: torch.Tensor) -> np.ndarray:
    if tensor.dtype == torch.bfloat16:
        return tensor.cpu().view(torch.int16).numpy().view(ml_dtypes.bfloat16)
    return tensor.cpu().numpy()


def make_results(case: cases.Case) -> list[torch.Tensor]:
    """Buffers for results, filled with what no result is."""
    results = []
    for _, shape, element in case.results():
        tensor = torch.empty(shape, dtype=TORCH[element], device="cuda")
        tensor.view(torch.uint8).fill_(0xAB) if tensor.dim() else tensor.fill_(0)
        results.append(tensor)
    return results


def compare(case: cases.Case, name: str, element: str, actual: np.ndarray, want: np.ndarray) -> str:
    """Why a result is wrong, or an empty string."""
    if element == "i1":
        wrong = int((actual.view(np.uint8) != want.astype(np.uint8)).sum())
        return f"{wrong} of {want.size} flags" if wrong else ""
    # Scores are numbers near 1 made in f32; a weight varies by strength over
    # temperature with them.
    tolerance = 1e-10 if case.score == "f64" else 1e-5
    if name != "scores":
        tolerance *= max(1.0, 3 * case.any_strength / case.temperature)
    actual, want = actual.astype(np.float64), want.astype(np.float64)
    if not (np.isnan(actual) == np.isnan(want)).all():
        return "NaNs in other places"
    bound = tolerance
    if name == "entangled":
        bound = np.abs(want) * (tolerance + ROUNDING[element]) + np.finfo(NUMPY["f32"]).tiny
        if element == "f16":
            bound = bound + 2.0**-25
    error = np.abs(np.where(np.isnan(want), 0.0, actual - want))
    error[np.isinf(want) & (actual == want)] = 0.0
    if (error <= bound).all():
        return ""
    at = np.unravel_index(np.argmax(error - bound), error.shape)
    return (
        f"{int((error > bound).sum())} of {want.size} off, worst at {tuple(map(int, at))}: "
        f"{actual[at]:.9g}, expected {want[at]:.9g}"
    )


def check(case: cases.Case, function: device.Function) -> list[str]:
    """What is wrong with a function."""
    data = make_data(case)
    arguments = [to_torch(data[name], element) for name, _, element in case.arguments()]
    results = make_results(case)
    function.bind(arguments + results)()
    torch.cuda.synchronize()
    want = expected(case, data)
    problems = []
    for (name, _, element), result in zip(case.results(), results):
        problem = compare(case, name, element, to_numpy(result), want[name])
        if problem:
            problems.append(f"{case.name}: {name}: {problem}")
    if case.any_strength == 0 and not torch.equal(
        results[0].view(torch.uint8), arguments[0].view(torch.uint8)
    ):
        problems.append(f"{case.name}: entangled: not the input bit for bit")
    again = make_results(case)
    function.bind(arguments + again)()
    torch.cuda.synchronize()
    for (name, _, _), first, second in zip(case.results(), results, again):
        if not torch.equal(first.view(torch.uint8), second.view(torch.uint8)):
            problems.append(f"{case.name}: {name}: differs from run to run")
    return problems


def median_time(run: Callable[[], None], rounds: int) -> float:
    """Seconds of one run on the device, the median over `rounds`."""
    for _ in range(3):
        run()
    events = [
        (torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True))
        for _ in range(rounds)
    ]
    for start, end in events:
        start.record()
        run()
        end.record()
    torch.cuda.synchronize()
    return statistics.median(start.elapsed_time(end) for start, end in events) / 1e3


def copy_bandwidth() -> float:
    """Bytes per second of a copy on the device, read and written."""
    source = torch.randn(2**29, device="cuda")
    target = torch.empty_like(source)
    return 2 * source.nbytes / median_time(lambda: target.copy_(source), 20)


def graph_time(run: Callable[[], None], runtime: device.Runtime, rounds: int) -> Optional[float]:
    """As `median_time`, of a captured graph, without the time of launches."""
    try:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            runtime.use_torch_stream()
            run()
        return median_time(graph.replay, rounds)
    except (RuntimeError, device.GpuError) as error:
        print(f"no graph: {str(error)[:200]}")
        return None
    finally:
        runtime.use_torch_stream()


def measure(
    case: cases.Case, function: device.Function, runtime: device.Runtime, copy: float, triton: bool
) -> dict[str, object]:
    """Times of one case; its scores are checked on the first sequence."""
    torch.manual_seed(0)
    tensors = [
        torch.randn(shape, dtype=TORCH[element], device="cuda")
        for _, shape, element in case.arguments()
    ]
    results = make_results(case)
    call = function.bind(tensors + results)
    rounds = 30
    seconds = median_time(call, rounds)
    row: dict[str, object] = {
        "case": case.name,
        "seconds": seconds,
        "graph_seconds": graph_time(call, runtime, rounds),
        "copy_share": cases.bytes_needed(case) / seconds / copy,
    }
    first = {n: to_numpy(t[:1]) for (n, _, _), t in zip(case.arguments(), tensors)}
    dims = dict(context_tokens=[0, 1], gradient_tokens=[0, 1])
    dims.update(context_features=[2], gradient_features=[2])
    want = ops.score(first["context"], first["gradient"], **dims).scores
    row["score_error"] = float(np.abs(to_numpy(results[1][:1]) - want).max())
    if triton:
        import triton_kernels

        other = triton_kernels.Entangle(tensors[0])
        row["triton_seconds"] = median_time(lambda: other(*tensors), rounds)
        row["triton_error"] = float(np.abs(to_numpy(other.scores[:1]) - want).max())
        row["triton_share"] = cases.bytes_needed(case) / row["triton_seconds"] / copy
    return row


def profile(case: cases.Case, function: device.Function) -> list[tuple[str, float]]:
    """Microseconds of each kernel of one call."""
    tensors = [
        torch.randn(shape, dtype=TORCH[element], device="cuda")
        for _, shape, element in case.arguments()
    ]
    call = function.bind(tensors + make_results(case))
    for _ in range(3):
        call()
    torch.cuda.synchronize()
    from torch.profiler import ProfilerActivity, profile as profiler

    with profiler(activities=[ProfilerActivity.CUDA]) as record:
        for _ in range(5):
            call()
        torch.cuda.synchronize()
    return [
        (event.key, event.device_time_total / 5)
        for event in record.key_averages()
        if event.device_time_total
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernels", type=pathlib.Path, default=HERE)
    parser.add_argument("--figures", action="store_true")
    parser.add_argument("--no-triton", action="store_true")
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    runtime = device.Runtime(options.kernels)
    try:
        runtime.initialize()
    except device.GpuError as error:
        print(f"skipped: {error}")
        return 77
    torch.cuda.init()
    print(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}")
    runtime.use_own_streams()

    problems, checked = [], 0
    for name, group in cases.check_groups().items():
        started = time.time()
        library = ctypes.CDLL(str(options.kernels / f"lib{name}.so"))
        for case in group:
            try:
                found = check(case, device.Function(library, case.name, runtime))
            except device.GpuError as error:
                found = [f"{case.name}: {error}"]
            for problem in found:
                print(f"FAILED {problem}", flush=True)
            problems += found
            checked += 1
        print(f"{name}: {len(group)} functions, {time.time() - started:.1f} s", flush=True)
    print(f"{checked} functions checked, {len(problems)} problems", flush=True)

    if options.figures:
        rows = []
        library = ctypes.CDLL(str(options.kernels / "libbenchmarks.so"))
        runtime.use_torch_stream()
        copy = copy_bandwidth()
        print(f"copy on the device: {copy / 1e9:.0f} GB/s")
        for case in cases.benchmark_group():
            function = device.Function(library, case.name, runtime)
            row = measure(case, function, runtime, copy, not options.no_triton)
            rows.append(row)
            torch.cuda.empty_cache()
            print(json.dumps(row), flush=True)
        for case in cases.benchmark_group()[2::2]:
            function = device.Function(library, case.name, runtime)
            kernels = ", ".join(f"{k} {t:.1f}" for k, t in profile(case, function))
            print(f"{case.name}, us: {kernels}", flush=True)
        if options.json:
            name = torch.cuda.get_device_name()
            options.json.write_text(json.dumps({"device": name, "copy": copy, "rows": rows}))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
