"""Batch normalisation by way of linalg, against XLA."""

import ml_dtypes
import numpy as np
import pytest

from cegm import native
from stablehlo_runner import compile_stablehlo, mlir_type

RANDOM = np.random.default_rng(0)
SHAPES = [((4, 5, 3), 2), ((4, 3, 5), 1), ((3,), 0), ((2, 3, 2, 2), 1), ((1, 3), 1)]


def text_of(shape, feature, dtype, epsilon=1e-3, dynamic=False):
    """A module with all three ops on a tensor of the shape, and their result types."""
    x = mlir_type(shape, dtype)
    v = mlir_type((shape[feature],), dtype)
    if dynamic:
        x = "tensor<" + "?x" * len(shape) + x.rsplit("x", 1)[1]
        v = "tensor<?x" + v.rsplit("x", 1)[1]
    attributes = f"<{{epsilon = {epsilon} : f32, feature_index = {feature} : i64}}>"
    results = ", ".join([x, v, v] * 2 + [x])
    return f"""
func.func public @main(%x: {x}, %dy: {x}, %s: {v}, %o: {v}, %m: {v}, %v: {v}) -> ({results}) {{
  %y:3 = "stablehlo.batch_norm_training"(%x, %s, %o) {attributes}
      : ({x}, {v}, {v}) -> ({x}, {v}, {v})
  %g:3 = "stablehlo.batch_norm_grad"(%x, %s, %m, %v, %dy) {attributes}
      : ({x}, {v}, {v}, {v}, {x}) -> ({x}, {v}, {v})
  %i = "stablehlo.batch_norm_inference"(%x, %s, %o, %m, %v) {attributes}
      : ({x}, {v}, {v}, {v}, {v}) -> {x}
  return %y#0, %y#1, %y#2, %g#0, %g#1, %g#2, %i : {results}
}}"""


def arguments(shape, feature, dtype):
    """Operand, gradient, scale, offset, mean and variance."""
    x, dy = RANDOM.normal(2, 3, size=(2, *shape))
    vectors = RANDOM.uniform(0.5, 2, size=(4, shape[feature]))
    return [array.astype(dtype) for array in (x, dy, *vectors)]


@pytest.mark.parametrize("shape, feature", SHAPES)
@pytest.mark.parametrize("dynamic", [False, True])
def test_like_xla(shape, feature, dynamic):
    args = arguments(shape, feature, np.float32)
    vector = ((shape[feature],), np.float32)
    outputs = [(shape, np.float32), vector, vector] * 2 + [(shape, np.float32)]
    text = text_of(shape, feature, np.float32)
    wanted = compile_stablehlo(text, args, outputs)(*args)
    got = native.compile(text_of(shape, feature, np.float32, dynamic=dynamic))(*args)
    for number, (a, b) in enumerate(zip(got, wanted, strict=True)):
        np.testing.assert_allclose(a, b, 2e-5, 2e-5, err_msg=f"result {number}")


def by_definition(feature, epsilon, x, dy, scale, offset, mean, variance):
    """The results in float64."""
    x, dy, scale, offset, mean, variance = (
        array.astype(np.float64) for array in (x, dy, scale, offset, mean, variance)
    )
    axes = tuple(dim for dim in range(x.ndim) if dim != feature)
    shape = [1] * x.ndim
    shape[feature] = -1
    scale, offset, mean, variance = (v.reshape(shape) for v in (scale, offset, mean, variance))

    epsilon = np.float64(epsilon)

    def normalized(mean, variance):
        return (x - mean) / np.sqrt(variance + epsilon)

    means, variances = x.mean(axes, keepdims=True), x.var(axes, keepdims=True)
    normal = normalized(mean, variance)
    projection = (dy * normal).mean(axes, keepdims=True)
    rest = dy - dy.mean(axes, keepdims=True) - normal * projection
    return [
        normalized(means, variances) * scale + offset, means.ravel(), variances.ravel(),
        scale / np.sqrt(variance + epsilon) * rest, (dy * normal).sum(axes), dy.sum(axes),
        normal * scale + offset,
    ]  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_like_the_definition(dtype):
    """Narrow types, whose sums are made in f32, and a mean that is large beside
    the deviation."""
    tolerance = {np.float16: 4e-3, np.float32: 5e-5, np.float64: 1e-11}.get(dtype, 3e-2)
    shape, feature = (64, 3, 5), 1
    args = arguments(shape, feature, dtype)
    if dtype == np.float32:
        args[0] += 100
    got = native.compile(text_of(shape, feature, dtype))(*args)
    wanted = by_definition(feature, np.float32(1e-3), *args)
    for number, (a, b) in enumerate(zip(got, wanted, strict=True)):
        assert a.dtype == np.dtype(dtype)
        scale = tolerance * np.abs(b).max()
        np.testing.assert_allclose(a.astype(np.float64), b, tolerance, scale, err_msg=number)
