"""Scores, lowered and executed, against the float64 reference."""

from __future__ import annotations

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from op_programs import (
    BF16,
    F16,
    F32,
    F64,
    SINGLE,
    ScoreProgram,
    backend,  # noqa: F401: runs every test by each backend
    check_scores,
    data,
    run_body,
)
from reference import ops
from stablehlo_runner import mlir_type

ALL_WINDOWS = [(1, 16, 128), (1,), (5, 0), (0,), (2, 6, 12, 17), (3, 64)]
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
    two, one, none = run_body(
        body,
        {"s": own, "p": first, "q": second},
        ["two", "one", "none"],
        [((2, 13), F32)] * 3,
    )
    np.testing.assert_allclose(two, ops.couple(own, [first, second], 0.25), **SINGLE)
    np.testing.assert_allclose(one, ops.couple(own, [first], 0.75), **SINGLE)
    np.testing.assert_array_equal(none, own)
