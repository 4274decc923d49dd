"""Cholesky factors and triangular systems, which JAX prints for TPUs, against JAX."""

import itertools

import jax
import jax.export
import numpy as np
import pytest
from jax import lax

from cegm import native

SHAPES = [(2, 4, 4), (1, 1), (2, 0, 0)]


def normal(dtype, *shape):
    random = np.random.default_rng(0)
    if np.dtype(dtype).kind == "c":
        return (random.normal(size=shape) + 1j * random.normal(size=shape)).astype(dtype)
    return random.normal(size=shape).astype(dtype)


def assert_matches(function, *args, tolerance=1e-4):
    exported = jax.export.export(jax.jit(function), platforms=["tpu"])(*args)
    for number, (a, b) in enumerate(
        zip(native.compile(exported.mlir_module())(*args), jax.jit(function)(*args), strict=True)
    ):
        b = np.asarray(b)
        assert a.dtype == b.dtype and a.shape == b.shape, f"result {number}"
        np.testing.assert_allclose(a, b, tolerance, tolerance, err_msg=f"result {number}")


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_cholesky(shape, dtype):
    x = normal(dtype, *shape)
    x = x @ np.conj(x).swapaxes(-1, -2) + 3 * np.eye(shape[-1], dtype=dtype)
    assert_matches(lambda x: [lax.linalg.cholesky(x)], x)


@pytest.mark.parametrize("lower", [True, False])
def test_the_other_triangle_is_not_read(lower):
    x = normal(np.float32, 3, 4, 4)
    x = x @ x.swapaxes(-1, -2) + 3 * np.eye(4, dtype=np.float32)
    text = f"""
func.func @main(%x: tensor<?x4x4xf32>) -> tensor<?x4x4xf32> {{
  %0 = stablehlo.cholesky %x, lower = {str(lower).lower()} : tensor<?x4x4xf32>
  return %0 : tensor<?x4x4xf32>
}}"""
    wanted = np.linalg.cholesky(x.astype(np.float64))
    other = np.triu(np.full((4, 4), np.nan, np.float32), 1)
    x = x + (other if lower else other.T)
    (got,) = native.compile(text)(x)
    np.testing.assert_allclose(got, wanted if lower else wanted.swapaxes(-1, -2), 1e-4, 1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.complex64])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_triangular_solve(shape, dtype):
    """All ways to read the matrix; what is not in its triangle is not zero."""
    a = normal(dtype, *shape) + 3 * np.eye(shape[-1], dtype=dtype)
    b, c = normal(dtype, *shape[:-1], 2), normal(dtype, *shape[:-2], 3, shape[-1])

    def function(a, b, c):
        flags = itertools.product((True, False), repeat=4)
        for left, lower, transposed, unit in flags:
            for conjugated in {False, transposed}:
                yield lax.linalg.triangular_solve(
                    a, b if left else c, left_side=left, lower=lower, unit_diagonal=unit,
                    transpose_a=transposed, conjugate_a=conjugated,
                )  # fmt: skip

    assert_matches(lambda *args: list(function(*args)), a, b, c, tolerance=1e-3)
