"""Every op, lowered and executed, against the float64 reference.

Each test runs twice: by StableHLO and XLA, and by linalg and machine code of our
own.
"""

from __future__ import annotations

import hypothesis
import ml_dtypes
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import native_runner
import stablehlo_runner
from reference import ops
from stablehlo_runner import mlir_type

F16, BF16 = np.float16, ml_dtypes.bfloat16
F32, F64 = np.float32, np.float64
ALL_WINDOWS = [(1, 16, 128), (1,), (5, 0), (0,), (2, 6, 12, 17), (3, 64)]
# Single precision, with sums over some hundred terms.
SINGLE = {"rtol": 2e-5, "atol": 2e-6}

runner = stablehlo_runner


@pytest.fixture(scope="module", autouse=True, params=["stablehlo", "linalg"])
def backend(request):
    """What compiles and runs the programs of the tests."""
    global runner
    runner = {"stablehlo": stablehlo_runner, "linalg": native_runner}[request.param]
    yield request.param
    runner = stablehlo_runner


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
        self.run = runner.compile_body("\n".join(lines), inputs, names, outputs)

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


PLAIN = ((0, 1), (0, 1), (2,), (2,))


@pytest.mark.parametrize("length", [1, 13, 37, 129, 256])
def test_score(length):
    """All kernels and windows, for lengths that windows do not divide."""
    context = data(1, (2, length, 7))
    gradient = data(2, context.shape, correlated_with=context)
    gradient[0, length // 2] = 0  # a token that is not active
    cases = [{"windows": windows, "decay": 0.5} for windows in ALL_WINDOWS]
    cases += [
        {"kernel": kernel, "windows": windows}
        for kernel in ("inner", "bilinear")
        for windows in ((1, 16, 128), (2, 0))
    ]
    check_scores(context, gradient, PLAIN, cases, metric=data(3, (7,)))


def test_score_all_active():
    """No zero row and no extreme: the sums in f32 are all that runs."""
    context = data(1, (2, 37, 7))
    gradient = data(2, context.shape, correlated_with=context)
    cases = [{"kernel": k, "windows": (1, 16)} for k in ("cosine", "inner")]
    check_scores(context, gradient, PLAIN, cases)


@pytest.mark.parametrize("context_type", [F16, BF16, F32, F64])
@pytest.mark.parametrize("gradient_type", [F16, BF16, F32, F64])
def test_score_element_types(context_type, gradient_type):
    context = data(1, (2, 37, 5), context_type)
    gradient = data(2, context.shape, gradient_type, correlated_with=context)
    cases = [{"windows": (1, 16, 128)}, {"windows": (4, 0), "kernel": "inner"}]
    double = F64 in (context_type, gradient_type)
    tolerance = {"rtol": 1e-12, "atol": 1e-13} if double else SINGLE
    check_scores(context, gradient, PLAIN, cases, tolerance=tolerance)


def test_score_permuted_dimensions():
    """Two batch and two feature dimensions, in different orders."""
    context = data(1, (3, 37, 2, 4, 2))  # features 0 and 3, tokens 4, 2, 1
    gradient = data(2, (37, 3, 2, 4, 2))
    roles = ((4, 2, 1), (2, 4, 0), (3, 0), (3, 1))
    cases = [
        {"kernel": kernel, "windows": windows}
        for kernel in ("cosine", "inner", "bilinear")
        for windows in [(1, 16, 128), (5, 0)]
    ]
    check_scores(context, gradient, roles, cases, metric=data(3, (4, 3)))


def test_score_sequence_before_batch():
    """The sequence is the last token listed, wherever it stands in memory."""
    context = data(1, (37, 3, 4))
    gradient = data(2, (4, 37, 3), correlated_with=context.transpose(2, 0, 1))
    check_scores(
        context, gradient, ((1, 0), (2, 1), (2,), (0,)), [{"windows": (1, 5, 0)}]
    )


def test_score_without_features():
    context = data(1, (2, 37))
    gradient = data(2, (2, 37))
    check_scores(
        context, gradient, ((0, 1), (0, 1), (), ()), [{"windows": (1, 5)}]
    )


SPECIAL_SHAPE = (2, 37, 5)


@pytest.fixture(scope="module")
def special(backend):
    """Scores of one shape, for numbers out of the ordinary."""
    cases = [
        {"windows": windows, "kernel": kernel}
        for windows in [(1,), (1, 16, 128), (5, 0), (17,)]
        for kernel in ("cosine", "inner")
    ]
    example = np.zeros(SPECIAL_SHAPE, F32)
    return ScoreProgram(example, example, PLAIN, cases)


@pytest.mark.parametrize("context_size", [1e-30, 1, 1e30])
@pytest.mark.parametrize("gradient_size", [1e-30, 1, 1e30])
def test_score_magnitudes(special, context_size, gradient_size):
    """Squares and products of these rows are out of the range of f32."""
    context = data(1, SPECIAL_SHAPE) * F32(context_size)
    gradient = data(2, SPECIAL_SHAPE) * F32(gradient_size)
    special.check(context, gradient)


def test_score_mixed_magnitudes(special):
    """Rows of very different size in one tensor."""
    sizes = np.logspace(-30, 30, SPECIAL_SHAPE[1])[:, None]
    context = (data(1, SPECIAL_SHAPE) * sizes).astype(F32)
    gradient = (data(2, SPECIAL_SHAPE) * sizes[::-1]).astype(F32)
    special.check(context, gradient)


def test_score_small_beside_zero(special):
    """A zero row is not active; one whose square is zero in f32 is."""
    context, gradient = data(1, SPECIAL_SHAPE), data(2, SPECIAL_SHAPE)
    gradient[0, 3] = 0
    gradient[0, 4] *= F32(1e-30)
    context[1, 7] = 0
    special.check(context, gradient)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["context", "gradient", "both"])
def test_score_non_finite(special, value, where):
    """Such a token scores NaN, and its rows count as zeros in its windows."""
    context, gradient = data(1, SPECIAL_SHAPE), data(2, SPECIAL_SHAPE)
    if where != "gradient":
        context[0, 5, 2] = value
    if where != "context":
        gradient[0, 5 if where == "both" else 36, 0] = value
    special.check(context, gradient)


@pytest.mark.parametrize("fill", [(0, 0), (0, 1), (1, 0), (1, 1), (np.nan, 1)])
def test_score_constant_rows(special, fill):
    context, gradient = (np.full(SPECIAL_SHAPE, value, F32) for value in fill)
    special.check(context, gradient)


@hypothesis.settings(max_examples=50, deadline=None)
@hypothesis.given(
    tensors=hnp.arrays(
        F32,
        (2, *SPECIAL_SHAPE),
        elements=st.floats(-(2.0**100), 2.0**100, width=32, allow_subnormal=False),
        fill=st.just(0.0),
    )
)
def test_score_any_numbers(special, tensors):
    """Cosines lie in [-1, 1] and flags are right, whatever the numbers are."""
    context, gradient = tensors
    results = special.run(context, gradient)
    active = (gradient != 0).any(-1)
    for index, case in enumerate(special.cases):
        scores, flags = results[2 * index : 2 * index + 2]
        np.testing.assert_array_equal(flags, active)
        assert np.isfinite(scores).all()
        if case["kernel"] == "cosine":
            assert (np.abs(scores) <= 1 + 1e-6).all()


def test_couple():
    own, first, second = (data(seed, (2, 13)) for seed in (1, 2, 3))
    own[0, 0] = first[0, 1] = first[0, 2] = second[0, 2] = np.nan
    t = mlir_type((2, 13), F32)
    body = f"""
  %two = cegm.couple %s with %p, %q coupling = 0.25 : ({t}, {t}, {t}) -> {t}
  %one = cegm.couple %s with %p coupling = 0.75 : ({t}, {t}) -> {t}
  %none = cegm.couple %s coupling = 0.5 : ({t}) -> {t}"""
    two, one, none = runner.run_body(
        body,
        {"s": own, "p": first, "q": second},
        ["two", "one", "none"],
        [((2, 13), F32)] * 3,
    )
    np.testing.assert_allclose(two, ops.couple(own, [first, second], 0.25), **SINGLE)
    np.testing.assert_allclose(one, ops.couple(own, [first], 0.75), **SINGLE)
    np.testing.assert_array_equal(none, own)


WEIGHINGS = [
    {"weighting": weighting, "sign": sign, "normalization": normalization}
    for weighting in ("tanh", "linear", "exp", "softmax")
    for sign in ("positive", "negative", "magnitude")
    for normalization in ("mean", "none")
]


def compile_weighings(shape, dtype, temperature):
    """All weightings of one tensor of scores, as one program."""
    t, scalar = mlir_type(shape, dtype), mlir_type((), dtype)
    lines = [
        f"  %w{index} = cegm.weigh {case['weighting']} %s, %a, %l"
        f" temperature = {temperature:e} sign = {case['sign']}"
        f" normalization = {case['normalization']}"
        f" : ({t}, {mlir_type(shape, np.bool_)}, {scalar}) -> {t}"
        for index, case in enumerate(WEIGHINGS)
    ]
    example = {
        "s": np.zeros(shape, dtype),
        "a": np.zeros(shape, np.bool_),
        "l": np.zeros((), dtype),
    }
    names = [f"w{index}" for index in range(len(WEIGHINGS))]
    outputs = [(shape, dtype)] * len(names)
    return runner.compile_body("\n".join(lines), example, names, outputs)


@pytest.mark.parametrize("dtype", [F32, F64])
@pytest.mark.parametrize("temperature", [0.1, 2.0])
def test_weigh(dtype, temperature):
    scores = data(1, (3, 37), dtype) * dtype(0.2)
    active = np.random.default_rng(2).random((3, 37)) > 0.2
    scores[0, 3] = np.nan
    active[0, 3] = False
    active[2] = False  # a sequence without any
    run = compile_weighings(scores.shape, dtype, temperature)
    tolerance = SINGLE if dtype == F32 else {"rtol": 1e-12}
    for strength in (0.0, 0.1, 0.9):
        for case, weights in zip(WEIGHINGS, run(scores, active, dtype(strength))):
            expected = ops.weigh(
                scores, active, dtype(strength), temperature=temperature, **case
            )
            np.testing.assert_allclose(
                weights, expected, err_msg=f"{case} {strength}", **tolerance
            )


@pytest.fixture(scope="module")
def weigh_small(backend):
    return compile_weighings((2, 11), F32, 0.1)


@hypothesis.settings(max_examples=50, deadline=None)
@hypothesis.given(
    scores=hnp.arrays(
        F32, (2, 11), elements=st.floats(-1, 1, width=32) | st.just(float("nan"))
    ),
    active=hnp.arrays(np.bool_, (2, 11)),
    strength=st.floats(0, 0.984375, width=32),
)
def test_weigh_properties(weigh_small, scores, active, strength):
    """Strength 0 gives exactly 1; weights are positive; those of active tokens
    have the mean 1; others are exactly 1."""
    for weights in weigh_small(scores, active, F32(0)):
        np.testing.assert_array_equal(weights, 1)
    live = active & ~np.isnan(scores)
    for case, weights in zip(WEIGHINGS, weigh_small(scores, active, F32(strength))):
        assert (weights > 0).all(), case
        np.testing.assert_array_equal(weights[~live], 1)
        if case["normalization"] == "mean" and live.any():
            mean = weights[live].astype(F64).mean()
            assert mean == pytest.approx(1, abs=1e-5), case


@pytest.mark.parametrize("dtype", [F16, BF16, F32, F64])
@pytest.mark.parametrize("weight_type", [F32, F64])
def test_scale(dtype, weight_type):
    """Rounded once: equal to the product in the wider type, bit for bit."""
    x = data(1, (4, 13, 3), dtype)
    weights = data(2, (3, 13), weight_type)
    t = mlir_type(x.shape, dtype)
    body = (
        f"  %r = cegm.scale %x by %w tokens = [2, 1]"
        f" : ({t}, {mlir_type(weights.shape, weight_type)}) -> {t}"
    )
    (result,) = runner.run_body(body, {"x": x, "w": weights}, ["r"], [(x.shape, dtype)])
    wide = F64 if F64 in (dtype, weight_type) else F32
    expected = x.astype(wide) * weights.astype(wide).T[None]
    np.testing.assert_array_equal(result, expected.astype(dtype))
    np.testing.assert_allclose(
        expected, ops.scale(x, weights, (2, 1)), rtol=1e-6 if wide == F32 else 1e-15
    )


@pytest.mark.parametrize("dtype", [F32, F64])
@pytest.mark.parametrize("any_active", [True, False])
def test_audit(dtype, any_active):
    scores = data(1, (2, 37), dtype)
    weights = 1 + data(2, (2, 37), dtype) * dtype(0.1)
    active = (np.random.default_rng(3).random((2, 37)) > 0.3) & any_active
    scores[1, 4] = scores[0, 0] = np.nan
    active[1, 4] = active[0, 0] = False
    t, scalar = mlir_type((2, 37), dtype), mlir_type((), dtype)
    body = (
        f"  %r = cegm.audit %s, %w, %a, %l : ({t}, {t},"
        f" {mlir_type((2, 37), np.bool_)}, {scalar}) -> {mlir_type((10,), dtype)}"
    )
    inputs = {"s": scores, "w": weights, "a": active, "l": dtype(0.25)[()]}
    inputs["l"] = np.array(0.25, dtype)
    (row,) = runner.run_body(body, inputs, ["r"], [((10,), dtype)])
    expected = ops.audit(scores, weights, active, 0.25)
    assert len(expected) == len(ops.AUDIT_METRICS)
    np.testing.assert_allclose(row, expected, **SINGLE)


@pytest.mark.parametrize(
    "dtype, kept", [(F16, F16), (BF16, BF16), (F32, F32), (F64, F64), (F32, BF16)]
)
@pytest.mark.parametrize("size", [1.0, 0.0, 1e-25, 1e25])
def test_remove_radial(dtype, kept, size):
    """`kept` is the element type of the parameter."""
    if dtype == F16 and size not in (0, 1):
        pytest.skip("f16 has no such numbers")
    plain = data(1, (13, 5), dtype)
    entangled = data(2, (13, 5), dtype, correlated_with=plain)
    parameter = (data(3, (13, 5), F64) * size).astype(kept)
    t = mlir_type((13, 5), dtype)
    types = f"({t}, {t}, {mlir_type((13, 5), kept)}) -> {t}"
    body = f"  %r = cegm.remove_radial %e, %g, %p : {types}"
    (result,) = runner.run_body(
        body,
        {"e": entangled, "g": plain, "p": parameter},
        ["r"],
        [((13, 5), dtype)],
    )
    expected = ops.remove_radial(entangled, plain, parameter)
    eps = float(ml_dtypes.finfo(dtype).eps)
    np.testing.assert_allclose(
        result.astype(F64), expected, rtol=4 * eps, atol=8 * min(eps, 1e-6)
    )
    if size == 0:
        np.testing.assert_array_equal(result, entangled)


@pytest.mark.parametrize("dtype", [BF16, F32])
def test_entangle(dtype):
    """The composite is score, couple, weigh and scale."""
    context = data(1, (2, 37, 6), dtype)
    gradient = data(2, (2, 37, 6), dtype, correlated_with=context)
    update = data(3, (2, 4, 37), dtype)
    parent = data(4, (2, 37)) * F32(0.2)
    gradient[1, 20:] = 0
    inputs = {
        "y": update,
        "c": context,
        "g": gradient,
        "p": parent,
        "l": np.array(0.3, F32),
    }
    types = {name: mlir_type(x.shape, x.dtype) for name, x in inputs.items()}
    token, flag = mlir_type((2, 37), F32), mlir_type((2, 37), np.bool_)
    body = (
        "  %e, %s, %a, %w = cegm.entangle %y, %c, %g, %l parents(%p)"
        " tokens = [0, 2] x [0, 1] x [0, 1] features = [2] x [2]"
        " kernel = inner windows = [1, 5, 0] decay = 2.0 coupling = 0.25"
        " weighting = softmax temperature = 0.5 sign = magnitude"
        f" : ({types['y']}, {types['c']}, {types['g']}, {types['l']}, {types['p']})"
        f" -> ({types['y']}, {token}, {flag}, {token})"
    )
    entangled, scores, active, weights = runner.run_body(
        body,
        inputs,
        ["e", "s", "a", "w"],
        [(update.shape, dtype), ((2, 37), F32), ((2, 37), np.bool_), ((2, 37), F32)],
    )
    own = ops.score(
        context,
        gradient,
        context_tokens=(0, 1),
        gradient_tokens=(0, 1),
        context_features=(2,),
        gradient_features=(2,),
        kernel="inner",
        windows=(1, 5, 0),
        decay=2.0,
    )
    coupled = ops.couple(own.scores, [parent], 0.25)
    expected = ops.weigh(
        coupled,
        own.active,
        0.3,
        weighting="softmax",
        temperature=0.5,
        sign="magnitude",
    )
    np.testing.assert_allclose(scores, coupled, **SINGLE)
    np.testing.assert_array_equal(active, own.active)
    np.testing.assert_allclose(weights, expected, **SINGLE)
    np.testing.assert_array_equal(
        entangled, (update.astype(F32) * weights[:, None, :]).astype(dtype)
    )
