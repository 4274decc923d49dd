"""cegm to linalg: dynamic shapes, layouts and ways that no static case reaches."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

from cegm import native
from reference import ops
from stablehlo_runner import mlir_type

SINGLE = {"rtol": 2e-5, "atol": 2e-6}
WAYS = ["convert-cegm-to-linalg", "convert-cegm-to-linalg{single-pass=false}"]


def data(seed: int, shape, dtype=np.float32):
    """Standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


def dynamic(rank: int, element: str) -> str:
    """A tensor type with no static size."""
    return f"tensor<{'?x' * rank}{element}>"


def entangle_text(kernel: str, windows, roles: str, ranks, element: str) -> str:
    """An entangle with no static size; ``ranks`` are those of the operands."""
    y, c, g = (dynamic(rank, element) for rank in ranks)
    tokens, flags = dynamic(2, "f32"), dynamic(2, "i1")
    return f"""
func.func @main(%y: {y}, %c: {c}, %g: {g}, %l: tensor<f32>)
    -> ({y}, {tokens}, {flags}, {tokens}) {{
  %e, %s, %a, %w = cegm.entangle %y, %c, %g, %l {roles} kernel = {kernel}
      windows = {list(windows)} : ({y}, {c}, {g}, tensor<f32>)
      -> ({y}, {tokens}, {flags}, {tokens})
  return %e, %s, %a, %w : {y}, {tokens}, {flags}, {tokens}
}}"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "kernel, windows",
    [("cosine", (1, 16, 128)), ("inner", (5, 10)), ("cosine", (3, 4, 0))],
)
def test_dynamic(way, kernel, windows):
    """One program for lengths around those of the windows, and odd features."""
    roles = "tokens = [0, 1] x [0, 1] x [1, 0] features = [2] x [2]"
    text = entangle_text(kernel, windows, roles, (3, 3, 3), "f32")
    run = native.compile(text, passes=[way])
    for batch, length, features in [(2, 1, 7), (1, 4, 8), (2, 13, 19), (1, 129, 3)]:
        c = data(1, (batch, length, features))
        g = data(2, (length, batch, features))
        g[length // 2, 0] = 0
        y = data(3, (batch, length, 5))
        entangled, scores, active, weights = run(y, c, g, np.array(0.3, np.float32))
        expected = ops.score(
            c,
            g,
            context_tokens=(0, 1),
            gradient_tokens=(1, 0),
            context_features=(2,),
            gradient_features=(2,),
            kernel=kernel,
            windows=windows,
        )
        np.testing.assert_allclose(scores, expected.scores, **SINGLE)
        np.testing.assert_array_equal(active, expected.active)
        wanted = ops.weigh(expected.scores, expected.active, np.float32(0.3))
        np.testing.assert_allclose(weights, wanted, **SINGLE)
        np.testing.assert_array_equal(entangled, y * weights[:, :, None])


@pytest.mark.parametrize("way", WAYS)
def test_layouts(way):
    """Features in two dimensions, the innermost of which is not the last of the
    list, and a gradient whose features are not the innermost at all."""
    c = data(1, (2, 37, 3, 11), ml_dtypes.bfloat16)
    near = data(2, (37, 2, 3, 11), ml_dtypes.bfloat16)
    far = data(3, (3, 2, 11, 37), ml_dtypes.bfloat16)
    cases = [
        (near, (1, 0), (3, 2)),
        (far, (1, 3), (2, 0)),
    ]
    for g, tokens, features in cases:
        types = [mlir_type(x.shape, x.dtype) for x in (c, g)]
        out, flags = mlir_type((2, 37), np.float32), mlir_type((2, 37), np.bool_)
        text = f"""
func.func @main(%c: {types[0]}, %g: {types[1]}) -> ({out}, {flags}) {{
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x {list(tokens)}
      features = [3, 2] x {list(features)} : ({', '.join(types)}) -> ({out}, {flags})
  return %s, %a : {out}, {flags}
}}"""
        scores, active = native.compile(text, passes=[way])(c, g)
        expected = ops.score(
            c,
            g,
            context_tokens=(0, 1),
            gradient_tokens=tokens,
            context_features=(3, 2),
            gradient_features=features,
        )
        np.testing.assert_allclose(scores, expected.scores, **SINGLE)
        np.testing.assert_array_equal(active, expected.active)


@pytest.mark.parametrize("bits", [128, 512])
def test_vector_sizes(bits):
    """Vectors of other sizes give the same scores, in windows with rows out of
    range, masked rows and rows that are not finite."""
    c, g = data(1, (2, 50, 21)), data(2, (2, 50, 21))
    g[0, 3] = 0
    g[0, 20] *= np.float32(1e-30)
    c[1, 7, 5] = np.nan
    g[1, 40, 20] = np.inf
    t, out = mlir_type(c.shape, c.dtype), mlir_type((2, 50), np.float32)
    flags = mlir_type((2, 50), np.bool_)
    text = f"""
func.func @main(%c: {t}, %g: {t}) -> ({out}, {flags}) {{
  %s, %a = cegm.score cosine %c, %g tokens = [0, 1] x [0, 1] features = [2] x [2]
      windows = [1, 8, 24, 0] : ({t}, {t}) -> ({out}, {flags})
  return %s, %a : {out}, {flags}
}}"""
    run = native.compile(text, passes=[f"convert-cegm-to-linalg{{vector-bits={bits}}}"])
    scores, active = run(c, g)
    roles = dict(context_tokens=(0, 1), gradient_tokens=(0, 1))
    roles |= dict(context_features=(2,), gradient_features=(2,))
    expected = ops.score(c, g, windows=(1, 8, 24, 0), **roles)
    np.testing.assert_allclose(scores, expected.scores, **SINGLE)
    np.testing.assert_array_equal(active, expected.active)
