"""Elementwise ops of StableHLO and CHLO by way of linalg, against JAX."""

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest
from jax import lax

from cegm import native
from linalg_comparison import assert_matches

_INF, _NAN = np.inf, np.nan
FLOATS = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.7, -3.2, 1e-3, 20.0, -20.0]
SPECIAL = [_INF, -_INF, _NAN, 1e30, -1e30, 3e9, -3e9, 300.0, -300.0]
INTEGERS = [0, 1, -1, 2, -2, 7, -7, 31, 32, 33, 100, -(2**31), 2**31 - 1]


def pairs(values, dtype):
    """All pairs of numbers, as two vectors."""
    values = np.array(values).astype(dtype)
    left, right = np.meshgrid(values, values)
    return left.ravel(), right.ravel()


def test_arithmetic_of_floats():
    x, y = pairs(FLOATS + SPECIAL, np.float32)

    def function(x, y):
        yield lax.add(x, y)
        yield lax.sub(x, y)
        yield lax.mul(x, y)
        yield lax.div(x, y)
        yield lax.rem(x, y)
        yield lax.max(x, y)
        yield lax.min(x, y)
        yield lax.pow(x, y)
        yield lax.atan2(x, y)
        yield lax.clamp(jnp.float32(-1), x, jnp.float32(2))
        yield from (lax.neg(x), lax.abs(x), lax.sign(x), lax.is_finite(x))
        yield from (lax.floor(x), lax.ceil(x))
        yield lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)
        yield lax.round(x, lax.RoundingMethod.AWAY_FROM_ZERO)
        yield lax.reduce_precision(x, 5, 10)
        yield lax.reduce_precision(x, 8, 7)

    assert_matches(lambda x, y: list(function(x, y)), x, y)


@pytest.mark.parametrize("dtype", [np.int32, np.uint32, np.int8, np.uint64])
def test_integers(dtype):
    x, y = pairs(INTEGERS, np.int64)
    x, y = x.astype(dtype), y.astype(dtype)

    def function(x, y):
        yield from (lax.add(x, y), lax.sub(x, y), lax.mul(x, y), lax.div(x, y))
        yield from (lax.rem(x, y), lax.max(x, y), lax.min(x, y), lax.sign(x))
        if np.dtype(dtype).kind == "i":
            yield from (lax.abs(x), lax.neg(x))
        yield from (x & y, x | y, x ^ y, ~x, lax.population_count(x), lax.clz(x))
        yield lax.shift_left(x, y)
        yield lax.shift_right_logical(x, y)
        yield lax.shift_right_arithmetic(x, y)
        yield from (x < y, x <= y, x > y, x >= y, x == y, x != y)

    assert_matches(lambda x, y: list(function(x, y)), x, y, x64=True)


def test_comparisons():
    x, y = pairs(FLOATS + SPECIAL, np.float32)

    def function(x, y):
        yield from (x < y, x <= y, x > y, x >= y, x == y, x != y)
        yield from (lax.eq_to_p.bind(x, y), lax.le_to_p.bind(x, y), lax.lt_to_p.bind(x, y))
        yield lax.select(x < y, x, y)
        yield (x < y) & (x > 0) | ~(y > 1) ^ (x == 1)
        yield lax.select(jnp.any(x > 100), x, y)

    assert_matches(lambda x, y: list(function(x, y)), x, y)


COMMON = [np.bool_, np.int16, np.int64, np.float16, ml_dtypes.bfloat16, np.float64]
TARGETS = {
    np.float32: [*COMMON, np.int8, np.int32, np.uint8, np.uint32, np.uint64],
    np.float16: [*COMMON, np.int8, np.int32, np.uint8, np.uint32],
    np.int32: [*COMMON, np.float32],
    np.uint32: [*COMMON, np.float32],
    np.bool_: [*COMMON[1:], np.float32],
}


@pytest.mark.parametrize("source", TARGETS, ids=lambda source: np.dtype(source).name)
def test_conversions(source):
    values = FLOATS + SPECIAL if np.dtype(source).kind == "f" else INTEGERS
    with np.errstate(over="ignore"):
        x = np.array(values).astype(source)
    assert_matches(lambda x: [lax.convert_element_type(x, t) for t in TARGETS[source]], x, x64=True)


def test_bitcasts():
    x = np.array(FLOATS + SPECIAL, np.float32)

    def function(x):
        bits = lax.bitcast_convert_type(x, jnp.uint32)
        parts = lax.bitcast_convert_type(x, jnp.uint8)
        yield from (bits, parts, lax.bitcast_convert_type(parts, jnp.int32))
        yield lax.bitcast_convert_type(bits[0], jnp.float32)

    assert_matches(lambda x: list(function(x)), x)


def test_bitcasts_of_other_kinds():
    """Complex numbers have their real part in the low bits. Booleans stay what they are."""
    x = np.array([1 + 2j, -0.0 - 3j, np.inf + 1e-300j])
    text = """
func.func @main(%x: tensor<3xcomplex<f64>>, %c: tensor<2xi1>)
    -> (tensor<3x2xcomplex<f32>>, tensor<3xcomplex<f64>>, tensor<2xi1>) {
  %0 = stablehlo.bitcast_convert %x : (tensor<3xcomplex<f64>>) -> tensor<3x2xcomplex<f32>>
  %1 = stablehlo.bitcast_convert %0 : (tensor<3x2xcomplex<f32>>) -> tensor<3xcomplex<f64>>
  %2 = stablehlo.bitcast_convert %c : (tensor<2xi1>) -> tensor<2xi1>
  return %0, %1, %2 : tensor<3x2xcomplex<f32>>, tensor<3xcomplex<f64>>, tensor<2xi1>
}"""
    flags = np.array([True, False])
    parts, whole, same = native.compile(text)(x, flags)
    np.testing.assert_array_equal(parts.view(np.uint32).ravel(), x.view(np.uint32))
    np.testing.assert_array_equal(whole.view(np.uint64), x.view(np.uint64))
    np.testing.assert_array_equal(same, flags)


FUNCTIONS = [
    (lax.exp, -20, 20), (lax.expm1, -3, 20), (lax.log, 0, 30), (lax.log1p, -1, 30),
    (lax.sqrt, 0, 30), (lax.rsqrt, 0, 30), (lax.cbrt, -30, 30), (lax.tanh, -20, 20),
    (lax.logistic, -90, 90), (lax.sin, -30, 30), (lax.cos, -30, 30), (lax.tan, -1.5, 1.5),
    (lax.erf, -5, 5), (lax.erfc, -5, 5), (lax.erf_inv, -1, 1), (lax.lgamma, -3.2, 30),
    (lax.digamma, 0.1, 30), (lax.asin, -1, 1), (lax.acos, -1, 1), (lax.atan, -30, 30),
    (lax.asinh, -30, 30), (lax.acosh, 1, 30), (lax.atanh, -1, 1), (lax.sinh, -9, 9),
    (lax.cosh, -9, 9),
]  # fmt: skip


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_functions(dtype):
    grids = [np.linspace(low, high, 57).astype(dtype) for _, low, high in FUNCTIONS]
    special = np.array([0.0, -0.0, _NAN, _INF, -_INF], dtype)

    def function(*args):
        return [f(jnp.concatenate([x, special])) for (f, _, _), x in zip(FUNCTIONS, args)]

    tolerance = 1e-5 if dtype == np.float32 else 1e-12
    assert_matches(function, *grids, tolerance=tolerance, x64=True)


def test_narrow_floats():
    x, y = pairs(FLOATS, ml_dtypes.bfloat16)

    def function(x, y):
        yield from (x + y, x * y, x - y, lax.max(x, y), jnp.exp(x), jnp.tanh(x))
        yield from (lax.erf_inv(x / 8), lax.erf(x), x.astype(jnp.float16) * 2)

    # One unit in the last place, where XLA rounds at other steps.
    assert_matches(lambda x, y: list(function(x, y)), x, y, tolerance=2**-7)


def test_without_elements_and_dimensions():
    empty = np.zeros((0, 3), np.float32)

    def function(x, s):
        return [jnp.exp(x) + 1, s * 2 + 1, lax.max(s, s * s), jnp.sum(x), -x.T]

    assert_matches(function, empty, np.float32(3))
