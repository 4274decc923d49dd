"""Weights and what is made of them, lowered and executed, against the float64
reference."""

from __future__ import annotations

import hypothesis
import ml_dtypes
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
    backend,  # noqa: F401: runs every test by each backend
    compile_body,
    data,
    run_body,
)
from reference import ops
from stablehlo_runner import mlir_type

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
    return compile_body("\n".join(lines), example, names, outputs)


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


@pytest.mark.parametrize("strength", [1.0, 1.5, -0.001, -3.0, np.inf, np.nan])
def test_strength_out_of_range_gives_nan(weigh_small, strength):
    scores = data(1, (2, 11), F32)
    active = np.random.default_rng(2).random((2, 11)) > 0.3
    scores[0, 0], active[0, 0] = np.nan, True
    live = active & ~np.isnan(scores)
    for case, weights in zip(WEIGHINGS, weigh_small(scores, active, F32(strength))):
        assert np.isnan(weights[live]).all(), case
        np.testing.assert_array_equal(weights[~live], 1)


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
    (result,) = run_body(body, {"x": x, "w": weights}, ["r"], [(x.shape, dtype)])
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
    (row,) = run_body(body, inputs, ["r"], [((10,), dtype)])
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
    (result,) = run_body(
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
    entangled, scores, active, weights = run_body(
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
