"""Programs of single ops, for whichever backend runs the tests."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

import native_runner
import stablehlo_runner
from reference import ops
from stablehlo_runner import mlir_type

F16, BF16 = np.float16, ml_dtypes.bfloat16
F32, F64 = np.float32, np.float64
# Single precision, with sums over some hundred terms.
SINGLE = {"rtol": 2e-5, "atol": 2e-6}

_runner = stablehlo_runner


@pytest.fixture(scope="module", autouse=True, params=["stablehlo", "linalg"])
def backend(request):
    """What compiles and runs the programs: by StableHLO and XLA, or by linalg and
    machine code of our own. A module that imports it has its tests run by both."""
    global _runner
    _runner = {"stablehlo": stablehlo_runner, "linalg": native_runner}[request.param]
    yield request.param
    _runner = stablehlo_runner


def compile_body(*args):
    """As of the backend's runner."""
    return _runner.compile_body(*args)


def run_body(*args):
    """As of the backend's runner."""
    return _runner.run_body(*args)


def data(seed: int, shape, dtype=F32, correlated_with=None):
    """Standard normal numbers, half of them from another array if given."""
    x = np.random.default_rng(seed).standard_normal(shape)
    if correlated_with is not None:
        x = x + 0.7 * np.asarray(correlated_with).astype(F64)
    return x.astype(dtype)


def score_line(name, context, gradient, roles, windows, kernel="cosine", decay=1.0):
    """The text of one cegm.score; ``roles`` are the four lists of dimensions."""
    ct, gt, cf, gf = (list(dims) for dims in roles)
    score_type = F64 if F64 in (context.dtype, gradient.dtype) else F32
    token_shape = [context.shape[dim] for dim in ct]
    metric_shape = [context.shape[dim] for dim in cf]
    metric = kernel == "bilinear"
    operands = [
        mlir_type(context.shape, context.dtype),
        mlir_type(gradient.shape, gradient.dtype),
    ] + [mlir_type(metric_shape, F32)] * metric
    return (
        f"  %{name}, %{name}a = cegm.score {kernel} %c, %g"
        + (" metric(%m)" if metric else "")
        + f" tokens = {ct} x {gt} features = {cf} x {gf}"
        f" windows = {list(windows)} decay = {float(decay):e}"
        f" : ({', '.join(operands)}) ->"
        f" ({mlir_type(token_shape, score_type)}, {mlir_type(token_shape, np.bool_)})"
    )


class ScoreProgram:
    """Several scores of one pair of tensors, in one compilation."""

    def __init__(self, context, gradient, roles, cases, metric=None):
        self.roles, self.cases, self.metric = roles, cases, metric
        token_shape = tuple(context.shape[dim] for dim in roles[0])
        score_type = F64 if F64 in (context.dtype, gradient.dtype) else F32
        inputs = {"c": context, "g": gradient}
        if metric is not None:
            inputs["m"] = metric
        lines, names, outputs = [], [], []
        for index, case in enumerate(cases):
            lines.append(score_line(f"s{index}", context, gradient, roles, **case))
            names += [f"s{index}", f"s{index}a"]
            outputs += [(token_shape, score_type), (token_shape, np.bool_)]
        self.run = compile_body("\n".join(lines), inputs, names, outputs)

    def check(self, context, gradient, tolerance=SINGLE):
        """Compares all scores with the reference."""
        inputs = [context, gradient] + [self.metric] * (self.metric is not None)
        results = self.run(*inputs)
        ct, gt, cf, gf = self.roles
        for index, case in enumerate(self.cases):
            expected = ops.score(
                context,
                gradient,
                context_tokens=ct,
                gradient_tokens=gt,
                context_features=cf,
                gradient_features=gf,
                metric=self.metric if case.get("kernel") == "bilinear" else None,
                **case,
            )
            np.testing.assert_allclose(
                results[2 * index], expected.scores, err_msg=str(case), **tolerance
            )
            np.testing.assert_array_equal(results[2 * index + 1], expected.active)


def check_scores(context, gradient, roles, cases, metric=None, tolerance=SINGLE):
    """Compiles the scores and compares them for these very tensors."""
    program = ScoreProgram(context, gradient, roles, cases, metric)
    program.check(context, gradient, tolerance)
